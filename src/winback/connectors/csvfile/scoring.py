"""The score column: what each of its distinct values means, decided once for all rows that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from winback.connectors.csvfile.numbers import is_blank, score_of
from winback.connectors.csvfile.staging import Staged
from winback.errors import UserError
from winback.scales import Bands, Scale, plain

MOST_DISTINCT = 5_000  # a column with more values is a measurement, not a score


@dataclass(frozen=True)
class ScoreColumn:
    """A score column understood: its bands, and the expressions that read it on the engine."""

    bands: Bands
    scale_given: bool
    value: str  # SQL: the score as DOUBLE, NULL where blank or unreadable
    reason: str | None  # SQL: why a row is rejected, NULL where it is not; None where no row is
    blank: int  # rows that skipped the question
    answers: int  # rows with a score on the scale


def understand(
    staged: Staged,
    column: str,
    *,
    scale: str | None,
    detractors: str | None,
    promoters: str | None,
    blanks: Sequence[str],
) -> ScoreColumn:
    """Read every distinct value of the column, settle scale and bands, and count blanks and answers.

    Without a scale, 0-10 is taken only if a 0 or a value above 5 occurs and nothing above 10 does.
    Raises UserError, with the flag to add, where the scale cannot be told or no row has a score.
    """
    engine, file = staged.column(column), staged.facts.name
    counted = staged.sql(
        f"SELECT CAST({engine} AS VARCHAR) AS v, count(*) AS n FROM raw GROUP BY 1 LIMIT {MOST_DISTINCT + 1}"
    )
    counts: dict[str | None, int] = dict(counted.fetchall())
    if len(counts) > MOST_DISTINCT:
        raise UserError(
            f'"{column}" of {file} has more than {MOST_DISTINCT:,} different values; a score has few. Give --score COL.'
        )
    skipped = _blank_values(blanks)
    numbers: dict[str | None, float | None] = {}
    blank = 0
    for text, count in counts.items():
        number = None if text is None else score_of(text)
        if (
            is_blank(text)
            or (number is not None and number in skipped)
            or (text or "").strip().lower() in _words(blanks)
        ):
            blank += count
        else:
            numbers[text] = number
    found = sorted({number for number in numbers.values() if number is not None})
    if not found:
        example = next((text for text in numbers if text), None)
        seen = f' (the first value is "{example[:40]}")' if example else " (every row is blank)"
        raise UserError(
            f'"{column}" of {file} holds no score that is a number{seen}; say which column does with --score COL.'
        )
    bands = (
        Bands.of(scale, detractors=detractors, promoters=promoters)
        if scale
        else _guess(found, column, file, detractors, promoters)
    )
    low, high = bands.scale.low, bands.scale.high
    good = {text: number for text, number in numbers.items() if number is not None and low <= number <= high}
    outside = [text for text, number in numbers.items() if number is not None and not low <= number <= high]
    words = [text for text, number in numbers.items() if number is None]
    if not good:
        raise UserError(
            f'"{column}" of {file} has no score on {bands.scale} (its values: {", ".join(plain(n) for n in found[:8])}); '
            "give the right --scale or --score."
        )
    unscored = [text for text in counts if text is not None and text not in good]
    reasons = [
        f"WHEN {_is_in(staged, column, texts)} THEN '{reason}'"
        for texts, reason in ((words, "score_not_a_number"), (outside, "score_out_of_range"))
        if texts
    ]
    return ScoreColumn(
        bands=bands,
        scale_given=scale is not None,
        value=_value_sql(staged, column, good, unscored),
        reason=f"CASE {' '.join(reasons)} END" if reasons else None,
        blank=blank,
        answers=sum(counts[text] for text in good),
    )


def _blank_values(blanks: Sequence[str]) -> set[float]:
    return {number for text in blanks if (number := score_of(text)) is not None}


def _words(blanks: Sequence[str]) -> set[str]:
    return {text.strip().lower() for text in blanks}


def _guess(found: Sequence[float], column: str, file: str, detractors: str | None, promoters: str | None) -> Bands:
    low, high = found[0], found[-1]
    shown = f"its values go from {plain(low)} to {plain(high)}"
    if low >= 0 and high <= 10 and (low == 0 or high > 5):
        return Bands.of("0-10", detractors=detractors, promoters=promoters)
    if high > 10 and low >= 0 and len([n for n in found if n > 10]) <= 2 and any(5 < n <= 10 for n in found):
        extra = " ".join(f"--blank {plain(n)}" for n in found if n > 10)
        raise UserError(
            f'The scale of "{column}" in {file} is not plain ({shown}); if above 10 means no answer, add --scale 0-10 {extra}.'
        )
    hint = (
        "--scale 1-5, or --scale 5-1 if 1 is the best"
        if 1 <= low and high <= 5
        else "--scale WORST-BEST, like --scale 1-10"
    )
    raise UserError(f'The scale of "{column}" in {file} is not plain ({shown}); add {hint}.')


def _value_sql(staged: Staged, column: str, good: dict[str | None, float], unscored: Sequence[str]) -> str:
    engine = staged.column(column)
    odd = {text: number for text, number in good.items() if _as_float(text) != number} if staged.is_text(column) else {}
    cases = [f"WHEN {_is_in(staged, column, unscored)} THEN NULL"] if unscored else []
    cases += [f"WHEN {engine} = {_literal(text)} THEN {number!r}" for text, number in odd.items()]
    plainly = f"TRY_CAST(trim({engine}) AS DOUBLE)" if staged.is_text(column) else f"CAST({engine} AS DOUBLE)"
    return f"CAST(CASE {' '.join(cases)} ELSE {plainly} END AS DOUBLE)" if cases else plainly


def _as_float(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _is_in(staged: Staged, column: str, texts: Sequence[str | None]) -> str:
    """Whether a row's value is one of these, compared as the column's own type, which is cheap for numbers."""
    engine = staged.column(column)
    values = [text for text in texts if text is not None]
    if staged.is_text(column):
        return f"{engine} IN ({', '.join(_literal(text) for text in values)})"
    numbers = [text for text in values if _as_float(text) is not None and text.lower() not in ("nan", "inf", "-inf")]
    tests = [f"{engine} IN ({', '.join(numbers)})"] if numbers else []
    if len(numbers) < len(values):
        tests.append(f"NOT isfinite(CAST({engine} AS DOUBLE))")
    return f"({' OR '.join(tests)})"


def _literal(text: str | None) -> str:
    return "'" + (text or "").replace("'", "''") + "'"
