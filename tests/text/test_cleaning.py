"""What the customer did not say is blanked, and nothing moves."""

from __future__ import annotations

import pytest

from winback.text.cleaning import cleaned, has_words


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("✅ Trip Verified | The seat was broken", "The seat was broken"),
        ("Not Verified |  Late again", "Late again"),
        ("I paid {$120.00} to XXXX on XX/XX/2023", "I paid to on /2023"),
        ("<p>Good <b>food</b></p><script>alert(1)</script>", "Good food"),
        ("Tom &amp; Ann were kind", "Tom & Ann were kind"),
        ("Write to me@example.org or https://example.org/x now", "Write to or now"),
        ("Too slow.\n\nOn Mon, 3 May 2026 at 10:00, Support wrote:\n> We are sorry\n> Yours", "Too slow."),
        ("Zu teuer.\nAm 3. Mai 2026 um 10:00 schrieb Support:\nGuten Tag", "Zu teuer."),
        ("> you asked\nIt broke twice", "It broke twice"),
        ("It broke.\nKind regards\nAnn", "It broke."),
        ("> only a quotation", "> only a quotation"),
        ("Zu langsam. Beste Grüße, Anna Vogt", "Zu langsam."),
        ("Alles gut.\nMfG Müller", "Alles gut."),
        ("Muy lento.\nSaludos cordiales\nAna", "Muy lento."),
        ("Regards to the driver, he was great", "Regards to the driver, he was great"),
        (
            "Great. Best wishes to the whole team that helped us for so many weeks",
            "Great. Best wishes to the whole team that helped us for so many weeks",
        ),
        ("Good\u2066 and\u0085 quick\x00", "Good and quick"),
    ],
)
def test_what_is_not_the_customers_goes(comment: str, left: str) -> None:
    found = cleaned(comment)
    assert " ".join(found.split()) == left
    assert len(found) == len(comment)


def test_every_word_stays_in_its_place() -> None:
    comment = "<b>Good</b> &amp; quick, see https://a.example then bye"
    found = cleaned(comment)
    for word in ("Good", "quick", "then", "bye"):
        assert found.index(word) == comment.index(word)


def test_a_pictograph_says_something_and_a_dash_does_not() -> None:
    assert has_words("❤") and has_words("ok")
    assert not has_words("-- 12 !")
