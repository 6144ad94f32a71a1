"""Masking personal data. `bench/masking.py` measures more formats."""

from __future__ import annotations

import pytest

from winback.text.cleaning import cleaned
from winback.text.masking import KINDS, Masker, mark, merged

GB, DE, US = Masker(("GB",)), Masker(("DE",)), Masker(("US",))


@pytest.mark.parametrize(
    ("masker", "said", "kept"),
    [
        (GB, "ring 020 7946 0018 please", "ring [phone] please"),
        (GB, "mobile +49 (0)171 2345678.", "mobile [phone]."),
        (DE, "Tel. 0221/4710123", "Tel. [phone]"),
        (US, "at (212) 555-0143 before noon", "at [phone] before noon"),
        (Masker(("DE", "FR")), "06 12 34 56 78", "[phone]"),
        (GB, "an.na+x@mail.co.uk, thanks", "[mail], thanks"),
        (GB, "anna (at) mail.org", "[mail]"),
        (GB, "Card 4111 1111-1111 1111 refused", "Card [card] refused"),
        (GB, "to GB29 NWBK 6016 1331 9268 19 please", "to [account] please"),
        (DE, "an DE89370400440532013000", "an [account]"),
        (GB, "Dear Mr Pemberton, why", "Dear Mr [name], why"),
        (DE, "Frau Dr. Weber half", "Frau Dr. [name] half"),
        (GB, "Late.\nKind regards,\nTom de Wit", "Late.\nKind regards,\n[name]"),
        (GB, "Hi Anna, it broke", "Hi [name], it broke"),
        (GB, "Je m'appelle Amélie Durand et non", "Je m'appelle [name] et non"),
    ],
)
def test_found(masker: Masker, said: str, kept: str) -> None:
    assert masker(said).text == kept


@pytest.mark.parametrize(
    "said",
    [
        "Order 4471-22981", "order number 07911123456", "Bestellnummer 0171 2345678", "#2125550143", "Dossier n° 0142685300",
        "£1,249.00 on 03/11/2026 at 14:35", "20.11.2026", "2026-11-20 14:05:00", "Card 4111 1111 1111 1112",
        "GB28 NWBK 6016 1331 9268 19", "1.250.000 EUR", "10/10 would use again", "Dear Team, thanks", "Many thanks, will return",
        "my name is wrong on the bill", "Die Frau am Schalter", "+ schnell\n- Preis", "3-5 business days, 24-48 hours", "",
    ],
)  # fmt: skip
def test_what_is_none_stays(said: str) -> None:
    for masker in (Masker(), GB, DE, US, Masker(("FR", "PT"))):
        assert masker(said).text == said


def test_without_a_country_only_numbers_that_name_theirs() -> None:
    assert Masker()("020 7946 0018 or +44 20 7946 0018").text == "020 7946 0018 or [phone]"


def test_known_names_whole_in_any_case_and_parts_of_people_as_names_are_written() -> None:
    masked = GB(
        "JURGEN  muller told Müller of North Bank that the bank will",
        whole=["North Bank"],
        people=["Jürgen Müller", "Will Young"],
    )
    assert masked.text == "[name] told [name] of [name] that the bank will"
    assert masked.counts() == {"name": 3}
    assert (
        GB("Will it come? Young staff. will young", people=["Will Young"]).text == "Will it come? Young staff. [name]"
    )
    assert GB("Al and Alx", people=["Al"]).text == "Al and Alx"  # two letters are no name to look for


def test_masking_again_changes_nothing_and_themes_see_no_mark() -> None:
    said = "Dear Mr Bean, ring 020 7946 0018.\nRegards, Ann Lee"
    once = GB(said).text
    assert GB(once).text == once
    assert GB(once).found == ()
    assert cleaned(" ".join(map(mark, KINDS))).strip() == ""


def test_where_a_place_has_moved() -> None:
    masked = GB("a@b.com was late, ring +442079460018 now")
    assert masked.text == "[mail] was late, ring [phone] now"
    assert (masked.moved(8), masked.moved(11)) == (7, 10)  # "was"
    assert masked.text[masked.moved(18) : masked.moved(30, end=True)] == "ring [phone]"
    assert masked.moved(len("a@b.com was late, ring +442079460018 now")) == len(masked.text)


def test_counts_add_up() -> None:
    assert merged({"mail": 1}, {"mail": 2, "name": 1}) == {"mail": 3, "name": 1}
