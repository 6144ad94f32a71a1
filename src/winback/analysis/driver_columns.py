"""A driver as numbers: ratings, measures, yes or no, and categories, told by what their values are.

A rating has a scale and so room to improve; a measure (minutes, a price) has none. A category becomes a column for each
value but the most frequent; a driver whose blank means "not used" becomes two, whether it was used and how good it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from winback.connectors.csvfile.numbers import score_of
from winback.errors import UserError
from winback.scales import BLANKS, Scale, plain

Floats = NDArray[np.float64]

MOST_VALUES = 30  # of a category
_SCALES = ((1, 5), (0, 5), (1, 7), (1, 10), (0, 10))  # tried in this order where none is given
_LOW_END = 0.6  # the part of a scale, from its worst end, that counts as dissatisfied: 0-6 of 0-10, 1-3 of 1-5
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_CODES = ((0.0, 1.0), (1.0, 2.0))  # of yes and no
_YES = frozenset({"yes", "y", "true", "ja", "sim", "oui", "si", "sí", "1"})


@dataclass(frozen=True)
class DriverColumn:
    """One driver: its columns (N, k), nan where not answered, and what it is.

    kind: rating, measure, yes_no, category or constant. scale: worst and best of a rating, as in the file. positions:
    (N,) 0 to 1 on the scale, nan elsewhere. flipped: turned round so that more is better.
    """

    name: str
    kind: str
    columns: Floats
    values: Floats
    scale: tuple[float, float] | None = None
    nested: bool = False
    notes: tuple[str, ...] = ()

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Rows with an answer, whatever the blanks mean."""
        return np.asarray(~np.isnan(self.values))

    def dissatisfied(self) -> Floats:
        """1 where the rating lies in the low end of its scale, 0 where not, nan where there is none."""
        if self.scale is None:
            return np.full(len(self.values), np.nan)
        worst, best = self.scale
        position = (self.values - worst) / (best - worst)
        return np.where(np.isnan(position), np.nan, (position <= _LOW_END + 1e-9).astype(np.float64))


def driver_column(
    name: str,
    column: pa.ChunkedArray,
    *,
    blanks: Collection[str] = (),
    scale: Scale | None = None,
    nested: bool = False,
) -> DriverColumn:
    """Read one column of a frame as a driver. `blanks` are values that mean no answer, `scale` that of the ratings.

    Raises UserError where the column holds dates, or more different words than a category may have.
    """
    numbers, words, notes = _parsed(name, column, set(blanks))
    found = _of_numbers(name, numbers, scale, notes) if words is None else _of_words(name, words, notes)
    return _with_usage(found) if nested else found


