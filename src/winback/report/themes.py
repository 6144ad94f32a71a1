"""`winback themes`: from comments to the document (`winback.themes/1`) and what is shown of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from winback import __version__
from winback.analysis.codebook import FOUND, Codebook
from winback.analysis.proposals import Proposal
from winback.analysis.themes import ThemesResult
from winback.analysis.themes_counted import SHARES
from winback.charts.labels import money, signed
from winback.charts.themes import contribution_chart
from winback.report.account import score_read
from winback.report.single import Part, Table, View
from winback.report.words import DASH, moment, percent, plural
from winback.text.languages import LANGUAGES

SCHEMA = "winback.themes/1"
MOST = 40  # rows of a table on the page; the JSON has them all


def document(
    book: Codebook, codings: pa.Table, *, file: str, comments: int, found: ThemesResult | None = None, currency: str = "",
    title: str | None = None, warnings: tuple[str, ...] = (), columns: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything the analysis says, as plain data. Without a score the figures of `found` are null.

    columns: which column was read as what, and how the score (`account.of_columns`), where there is a score.
    """
    named = Counter(
        (row, theme)
        for row, theme in zip(codings.column("row").to_pylist(), codings.column("theme").to_pylist(), strict=True)
    )
    by_theme = Counter(theme for _, theme in named if theme is not None)
    states = Counter(
        dict(zip(codings.column("row").to_pylist(), codings.column("state").to_pylist(), strict=True)).values()
    )
    figures = {row["theme"]: row for row in found.rows()} if found is not None else {}
    foreign = _foreign(codings)
    themes: list[dict[str, Any]] = [
        {
            "key": theme.key, "name": theme.name, "definition": theme.definition, "parent": theme.parent, "origin": theme.origin,
            "words": list(theme.words), "examples": list(theme.examples), "comments": by_theme[theme.key],
            **{name: figures.get(theme.key, {}).get(name) for name in _FIGURES},
        }
        for theme in book.leaves()
    ]  # fmt: skip
    themes.sort(
        key=lambda row: (row["contribution"] if row["contribution"] is not None else 0, -row["comments"], row["key"])
    )
    none = figures.get(None)
    return {
        "schema": SCHEMA,
        "version": __version__,
        "made_at": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
        "title": title or f"Why: {file}",
        "file": file,
        **(columns or dict.fromkeys(("mapping", "detected", "bands", "scale_given"))),
        "comments": comments,
        "states": dict(sorted(states.items())),
        "foreign": foreign,
        "model": book.model,
        "seed": book.seed,
        "stability": book.stability,
        "learned": len(book.learned),
        "score": found.score if found is not None else None,
        "answers": found.answers if found is not None else None,
        "level": found.level if found is not None else None,
        "currency": currency,
        "sentences": [
            *([found.summary()] if found is not None else _counted(themes, comments)), *_not_understood(foreign),
        ],
        "themes": themes,
        "emerging": [_proposal(one) for one in book.proposals if one.kind == "theme"],
        "proposals": [_proposal(one) for one in book.proposals if one.kind != "theme"],
        "areas": [
            {"key": theme.key, "name": theme.name, "definition": theme.definition, "words": list(theme.words), "examples": list(theme.examples)}
            for theme in book.themes if theme not in book.leaves()
        ],
        "no_theme": {name: none[name] for name in _FIGURES} if none else None,
        "segments": found.segments.to_pylist() if found is not None else [],
        "trend": found.trend.to_pylist() if found is not None else [],
        "rising": found.rising.to_pylist() if found is not None else [],
        "warnings": [*warnings, *book.notes, *(found.notes if found is not None else ())],
        "notes": [*_NOTES, *_coded(book)],
    }  # fmt: skip


def _proposal(one: Proposal) -> dict[str, Any]:
    """A proposal as it stands in the document: all but its direction."""
    return {
        "id": one.id, "kind": one.kind, "by": one.by, "key": one.theme, "name": one.name, "definition": one.definition,
        "words": list(one.words), "comments": one.comments, "evidence": list(one.evidence), "text": one.text,
    }  # fmt: skip


