"""One canonical column out of one column of a file: whether the values fit, and the expression that reads them."""

from __future__ import annotations

from dataclasses import dataclass

from winback.connectors.csvfile import moments
from winback.connectors.csvfile.cells import label_sql, money_sql, number_sql, text_sql
from winback.connectors.csvfile.engine import literal, literals
from winback.connectors.csvfile.numbers import number_format
from winback.connectors.csvfile.profile import Profile
from winback.connectors.csvfile.staged import Staged
from winback.connectors.csvfile.synonyms import KIND_WORDS
from winback.tables import DATE, FLAG, FLOAT, MONEY, TIME, Column

_YES = ("1", "true", "yes", "y", "ja", "x", "sim", "oui", "si", "sí")


@dataclass(frozen=True)
class Field:
    """How a column is read: an expression over `raw`, the currency seen, and what to warn of."""

    sql: str
    currency: str = ""
    warnings: tuple[str, ...] = ()


def fits(seen: Profile, column: Column) -> bool:
    """Whether what was seen of a file's column can be what the canonical column holds."""
    if seen.filled == 0:
        return column.required
    if column.type in (DATE, TIME):
        return seen.dates >= 0.8 or (column.name == "month" and _is_months(seen))
    if column.type == MONEY:
        return seen.dates < 0.5 and (seen.numeric > 0.9 or number_format(seen.values) is not None)
    if column.type == FLOAT:
        return seen.numeric > 0.9
    return True


def is_typed(column: Column) -> bool:
    """Whether a value may be there and yet not be read."""
    return column.type in (MONEY, DATE, TIME, FLOAT) or column.name == "departure_kind"


def field_of(staged: Staged, column: Column, seen: Profile, *, zone: str, order: str | None) -> Field:
    """How to read the canonical column from the one that was seen; NULL where a value is blank or does not fit."""
    name = seen.name
    if column.name == "month" and _is_months(seen):
        digits = f"regexp_replace({staged.as_text(name)}, '[^0-9]', '', 'g')"
        return Field(f"CAST(TRY_STRPTIME({digits} || '01', '%Y%m%d') AS DATE)")
    if column.type in (DATE, TIME):
        when = moments.understand(staged, name, zone=zone, order=order, alone=True)
        sql = when.occurred_at if column.type == TIME else when.local_date
        return Field(f"CAST(date_trunc('month', {sql}) AS DATE)" if column.name == "month" else sql, "", when.warnings)
    if column.type == MONEY:
        return Field(*money_sql(staged, name, seen))
    if column.type == FLOAT:
        return Field(number_sql(staged, name, seen))
    if column.type == FLAG:
        return Field(f"lower({text_sql(staged, name)}) IN ({literals(_YES)})")
    if column.name == "departure_kind":
        label = f"lower(regexp_replace({text_sql(staged, name)}, '[ _-]+', ' ', 'g'))"
        cases = (
            f"WHEN regexp_full_match({label}, {literal(words)}) THEN '{kind}'" for kind, words in KIND_WORDS.items()
        )
        return Field(f"CASE {' '.join(cases)} END")
    if column.choices:
        label = f"lower({label_sql(staged, name, seen)})"
        return Field(f"CASE WHEN {label} IN ({literals(column.choices)}) THEN {label} END")
    return Field(text_sql(staged, name))


def _is_months(seen: Profile) -> bool:
    """Whether every value is a month, like 2026-01 or 202601."""
    return bool(seen.values) and all(len(v) in (6, 7) and v[:4].isdigit() and v[-2:].isdigit() for v in seen.values)
