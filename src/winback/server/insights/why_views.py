"""The pages of why: what drives the score, and the themes that customers name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from winback.charts.drivers import importance_chart, room_chart
from winback.report.words import percent
from winback.server.insights import queries
from winback.server.insights.views import framed, nothing
from winback.server.workspaces.access import workspace_for


@require_safe
def drivers(request: HttpRequest, slug: str) -> HttpResponse:
    """What goes with the score, beside how much room there is to improve."""
    access = workspace_for(request, slug)
    query = dict(request.GET.lists())
    basis = queries.opened(access, query)
    if basis is None:
        return nothing(request, access, "Drivers", "What goes with the score, and where there is room to improve.")
    document = queries.drivers_document(basis, query)
    rows = document["drivers"]
    ratings = [row for row in rows if row["dissatisfied"] is not None and row["importance"] is not None]
    ratings.sort(key=lambda row: -(row["priority"] or 0.0))
    names = document["chosen"]

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
