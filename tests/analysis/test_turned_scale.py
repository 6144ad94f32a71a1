"""Where 1 was the best and nobody said so, it is asked; where all is well, nothing."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pytest

from winback.analysis.turned_scale import scale_turned, sounds_turned
from winback.scales import Bands
from winback.server.imports.fields import NAMES
from winback.surfaces import on_a_page

GOOD, BAD = "Staff {} were lovely and very helpful, thank you", "Terrible wait at desk {}, rude and awful"
TOLD = [(1 + place % 2, GOOD.format(place)) for place in range(40)] + [
    (4 + place % 2, BAD.format(place)) for place in range(40)
]


def frame(told: Sequence[tuple[float, str]]) -> duckdb.DuckDBPyRelation:
    engine = duckdb.connect()
    engine.execute("CREATE TABLE f (row_number BIGINT, score DOUBLE, comment VARCHAR)")
    engine.executemany("INSERT INTO f VALUES (?, ?, ?)", [(line, *one) for line, one in enumerate(told)])
    return engine.table("f")


def test_it_is_asked_in_the_words_of_the_place() -> None:
    asked = "Comments of low scores sound more content than those of high ones: is 1 the best? If so, use "
    assert scale_turned(frame(TOLD), Bands.of("1-5")) == f"{asked}--scale 5-1."
    with on_a_page(NAMES):
        assert scale_turned(frame(TOLD), Bands.of("1-5")) == f"{asked}“Scale” 5-1."
    assert scale_turned(frame(TOLD), Bands.of("0-10")) == (
        f"{asked}--scale with the worst value first, such as --scale 5-1, and --blank for values that mean no answer."
    )


def test_a_scale_from_best_to_worst_may_be_wrong_too() -> None:
    well = [(6 - score, comment) for score, comment in TOLD]
    assert scale_turned(frame(well), Bands.of("5-1")) == (
        "Comments of high scores sound more content than those of low ones: is 5 the best? If so, use --scale 1-5."
    )
    assert scale_turned(frame(well), Bands.of("1-5")) is None and scale_turned(frame(TOLD), Bands.of("5-1")) is None


def test_without_comments_there_is_nothing_to_ask() -> None:
    assert scale_turned(frame(TOLD).select("row_number, score"), Bands.of("1-5")) is None
    assert scale_turned(frame([(1.0, "")]).filter("score > 1"), Bands.of("1-5")) is None


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([(score, "Lovely staff" if score < 3 else "Rude staff") for score, _ in TOLD], id="two said over and over"),
        pytest.param([(score, f"Parcel {place}") for place, (score, _) in enumerate(TOLD)], id="no word of a mood"),
        pytest.param([(score, f"Obsługa była {'dobra' if score < 3 else 'zła'}, numer {place}") for place, (score, _) in enumerate(TOLD)], id="Polish"),
    ],
)  # fmt: skip
def test_what_says_nothing_turns_nothing(said: Sequence[tuple[float, str]]) -> None:
    assert sounds_turned(TOLD) and not sounds_turned(said)