def _parsed(name: str, column: pa.ChunkedArray, blanks: set[str]) -> tuple[Floats, list[str | None] | None, list[str]]:
    """Numbers, nan where there is none; or the words, where most values are words."""
    kind = column.type
    if pa.types.is_temporal(kind):
        raise UserError(f'"{name}" holds dates, which are no driver; make a number or a few groups of it.')
    if (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        numbers = np.asarray(pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64).copy()
        codes = [code for text in blanks if (code := score_of(text)) is not None]
        numbers[np.isin(numbers, codes) | ~np.isfinite(numbers)] = np.nan
        return numbers, None, []
    texts = pc.cast(column, pa.string()).combine_chunks().dictionary_encode()
    known = [
        None if text is None or _is_nothing(text, blanks) else text.strip() for text in texts.dictionary.to_pylist()
    ]
    places = pc.fill_null(texts.indices, len(known)).to_numpy(zero_copy_only=False)
    times = np.bincount(places, minlength=len(known) + 1)
    values = [None if text is None else _number(text) for text in known]
    read = sum(int(n) for value, n in zip(values, times[:-1], strict=True) if value is not None)
    filled = sum(int(n) for text, n in zip(known, times[:-1], strict=True) if text is not None)
    if filled and read * 2 < filled:
        spelled = [*known, None]
        return np.zeros(0), [spelled[place] for place in places], []
    numbers = np.array([np.nan if value is None else value for value in values] + [np.nan])[places]
    strange = [text for text, value in zip(known, values, strict=True) if text is not None and value is None]
    notes = []
    if strange:
        number = filled - read
        notes.append(
            f'{number:,} {"value" if number == 1 else "values"} of "{name}", such as "{strange[0][:40]}", '
            f"{'is' if number == 1 else 'are'} no number and {'counts' if number == 1 else 'count'} as not answered."
        )
    return numbers, None, notes


def _number(text: str) -> float | None:
    """The number a cell stands for: of a score ("8 - good", "8/10"), or any that is plainly written; None for words."""
    found = score_of(text)
    if found is None and _PLAIN.fullmatch(text):
        found = float(text)
    return found


def _is_nothing(text: str, blanks: set[str]) -> bool:
    word = text.strip()
    return word.lower() in BLANKS or word in blanks


def _of_numbers(name: str, numbers: Floats, scale: Scale | None, notes: list[str]) -> DriverColumn:
    there = np.unique(numbers[~np.isnan(numbers)])
    if len(there) < 2:
        return DriverColumn(name, "constant", numbers[:, None], numbers, notes=tuple(notes))
    ends = _ends(there, scale)
    if scale is not None and ends is None and len(there) > 2:
        outside = next(value for value in there.tolist() if not scale.low <= value <= scale.high)
        notes.append(f'"{name}" has values outside {scale}, such as {plain(outside)}: it is taken as a measure.')
    if tuple(there.tolist()) in _CODES:
        return DriverColumn(name, "yes_no", numbers[:, None], numbers, notes=tuple(notes))
    if ends is None:
        return DriverColumn(name, "measure", numbers[:, None], numbers, notes=tuple(notes))
    columns = -numbers if ends[1] < ends[0] else numbers
    return DriverColumn(name, "rating", columns[:, None], numbers, scale=ends, notes=tuple(notes))


def _ends(there: Floats, scale: Scale | None) -> tuple[float, float] | None:
    """Worst and best of a rating; None where the values are none."""
    if scale is not None:
        inside = scale.low <= there[0] and there[-1] <= scale.high
        return (scale.worst, scale.best) if inside else None
    if (np.mod(there * 2, 1) > 1e-9).any():
        return None
    return next(((float(low), float(high)) for low, high in _SCALES if low <= there[0] and there[-1] <= high), None)


def _of_words(name: str, words: list[str | None], notes: list[str]) -> DriverColumn:
    values = sorted({word for word in words if word is not None})
    if len(values) > MOST_VALUES:
        raise UserError(
            f'"{name}" has {len(values):,} different values, such as "{values[0][:40]}"; a driver has at most '
            f"{MOST_VALUES}: put them into groups, or leave it out."
        )
    codes = np.array([np.nan if word is None else values.index(word) for word in words])
    if len(values) < 2:
        return DriverColumn(name, "constant", codes[:, None], codes, notes=tuple(notes))
    if len(values) == 2:
        if values[0].lower() in _YES and values[1].lower() not in _YES:
            codes = 1.0 - codes
        return DriverColumn(name, "yes_no", codes[:, None], codes, notes=tuple(notes))
    times = [int((codes == code).sum()) for code in range(len(values))]
    others = [code for code in range(len(values)) if code != int(np.argmax(times))]
    columns = np.column_stack([np.where(np.isnan(codes), np.nan, codes == code) for code in others]).astype(np.float64)
    return DriverColumn(name, "category", columns, codes, notes=tuple(notes))


def _with_usage(found: DriverColumn) -> DriverColumn:
    """Two facts in place of one: was it used, and if so, how good was it."""
    used = found.answered
    if used.all() or not used.any():
        return found
    filled = np.where(used[:, None], found.columns, np.nanmean(found.columns, axis=0))
    columns = np.column_stack([filled, used.astype(np.float64)])
    kind = "yes_no" if found.kind == "constant" else found.kind
    columns = columns[:, -1:] if found.kind == "constant" else columns
    return DriverColumn(found.name, kind, columns, found.values, found.scale, True, found.notes)


def describe(found: DriverColumn) -> dict[str, Any]:
    """Kind and scale, as they are printed."""
    scale = None if found.scale is None else f"{plain(found.scale[0])}-{plain(found.scale[1])}"
    return {"kind": found.kind, "scale": scale, "nested": found.nested}
