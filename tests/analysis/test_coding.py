"""Comments coded: where, how surely, and what says nothing."""

from __future__ import annotations

import pytest

from tests.analysis.themed import ALL, CODED, PARK
from winback.analysis.codebook import Codebook, Theme, assign, make_codebook
from winback.analysis.codebook_making import taught
from winback.analysis.coding import code
from winback.errors import UserError

BOOK = make_codebook(ALL, learned=CODED)


def test_every_comment_has_a_row_and_points_at_its_own_words() -> None:
    comments = [
        "The parcel was late. " + "We waited in the rain. " * 9 + "A nurse was kind to us!",
        "",
        None,
        "n/a",
        *["My parcel came late"] * 3,
    ]
    rows = assign(comments, BOOK).to_pylist()
    assert sorted({row["row"] for row in rows}) == list(range(7))
    first = [row for row in rows if row["row"] == 0]
    assert {"delivery", "staff-manner"} <= {row["theme"] for row in first}
    kind = next(row for row in first if row["theme"] == "staff-manner")
    assert comments[0] is not None and comments[0][kind["start"] : kind["end"]] == "A nurse was kind to us!"
    assert kind["sentiment"] > 0.3 and kind["language"] == "en"
    assert [row["state"] for row in rows if row["row"] in (1, 2, 3)] == ["blank", "blank", "nothing"]
    assert [row["theme"] for row in rows if row["row"] > 3 and row["rank"] == 1] == ["delivery"] * 3
    assert all(next(row["rank"] for row in rows if row["row"] == n) in (1, None) for n in range(7))


def test_what_people_coded_stands_even_where_it_says_nothing_by_itself() -> None:
    rows = assign(["Nothing."], BOOK, learned=[("nothing.", ["Staff manner"])]).to_pylist()
    assert [(row["theme"], row["confidence"]) for row in rows] == [("staff-manner", 1.0)]


def test_a_codebook_without_coded_comments_and_its_reject() -> None:
    book = Codebook((Theme("park", "Parking", "No space for the car"), Theme("food", "Food", "Meals and drinks")))
    rows = assign(["Where should I leave my car?", "xqzt wvk"], book).to_pylist()
    assert rows[0]["theme"] == "park"
    assert {
        row["state"]
        for row in code(["Lunch was fine"], book, learned=(), reject=0.99, model=None, split=True).to_pylist()
    } == {"rejected"}


def test_a_codebook_of_another_model_or_without_themes_is_told() -> None:
    with pytest.raises(UserError, match="cannot be compared"):
        assign(["x"], make_codebook(ALL, themes=3), model="wordllama")
    with pytest.raises(UserError, match="no theme"):
        assign(["x"], Codebook(()))
    assert assign([], BOOK).num_rows == 0


def test_a_language_that_was_not_understood_is_told_and_taught() -> None:
    comments = ["Посылка пришла поздно", "Bardzo miła obsługa, ale długo czekałem na przesyłkę", "The parcel was late"]
    rows = assign(comments, BOOK).to_pylist()
    assert [(row["state"], row["language"], row["theme"]) for row in rows] == [
        ("foreign", "ru", None), ("foreign", "pl", None), ("assigned", "en", "delivery"),
    ]  # fmt: skip
    learned = [("Моя посылка пришла очень поздно", ["Delivery"])]
    rows = assign(comments, BOOK, learned=learned).to_pylist()
    assert [row["state"] for row in rows][1:] == ["foreign", "assigned"] and rows[0]["state"] != "foreign"


def test_a_correction_leaves_the_themes_found_that_nobody_corrected_as_they_were() -> None:
    book = make_codebook(ALL, themes=3)
    before = [row["theme"] for row in assign(ALL, book).to_pylist() if row["rank"] == 1]
    found = dict(zip(ALL, before, strict=True))
    taught_book = taught(book, [(PARK[0], ["Nowhere to park"])])
    after = {ALL[row["row"]]: row["theme"] for row in assign(ALL, taught_book).to_pylist() if row["rank"] == 1}
    assert after[PARK[0]] == "nowhere-to-park"
    assert sum(theme == "nowhere-to-park" for theme in after.values()) > 1
    others = [said for said in ALL if found[said] != found[PARK[0]]]
    assert others and all(after[said] == found[said] for said in others)


def test_the_same_comment_is_read_alike_wherever_it_stands_and_however_often() -> None:
    comments = [*ALL[::12], None, "n/a", ALL[0], "  ", None, ALL[12]]
    rows = assign(comments, BOOK).to_pylist()
    assert [row["row"] for row in rows] == sorted(row["row"] for row in rows)
    for place, comment in enumerate(comments):
        alone = assign([comment], BOOK).to_pylist()
        again = [{**row, "row": 0} for row in rows if row["row"] == place]
        assert [{**row, "confidence": None} for row in again] == [{**row, "confidence": None} for row in alone]
        assert [row["confidence"] for row in again] == pytest.approx([row["confidence"] for row in alone], abs=1e-6)


def test_what_is_unlike_all_the_codebook_was_made_of_is_rejected() -> None:
    days = ["Monday", "Tuesday", "Friday", "Sunday"]
    things = ["parcel", "order", "letter", "box", "delivery", "package"]
    late = [
        f"The {one} came late on {day} {word}" for one in things for day in days for word in ("again", "as well", "")
    ]
    staff = [f"The {who} on {day} was {how} to me" for who in ("nurse", "clerk", "driver") for day in days for how in ("kind", "rude", "so friendly", "not polite", "helpful", "cold")]  # fmt: skip
    food = [f"The {one} was {how} on {day}" for one in ("soup", "bread", "lunch") for day in days for how in ("cold", "tasty", "stale", "too salty", "good", "bland")]  # fmt: skip
    book = make_codebook([*late, *staff, *food])
    assert {row["state"] for row in assign([*late, *staff, *food], book).to_pylist()} == {"assigned"}
    new = [f"My password was stolen by hackers in {month}" for month in ("May", "June", "July", "August")]
    familiar = [
        "The bread was salty on Saturday",
        "The nurse on Saturday was kind to me",
        "The order came late on Saturday",
    ]
    states = {row["row"]: row["state"] for row in assign([*new, *familiar], book).to_pylist()}
    assert [states[row] for row in range(7)] == ["rejected"] * 4 + ["assigned"] * 3
    assert {row["state"] for row in assign(new, book, reject=0.0).to_pylist()} == {"assigned"}
    # What people coded is familiar from then on.
    wiser = taught(book, [(new[0], ["Stolen passwords"]), *((one, ["Late"]) for one in late[:12])])
    assert [row["state"] for row in assign(new[1:], wiser).to_pylist()] == ["assigned"] * 3