_FIGURES = ("customers", *SHARES, "nps", "nps_without", "contribution", "revenue", "sentiment", "quotation")
_NOTES = [
    "Customers are counted, each once by the latest answer; a customer may name several themes.",
    "Contribution: each customer's part of the score is shared out equally over the themes named; with those who name none it sums to the score. Association, not cause.",
    "Themes are named by phrases that customers use and told by quotations word for word; no text is invented.",
]  # fmt: skip


def _coded(book: Codebook) -> list[str]:
    """What became of the comments that people did not code, where they coded some."""
    if not book.learned:
        return []
    found = sum(theme.origin == FOUND for theme in book.leaves())
    into = [(len(book.leaves()) - found, "that people named"), (found, "found")]
    said = " and ".join(f"{plural(number, 'theme')} {how}" for number, how in into if number)
    return [f"{plural(len(book.learned), 'comment')} coded by people taught the others, which are sorted into {said}."]


def _foreign(codings: pa.Table) -> dict[str, int]:
    """Comments whose language was not understood, by its code ("" where only the script was told), most first."""
    pairs = zip(codings.column("state").to_pylist(), codings.column("language").to_pylist(), strict=True)
    counts = Counter(language or "" for state, language in pairs if state == "foreign")
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _not_understood(foreign: dict[str, int]) -> list[str]:
    """The sentence that says which languages were not understood; none where all were."""
    if not foreign:
        return []
    total = sum(foreign.values())
    by = ", ".join(f"{LANGUAGES.get(code, code) or 'unknown'} {count:,}" for code, count in foreign.items())
    return [f"Not understood, and in no theme: {total:,} comment{'s' if total != 1 else ''} in other languages ({by})."]


def _counted(themes: list[dict[str, Any]], comments: int) -> list[str]:
    most = max(themes, key=lambda row: row["comments"], default=None)
    said = f", most of them “{most['name']}” ({most['comments']:,})" if most and most["comments"] else ""
    return [f"{plural(comments, 'comment')}, {plural(len(themes), 'theme')}{said}."]


def view(doc: dict[str, Any]) -> View:
    """What the page and the Markdown show of the document."""
    scored = doc["score"] is not None
    lost = any(one["lost_share"] is not None for one in doc["themes"])
    rows = []
    for one in doc["themes"][:MOST]:
        quoted = f"“{one['quotation'] or (one['examples'] or [''])[0]}”"
        if scored and one["share"] is not None:
            shares = [_share(one, who) for who in ("", "detractor_", "promoter_", *(["lost_"] if lost else []))]
            rows.append(
                (one["name"], quoted, f"{one['customers']:,}", *shares, signed(one["contribution"], 1), money(one["revenue"], doc["currency"]) if one["revenue"] else DASH)
            )  # fmt: skip
        else:
            rows.append((one["name"], quoted, f"{one['comments']:,}"))
    heads: tuple[str, ...] = ("Theme", "In their words", "Comments")
    if scored:
        heads = (
            "Theme",
            "In their words",
            "Customers",
            "Share",
            "Of detractors",
            "Of promoters",
            *(["Of lost"] if lost else []),
            "Contribution",
            "Revenue",
        )
        none = doc["no_theme"]
        rows.append(
            (
                "No theme",
                "",
                f"{none['customers']:,}",
                *(_share(none, who) for who in ("", "detractor_", "promoter_", *(["lost_"] if lost else []))),
                signed(none["contribution"], 1),
                DASH,
            )
        )
    left = len(doc["themes"]) - MOST
    says = (
        [f"{plural(left, 'further theme')} {'is' if left == 1 else 'are'} in the JSON, not here."] if left > 0 else []
    )
    parts = [
        Part(
            "themes", "Themes", tuple(says), contribution_chart([{**one, "theme": one["key"]} for one in doc["themes"]]) if scored else None,
            "Contributions, with that of customers who name no theme, sum to the score." if scored else "",
            Table("themes", heads, tuple(rows), left=2), open=True,
        ),
        *_segments(doc),
    ]  # fmt: skip
    if doc["rising"]:
        rise = tuple(
            (one["name"], one["period"], f"{one['customers']:,}", f"{one['expected']:.1f}") for one in doc["rising"]
        )
        parts.append(
            Part("rising", "Rising", (), table=Table("rising", ("Theme", "Month", "Customers", "Expected"), rise))
        )
    parts += _waiting(doc)
    return View(
        title=doc["title"],
        sentences=tuple(doc["sentences"]),
        made_of=(doc["file"], plural(doc["comments"], "comment"), *([score_read(doc)] if doc["bands"] else []), f"vectors: {doc['model']}", f"figures as of {moment(doc['made_at'], 'UTC')} UTC"),
        warnings=tuple(doc["warnings"]),
        parts=tuple(parts),
        notes=tuple(doc["notes"]),
        schema=doc["schema"],
    )  # fmt: skip


