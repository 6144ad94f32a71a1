"""Small files for reports, written by the tests that need them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from winback.report.build import Options, build
from winback.report.inputs import Inputs, gather

NOW = dt.datetime(2026, 11, 19, 14, 5, tzinfo=dt.UTC)
NOTHING: dict[str, Any] = {
    "customers": None, "periods": None, "departures": None, "contacts": None, "invitations": None, "cases": None,
    "unit_costs": None, "score": None, "scale": None, "detractors": None, "promoters": None, "blank": (), "text": (),
    "date": None, "date_format": None, "customer": None, "respondent": None, "id_": None, "by": (), "weight": None,
    "value": None, "currency": "", "survey": None, "maps": (), "tz": "UTC",
}  # fmt: skip


def write(path: Path, header: str, rows: Sequence[Sequence[object]]) -> Path:
    """A CSV file with these columns and rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


def gathered(file: Path, **given: Any) -> Inputs:
    """The files read with these options, the others as when nothing is given."""
    return gather({**NOTHING, "file": file, **given})


def document(file: Path, options: Options | None = None, **given: Any) -> dict[str, Any]:
    """The document of a report on these files, made on 19 November 2026."""
    options = options or Options(themes=False)  # which take seconds on a large file; test_themed.py asks for them
    return build(gathered(file, **given), Options(**{**vars(options), "now": NOW}))


def year(folder: Path, *, months: int = 12, each: int = 30) -> Path:
    """Answers of a year: North turns from content to unhappy half way, South stays content; two plans."""
    rows = []
    for month in range(months):
        for place in range(each):
            north = place % 2 == 0
            score = 2 if north and month >= months // 2 and place % 3 else 9 if place % 5 else 7
            rows.append(
                [f"r{month}-{place}", f"2025-{month + 1:02}-{place % 27 + 1:02}", f"c{place}", f"p{place}", score,
                 "North" if north else "South", "Home" if place % 3 else "Work", "The fitter did not come, again." if score == 2 else ""]
            )  # fmt: skip
    return write(folder / "answers.csv", "Response ID,Answered at,Customer ID,Contact ID,NPS,Region,Plan,Why?", rows)
