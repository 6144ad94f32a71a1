"""The score column: what each of its distinct values means, decided once for all rows that hold it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from winback.connectors.csvfile.engine import as_text, literal, literals
from winback.connectors.csvfile.numbers import is_blank, score_of
from winback.connectors.csvfile.staged import Staged
from winback.errors import UserError
from winback.scales import Bands, plain
from winback.surfaces import option

MOST_DISTINCT = 5_000  # a column with more values is a measurement, not a score
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")  # what Python and the engine read alike


@dataclass(frozen=True)
class Wanted:
    """What the user said of the score: its scale and bands, and values that mean no answer."""

    scale: str | None = None
    detractors: str | None = None
    promoters: str | None = None
    blanks: tuple[str, ...] = ()

    def bands(self, column: str, file: str, found: Sequence[float]) -> Bands:
        """The bands as given; else 0-10 where the values found, in order, leave no doubt. Raises UserError."""
        scale = self.scale or ("0-10" if _is_0_to_10(found) else None)
        if scale is None:
            raise UserError(_no_scale(column, file, found))
        return Bands.of(scale, detractors=self.detractors, promoters=self.promoters)

    def means_nothing(self, text: str) -> bool:
        """Whether a cell is blank, by itself or because the user said so."""
        tidy = text.strip().lower()
        if is_blank(text) or tidy in {blank.strip().lower() for blank in self.blanks}:
            return True
        number = score_of(text)
        return number is not None and number in {score_of(blank) for blank in self.blanks}


@dataclass(frozen=True)
class ScoreColumn:
    """A score column understood: its bands, and the expressions that read it on the engine."""

    bands: Bands
    value: str  # SQL: the score as DOUBLE, NULL where blank or unreadable
    reasons: Mapping[str, str] = field(default_factory=dict)  # SQL conditions by reason to reject a row


def understand(staged: Staged, column: str, wanted: Wanted) -> ScoreColumn:
    """Read every distinct value of the column, settle scale and bands.

    Without a scale, 0-10 is taken only if a 0 or a value above 5 occurs and nothing above 10 does.
    Raises UserError, with the flag to add, where the scale cannot be told or no row has a score.
    """
    if known := _by_extremes(staged, column, wanted):
        return known
    file, counts = staged.facts.name, _counted(staged, column)
    numbers = {text: score_of(text) for text in counts if text is not None and not wanted.means_nothing(text)}
    found = sorted({number for number in numbers.values() if number is not None})
    if not found:
        example = next((text for text in numbers if text), None)
        seen = f' (the first value is "{example[:40]}")' if example else " (every row is blank)"
        raise UserError(
            f'"{column}" of {file} holds no score that is a number{seen}; '
            f"say which column does with {option('--score', 'COL')}."
        )
    bands = wanted.bands(column, file, found)
    low, high = bands.scale.low, bands.scale.high
    good = {text: number for text, number in numbers.items() if number is not None and low <= number <= high}
    if not good:
        raise UserError(
            f'"{column}" of {file} has no score on {bands.scale} (its values: {", ".join(plain(n) for n in found[:8])}); '
            f"give the right {option('--scale')} or {option('--score')}."
        )
    rejected = {
        "score_not_a_number": [text for text, number in numbers.items() if number is None],
        "score_out_of_range": [text for text, number in numbers.items() if number is not None and text not in good],
    }
    return ScoreColumn(
        bands=bands,
        value=_value(staged, column, good, [text for text in counts if text is not None and text not in good]),
        reasons={reason: _is_one_of(staged, column, texts) for reason, texts in rejected.items() if texts},
    )


def _by_extremes(staged: Staged, column: str, wanted: Wanted) -> ScoreColumn | None:
    """Whole numbers that all lie on a scale beyond doubt, which the least and the greatest tell without a scan."""
    if wanted.blanks or staged.type_of(column) not in _INTEGERS:
        return None
    engine = staged.column(column)
    low, high, filled = staged.one(f"SELECT min({engine}), max({engine}), count({engine}) FROM raw")
    if not filled or not (wanted.scale or _is_0_to_10((low, high))):
        return None
    bands = wanted.bands(column, staged.facts.name, (low, high))
    if low < bands.scale.low or high > bands.scale.high:
        return None
    return ScoreColumn(bands=bands, value=f"CAST({engine} AS DOUBLE)")


def _counted(staged: Staged, column: str) -> dict[str | None, int]:
    """How many rows have each value, as text."""
    engine = staged.column(column)
    counted = staged.all(
        f"SELECT {as_text('v', staged.type_of(column))}, n FROM (SELECT {engine} AS v, count(*) AS n FROM raw GROUP BY 1 "
        f"LIMIT {MOST_DISTINCT + 1}) ORDER BY n DESC, 1"
    )
    if len(counted) > MOST_DISTINCT:
        raise UserError(
            f'"{column}" of {staged.facts.name} has more than {MOST_DISTINCT:,} different values; a score has few. '
            f"Give {option('--score', 'COL')}."
        )
    counts: dict[str | None, int] = {}
    for text, count in counted:
        counts[text] = counts.get(text, 0) + count
    return counts


def _is_0_to_10(found: Sequence[float]) -> bool:
    low, high = found[0], found[-1]
    return low >= 0 and high <= 10 and (low == 0 or high > 5)


def _no_scale(column: str, file: str, found: Sequence[float]) -> str:
    low, high = found[0], found[-1]
    start = f'The scale of "{column}" in {file} is not plain (its values go from {plain(low)} to {plain(high)});'
    above = [number for number in found if number > 10]
    if low >= 0 and 0 < len(above) <= 2 and any(5 < number <= 10 for number in found):
        extra = " ".join(option("--blank", plain(number)) for number in above)
        return f"{start} if above 10 means no answer, add {option('--scale', '0-10')} {extra}."
    if low >= 1 and high <= 5:
        return f"{start} add {option('--scale', '1-5')}, or {option('--scale', '5-1')} if 1 is the best."
    return f"{start} add {option('--scale', 'WORST-BEST')}, like {option('--scale', '1-10')}."


def _value(staged: Staged, column: str, good: Mapping[str, float], unscored: Sequence[str]) -> str:
    """The score of a row: what the engine reads by itself, and what only Python understands by a list."""
    engine, text = staged.column(column), staged.as_text(column)
    cases = [f"WHEN {_is_one_of(staged, column, unscored)} THEN NULL"] if unscored else []
    if staged.is_text(column):
        odd = {written: number for written, number in good.items() if not _PLAIN.fullmatch(written)}
        cases += [f"WHEN {text} = {literal(written)} THEN {number!r}" for written, number in odd.items()]
    read = f"TRY_CAST({engine} AS DOUBLE)"
    return f"CAST(CASE {' '.join(cases)} ELSE {read} END AS DOUBLE)" if cases else read


def _is_one_of(staged: Staged, column: str, texts: Iterable[str]) -> str:
    """Whether a row's value is one of these: as text, or as whole numbers, which is cheap."""
    if staged.type_of(column) in _INTEGERS:
        return f"{staged.column(column)} IN ({', '.join(str(int(text)) for text in texts)})"
    return f"{staged.as_text(column)} IN ({literals(texts)})"
