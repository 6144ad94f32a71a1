"""The same files give the same tables and figures through the server as through the library."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import winback as wb
from tests.server.exports.worlds import fresh
from tests.server.factories import Cast
from tests.server.imports.bringing import brought
from winback.server.exports.queries import holding

REGIONS, PLANS = ("North", "South", ""), ("Fibre", "Cable", "DSL", "TV")
TODAY = dt.date(2026, 11, 22)


def files() -> dict[str, str]:
    """Answers with blanks, ties on a day, persons who answer again, and what was sold to whom."""
    answers = ["Id,Score,Date,Customer,Respondent,Region,Contract Plan,Channel,Comment,survey"]
    for n in range(400):
        score = "" if n % 17 == 0 else str((n * 7 + n // 11) % 11)
        survey = "transactional" if n % 5 == 0 else "relationship"
        day = dt.date(2026, 4, 1) + dt.timedelta(days=(n * 13) % 200)
        answers.append(
            f"A{n},{score},{day},C{n % 60},P{n % 130},{REGIONS[n % 3]},{PLANS[n % 4]},{('web', 'shop')[n % 2]},words of {n},{survey}"
        )
    customers = ["Customer,Name,Segment,Region"]
    customers += [f"C{n},Name {n},{('home', 'office')[n % 2]},{REGIONS[n % 2]}" for n in range(55)]
    periods = ["Customer,Month,Revenue,Cost"]
    periods += [f"C{n},2026-{m:02}-01,{100 + n},{n / 4}" for n in range(50) for m in range(1, 11)]
    return {"answers.csv": "\n".join(answers), "customers.csv": "\n".join(customers), "periods.csv": "\n".join(periods)}


def figures(tables: Any, attributes: Any, **columns: Any) -> dict[str, Any]:
    return {
        "nps": wb.nps(tables, **columns).rows(),
        "segments": wb.segments(tables, by=attributes, **columns).rows(),
        "trend": wb.trend(tables, unit="month", today=TODAY, **columns).rows(),
        "profit": wb.profit(tables, today=TODAY, attributes=attributes, **columns).document(),
    }


@pytest.mark.django_db
def test_the_same_files_give_the_same_figures(cast: Cast, tmp_path: Path) -> None:
    for name, text in files().items():
        (tmp_path / name).write_text(text)
        brought(cast.larkspur, text, name)
    fresh(cast.larkspur)
    held = holding(cast.access("hanna"))
    assert held is not None

    from winback.report.inputs import gather

    given: dict[str, Any] = dict.fromkeys(
        ("score", "date", "customer", "respondent", "id_", "weight", "value", "scale", "detractors", "promoters",
         "date_format", "survey", "departures", "contacts", "invitations", "cases", "unit_costs")
    )  # fmt: skip
    given |= {"text": (), "by": (), "blank": (), "maps": (), "tz": "Europe/Lisbon", "currency": "EUR"}
    given |= {
        "file": str(tmp_path / "answers.csv"),
        "customers": str(tmp_path / "customers.csv"),
        "periods": str(tmp_path / "periods.csv"),
    }
    reading = gather(given).reading

    assert held.sort.survey == "relationship" and held.columns["one_source"]
    assert held.attributes == reading.attributes
    bands = {"bands": reading.tables.bands, "one_source": True}
    assert figures(held.tables, held.attributes, **held.columns) == figures(reading.tables, reading.attributes, **bands)
    ours, theirs = held.tables.feedback, reading.tables.feedback
    shared = [name for name in theirs.columns if name not in ("source", "survey")]
    assert set(shared) <= set(ours.columns)
    quoted = ", ".join(f'"{name}"' for name in shared)
    rows = [frame.project(quoted).order('"row_number"').to_arrow_table().to_pylist() for frame in (ours, theirs)]
    assert rows[0] == rows[1]
