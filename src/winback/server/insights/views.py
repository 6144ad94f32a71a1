"""The pages of figures. Each reads an address, asks queries for a document, and shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from winback.errors import UserError
from winback.server.insights import actions, queries, showing
from winback.server.insights.bar import bar, month_steps
from winback.server.insights.files import csv_of, json_of
from winback.server.insights.lines import lines
from winback.server.insights.linking import answers_link
from winback.server.insights.queries import LATE, Query
from winback.server.insights.rules import RANKS
from winback.server.watch import queries as watch
from winback.server.watch.saying import headline
from winback.server.workspaces.access import Access, workspace_for

if TYPE_CHECKING:
    from winback.server.insights.basis import Basis

EXPORTS = {
    "pulse": queries.pulse, "segments": queries.segments, "profit": queries.profit, "journey": queries.journey,
    "drivers": queries.drivers, "themes": queries.themes,
}  # fmt: skip

KINDS = ("csv", "json")


def _query(request: HttpRequest) -> Query:
    return dict(request.GET.lists())


@require_safe
def month(request: HttpRequest, slug: str) -> HttpResponse:
    """The managers' start page: answers in, what moved, what is due and late."""
    access = workspace_for(request, slug)
    there = timezone.now().astimezone(ZoneInfo(access.workspace.zone))
    document = queries.month(access, _query(request))
    context: dict[str, Any] = {
        "greeting": showing.greeting(there.hour, access.user.name if access.user else ""),
        "groups": lines(access, document, there),
        "nothing": None if document else queries.nothing_yet(access),
    }
    if document:
        basis = queries.opened(access, _query(request))
        assert basis is not None
        context |= framed(access, basis, document, "month")
        context |= {"steps": month_steps(document, basis.asked), **showing.month(document, basis)}
    return render(request, "insights/month.html", context)


@require_safe
def pulse(request: HttpRequest, slug: str) -> HttpResponse:
    """How are we, in ten seconds. Money of many customers takes longer and comes as a part of its own."""
    access = workspace_for(request, slug)
    basis = queries.pulse_basis(access, _query(request))
    if basis is None:
        return nothing(request, access, "Pulse", "How are we, what moved, and what it costs.")
    from winback.server.insights import figures

    part = request.headers.get("HX-Request") == "true" and request.GET.get("money") == "now"
    at_once = part or request.GET.get("money") == "now" or showing.is_quick(basis)
    document = figures.pulse(basis, money=at_once)
    context = {**framed(access, basis, document, "pulse"), **showing.pulse(document, basis)}
    context["burning"] = [] if part else [(alarm, headline(alarm)) for alarm in watch.pressing(access)]
    return render(request, "insights/pulse_money.html" if part else "insights/pulse.html", context)


