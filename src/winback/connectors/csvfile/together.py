"""A file of answers and the files beside it, as tables that belong together.

Attributes may stand in the answers or in the customers file; those of the customers are joined to their answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import narwhals as nw

from winback.connectors.csvfile.feedback import Options, to_feedback
from winback.connectors.csvfile.mapping import MOST_ATTRIBUTES, NONE, Columns, words_of
from winback.connectors.csvfile.staged import Staged
from winback.connectors.csvfile.staging import stage
from winback.connectors.csvfile.tabular import read_table
from winback.connectors.reading import Reading, TableFile
from winback.errors import UserError

BESIDE: Mapping[str, str] = {
    "customers": "customers", "periods": "customer_periods", "departures": "departures", "contacts": "contacts",
    "invitations": "invitations", "cases": "cases",
}  # fmt: skip


def read_together(
    path: str | Path,
    files: Mapping[str, str | Path | None],
    columns: Columns,
    options: Options,
    *,
    maps: Iterable[str] = (),
) -> Reading:
    """Read answers and the files beside them, by the names of BESIDE, and put them together.

    `maps` are texts like "periods.month=Monat". `columns.by` may name columns of the customers file. Raises UserError,
    with file and line and what to do, where a file cannot be read or a column is not there.
    """
    staged = stage(Path(path))
    known = _maps(maps)
    mine, theirs = _split(columns.by, staged)
    beside: dict[str, TableFile] = {}
    for name, table in BESIDE.items():
        if (file := files.get(name)) is not None:
            beside[table] = read_table(
                file, table, connection=staged.connection, given=known.get(table, {}) | known.get(name, {}),
                zone=options.zone, date_order=options.date_order, wanted=tuple(theirs) if table == "customers" else (),
            )  # fmt: skip
    there = {words_of(name) for name in (beside["customers"].attributes if "customers" in beside else ())}
    if missing := [name for name in theirs if words_of(name) not in there]:
        names = [staged.facts.name] + ([beside["customers"].name] if "customers" in beside else [])
        shown = ", ".join(staged.names[:12])
        raise UserError(f'{" and ".join(names)} has no column "{missing[0]}" (--by); {staged.facts.name} has {shown}.')
    # Attributes that all come from the customers file leave nothing to detect among the answers.
    by = tuple(mine) if mine or not columns.by else (NONE,)
    reading = to_feedback(staged, replace(columns, by=by), options)
    return _joined(replace(reading, connection=staged.connection), beside, asked=bool(columns.by), theirs=theirs)


def _maps(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        place, equals, column = text.partition("=")
        table, dot, name = place.partition(".")
        if not (equals and dot and column and table in {*BESIDE, *BESIDE.values()}):
            raise UserError(f'--map "{text}" is not TABLE.COLUMN=COL; write it like --map periods.month=Monat.')
        found.setdefault(table, {})[name] = column
    return found


def _split(by: Sequence[str], staged: Staged) -> tuple[list[str], list[str]]:
    """Attributes found among the answers' columns, and those to look for among the customers'."""
    known = {*staged.names, *(words_of(name) for name in staged.names)}
    mine = [name for name in by if name in known or words_of(name) in known or name == NONE]
    return mine, [name for name in by if name not in mine]


def _joined(reading: Reading, beside: Mapping[str, TableFile], *, asked: bool, theirs: Sequence[str]) -> Reading:
    """The tables together, the customers' attributes joined to their answers and named among the attributes."""
    frames: dict[str, Any] = {name: file.frame for name, file in beside.items()}
    tables = replace(reading.tables, **frames)
    currency = tables.currency or next((file.currency for file in beside.values() if file.currency), "")
    attributes = reading.attributes
    customers = beside.get("customers")
    if customers and reading.mapping["customer"] is not None:
        have = {name.lower() for name in tables.feedback.columns}
        asked_for = {words_of(name) for name in theirs}
        wanted = [name for name in customers.attributes if words_of(name) in asked_for] if asked else [
            name for name in customers.attributes if name.lower() not in have
        ][: MOST_ATTRIBUTES - len(attributes)]  # fmt: skip
        if wanted:
            # A name the answers have already, as a column or for something else, says whose it is.
            names = {name: f"{name} (customers)" if name.lower() in have else name for name in wanted}
            named = nw.from_native(customers.frame).select(
                "customer", *(nw.col(name).alias(new) for name, new in names.items())
            )
            joined = nw.from_native(tables.feedback).join(named, on="customer", how="left")
            tables = replace(tables, feedback=joined.to_native())
            attributes = (*attributes, *names.values())
    warnings = (*reading.warnings, *_warnings(reading, beside))
    return replace(
        reading, tables=replace(tables, currency=currency), attributes=attributes, beside=beside, warnings=warnings
    )


def _warnings(reading: Reading, beside: Mapping[str, TableFile]) -> list[str]:
    found = [warning for file in beside.values() for warning in file.warnings]
    for file in beside.values():
        if lost := sum(file.rejected.values()):
            first = f" The first: {file.examples[0]['message']}." if file.examples else ""
            found.append(f"{file.name}: {lost:,} of {file.rows:,} rows were rejected.{first}")
    if beside and reading.mapping["customer"] is None:
        found.append(
            "The other files cannot be joined: no column of the answers is plainly the customer; name it with --customer COL."
        )
    return found