def _waiting(doc: dict[str, Any]) -> list[Part]:
    """What is proposed and waits for a person: themes that come up, and what a language model said."""
    parts = []
    names = {one["key"]: one["name"] for one in doc["themes"]}
    if doc["emerging"]:
        rows = tuple(
            (one["name"], _evidence(one), one["by"], one["id"], f"{one['comments']:,}") for one in doc["emerging"]
        )
        says = "Comments that fit no theme of the codebook suggest these. None of them is in the figures until a person accepts it (winback proposals)."
        table = Table("emerging", ("Theme", "In their words", "Proposed by", "Id", "Comments"), rows, left=4)
        parts.append(Part("emerging", "Emerging", (says,), table=table))
    if doc["proposals"]:
        told = tuple((f"{one['kind'].capitalize()}: {names.get(one['key'], one['key'])}", one["name"] or DASH, one["definition"] or DASH, _evidence(one), one["by"], one["id"]) for one in doc["proposals"][:MOST])  # fmt: skip
        says = "Proposed by a language model, each with words that stand in the comments as they are. Nothing is applied until a person accepts it (winback proposals)."
        heads = ("What", "Name", "Definition", "In their words", "Proposed by", "Id")
        parts.append(Part("proposals", "Proposals", (says,), table=Table("proposals", heads, told, left=6)))
    return parts


def _evidence(one: dict[str, Any]) -> str:
    return " · ".join(f"“{said}”" for said in one["evidence"][:2])


def _share(row: Mapping[str, Any], who: str = "") -> str:
    """A share with its interval."""
    if row[f"{who}share"] is None:
        return DASH
    return f"{percent(row[f'{who}share'])} [{percent(row[f'{who}low'])}, {percent(row[f'{who}high'])}]"


def _segments(doc: dict[str, Any]) -> list[Part]:
    parts = []
    for place, name in enumerate(dict.fromkeys(row["by"] for row in doc["segments"])):
        mine = [row for row in doc["segments"] if row["by"] == name]
        shown, says = _most_named([row for row in mine if not row["suppressed"] and row["customers"]])
        if few := len({row["segment"] for row in mine if row["suppressed"]}):
            says.append(f"{plural(few, 'segment')} {'has' if few == 1 else 'have'} too few customers for a figure.")
        rows = tuple(
            (row["segment"] or "(blank)", row["name"], f"{row['customers']:,}", _share(row), _share(row, "detractor_"))
            for row in shown
        )  # fmt: skip
        title = "By profit tier" if name == "profit_tier" else f"By {name}"
        parts.append(Part(f"by-{place}", title, tuple(says), table=Table(f"by-{place}", (title.removeprefix("By ").capitalize(), "Theme", "Customers", "Share", "Of detractors"), rows, left=2)))  # fmt: skip
    return parts


def _most_named(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows that a page can hold: of many segments the largest, with the three themes most named there."""
    order = sorted(rows, key=lambda row: (str(row["segment"]), -row["share"]))
    if len(order) <= 3 * MOST:
        return order, []
    largest = sorted({(-row["answers"], str(row["segment"])) for row in rows})[:MOST]
    kept = [[row for row in order if str(row["segment"]) == name][:3] for _, name in largest]
    left = len({str(row["segment"]) for row in rows}) - len(kept)
    more = f"; {plural(left, 'further segment')} {'is' if left == 1 else 'are'} in the JSON" if left else ""
    return [row for part in kept for row in part], [
        f"The three themes most named in each, of the largest segments first{more}."
    ]
