"""The files of a report, read together: answers, and beside them customers, money, departures and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw

from winback.connectors.csvfile.feedback import Options, to_feedback
from winback.connectors.csvfile.mapping import MOST_ATTRIBUTES, NONE, Columns, words_of
from winback.connectors.csvfile.staging import stage
from winback.connectors.csvfile.tabular import TableFile, read_table, read_unit_costs
from winback.connectors.reading import Reading
from winback.errors import UserError
from winback.tables import SURVEY_KINDS

_BESIDE = {
    "customers": "customers", "periods": "customer_periods", "departures": "departures", "contacts": "contacts",
    "invitations": "invitations", "cases": "cases",
}  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """Everything a report is made from. `reading.tables` holds all tables; `attributes` are those to split by."""

    reading: Reading
    beside: Mapping[str, TableFile]
    attributes: tuple[str, ...]  # as columns of the feedback frame
    spelled: Mapping[str, str]  # the same as the user's files spell them
    warnings: tuple[str, ...]
    connection: Any  # the engine that holds every table
    unit_costs: Mapping[str, Decimal] | None = None
    other_surveys: int = 0  # answers of other sorts of survey, left out
    survey: str | None = None  # the sort of survey kept, where there were several

    def rejected(self) -> int:
        """Rejected rows of all files."""
        beside = sum(sum(file.rejected.values()) for file in self.beside.values())
        return sum(self.reading.rejected.values()) + beside

    def first_rejected(self) -> str:
        """What was wrong with the first rejected row of the first file that has one."""
        examples = [*self.reading.examples, *(example for file in self.beside.values() for example in file.examples)]
        return str(examples[0]["message"]) if examples else ""


def gather(given: Mapping[str, Any]) -> Inputs:
    """Read the files named by the command line's input options (see `winback report --help`).

    Attributes may come from the answers or from the customers file. Raises UserError, with file and line and what
    to do, where a file cannot be read or a column is not there.
    """
    staged = stage(Path(given["file"]))
    maps = _maps(given["maps"])
    beside: dict[str, TableFile] = {}
    mine, theirs = _split(given["by"], staged.names, staged.facts.name)
    for option, table in _BESIDE.items():
        if given[option] is not None:
            beside[table] = read_table(
                given[option], table, connection=staged.connection, given=maps.get(table, {}) | maps.get(option, {}),
                zone=given["tz"], date_order=given["date_format"], wanted=tuple(theirs) if table == "customers" else (),
            )  # fmt: skip
    known = {words_of(name) for name in (beside["customers"].attributes if "customers" in beside else ())}
    if missing := [name for name in theirs if words_of(name) not in known]:
        files = [staged.facts.name] + ([beside["customers"].name] if "customers" in beside else [])
        shown = ", ".join(staged.names[:12])
        raise UserError(f'{" and ".join(files)} has no column "{missing[0]}" (--by); {staged.facts.name} has {shown}.')
    columns = Columns(
        score=given["score"], date=given["date"], customer=given["customer"], respondent=given["respondent"],
        external_id=given["id_"], weight=given["weight"], money=given["value"], text=tuple(given["text"]),
        # Attributes that all come from the customers file leave nothing to detect among the answers.
        by=tuple(mine) if mine or not given["by"] else (NONE,),
    )  # fmt: skip
    options = Options(
        scale=given["scale"], detractors=given["detractors"], promoters=given["promoters"], blanks=tuple(given["blank"]),
        zone=given["tz"], date_order=given["date_format"], currency=given["currency"],
    )  # fmt: skip
    reading = to_feedback(staged, columns, options)
    reading, survey, other = _one_survey(reading, given["survey"])
    unit_costs = read_unit_costs(given["unit_costs"]) if given["unit_costs"] else None
    reading, attributes = _joined(reading, beside, asked=tuple(given["by"]), theirs=theirs)
    warnings = [*reading.warnings, *(warning for file in beside.values() for warning in file.warnings)]
    for file in beside.values():
        if lost := sum(file.rejected.values()):
            first = f" The first: {file.examples[0]['message']}." if file.examples else ""
            warnings.append(f"{file.name}: {lost:,} of {file.rows:,} rows were rejected.{first}")
    if beside and reading.mapping["customer"] is None:
        warnings.append(
            "The other files cannot be joined: no column of the answers is plainly the customer; name it with --customer COL."
        )
    spelled = {name: name for name in attributes} | dict(
        zip(reading.attributes, reading.mapping["by"] or (), strict=False)
    )
    return Inputs(reading, beside, attributes, spelled, tuple(warnings), staged.connection, unit_costs, other, survey)


def _maps(texts: tuple[str, ...]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        place, equals, column = text.partition("=")
        table, dot, name = place.partition(".")
        if not (equals and dot and column and table in {*_BESIDE, *_BESIDE.values()}):
            raise UserError(f'--map "{text}" is not TABLE.COLUMN=COL; write it like --map periods.month=Monat.')
        found.setdefault(table, {})[name] = column
    return found


def _split(by: tuple[str, ...], names: tuple[str, ...], file: str) -> tuple[list[str], list[str]]:
    """Attributes found among the answers' columns, and those to look for among the customers'."""
    known = {*names, *(words_of(name) for name in names)}
    mine = [name for name in by if name in known or words_of(name) in known]
    return mine, [name for name in by if name not in mine and name != NONE]


def _one_survey(reading: Reading, asked: str | None) -> tuple[Reading, str | None, int]:
    """Keep one sort of survey: the one asked for, or the most frequent. Sorts never mix in one figure."""
    feedback = reading.tables.feedback
    if "survey" not in feedback.columns:
        if asked:
            raise UserError(
                f"--survey {asked} needs a column that says the sort of survey; {reading.file.name} has none."
            )
        return reading, None, 0
    counted = dict(feedback.query("f", "SELECT survey, count(score) FROM f GROUP BY 1").fetchall())
    known = {sort: n for sort, n in counted.items() if sort in SURVEY_KINDS and n}
    if len(known) < 2 and not asked:
        return reading, None, 0
    chosen = asked or max(known, key=lambda sort: known[sort])
    kept = nw.from_native(feedback).filter(nw.col("survey") == chosen).to_native()
    apart = {sort or "of no known sort": n for sort, n in counted.items() if sort != chosen and n}
    others = ", ".join(f"{n:,} {sort}" for sort, n in sorted(apart.items()))
    warning = f"Only {chosen} answers are counted; {others or 'none'} stay apart (--survey)."
    tables = replace(reading.tables, feedback=kept)
    return replace(reading, tables=tables, warnings=(*reading.warnings, warning)), chosen, sum(apart.values())


def _joined(
    reading: Reading, beside: Mapping[str, TableFile], *, asked: tuple[str, ...], theirs: list[str]
) -> tuple[Reading, tuple[str, ...]]:
    """The tables together, the customers' attributes joined to their answers; and the attributes to split by."""
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
    return replace(reading, tables=replace(tables, currency=currency), attributes=attributes), attributes
