"""Codebooks from comments and from coded comments."""

from __future__ import annotations

import numpy as np
import pytest

from tests.analysis.themed import ALL, PARK
from winback.analysis.codebook import emerging, make_codebook
from winback.analysis.codebook_making import (
    beside,
    decoded_metric,
    decoded_rows,
    encoded_metric,
    encoded_rows,
    make,
    slug,
    units,
)
from winback.analysis.middles import decoded, encoded
from winback.errors import UserError


def test_the_same_comments_give_the_same_codebook_byte_for_byte() -> None:
    first, second = (make_codebook([*ALL, "n/a", None, "", *ALL[:5]], seed=1) for _ in range(2))
    assert first.to_json() == second.to_json()
    assert first.comments == len(ALL) + 5
    quoted = [example for theme in first.leaves() for example in theme.examples]
    assert quoted and all(any(one in comment for comment in ALL) for one in quoted)


def test_the_number_asked_for_in_two_levels() -> None:
    book = make(ALL, seed=0, themes=6, model=None, split=True)
    assert len(book.leaves()) == 6
    assert all(theme.parent is not None for theme in book.leaves())


def test_comments_in_other_languages_make_no_themes_unless_most_are() -> None:
    russian = [f"Посылка пришла с опозданием на {n} дней, очень плохо" for n in range(2, 12)]
    book = make_codebook([*ALL, *russian])
    assert book.comments == len(ALL)
    assert make_codebook(russian).comments == 10


def test_emerging_themes_stand_beside_the_book() -> None:
    book = make_codebook(ALL[:48], themes=4)
    found = emerging(PARK, book)
    assert found.themes and not {one.key for one in found.themes} & {one.key for one in book.themes}
    assert beside(["Too few"], book, seed=0, smallest=5, model=None).themes == ()


def test_nothing_said_no_codebook() -> None:
    with pytest.raises(UserError, match="nothing to make themes of"):
        make_codebook(["n/a", "", None])
    with pytest.raises(UserError, match="at least one"):
        make_codebook(ALL, themes=0)


def test_units_directions_and_keys() -> None:
    letter = "The lift is broken again today. " * 8
    assert len(units([letter, "n/a", "Short. And sweet."], split=True)) == 9
    row = np.array([0.5, -0.25], dtype=np.float32)
    np.testing.assert_array_equal(decoded(encoded(row)), row)
    rows = np.array([[0.6, 0.8], [-1.0, 0.0]], dtype=np.float32)
    np.testing.assert_allclose(decoded_rows(encoded_rows(rows), 2), rows, atol=0.01)
    assert decoded_rows("", 2).shape == (0, 2)
    square = np.array([[1.5, -0.25], [-0.25, 0.5]])
    np.testing.assert_array_equal(decoded_metric(encoded_metric(square), 2), square)
    assert encoded_metric(None) == ""
    taken: set[str] = set()
    assert [slug("Long wait!", taken), slug("long wait", taken), slug("等", taken)] == [
        "long-wait",
        "long-wait-2",
        "theme",
    ]
