"""What is taken off vectors, by hand."""

from __future__ import annotations

import numpy as np

from winback.analysis.codebook import assign, make_codebook
from winback.analysis.middles import Middles, decoded, encoded

ENGLISH = ["The bill was wrong and I had to call", "This is what I was told by the staff"]
GERMAN = ["Die Rechnung war falsch und ich musste anrufen", "Das ist nicht gut und der Preis ist hoch"]


def rows(*pairs: tuple[float, float]) -> np.ndarray:
    return np.array(pairs, dtype=np.float32)


def test_a_language_far_from_the_rest_has_a_middle_of_its_own() -> None:
    said = [*ENGLISH, *GERMAN]
    found = Middles.of(said, rows((4, 1), (4, -1), (-4, 1), (-4, -1)))
    assert found.whole.tolist() == [0, 0]
    # spread (1 + 1) / (2 - 1) of 2 comments each, distance² 16: 1 - 2 / 2 / 16
    np.testing.assert_allclose(found.languages["de"], [-3.75, 0])
    np.testing.assert_allclose(found.languages["en"], [3.75, 0])
    np.testing.assert_allclose(found.off(GERMAN[:1], rows((-3.75, 2))), [[0, 1]])


def test_what_is_near_the_rest_shares_its_middle() -> None:
    found = Middles.of([*ENGLISH, *GERMAN], rows((1, 3), (0, -3), (-1, 3), (0, -3)))
    assert dict(found.languages) == {}
    np.testing.assert_allclose(found.off(["?"], rows((0, 5))), [[0, 1]])


def test_a_language_that_cannot_be_told_goes_by_the_middle_nearest() -> None:
    found = Middles(np.zeros(2, dtype=np.float32), {"de": np.array([-4, 0], dtype=np.float32)})
    np.testing.assert_allclose(found.off(["Router", "Router"], rows((-4, 1), (1, 0))), [[0, 1], [1, 0]])
    np.testing.assert_allclose(found.off(["Сервис был очень плохой"], rows((-3, 0))), [[-1, 0]])


def test_a_single_text_keeps_its_direction() -> None:
    assert Middles.of(["The only one"], rows((3, 4))).whole.tolist() == [0, 0]


def test_kept_as_text_and_read_again() -> None:
    first = Middles(np.array([0.5, 1], dtype=np.float32), {"de": np.array([2, 0], dtype=np.float32)})
    kept = first.encoded()
    again = Middles.kept(kept["middle"], kept["middles"])
    assert (again.whole.tolist(), again.languages["de"].tolist()) == ([0.5, 1], [2, 0])
    assert decoded(encoded(np.array([0.25, -2]))).tolist() == [0.25, -2]


def test_german_comments_are_told_apart_among_many_english_ones() -> None:
    english = [f"{one} {n}" for n in range(40) for one in ("The invoice was wrong again in week", "The technician came late on day",
                                                           "Very friendly people in the shop of street")]  # fmt: skip
    bills = [f"Die Rechnung war schon wieder falsch im Monat {n}" for n in range(12)]
    late = [f"Der Techniker kam zu spät zum Termin Nummer {n}" for n in range(12)]
    said = [*english, *bills, *late]
    book = make_codebook(said, seed=0)
    main = [one["theme"] for one in assign(said, book).to_pylist() if one["rank"] == 1]
    assert set(book.middles) == {"de", "en"}
    assert not set(main[len(english) : len(english) + 12]) & set(main[len(english) + 12 :])
