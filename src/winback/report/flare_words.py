"""Flare-ups in words: the document of `winback flareups`, its page, and a sentence for each finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from winback import __version__
from winback.analysis.flareups import Flareups, flareups
from winback.analysis.tally import AnswerColumns
from winback.charts.control import control
from winback.report import words
from winback.report.single import Part, Table, View

SCHEMA = "winback.flareups/1"
CHARTS = 6  # findings that are drawn
MOST = 12  # findings that a report tells
LISTED = 40  # watched segments that a page lists; the JSON has them all


def document(found: Flareups, file: str, title: str | None = None) -> dict[str, Any]:
    """Everything found, as plain data."""
    rows = []
    for place, row in enumerate(found.rows()):
        rows.append({**row, "sentence": sentence(row, found.measure), "history": found.history(place)})
    return {
        "schema": SCHEMA,
        "version": __version__,
        "title": title or f"Flare-ups in {file}",
        "file": file,
        "measure": found.measure,
        "every": found.every,
        "false_rate": found.false_rate,
        "judged": [str(period) for period in found.judged],
        "summary": found.summary(),
        "findings": rows,
        "watched": found.watched.to_pylist(),
        "thin": found.thin,
    }


def flares_of(
    feedback: Any, attributes: Sequence[str], columns: AnswerColumns, *, today: dt.date
) -> dict[str, Any] | None:
    """What the report says of flare-ups: the last two weeks with answers; None where there are under nine weeks of them."""
    found = flareups(feedback, by=attributes, last=2, today=today, **columns)
    if not found.judged:
        return None
    rows = [
        {**row, "sentence": sentence(row, found.measure), "history": found.history(place)}
        for place, row in enumerate(found.rows()[:MOST])
    ]
    return {
        "summary": found.summary(), "every": found.every, "false_rate": found.false_rate,
        "judged": [str(period) for period in found.judged], "watched": found.watched.num_rows, "findings": rows,
    }  # fmt: skip


def sentence(row: Mapping[str, Any], measure: str) -> str:
    """What one finding says: where, since when, how much, and how sure."""
    name = _name(row)
    since = f"since {row['since']}"
    if measure == "score":
        change = (
            f"the score fell by {-row['odds_ratio']:.0f} points (95 % interval {-row['high']:.0f} to {-row['low']:.0f})"
        )
    elif measure in ("volume", "silence"):
        change = f"{words.plural(row['answers'], 'answer')} where {row['expected']:.0f} were expected"
    elif measure == "themes":
        change = (
            f"{_number(row['bad'])} of {words.plural(row['answers'], 'answer')} that say why name it where "
            f"{row['expected']:.0f} were expected, {row['odds_ratio']:.1f} times the odds "
            f"(95 % interval {row['low']:.1f} to {row['high']:.1f})"
        )
    else:
        change = (
            f"{_number(row['bad'])} of {words.plural(row['answers'], 'answer')} are detractors where {row['expected']:.0f} "
            f"were expected, {row['odds_ratio']:.1f} times the odds (95 % interval {row['low']:.1f} to {row['high']:.1f})"
        )
    still = " Its answers may still be coming in." if row["provisional"] else ""
    money = f" The customers concerned bring {Decimal(row['revenue']):,.0f}." if row.get("revenue") else ""
    return f"{name}, {since}: {change}.{money}{still}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def view(doc: Mapping[str, Any]) -> View:
    """What a page shows of the document."""
    measure, every = doc["measure"], doc["every"]
    parts = [
        Part(
            id=f"flare-{place}", title=_name(row), says=(row["sentence"],),
            chart=control(row["history"], measure=measure, width="container"),
            caption="The band is where 95 of 100 periods should fall; diamonds are the window that burns.",
            table=_course(row["history"], measure, f"flare-{place}"),
        )
        for place, row in enumerate(doc["findings"][:CHARTS])
    ]  # fmt: skip
    if doc["findings"]:
        parts.insert(0, Part(id="findings", title="What burns", table=_findings(doc)))
    seen = [row for row in doc["watched"] if row["noticeable"] is not None]
    if seen and measure in ("detractors", "themes"):
        rows = tuple(
            (_name(row), f"{row['answers']:.1f}", f"{row['noticeable']:.1f}")
            for row in sorted(seen, key=lambda row: float(row["noticeable"]))[:LISTED]
        )
        heads = ("Segment", f"Answers a {every}", "Smallest rise seen, times the odds")
        says = (f"A rise that is noticed within four {every}s, four times in five. A smaller one need not show.",)
        parts.append(
            Part(id="noticeable", title="What could have been seen", says=says, table=Table("noticeable", heads, rows))
        )
    judged = doc["judged"]
    made_of = (
        doc["file"],
        f"judged: {judged[0]}" + (f" to {judged[-1]}" if len(judged) > 1 else "") if judged else "nothing judged",
    )
    return View(
        title=doc["title"], sentences=(doc["summary"],), made_of=made_of, warnings=(), parts=tuple(parts),
        notes=tuple(_notes(doc)), schema=doc["schema"],
    )  # fmt: skip


def _name(row: Mapping[str, Any]) -> str:
    """The segment in words, after its theme where one is watched."""
    where = words.segment(row["segment"], row["by"]) if row["by"] else "Everybody"
    return f"{row['theme']}: {where}" if row.get("theme") else where


def _findings(doc: Mapping[str, Any]) -> Table:
    measure = doc["measure"]
    by_score = measure == "score"
    effect = "Points" if by_score else "Times" if measure in ("volume", "silence") else "Odds ratio"
    decimals = 0 if by_score else 1
    rows = tuple(
        (
            _name(row), str(row["since"]), str(row["until"]), f"{row['answers']:,}", _number(row["bad"]),
            f"{row['expected']:.1f}", f"{row['odds_ratio']:.{decimals}f}",
            f"{row['low']:.{decimals}f} to {row['high']:.{decimals}f}", f"{row['q']:.2g}",
        )
        for row in doc["findings"]
    )  # fmt: skip
    heads = (
        "Theme and segment" if measure == "themes" else "Segment",
        "Since",
        "Until",
        "Answers",
        "Seen",
        "Expected",
        effect,
        "95 % interval",
        "q",
    )
    return Table("findings", heads, rows, left=3)


def _course(history: Sequence[Mapping[str, Any]], measure: str, name: str) -> Table:
    """What the picture of a finding shows, the latest period first."""

    def said(value: float | None) -> str:
        if value is None:
            return words.DASH
        if measure == "score":
            return words.signed(100 * value)
        return _number(round(value, 1)) if measure in ("volume", "silence") else words.percent(value)

    rows = tuple(
        (
            str(row["period"]), f"{row['answers']:,}", said(row["share"]), said(row["expected"]),
            f"{said(row['low'])} to {said(row['high'])}", "yes" if row["burning"] else "",
        )
        for row in reversed(history)
    )  # fmt: skip
    return Table(name, ("Period from", "Answers", "Seen", "Expected", "95 % should fall", "Burns"), rows)


def _notes(doc: Mapping[str, Any]) -> list[str]:
    rate = f"{100 * doc['false_rate']:g}"
    notes = [
        f"Of 100 such alarms about {rate} are false, all segments watched together (Benjamini and Hochberg).",
        "What was to be expected comes from the segment’s own past, its season, and what its attributes say one by one.",
        "The effect is drawn a little to nought, since only the largest are told; its interval is for one segment looked at.",
    ]
    if doc["measure"] == "themes":
        notes.append(
            "Shares are of the answers that say why; every theme is watched in every segment that can show it."
        )
    if doc["thin"]:
        many = words.plural(doc["thin"], "combination has", "combinations have")
        notes.append(f"{many} too few answers to be watched alone; the coarser groups they lie in are watched.")
    return notes
