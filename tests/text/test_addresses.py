"""Mail addresses, cards and accounts, and what misses by one digit."""

from __future__ import annotations

import pytest

from winback.text.addresses import accounts_in, cards_in, mails_in


@pytest.mark.parametrize(
    "mail",
    [
        "an.na+x@mail.co.uk", "j.o'neil@example.org", "max@bäckerei-müller.de", "anna (at) mail.org", "jean(arobase)exemple.fr",
        "max.muster [at] beispiel [punkt] de", "anna dot brown at example dot com", "pepe.gil arroba correo punto com",
    ],
)  # fmt: skip
def test_a_mail_address_however_it_is_written(mail: str) -> None:
    text = f"Write to {mail}, please"
    assert [text[start:end] for start, end in mails_in(text)] == [mail]


@pytest.mark.parametrize(
    "said",
    [
        "at this point it broke",
        "I tried it at one point and",
        "look at me, at dot com",
        "@home",
        "a@b",
        "claire point fr",
    ],
)
def test_a_turn_of_speech_is_no_address(said: str) -> None:
    assert list(mails_in(said)) == []


def test_an_address_within_a_link() -> None:
    text = "https://example.com/reset?mail=anna@example.com&x=1"
    assert [text[start:end] for start, end in mails_in(text)] == ["anna@example.com"]


def test_accounts_and_cards_by_their_check_digits() -> None:
    text = "GB29 NWBK 6016 1331 9268 19 and GB28 NWBK 6016 1331 9268 19"
    assert [text[start:end] for start, end in accounts_in(text)] == ["GB29 NWBK 6016 1331 9268 19"]
    text = "4539 1488 0343 6467, not 4539 1488 0343 6468, nor 0000 0000 0000 0000; 3782-822463-10005"
    assert [text[start:end] for start, end in cards_in(text)] == ["4539 1488 0343 6467", "3782-822463-10005"]
