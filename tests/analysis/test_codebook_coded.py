"""Codebooks from coded comments: the themes that people named, and beside them what these do not cover."""

from __future__ import annotations

import pytest

from tests.analysis.themed import ALL, CODED, PARCEL, PARK, STAFF
from winback.analysis.codebook import assign, make_codebook
from winback.analysis.codebook_coded import SMALLEST, make_coded
from winback.errors import UserError

HALF = [(text, names) for text, names in CODED if names != ["Parking"]]


def test_themes_that_people_named() -> None:
    book = make_codebook(ALL, learned=CODED)
    assert [theme.name for theme in book.themes] == ["Delivery", "Parking", "Staff manner"]
    assert book.theme("parking").origin == "person" and book.theme("parking").comments == 8
    with pytest.raises(UserError, match="No comment is coded"):
        make_codebook(ALL, learned=[("x", ["  "])])


def test_what_nobody_coded_is_found_beside() -> None:
    book = make_codebook(ALL, learned=HALF)
    beside = [theme for theme in book.themes if theme.origin == "found"]
    assert [theme.name for theme in book.themes if theme.origin == "person"] == ["Delivery", "Staff manner"]
    assert beside and all(theme.comments >= SMALLEST and set(theme.examples) <= set(PARK) for theme in beside)
    found = {theme.key for theme in beside}
    main = [row["theme"] for row in assign(ALL, book).to_pylist() if row["rank"] == 1]
    assert sum(theme in found for theme in main[len(PARCEL) + len(STAFF) :]) > len(PARK) / 2
    assert not found & set(main[: len(PARCEL) + len(STAFF)])


def test_no_more_themes_than_asked_for_and_nothing_but_the_coded() -> None:
    assert len(make_coded(ALL, HALF, seed=0, themes=2, model=None, split=True).themes) == 2
    assert len(make_coded([], HALF, seed=0, themes=None, model=None, split=True).themes) == 2
