"""Marks in rows: percentages, labels, no styles."""

import re

import pytest

from tests.report.documents import full
from tests.report.figures import cell
from winback.report import marks

AXIS = marks.Axis(-40, 60)


def numbers(markup: str, attribute: str) -> list[float]:
    return [float(found) for found in re.findall(rf'\b{attribute}="?(-?[\d.]+)%', markup)]


def test_axis_places_scores() -> None:
    assert (AXIS.at(-40), AXIS.at(10), AXIS.at(60), AXIS.at(99)) == ("0%", "50%", "100%", "100%")
    assert AXIS.at(21) == "61%"


def test_axis_holds_every_interval_and_zero() -> None:
    rows = full()["segments"]
    axis = marks.Axis.over(rows, 21.0)
    assert axis.low <= min(row["low"] for row in rows if not row["suppressed"]) and axis.low <= 0
    assert axis.high >= max(row["high"] for row in rows if not row["suppressed"])
    assert marks.Axis.over([], None).ticks() == [0, 20]


@pytest.mark.parametrize(
    ("low", "high", "whole", "said"),
    [
        (-40, 60, 20.0, ["−40", "0", "+60", "all +20"]),
        (-100, 100, 5.0, ["−100", "+100", "all +5"]),  # zero would run into it, on either side
        (-20, 80, 11.0, ["−20", "0", "+80", "all +11"]),  # to the right of its place, zero stays
        (0, 40, 38.0, ["0", "all +38"]),
        (-100, 100, None, ["−100", "0", "+100"]),
    ],
)
def test_the_head_of_whiskers_has_no_words_on_each_other(
    low: float, high: float, whole: float | None, said: list[str]
) -> None:
    head = str(marks.whisker_head(marks.Axis(low, high), whole))
    assert re.findall(r">([^<>]+)</text>", head) == said


def test_split_runs_detractor_passive_promoter_and_fills_the_width() -> None:
    mark = marks.split(cell(33, 36, 31))
    assert re.findall(r"class=(f-[dap])", mark) == ["f-d", "f-a", "f-p"]
    assert sum(numbers(mark, "width")) == pytest.approx(100, abs=0.3)
    assert 'aria-label="31 of 100 detractors, 36 of 100 passives, 33 of 100 promoters"' in mark


def test_split_of_one_band_has_one_piece() -> None:
    mark = marks.split(cell(10, 0, 0))
    assert re.findall(r"class=(f-[dap])", mark) == ["f-p"]


def test_whisker_shows_all_it_should() -> None:
    mark = marks.whisker(cell(33, 36, 31), AXIS, 21.0, 8.0)
    assert mark.count("<circle") == 2 and mark.count("<line") == 2
    left, width = numbers(mark, "x")[0], numbers(mark, "width")[0]
    figures = cell(33, 36, 31)
    assert -40 + left == pytest.approx(figures["low"], abs=0.2)
    assert -40 + left + width == pytest.approx(figures["high"], abs=0.2)
    assert 'aria-label="steadied +8"' in mark
    assert "aria-hidden" in marks.whisker(cell(33, 36, 31), AXIS, None)


def test_scale_says_score_and_interval() -> None:
    mark = marks.scale(20.7, 17.8, 24.6)
    assert 'aria-label="Score +21 on a scale from −100 to +100, interval +18 to +25"' in mark


@pytest.mark.parametrize(("value", "start", "length"), [(-1.0, 25, 25), (2.0, 50, 50), (9.0, 50, 50)])
def test_diverging(value: float, start: float, length: float) -> None:
    mark = marks.diverging(value, 2.0)
    assert numbers(mark, "x")[0] == start and numbers(mark, "width") == [length]


def test_diverging_of_nothing() -> None:
    assert "<rect" not in marks.diverging(0.0, 0.0)


def test_meter_of_less_than_nothing() -> None:
    assert marks.meter(-0.2, "label").count("<rect") == 1
    assert numbers(marks.meter(1.4, "label"), "width") == [100, 100]


def test_chip_has_a_shape_for_each_band_and_escapes() -> None:
    assert 'class="sc d"' in marks.chip(4.0, "detractor")
    assert 'class="sc p"' in marks.chip(10.0, "promoter")
    assert "gave </span>7.5" in marks.chip(7.5, "passive")
    assert "<b>" not in marks.chip(4.0, "<b>")


def test_labels_are_escaped() -> None:
    assert '"><' not in marks.meter(0.5, '"><script>').split("<rect")[0].replace('">', "", 1)


def test_no_mark_has_a_style() -> None:
    every = marks.scale(1, 0, 2) + marks.split(cell(1, 5, 9)) + marks.whisker_head(AXIS, 21.0) + marks.meter(0.5, "a")
    assert "style" not in every
