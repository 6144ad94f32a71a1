"""Small marks inside rows of text and tables: inline SVG with percentage attributes, no style and no script.

Every mark has a label for those who do not see it, or is hidden where the text beside it says the same.
Bars always run detractors, passives, promoters from left to right; a score is shown by shape as well as colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from winback.charts.labels import signed
from winback.charts.spec import score_domain
from winback.report import words

LETTER = 4.2  # percent of the narrowest column of whiskers that a letter takes
GAP = 2.0  # and that lies between two texts
LETTERS = {"detractor": "d", "passive": "a", "promoter": "p"}


class Axis:
    """A scale of scores shared by all rows of all tables, so that every whisker means the same."""

    def __init__(self, low: float = -100, high: float = 100) -> None:
        self.low, self.high = low, high

    @classmethod
    def over(cls, cells: Sequence[Mapping[str, Any]], whole: float | None) -> Axis:
        """An axis that holds every interval, the whole and zero, in steps of 20."""
        ends = [cell[name] for cell in cells if not cell.get("suppressed") for name in ("low", "high")]
        ends = [end for end in ends if end is not None] + [whole or 0.0]
        low, high = score_domain(min(ends), max(ends), 20)
        return cls(low, high)

    def at(self, value: float) -> str:
        """Where a score lies, as a percentage of the width."""
        place = 100 * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return f"{place:.1f}".removesuffix(".0") + "%"

    def ticks(self) -> list[float]:
        """The ends and zero."""
        return sorted({self.low, 0.0, self.high})


def _number(place: str) -> float:
    return float(place.removesuffix("%"))


def _svg(height: int, inner: str, label: str | None) -> Markup:
    role = "aria-hidden=true" if label is None else f'role=img aria-label="{escape(label)}"'
    return Markup(f"<svg class=wbm height={height} {role}>{inner}</svg>")  # noqa: S704 (inner is made here)


def _text(place: str, y: float, text: str, anchor: str = "middle", bold: bool = False) -> str:
    kind = "t b" if bold else "t"
    return f'<text class="{kind}" x={place} y={y} text-anchor={anchor}>{text}</text>'


def scale(nps: float, low: float, high: float) -> Markup:
    """The score and its interval on the whole scale from −100 to +100, so that ±3 looks as small as it is."""
    axis = Axis()
    ticks = ((-100, "start"), (-50, "middle"), (0, "middle"), (50, "middle"), (100, "end"))
    left, right = _number(axis.at(low)), _number(axis.at(high))
    inner = (
        "<rect width=100% y=22 height=12 rx=6 class=f-band />"
        + "".join(_text(axis.at(value), 54, signed(value), anchor) for value, anchor in ticks)
        + "<line x1=50% x2=50% y1=17 y2=40 class=s-zero />"
        + f"<rect x={left}% width={max(right - left, 0.4):.2f}% y=18 height=20 rx=4 class=f-brand opacity=.45 />"
        + f"<line x1={axis.at(nps)} x2={axis.at(nps)} y1=14 y2=42 class=s-ink stroke-width=3 />"
        + _text(axis.at(nps), 9, signed(nps), "end" if nps > 90 else "start" if nps < -90 else "middle", bold=True)
    )
    label = f"Score {signed(nps)} on a scale from −100 to +100, interval {signed(low)} to {signed(high)}"
    return _svg(62, inner, label)


def split(cell: Mapping[str, Any], height: int = 8, *, silent: bool = False) -> Markup:
    """Detractors, passives and promoters of a group as one bar of 100 %."""
    inner, start, edges = "", 0.0, []
    for share, kind in zip(words.shares(cell), ("f-d", "f-a", "f-p"), strict=True):
        if share > 0:
            inner += f"<rect x={100 * start:.1f}% width={100 * share:.1f}% height={height} class={kind} />"
            edges.append(f"{100 * start:.1f}%")
        start += share
    inner += "".join(f"<line x1={x} x2={x} y2={height} class=edge />" for x in edges[1:])
    label = None if silent else ", ".join(words.mix(cell, band) for band in LETTERS)
    return _svg(height, inner, label)


def whisker(cell: Mapping[str, Any], axis: Axis, whole: float | None, steadied: float | None = None) -> Markup:
    """Score (dot) and interval (line), the steadied score (open circle), zero and the whole (dashed).

    The score itself stands as text beside the mark; the label says what only the mark shows.
    """
    at, left, right = axis.at, _number(axis.at(cell["low"])), _number(axis.at(cell["high"]))
    inner = f"<line x1={at(0)} x2={at(0)} y2=22 class=s-zero />"
    if whole is not None:
        inner += f"<line x1={at(whole)} x2={at(whole)} y2=22 class=all />"
    inner += f"<rect x={left:g}% width={right - left:.1f}% class=reach />"
    if steadied is not None:
        inner += f"<circle cx={at(steadied)} class=open />"
    inner += f"<circle cx={at(cell['nps'])} class=dot />"
    return _svg(22, inner, None if steadied is None else f"steadied {signed(steadied)}")


def whisker_head(axis: Axis, whole: float | None) -> Markup:
    """The scale above a column of whiskers: where the whole lies, and its ends and zero as far as there is room."""
    ticks = []
    for value in axis.ticks():
        anchor = "start" if value == axis.low else "end" if value == axis.high else "middle"
        ticks.append((value, anchor, _reach(_number(axis.at(value)), signed(value), anchor)))
    if whole is None:
        return _svg(16, "".join(_text(axis.at(value), 12, signed(value), anchor) for value, anchor, _ in ticks), None)
    text, place = f"all {signed(whole)}", _number(axis.at(whole))
    fits = []
    for anchor in ("middle", "start", "end"):
        left, right = _reach(place, text, anchor)
        if left >= 0 and right <= 100:
            fits.append((anchor, [tick for tick in ticks if tick[2][1] + GAP < left or right + GAP < tick[2][0]]))
    anchor, clear = max(fits, key=lambda fit: len(fit[1]))
    inner = "".join(_text(axis.at(value), 12, signed(value), side) for value, side, _ in clear)
    return _svg(16, inner + _text(axis.at(whole), 12, text, anchor, bold=True), None)


def _reach(place: float, text: str, anchor: str) -> tuple[float, float]:
    """From where to where a text goes, in percent of the narrowest column."""
    width = LETTER * len(text)
    left = place - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, left + width


def diverging(value: float, reach: float) -> Markup:
    """A bar to the left or right of zero; `reach` is the largest bar of the column."""
    length = 50 * min(abs(value) / reach, 1.0) if reach else 0.0
    start = 50 - length if value < 0 else 50
    bar = f"<rect x={start:.2f}% width={length:.2f}% y=2 height=8 class=f-ink />" if length else ""
    return _svg(12, bar + "<line x1=50% x2=50% y1=0 y2=12 class=s-zero />", signed(value, 1))


def meter(share: float, label: str, kind: str = "f-d") -> Markup:
    """A part of a whole; a part below zero is not drawn."""
    width = 100 * min(max(share, 0.0), 1.0)
    inner = "<rect width=100% y=3 height=8 rx=3 class=f-band />"
    if width:
        inner += f"<rect width={width:.2f}% y=3 height=8 rx=3 class={kind} />"
    return _svg(14, inner, label)


def chip(value: float | None, band: str) -> Markup:
    """The score a person gave: round below for a detractor, square for a passive, round above for a promoter."""
    letter = LETTERS.get(band, "a")
    return Markup('<span class="sc {}" title="{}"><span class=vh>gave </span>{}</span>').format(
        letter, band, words.given(value)
    )
