"""Writes docs/reference/tables.md from winback.tables, and with --pictures the pictures of all pages.

python docs/generate.py [--pictures]

Pictures of charts need the extra "pictures", those of the report and of the pages Debian's Chromium and Playwright.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import winback as wb
from winback.tables import MONEY, TABLES, TIME, Column, Table

DOCS = Path(__file__).resolve().parent
_TYPES = {str(MONEY): "money", str(TIME): "time", "string": "text", "double": "number", "int64": "whole number"} | {
    "date32[day]": "day",
    "bool": "yes or no",
}


def tables() -> str:
    """The page of the canonical tables."""
    lines = [
        "# The canonical tables",
        "",
        "<!-- Written by docs/generate.py from winback.tables; a test compares them. -->",
        "",
        "Every file becomes one of these tables, and every analysis takes them and nothing else. `wb.Tables` holds those that",
        "belong together. A frame may be of any kind: pandas, Polars, DuckDB, PySpark, Ibis or Arrow.",
        "",
        "In `feedback` and `customers` every further column is an *attribute*: something customers can be split by. The other",
        "tables know only the columns named here. No column is a reserved word of DuckDB, Spark or PostgreSQL.",
        "",
        "| type | is |",
        "|---|---|",
        "| text | a string |",
        "| number, whole number | a 64-bit float, a 64-bit integer |",
        "| money | decimal(18, 4) in the one currency of the tables |",
        "| time | an instant, UTC |",
        "| day | a calendar day in the zone of the tables; a month is its first day |",
        "| yes or no | a boolean |",
        "",
        "`winback.tables.check(table, frame)` casts an Arrow table to these types and says what does not fit.",
    ]
    for table in TABLES.values():
        lines += ["", *_section(table)]
    return "\n".join(lines) + "\n"


def _section(table: Table) -> list[str]:
    key = ", ".join(f"`{name}`" for name in table.key)
    further = " Further columns are attributes." if table.open else ""
    about = table.about[0].upper() + table.about[1:]
    return [
        f"## {table.name}",
        "",
        f"{about}. A row is named by {key}.{further}",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
        *(_row(column) for column in table.columns),
    ]


def _row(column: Column) -> str:
    meaning = column.about + (f": {', '.join(f'`{choice}`' for choice in column.choices)}" if column.choices else "")
    required = "; **every row needs it**" if column.required else ""
    return f"| `{column.name}` | {_TYPES[str(column.type)]} | {meaning}{required} |"


def pictures() -> None:
    """The pictures of the analyses, from the sample company."""
    company = wb.sample_company()
    feedback = company.feedback
    asked = dataclasses.replace(company, feedback=feedback.filter(_relationship(feedback)))
    folder = DOCS / "images"
    folder.mkdir(exist_ok=True)
    wb.nps(asked).chart().save(folder / "nps.svg")
    wb.segments(asked, by=["plan", "region"]).chart().save(folder / "segments.svg")
    wb.trend(asked, today=dt.date(2026, 11, 15)).chart().save(folder / "trend.svg")
    before, after = (dt.date(2024, 11, 1), dt.date(2025, 10, 31)), (dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    wb.decompose(asked, by=["channel"], before=before, after=after).chart().save(folder / "decompose.svg")
    profit = wb.profit(asked).chart()
    profit["padding"] = {**profit["padding"], "left": 32}  # where Inter is not there, another font takes more
    profit.save(folder / "profit.svg")


def why_pictures() -> None:
    """Pictures of drivers and of saturation: the sample company has neither sub-ratings nor coded interviews."""
    import numpy as np
    import pyarrow as pa

    random = np.random.default_rng(1)
    names = {"Line": 0.5, "Support": 0.35, "Billing": 0.15, "Engineer's visit": 0.1, "Shop": 0.0}
    halo = random.normal(size=(1200, 1))
    marks = np.clip(np.round(7 + 2 * (0.6 * halo + 0.8 * random.normal(size=(1200, len(names))))), 0, 10)
    score = np.clip(np.round(marks @ np.array(list(names.values())) + random.normal(0, 1.5, 1200)), 0, 10)
    columns = {name: pa.array(marks[:, at], mask=random.random(1200) < 0.3) for at, name in enumerate(names)}
    found = wb.drivers(pa.table({**columns, "score": score}), drivers=list(names))
    found.chart().save(DOCS / "images" / "drivers.svg")
    shares = 0.5 / np.arange(1, 31) ** 0.9
    rows = [(call, theme) for call in range(40) for theme in np.flatnonzero(random.random(30) < shares)]
    codings = pa.table(
        {"interview": [f"I{call}" for call, _ in rows], "theme": [f"theme {theme}" for _, theme in rows]}
    )
    wb.saturation(codings).chart().save(DOCS / "images" / "saturation.svg")


def report_pictures() -> None:
    """The report of `winback demo` in a browser: the top of the page on a screen, and on a phone in dark."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        subprocess.run(
            [sys.executable, "-m", "winback", "demo", "--no-serve", "--folder", folder], check=True, capture_output=True
        )
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, width, height, mode, scale in (
            ("report.png", 1280, 1960, "light", 1.0),
            ("report-phone-dark.png", 390, 1500, "dark", 1.5),
        ):
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if mode == "dark" else "light",
                device_scale_factor=scale,
            )
            page.goto(f"file://{folder}/review.html")
            page.wait_for_selector(".chart svg")
            page.wait_for_timeout(1000)
            page.screenshot(path=DOCS / "images" / name)
        browser.close()


def page_pictures() -> None:
    """The pages of the workspace, taken by their browser tests."""
    words = [
        sys.executable,
        "-m",
        "pytest",
        "tests/browser/test_pictures.py",
        "tests/browser/test_flareups.py::test_pictures",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    subprocess.run(words, check=True, cwd=DOCS.parent, env={**os.environ, "PICTURES": "1"})


def _relationship(feedback: object) -> object:
    import pyarrow.compute as pc

    return pc.equal(feedback.column("survey"), "relationship")  # type: ignore[attr-defined]


if __name__ == "__main__":
    (DOCS / "reference" / "tables.md").write_text(tables(), encoding="utf-8")
    if "--pictures" in sys.argv:
        pictures()
        why_pictures()
        report_pictures()
        page_pictures()
