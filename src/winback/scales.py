"""Scales and bands: the one place that says who is a promoter, a passive or a detractor.

The raw score is kept for ever; its band is computed from a `Bands` whenever it is asked for, never stored.
Limits speak of values as they stand in the file: on a scale of 5-1, where 1 is the best, detractors are 3-5.

Reference: F. Reichheld, "The One Number You Need to Grow", Harvard Business Review 81(12), 2003.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from winback.errors import UserError
from winback.surfaces import option

DETRACTOR, PASSIVE, PROMOTER = 0, 1, 2
BLANKS = frozenset(
    {"", "na", "n/a", "nan", "null", "none", "nil", "-", "--", ".", "#n/a", "(blank)", "missing"}
)  # say nothing

_NUMBER = r"\s*([+-]?\d+(?:\.\d+)?)\s*"
_RANGE = re.compile(rf"^{_NUMBER}[-–:]{_NUMBER}$")
_SINGLE = re.compile(rf"^{_NUMBER}$")


def parse_range(text: str, *, name: str) -> tuple[float, float]:
    """Read "0-6", "-5-5" or a single "10" as two numbers in the order given.

    Raises UserError, naming the option, where the text is neither.
    """
    if found := _RANGE.match(text):
        return float(found.group(1)), float(found.group(2))
    if found := _SINGLE.match(text):
        return float(found.group(1)), float(found.group(1))
    like = f"write it like {option(name, '0-6')}, or {option(name, '10')} for one value"
    raise UserError(f'{option(name)} "{text}" is not a range; {like}.')


def plain(number: float) -> str:
    """A number as a person writes it: 10, not 10.0."""
    return str(int(number)) if float(number).is_integer() else repr(float(number))


@dataclass(frozen=True)
class Scale:
    """The values a score can take, from the worst to the best as they stand in the file."""

    worst: float = 0.0
    best: float = 10.0

    @classmethod
    def parse(cls, text: str) -> Scale:
        """Read "0-10" (10 is best) or "5-1" (1 is best). Raises UserError on anything else."""
        worst, best = parse_range(text, name="--scale")
        if worst == best:
            raise UserError(
                f'{option("--scale")} "{text}" has one value only; write worst and best, like {option("--scale", "0-10")}.'
            )
        return cls(worst=worst, best=best)

    @property
    def low(self) -> float:
        return min(self.worst, self.best)

    @property
    def high(self) -> float:
        return max(self.worst, self.best)

    @property
    def reversed(self) -> bool:
        return self.best < self.worst

    def __str__(self) -> str:
        return f"{plain(self.worst)}-{plain(self.best)}"


@dataclass(frozen=True)
class Bands:
    """Which values are detractors and which are promoters; every other value of the scale is passive.

    The limit of each band is the value nearest to the passives: a score at least as bad as
    `detractor_limit` is a detractor, one at least as good as `promoter_limit` a promoter.
    So a value between two limits, such as 6.5 on 0-10, falls in a band too.
    """

    scale: Scale = field(default_factory=Scale)
    detractor_limit: float = 6.0
    promoter_limit: float = 9.0

    def __post_init__(self) -> None:
        sign = -1.0 if self.scale.reversed else 1.0
        if sign * self.detractor_limit >= sign * self.promoter_limit:
            raise UserError(
                f"The bands overlap: detractors reach {plain(self.detractor_limit)} and promoters begin at "
                f"{plain(self.promoter_limit)} on the scale {self.scale}; set {option('--detractors')} and {option('--promoters')} apart."
            )

    @classmethod
    def of(cls, scale: str | Scale = "0-10", *, detractors: str | None = None, promoters: str | None = None) -> Bands:
        """The bands of a scale: the usual ones, or the ranges given, in values as in the file.

        Usual bands: 0-6 / 7-8 / 9-10; 1-6 / 7-8 / 9-10 on 1-10; 1-3 / 4 / 5 on 1-5 (3-5 / 2 / 1 on 5-1).
        Raises UserError for a scale without usual bands where a range is missing, for a range
        outside the scale, and for a band that leaves out its own end of the scale.
        """
        scale = Scale.parse(scale) if isinstance(scale, str) else scale
        usual = _usual_limits(scale)
        limits = []
        for name, text, end, position in (
            ("--detractors", detractors, scale.worst, 0),
            ("--promoters", promoters, scale.best, 1),
        ):
            if text is None:
                if usual is None:
                    raise UserError(
                        f"The scale {scale} has no usual bands; say which values are which with "
                        f"{option('--detractors')} and {option('--promoters')}, like {option('--detractors', '1-4')} "
                        f"{option('--promoters', '6-7')}."
                    )
                limits.append(usual[position])
                continue
            low, high = sorted(parse_range(text, name=name))
            if low < scale.low or high > scale.high:
                raise UserError(
                    f"{option(name, text)} lies outside the scale {scale}; use values as they stand in the file."
                )
            if end not in (low, high):
                which = "worst" if name == "--detractors" else "best"
                raise UserError(
                    f"{option(name, text)} leaves out {plain(end)}, the {which} value of the scale {scale}; include it."
                )
            limits.append(high if end == low else low)
        return cls(scale=scale, detractor_limit=limits[0], promoter_limit=limits[1])

    def classify(self, scores: Any) -> NDArray[np.int8]:
        """Bands of scores: DETRACTOR, PASSIVE or PROMOTER, an int8 array of the same length.

        Scores must lie on the scale; the reader has rejected the others.
        """
        sign = -1.0 if self.scale.reversed else 1.0
        values = sign * np.asarray(scores, dtype=np.float64)
        bands = np.full(values.shape, PASSIVE, dtype=np.int8)
        bands[values <= sign * self.detractor_limit] = DETRACTOR
        bands[values >= sign * self.promoter_limit] = PROMOTER
        return bands

    def is_detractor(self, score: nw.Expr) -> nw.Expr:
        """The same rule as an expression, for filtering rows on the engine."""
        return score >= self.detractor_limit if self.scale.reversed else score <= self.detractor_limit

    def is_promoter(self, score: nw.Expr) -> nw.Expr:
        """The same rule as an expression, for filtering rows on the engine."""
        return score <= self.promoter_limit if self.scale.reversed else score >= self.promoter_limit

    def describe(self) -> dict[str, str]:
        """The bands as ranges in values of the file, as printed on every report."""
        inner = _passive_range(self)
        return {
            "scale": str(self.scale),
            "detractors": _show(self.scale.worst, self.detractor_limit),
            "passives": inner,
            "promoters": _show(self.promoter_limit, self.scale.best),
        }


def _usual_limits(scale: Scale) -> tuple[float, float] | None:
    if scale.low in (0.0, 1.0) and scale.high == 10.0:
        limits = (6.0, 9.0)
    elif (scale.low, scale.high) == (1.0, 5.0):
        limits = (3.0, 5.0)
    else:
        return None
    if scale.reversed:
        mirror = scale.low + scale.high
        return mirror - limits[0], mirror - limits[1]
    return limits


def _show(first: float, second: float) -> str:
    low, high = sorted((first, second))
    return plain(low) if low == high else f"{plain(low)}-{plain(high)}"


def _passive_range(bands: Bands) -> str:
    step = -1.0 if bands.scale.reversed else 1.0
    first, last = bands.detractor_limit + step, bands.promoter_limit - step
    if step * first > step * last or not math.isfinite(first):
        return "between"
    return _show(first, last)
