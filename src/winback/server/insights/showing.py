"""From a page's document to what its template shows: rows ranked, linked to their answers, with words and charts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from winback import charts
from winback.charts.labels import period
from winback.report import sections, words
from winback.report.marks import Axis
from winback.server.insights.bar import window_name
from winback.server.insights.heat import heat_map, shade
from winback.server.insights.linking import answers_link, linked
from winback.server.insights.rules import Window, ranked

if TYPE_CHECKING:
    from winback.server.insights.basis import Basis

FIRST_ROWS = 12
MOST_ROWS = 200
TIER_PAGE = 100
QUICK = 50_000  # answers up to which money is worked out with the page, and not after it


def greeting(hour: int, name: str) -> str:
    """Good morning, Hanna."""
    part = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    return f"Good {part}, {name.split(maxsplit=1)[0]}" if name.split() else f"Good {part}"


def moment(at: dt.datetime, zone: str) -> str:
    """Thu 19 Nov 2026, 14:05 in the workspace's zone."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{words.full_day(there.date())}, {there:%H:%M}"


def is_quick(basis: Basis) -> bool:
    """Whether money can be worked out with the page."""
    past = basis.history()
    return past.kept.has("profit") or not (basis.has_worth or "money" in basis.names) or past.answers() <= QUICK


def moved(document: Mapping[str, Any], basis: Basis) -> dict[str, Any] | None:
    """The change and its parts, each segment with the way to its later answers."""
    found = sections.moved(document["decompose"])
    if found is None:
        return None
    if found["asked_mix"] is not None:
        found["asked_mix"], found["response_mix"] = words.adding_up(
            [found["asked_mix"], found["response_mix"]], found["mix"]
        )
    since, until = (dt.date.fromisoformat(found["after"][name]) for name in ("since", "until"))
    for row in found["rows"]:
        part = dict(zip(row["by"], row["segment"], strict=True)) if row.get("segment") else None
        row["href"] = answers_link(basis, part, window=Window(since, until)) if part or row["sum"] else None
    return found


def made(document: Mapping[str, Any], basis: Basis) -> list[tuple[str, str]]:
    """How the figures were made, as facts."""
    window = document["window"]
    days = words.span(window["first"], window["last"]) or "no dates"
    weighted = "weight" in basis.columns
    once = (
        "by the latest answer in the window"
        if "respondent" in basis.names
        else "every answer counts: no column names the person"
    )
    return [
        ("Counted", words.bands(document["bands"])),
        ("Answers", f"{days}, days in {document['time_zone']}"),
        ("Each person", f"once, {once}" if "respondent" in basis.names else once),
        ("Intervals", f"at {words.percent(document['level'])}, adjusted Wald{', on the effective number of answers' if weighted else ''}"),
        ("Minimum", f"{words.plural(document['minimum'], 'answer')} to show a score"),
    ]  # fmt: skip


def pulse(document: Mapping[str, Any], basis: Basis) -> dict[str, Any]:
    """Score, trend, what moved, money, what they gave and the lowest segments."""
    doc = {**document, "mapping": {"respondent": "respondent" in basis.names}}
    trends = sections.trend_figures(doc)
    cell = document["overall"]
    change = moved(document, basis)
    return {
        "cell": cell,
        **asked(document["response"]),
        "lead": lead(change),
        "all_query": basis.asked.query(whole=True, last=None, since=None, until=None),
        "trend": trends[0] if trends else None,
        "moved": change,
        "gave": charts.distribution(document["distribution"], width="container") if document["distribution"] else None,
        "total": sum(row["answers"] for row in document["distribution"]) or 1,
        "lowest": _lowest(document, basis),
        "bands": [(band, answers_link(basis, band=band)) for band in ("detractor", "passive", "promoter")],
        **money(document),
    }


def asked(response: Mapping[str, Any] | None) -> dict[str, int]:
    """Of those asked, who stays silent; and who was not asked."""
    if response is None:
        return {}
    silent = response["asked"] - response["bounced"] - response["answered"]
    return {"silent": silent, "not_asked": sum(response["not_sent"].values())}


def lead(moved: Mapping[str, Any] | None) -> str:
    """The first sentence of Pulse: where the score went, and whether that is more than chance."""
    if moved is None:
        return "How are we, what moved, and what it costs."
    change = moved["change"]
    if abs(change) < 0.5:
        return "The score is where it was before."
    where = f"The score is {'a little ' if abs(change) < 5 else ''}{'higher' if change > 0 else 'lower'} than before"
    return (
        f"{where}, perhaps by chance."
        if moved["low"] <= 0 <= moved["high"]
        else f"{where}, and that is more than chance."
    )


def _lowest(document: Mapping[str, Any], basis: Basis) -> list[dict[str, Any]]:
    """The segments most surely worse than the rest, three at most."""
    rows = [row for row in document["segments"] if not row["suppressed"] and (row["p_worse"] or 0) > 0.8]
    rows = sorted(rows, key=lambda row: -row["p_worse"])[:4]
    axis = Axis.over(rows, document["overall"]["nps"])
    return [{**row, "axis": axis, **linked(row, basis)} for row in rows]


def money(document: Mapping[str, Any]) -> dict[str, Any]:
    """The money part of a page; `money_later` where it is still to be worked out."""
    found = document["profit"]
    if found is None:
        return {"profit": None, "money_later": True}
    basis = (found["basis"] or "revenue").replace("_", " ")
    kind = (found["from_detractors"] or {}).get("kind") or basis
    top = [row for row in found["tiers"] if row["tier"] == 1 and row["nps"] is not None]
    return {"profit": found, "money_later": False, "money_name": f"{kind} from detractors", "basis": basis, "top": top}