@require_safe
def segments(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the detractors are: a ranked table, a heat map over time, and why the score changed."""
    access = workspace_for(request, slug)
    basis = queries.pulse_basis(access, _query(request))
    if basis is None:
        return nothing(request, access, "Segments", "Where the detractors are, and whether that is more than chance.")
    from winback.server.insights import figures

    by = queries.by_of(basis)
    document = figures.segments_of(basis, by)
    context = {
        **framed(access, basis, document, "segments"),
        **showing.segments(document, basis),
        "ranks": [
            {"label": label, "on": basis.asked.rank == rank, "href": basis.asked.query(rank=rank)}
            for rank, label in RANKS.items()
            if showing.can_rank(document, rank)
        ],
        "views": queries.views_of(access, "segments"),
        "view_query": request.GET.urlencode(),
    }
    return render(request, "insights/segments.html", context)


@require_safe
def profit(request: HttpRequest, slug: str) -> HttpResponse:
    """Are the most profitable customers promoters, and what do detractors bring and cost?"""
    access = workspace_for(request, slug)
    basis = queries.profit_basis(access, _query(request))
    if basis is None:
        return nothing(request, access, "Profit", "Score against money: who brings it, and how they feel.")
    from winback.server.insights import figures

    document = figures.profit_of(basis)
    context = {**framed(access, basis, document, "profit"), **showing.profit(document, basis)}
    return render(request, "insights/profit.html", context)


@require_safe
def tier(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The customers of a profit tier, those who bring most first; perhaps only those who feel in one way."""
    access = workspace_for(request, slug)
    band, page = request.GET.get("band", ""), request.GET.get("page", "1")
    basis = queries.profit_basis(
        access, {name: said for name, said in _query(request).items() if name not in ("band", "page")}
    )
    if basis is None:
        return nothing(request, access, "Profit", "Score against money: who brings it, and how they feel.")
    from winback.server.insights.tier import BANDS, customers_of

    rows = {row["tier"]: row for row in basis.profit().document()["tiers"]}
    if number not in rows or (band and band not in BANDS) or not basis.has_worth:
        raise Http404("There is no such tier.")
    everybody = customers_of(basis, number, band)
    start = showing.TIER_PAGE * (int(page) - 1) if page.isascii() and page.isdigit() and 0 < int(page) < 10**6 else 0
    context = {
        **showing.tier(basis, rows[number], number, band),
        "items": queries.listed(access, everybody[start : start + showing.TIER_PAGE]),
        "count": len(everybody),
        "next": int(page) + 1 if start + showing.TIER_PAGE < len(everybody) and page.isdigit() else None,
        "as_of": showing.moment(basis.holding.as_of, basis.holding.tables.zone),
    }
    return render(request, "insights/tier.html", context)


@require_safe
def journey(request: HttpRequest, slug: str) -> HttpResponse:
    """Score and answers by stage and touchpoint, and where nobody is heard."""
    access = workspace_for(request, slug)
    basis = queries.journey_basis(access, _query(request))
    if basis is None:
        return nothing(request, access, "Journey", "How customers feel at every stage, and where we do not hear them.")
    from winback.server.insights import figures

    document = figures.journey(basis, queries.stages_known(access, basis))
    context = {**framed(access, basis, document, "journey"), **showing.journey(document, basis)}
    return render(request, "insights/journey.html", context)


@require_safe
def readiness(request: HttpRequest, slug: str) -> HttpResponse:
    """What the data allow, and which column would open the next page."""
    access = workspace_for(request, slug)
    found = queries.readiness(access)
    context = {
        "items": showing.ready(found, slug),
        "possible": sum(item["possible"] for item in found),
        "next": next((item for item in showing.ready(found, slug) if not item["possible"] and item["table"]), None),
        "may_import": access.may("member"),
    }
    return render(request, "insights/readiness.html", context)


@require_GET
def export(request: HttpRequest, slug: str, page: str, kind: str) -> HttpResponse:
    """A page's figures as a file, written to the audit: JSON holds everything, CSV the page's main table."""
    access = workspace_for(request, slug)
    if page not in EXPORTS or kind not in KINDS:
        raise Http404("There is no such file.")
    document = EXPORTS[page](access, _query(request))
    if document is None:
        raise UserError("There is nothing to export yet: import answers first.")
    actions.note_export(access=access, page=page, kind=kind, query=request.GET.urlencode())
    body, content = (json_of(document), "application/json") if kind == "json" else (csv_of(page, document), "text/csv")
    response = HttpResponse(body, content_type=f"{content}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{page}.{kind}"'
    return response


@require_POST
def save_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the choices of the Segments page under a name."""
    access = workspace_for(request, slug)
    query = request.POST.get("query", "")
    actions.save_view(
        access=access, page="segments", name=request.POST.get("name", ""), query=query,
        shared=bool(request.POST.get("shared")) and access.may("member"),
    )  # fmt: skip
    return HttpResponseRedirect(f"{reverse('segments', args=[slug])}?{query}")


@require_POST
def delete_view(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take away a saved view of one's own."""
    access = workspace_for(request, slug)
    actions.delete_view(access=access, pk=pk)
    return HttpResponseRedirect(f"{reverse('segments', args=[slug])}?{request.POST.get('query', '')}")


def nothing(request: HttpRequest, access: Access, title: str, lead: str) -> HttpResponse:
    """A page without any answers says what will be here, and the one next step."""
    why = queries.nothing_yet(access)
    return render(request, "insights/nothing.html", {"title": title, "lead": lead, "why": why})


def framed(access: Access, basis: Basis, document: Mapping[str, Any], page: str) -> dict[str, Any]:
    """What every page of figures needs: the bar, how the figures were made, since when they wait for more."""
    from winback.server.insights.basis import choices

    holding = basis.holding
    waiting = queries.waiting_since(access)
    late = waiting is not None and timezone.now() - waiting > LATE
    return {
        "doc": document,
        "bar": bar(
            basis.asked, window=basis.window, first=basis.first, last=basis.last, today=basis.today, sorts=holding.sorts,
            sort=holding.sort, values=choices(holding, scope=queries.scope_key(access)), attributes=holding.attributes,
        ),
        "as_of": showing.moment(holding.as_of, holding.tables.zone),
        "waiting": showing.moment(waiting, holding.tables.zone) if waiting and late else None,
        "made": showing.made(document, basis),
        "year": basis.today.year,
        "page": page,
        "exports": page in EXPORTS,
        "export_query": basis.asked.query(),
        "answers_query": answers_link(basis),
        "empty_window": basis.empty(),
    }  # fmt: skip
