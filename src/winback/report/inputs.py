"""The files of a report, read together: answers, and beside them customers, money, departures and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import narwhals as nw

from winback.analysis.turned_scale import scale_turned
from winback.connectors.csvfile.feedback import Options
from winback.connectors.csvfile.mapping import Columns
from winback.connectors.csvfile.together import read_together
from winback.connectors.csvfile.unitcosts import read_unit_costs
from winback.connectors.reading import Reading
from winback.errors import UserError
from winback.tables import SURVEY_KINDS


@dataclass(frozen=True)
class Inputs:
    """Everything a report is made from. `reading` holds all tables, and the attributes to split by."""

    reading: Reading
    spelled: Mapping[str, str]  # attributes as the user's files spell them
    unit_costs: Mapping[str, Decimal] | None = None
    other_surveys: int = 0  # answers of other sorts of survey, left out
    survey: str | None = None  # the sort of survey kept, where there were several

    def rejected(self) -> int:
        """Rejected rows of all files."""
        beside = sum(sum(file.rejected.values()) for file in self.reading.beside.values())
        return sum(self.reading.rejected.values()) + beside

    def first_rejected(self) -> str:
        """What was wrong with the first rejected row of the first file that has one."""
        examples = [
            *self.reading.examples,
            *(example for file in self.reading.beside.values() for example in file.examples),
        ]
        return str(examples[0]["message"]) if examples else ""


def gather(given: Mapping[str, Any]) -> Inputs:
    """Read the files named by the command line's input options (see `winback report --help`).

    Attributes may come from the answers or from the customers file. Raises UserError, with file and line and what
    to do, where a file cannot be read or a column is not there.
    """
    columns = Columns(
        score=given["score"], date=given["date"], customer=given["customer"], respondent=given["respondent"],
        external_id=given["id_"], weight=given["weight"], money=given["value"], text=tuple(given["text"]),
        arrived=given.get("arrived"),
        by=tuple(given["by"]),
    )  # fmt: skip
    options = Options(
        scale=given["scale"], detractors=given["detractors"], promoters=given["promoters"], blanks=tuple(given["blank"]),
        zone=given["tz"], date_order=given["date_format"], currency=given["currency"],
    )  # fmt: skip
    reading = read_together(given["file"], given, columns, options, maps=given["maps"])
    reading, survey, other = _one_survey(reading, given["survey"])
    if asks := scale_turned(reading.tables.feedback, reading.tables.bands):
        reading = replace(reading, warnings=(*reading.warnings, asks))
    unit_costs = read_unit_costs(given["unit_costs"]) if given["unit_costs"] else None
    spelled = {name: name for name in reading.attributes} | dict(
        zip(reading.attributes, reading.mapping["by"] or (), strict=False)
    )
    return Inputs(reading, spelled, unit_costs, other, survey)


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
