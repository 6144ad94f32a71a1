"""One analysis as a page, as Markdown or as JSON: a title, sentences, and parts with a picture and a table each.

The document (`winback.drivers/1`, `winback.saturation/1`) holds every figure. A `View` is what is shown of it, made by
the module that makes the document. Both renderers are pure functions of the view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from winback import __version__
from winback.charts import tokens
from winback.charts.page import EMBED, json_block, policy
from winback.charts.spec import Chart
from winback.report import as_json
from winback.report.as_html import BOOT, _environment, _scripts, stylesheet
from winback.report.as_markdown import table, text

__all__ = ["Part", "Table", "View", "to_html", "to_json", "to_markdown"]


@dataclass(frozen=True)
class Table:
    """Heads and rows of text; the first `left` columns are words. `name` is its file's when it is saved as CSV."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1


@dataclass(frozen=True)
class Part:
    """A box of the page: what it says, and its picture and table where it has them. `open`: the table tells more than the picture."""

    id: str
    title: str
    says: tuple[str, ...] = ()
    chart: Chart | None = None
    caption: str = ""
    table: Table | None = None
    open: bool = False


@dataclass(frozen=True)
class View:
    """All a page shows."""

    title: str
    sentences: tuple[str, ...]
    made_of: tuple[str, ...]  # the file, what was read as what, when
    warnings: tuple[str, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...]  # the method
    schema: str
    version: str = field(default=__version__)


def to_json(document: dict[str, Any]) -> str:
    """The document as indented JSON."""
    return as_json.render(document)


def to_html(view: View) -> str:
    """A self-contained page: nothing is fetched, and only its own scripts run."""
    scripts = [BOOT, *_scripts()]
    figures = {
        part.id: {
            "id": part.id,
            "name": part.title,
            "chart": {**part.chart, "width": "container"} if part.chart else {},
        }
        for part in view.parts
    }
    return (
        _environment()
        .get_template("single.html.jinja")
        .render(
            view=view,
            figures=figures,
            style=Markup(stylesheet()),  # noqa: S704 (our own)
            scripts=[Markup(script) for script in scripts],  # noqa: S704 (our own and the vendored)
            policy=Markup(policy(scripts, [stylesheet()])),  # noqa: S704
            config=Markup(json_block({"config": tokens.CONFIG, "embed": EMBED})),  # noqa: S704
        )
    )


def to_markdown(view: View) -> str:
    """The same sentences and tables as Markdown."""
    blocks = [f"# {text(view.title)}", " ".join(text(sentence) for sentence in view.sentences)]
    blocks.append(" · ".join(text(fact) for fact in view.made_of))
    blocks.append("\n>\n".join(f"> {text(warning)}" for warning in view.warnings))
    for part in view.parts:
        blocks.append(f"## {text(part.title)}")
        blocks += [text(sentence) for sentence in part.says]
        if part.table and part.table.rows:
            blocks.append(_markdown_table(part.table))
        if part.caption:
            blocks.append(text(part.caption))
    blocks += ["## How it was made", "\n".join(f"* {text(note)}" for note in view.notes)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _markdown_table(shown: Table) -> str:
    # Words are the user's and may be anything; figures are ours.
    rows: Sequence[Sequence[str]] = [
        [text(cell) if place < shown.left else cell for place, cell in enumerate(row)] for row in shown.rows
    ]
    return table([text(head) for head in shown.heads], rows, shown.left)
