"""Cells on the engine: expressions that read a column as text, as the name of a group, as money or as a number."""

from __future__ import annotations

from winback.connectors.csvfile.engine import literal, literals
from winback.connectors.csvfile.numbers import is_blank, number_format
from winback.connectors.csvfile.profile import Profile
from winback.connectors.csvfile.staged import Staged
from winback.errors import UserError
from winback.scales import BLANKS

FEW = 200  # names of groups that are looked at one by one: where all are tidy, no row need be mended
_BLANKS = literals(sorted(BLANKS))


def trimmed_sql(staged: Staged, column: str) -> str:
    """A text column without white space around it."""
    engine = staged.column(column)
    spaces = staged.spaces.get(column)
    return f"trim({engine}, {literal(' ' + spaces)})" if spaces else f"trim({engine})"


def blank_sql(staged: Staged, column: str) -> str:
    """Whether a cell says nothing: NULL, empty, or a word for nothing."""
    engine = staged.column(column)
    if not staged.is_text(column):
        return f"{engine} IS NULL"
    return f"{engine} IS NULL OR lower({trimmed_sql(staged, column)}) IN ({_BLANKS})"


def text_sql(staged: Staged, column: str) -> str:
    """A column as text, trimmed, NULL where blank."""
    engine = staged.column(column)
    if not staged.is_text(column):
        return staged.as_text(column)
    return engine if column in staged.tidy else f"nullif({trimmed_sql(staged, column)}, '')"


def label_sql(staged: Staged, column: str, seen: Profile) -> str:
    """A column as the name of a group: trimmed text; NULL where blank or a word for nothing."""
    engine = staged.column(column)
    if not staged.is_text(column):
        return staged.as_text(column)
    if column in staged.tidy and not seen.blank_words:
        return engine
    values = None if staged.is_lazy or seen.distinct > FEW else staged.values_of(column, FEW)
    if values is not None and all(text is None or (text == text.strip() and not is_blank(text)) for text in values):
        return engine
    return f"CASE WHEN {blank_sql(staged, column)} THEN NULL ELSE {trimmed_sql(staged, column)} END"


def usual_decimal(staged: Staged) -> str:
    """The decimal sign of numbers that could be read either way: fields are parted by semicolons because of commas."""
    return "," if staged.facts.delimiter == ";" else "."


def money_sql(staged: Staged, column: str, seen: Profile) -> tuple[str, str]:
    """An expression of type DECIMAL(18, 4) for a column of money, and the currency seen in it.

    Raises UserError where the column's values are no money.
    """
    if not staged.is_text(column):
        return f"TRY_CAST({staged.column(column)} AS DECIMAL(18, 4))", ""
    found = number_format(seen.values, usual=usual_decimal(staged))
    if found is None:
        example = next((value for value in seen.values if number_format([value]) is None), "")
        raise UserError(f'"{column}" of {staged.facts.name} is no money: it has "{example[:40]}"; give another column.')
    return found.sql(trimmed_sql(staged, column)), found.currency


def number_sql(staged: Staged, column: str, seen: Profile) -> str:
    """An expression of type DOUBLE for a column of numbers; NULL where a cell is none."""
    if not staged.is_text(column):
        return f"TRY_CAST({staged.column(column)} AS DOUBLE)"
    found = number_format(seen.values, share=0.5, usual=usual_decimal(staged))
    text = trimmed_sql(staged, column)
    return found.sql(text, "DOUBLE") if found else f"TRY_CAST({text} AS DOUBLE)"


def unread_sql(staged: Staged, column: str, expression: str) -> str:
    """Whether a cell says something that the expression does not understand."""
    return f"({expression}) IS NULL AND NOT ({blank_sql(staged, column)})"