def segments(document: Mapping[str, Any], basis: Basis) -> dict[str, Any]:
    """The ranked table, the heat map and the reasons for the change."""
    whole = document["overall"]["nps"]
    rows = ranked(document["segments"], basis.asked.rank)
    shown = rows[: MOST_ROWS if basis.asked.everything else FIRST_ROWS]
    axis = Axis.over(rows[:MOST_ROWS], whole)
    by = document["by"]
    return {
        "by": [{"name": name, "href": basis.asked.query(by=tuple(b for b in by if b != name))} for name in by],
        "addable": [
            {"name": name, "href": basis.asked.query(by=(*by, name)[-2:])}
            for name in basis.holding.attributes
            if name not in by
        ],
        "rows": [{**row, "axis": axis, **linked(row, basis)} for row in shown],
        "count": len(rows),
        "hidden": len(rows) - len(shown),
        "too_many": basis.asked.everything and len(rows) > MOST_ROWS,
        "all_query": basis.asked.query(everything=True),
        "axis": axis,
        "whole": whole,
        "rank": basis.asked.rank,
        "has_money": can_rank(document, "money"),
        "has_change": can_rank(document, "change"),
        "heat": heat_map(document, basis),
        "moved": moved(document, basis),
        "moved_by": document["decompose"]["by"] if document["decompose"] else [],
    }


def can_rank(document: Mapping[str, Any], rank: str) -> bool:
    """Whether segments have what they would be ranked by."""
    needed = {"money": "revenue_from_detractors", "change": "change"}.get(rank)
    return needed is None or any(row[needed] is not None for row in document["segments"])


def profit(document: Mapping[str, Any], basis: Basis) -> dict[str, Any]:
    """Tiers as a picture and a table, and what it costs."""
    found = document["profit"]
    return {
        **money(document),
        "tier_pages": basis.has_worth,
        "unhappy_query": answers_link(basis, band="detractor"),
        "basis": (found["basis"] or "").replace("_", " "),
        "tiers": charts.mix(found["tiers"], width="container") if found["tiers"] else None,
        "sensitivity": sections.sensitivity(found["sensitivity"]),
        "axis": Axis.over(found["tiers"], document["overall"]["nps"]),
    }


def tier(basis: Basis, row: Mapping[str, Any], number: int, band: str) -> dict[str, Any]:
    """What a list of a tier's customers is called, and the ways to those who feel in one way."""
    kind = (basis.profit().basis or "").replace("_", " ")
    query = basis.asked.query()
    joint = "&" if len(query) > 1 else ""
    named = {"": "All", "heard": "Heard", "detractor": "Detractors", "passive": "Passives", "promoter": "Promoters"}
    return {
        "row": row,
        "kind": kind,
        "negative": not number,
        "currency": basis.holding.tables.currency,
        "back": query,
        "bands": [
            {"label": label, "on": band == name, "href": f"{query}{joint}band={name}" if name else query}
            for name, label in named.items()
        ],
    }


def journey(document: Mapping[str, Any], basis: Basis) -> dict[str, Any]:
    """Stages and touchpoints as tables, the two together, and the deaf spots in words."""
    every = [row for part in document["journey"] for row in part["rows"]]
    axis = Axis.over(every, document["overall"]["nps"])
    titles = {"journey_stage": "By stage", "touchpoint": "By touchpoint"}
    return {
        "axis": axis,
        "whole": document["overall"]["nps"],
        "parts": [
            {"title": titles[part["by"]], "by": part["by"], "rows": [{**row, **linked(row, basis)} for row in part["rows"]]}
            for part in document["journey"]
        ],
        "deaf": [{**spot, "label": "stage" if spot["by"] == "journey_stage" else "touchpoint"} for spot in document["deaf"]],
        "grid": _grid(document, basis),
        "latest": document["window"]["last"],
    }  # fmt: skip


def _grid(document: Mapping[str, Any], basis: Basis) -> dict[str, Any] | None:
    """Stages down, touchpoints across: where both are known."""
    cells = {tuple(cell["segment"]): cell for cell in document["cells"]}
    if not cells:
        return None
    stages = list(dict.fromkeys(stage for stage, _ in cells))
    points = sorted({point for _, point in cells})
    whole = document["overall"]["nps"]
    rows = []
    for stage in stages:
        found: list[dict[str, Any] | None] = []
        for point in points:
            cell = cells.get((stage, point))
            part = {"journey_stage": stage, "touchpoint": point}
            shown = cell is not None and cell["nps"] is not None and whole is not None
            found.append(
                None if cell is None else {**cell, "href": answers_link(basis, part), "shade": shade(cell["nps"] - whole) if shown else "few"}
            )  # fmt: skip
        rows.append({"name": stage, "cells": found})
    return {"points": points, "rows": rows}


def ready(items: Sequence[Mapping[str, Any]], slug: str) -> list[dict[str, Any]]:
    """What the data allow, each with the address of its page."""
    return [{**item, "href": reverse(item["page"], args=[slug]) if item["page"] else None} for item in items]


def month(document: Mapping[str, Any], basis: Basis) -> dict[str, Any]:
    """The month's score beside the one before, and who moved."""
    begin = dt.date.fromisoformat(document["month"])
    days = Window(begin, dt.date.fromisoformat(document["end"]))
    return {
        "cell": document["cell"],
        "before": document["before"],
        "name": period("month", begin),
        "before_name": period("month", begin - dt.timedelta(days=1)),
        "moved": moved(document, basis),
        "month_answers": answers_link(basis, window=days),
        "month_unhappy": answers_link(basis, band="detractor", window=days),
        "month_name": window_name(days, None, None),
    }
