"""What explains a jump, as the document of `winback localise` and its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winback import __version__
from winback.analysis.localise import Localisation
from winback.report.single import Part, Table, View

SCHEMA = "winback.localise/1"
LISTED = 200  # findings that a page lists; the JSON has them all


def document(found: Localisation, file: str, title: str | None = None) -> dict[str, Any]:
    """Everything found, as plain data."""
    return {
        "schema": SCHEMA,
        "version": __version__,
        "title": title or f"What explains it: {file}",
        "file": file,
        "kind": found.kind,
        "summary": found.summary(),
        "findings": found.findings(),
        "cases": [dict(case) for case in found.cases],
    }


def view(doc: Mapping[str, Any]) -> View:
    """What a page shows of the document."""
    sums = doc["kind"] == "sum"
    many = len(doc["cases"]) > 1
    heads = ["What", "Came", "Forecast", "Ratio"] if sums else ["What", "Bad", "Answers", "Expected", "Odds ratio"]
    rows = []
    for row in doc["findings"][:LISTED]:
        name = " · ".join(f"{name} {value}" for name, value in row["attributes"].items())
        if sums:
            ratio = "–" if row["ratio"] is None else f"{row['ratio']:.2f}"
            cells = [f"{row['actual']:,.6g}", f"{row['forecast']:,.6g}", ratio]
        else:
            cells = [
                f"{row['bad']:,.6g}",
                f"{row['total']:,.6g}",
                f"{row['expected']:,.1f}",
                f"{row['odds_ratio']:.1f}",
            ]
        share = "–" if row["share_explained"] is None else f"{100 * row['share_explained']:.0f} %"
        rows.append((*([row["case"]] if many else []), name, *cells, share, f"{row['p']:.2g}"))
    heads = [*(["Case"] if many else []), *heads, "Of the jump", "p"]
    table = Table("causes", tuple(heads), tuple(rows), left=2 if many else 1)
    answers = tuple(str(case["answer"]) for case in doc["cases"][:LISTED]) if many else ()
    return View(
        title=doc["title"], sentences=(doc["summary"],), made_of=(doc["file"],), warnings=(),
        parts=(Part(id="causes", title="What explains it", says=answers, table=table),), notes=_NOTES, schema=doc["schema"],
    )  # fmt: skip


_NOTES = (
    "A cause is named where its evidence exceeds what it takes to describe it; shorter descriptions come first.",
    "p is the chance of evidence as strong anywhere, where nothing in these attributes explains the jump.",
    "A cause that explains less than a tenth of the jump is not told, nor is one of fewer than 10 answers.",
)
