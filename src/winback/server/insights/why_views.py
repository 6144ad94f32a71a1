"""The pages of why: what drives the score, and the themes that customers name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import capfirst
from django.urls import reverse
from django.views.decorators.http import require_safe

from winback.charts.drivers import importance_chart, room_chart
from winback.report.words import percent
from winback.server.feedback.queries import BAND_NAMES
from winback.server.insights import queries, theme_marks
from winback.server.insights.linking import answers_link
from winback.server.insights.rules import OF_THEMES, PROFIT_TIER
from winback.server.insights.views import framed, nothing
from winback.server.templatetags.words import in_words
from winback.server.themes.assigning import sorting
from winback.server.themes.models import Theme
from winback.server.themes.queries import choices, quotations_among, read_by, version
from winback.server.workspaces.access import Access, workspace_for

if TYPE_CHECKING:
    from winback.server.insights.basis import Basis


@require_safe
def drivers(request: HttpRequest, slug: str) -> HttpResponse:
    """What goes with the score, beside how much room there is to improve."""
    access = workspace_for(request, slug)
    query = dict(request.GET.lists())
    basis = queries.opened(access, query)
    if basis is None:
        return nothing(request, access, "Drivers", "What goes with the score, and where there is room to improve.")
    document = queries.drivers_document(basis, query)
    rows = [{**row, "driver": capfirst(in_words(row["driver"]))} for row in document["drivers"]]
    ratings = [row for row in rows if row["dissatisfied"] is not None and row["importance"] is not None]
    ratings.sort(key=lambda row: -(row["priority"] or 0.0))
    names = document["chosen"]
    if document["summary"]:
        for name in names:  # the sentence names columns; people read words
            document["summary"] = document["summary"].replace(f" {name} (", f" {capfirst(in_words(name))} (")

    def href(wanted: list[str]) -> str:
        asked = basis.asked.query()
        more = urlencode([("driver", name) for name in wanted])
        return f"{asked}{'&' if len(asked) > 1 and more else ''}{more}"

    context: dict[str, Any] = {
        **framed(access, basis, document, "drivers"),
        "rows": rows,
        "ratings": ratings,
        "importance": importance_chart(rows, level=document["level"], width="container") if rows else None,
        "room": room_chart(rows, width="container") if len(ratings) > 1 else None,
        "first": f"{ratings[0]['driver']} has most of both: {percent(ratings[0]['importance'])} of what is explained, and {percent(ratings[0]['dissatisfied'])} are not satisfied with it." if ratings and ratings[0]["priority"] else "",
        "on": [{"name": name, "href": href([one for one in names if one != name])} for name in names],
        "addable": [{"name": one["name"], "rating": one["rating"], "href": href([*names, one["name"]])} for one in document["candidates"] if one["name"] not in names],
    }  # fmt: skip
    return render(request, "insights/drivers.html", context)


@require_safe
def themes(request: HttpRequest, slug: str) -> HttpResponse:
    """What customers name: ranked, by group, over time, in their own words; and how much has been heard."""
    access = workspace_for(request, slug)
    query = dict(request.GET.lists())
    basis = queries.themes_basis(access, query)
    lead = "What customers say, counted in people, points of score and money."
    if basis is None:
        return nothing(request, access, "Themes", lead)
    from winback.server.insights.theming import ORDERS, WHO, saying, where

    document = queries.themes_document(basis, query)
    who, order = document["who"], document["order"]

    def href(**changes: str) -> str:
        wanted = {**OF_THEMES, **dict(basis.asked.beside), **changes}
        return basis.asked.query(
            beside=tuple((name, value) for name, value in wanted.items() if value != OF_THEMES[name])
        )

    known = {theme.name: theme for top, below in choices(access) for theme in (top, *below)}
    by = (basis.asked.by or basis.holding.attributes)[:1]
    within: dict[str, str] = {}

    def named_link(theme: str, group: str) -> str:
        """Who of a group names a theme. Who is lost, or in a profit tier, is no filter of comments: there is no link for them."""
        if who == "lost" or not by or by[0] not in basis.holding.attributes:
            return ""
        if group not in within:
            within[group] = answers_link(basis, {by[0]: group}, band=who if who in BAND_NAMES else "")
        return reverse("reason_comments", args=[slug, known[theme].pk]) + within[group]

    top = theme_marks.top_of(document["themes"])
    peak = max((part["share"] or 0.0 for row in document["themes"] for part in row["months"]), default=0.0)
    rows = [
        {
            **row, "mark": theme_marks.share_mark(row, top, who), "line": theme_marks.months_mark(row["months"], peak),
            "href": href(reason=row["theme"]) + "#reason", "above": known[row["theme"]].parent,
            "cells": [
                {**cell, "shade": theme_marks.shade(cell["share"], who), "href": named_link(row["theme"], cell["group"]) if cell["named"] else ""}
                for cell in row["groups"]
            ],
        }
        for row in document["themes"]
        if row["theme"] in known
    ]  # fmt: skip
    wanted = (query.get("reason") or [""])[-1]
    chosen = next((row for row in rows if row["theme"] == wanted), rows[0] if rows else None)
    context: dict[str, Any] = {
        **framed(access, basis, document, "themes"),
        "rows": rows,
        "head": theme_marks.share_head(top),
        "splits": [{"name": name, "on": (name,) == by} for name in (*basis.holding.attributes, *([PROFIT_TIER] if basis.has_worth else []))],
        "kept": [(name, value) for name, value in parse_qsl(href().lstrip("?"), keep_blank_values=True) if name != "by"],
        "who": [{"label": label, "href": href(who=name), "on": name == who} for name, label in WHO.items()],
        "who_label": "people" if who == "all" else WHO[who].lower(),
        "orders": [{"label": label, "href": href(order=name), "on": name == order} for name, label in ORDERS.items() if name != "money" or basis.has_worth],
        "has_money": any(row["money"] is not None for row in rows),
        "silent": document["answers"] - document["said"],
        "emerging": Theme.objects.filter(workspace=access.workspace, state="proposed", origin="emerging", merged_into=None),
        "any_themes": bool(known),
        "version": version(access.workspace),
        "heard": _metered(_heard(access, basis, who)) if rows else None,
        "may_code": access.may("member"),
        "sorting": sorting(access),
    }  # fmt: skip
    if chosen is not None:
        theme = known[chosen["theme"]]
        places = where(basis, chosen["theme"], who=who, by=by[0])[:12] if by else []
        limit = theme_marks.top_of([place for place in places if not place["few"]])
        context |= {
            "chosen": chosen, "theme": theme, "by": by[0] if by else "", "limit": limit,
            "quotations": quotations_among(access, theme, saying(basis, theme.name, who)),
            "named_query": answers_link(basis, band=who if who in BAND_NAMES else ""),
            "places": [
                {**place, "href": named_link(theme.name, place["name"]) if place["named"] else "", "mark": None if place["few"] else theme_marks.share_mark(place, limit, who, chosen["share"])}
                for place in places
            ],
        }  # fmt: skip
    return render(request, "insights/themes.html", context)


@require_safe
def heard(request: HttpRequest, slug: str) -> HttpResponse:
    """How much has been heard, in two sentences: for the pages where people code."""
    access = workspace_for(request, slug)
    basis = queries.pulse_basis(access, dict(request.GET.lists()))
    found = None if basis is None else _heard(access, basis, "detractor")
    return render(
        request, "insights/heard_line.html", {"access": access, "workspace": access.workspace, "heard": found}
    )


def _heard(access: Access, basis: Basis, who: str) -> dict[str, Any] | None:
    from winback.server.insights.hearing import heard_of, whose

    found = heard_of(basis, who=who)
    return found and whose(found, read_by(access, [(source, name) for source, name, _ in found["answers"]]))


def _metered(found: dict[str, Any] | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {**found, "segments": [{**one, "mark": theme_marks.meter(one["coverage"])} for one in found["segments"]]}
