"""Pages to read feedback on: a list with filters, one piece, and the list as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from winback.connectors.rejected import guarded
from winback.errors import UserError
from winback.report.words import short_day
from winback.server.feedback.meaning import NEAREST, Nearest, nearest
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import (
    BAND_NAMES,
    FIELDS,
    Choice,
    attribute_names,
    band_name,
    bands_of,
    chosen,
    exported,
    exported_names,
    feedback_for,
    names_of,
    newest_first,
)
from winback.server.feedback.rules import FIRST_YEAR, LAST_YEAR
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access, workspace_for
from winback.server.workspaces.reads import note_read

PAGE = 40
MOST_ASKED = 20  # attributes filtered by at once; each is a question of its own about every row
OWN = frozenset(
    {"q", "band", "since", "until", "source", "customer", "commented", "before", "format", "sort", "of", "by"}
)


@require_safe
def feedback_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What customers said, newest first, filtered by the address."""
    access = workspace_for(request, slug)
    choice = choice_of(request.GET)
    near: Nearest | None = None
    more = None
    if choice.meaning and choice.text:
        near = nearest(access, choice)
        rows = [row for row, _ in near.rows]
    else:
        rows, more = newest_first(chosen(access, choice), before=place_of(request.GET.get("before", "")), size=PAGE)
    if choice.customer and rows:
        note_read(access, f"customer {choice.customer}")
    context = {
        "choice": choice,
        "near": near,
        "most": NEAREST,
        "whole": access.scope.everything,  # how many there are in all is nothing for who may see a part
        "items": read_items(access, rows),
        "more": f"{more[0].isoformat() if more[0] else ''},{more[1]}" if more else "",
        "attributes": attribute_names(access),
        "bands": BAND_NAMES,
        "filtered": filters_of(choice),
        "anything": bool(rows) or feedback_for(access).exists(),
    }
    partial = request.headers.get("HX-Request") == "true" and "before" in request.GET
    return render(request, "feedback/items.html" if partial else "feedback/list.html", context)


@require_safe
def feedback_one(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One piece of feedback, with everything its row said. Reading it is written to the audit: it is personal data."""
    access = workspace_for(request, slug)
    row = get_object_or_404(feedback_for(access).select_related("source", "customer", "run"), pk=pk)
    note_read(access, f"feedback {pk}")
    (item,) = read_items(access, [row])
    facts = [
        (name.replace("_", " "), getattr(row, name))
        for name in (*FIELDS, "respondent", "external_id", "money", "weight")
    ]
    told = [(name, value) for name, value in [*facts, *sorted(row.attributes.items())] if value not in (None, "")]
    return render(request, "feedback/one.html", {"item": item, "told": told})


@require_GET
def feedback_export(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    """The chosen feedback as CSV or JSON lines; written to the audit, since it leaves the house."""
    access = workspace_for(request, slug, at_least="member")
    choice = choice_of(request.GET)
    kind = request.GET.get("format", "csv")
    if kind not in ("csv", "jsonl"):
        raise UserError(f'"{kind}" is no format; it may be csv or jsonl.')
    audit.record(verb="feedback exported", target=request.GET.urlencode(), by=access, format=kind)
    near = _near(access, choice)
    rows = exported(access, choice, near)
    lines = _csv(exported_names(access, choice, near), rows) if kind == "csv" else _json_lines(rows)
    response = StreamingHttpResponse(
        lines, content_type="text/csv; charset=utf-8" if kind == "csv" else "application/jsonl"
    )
    response["Content-Disposition"] = f'attachment; filename="{access.workspace.slug}-feedback.{kind}"'
    return response


def _near(access: Access, choice: Choice) -> list[Feedback] | None:
    """What is nearest in meaning, where that was asked for."""
    return [row for row, _ in nearest(access, choice).rows] if choice.meaning and choice.text else None


def choice_of(asked: QueryDict) -> Choice:
    """The filters in an address. What is no filter of ours is an attribute.

    Raises UserError for a band or a date that is none, and for more attributes than the database should be asked for.
    """
    band = asked.get("band", "")
    if band and band not in BAND_NAMES:
        raise UserError(f'"{band}" is no band; it may be {", ".join(BAND_NAMES)}.')
    attributes = {name: str(value) for name, value in asked.items() if name not in OWN and name not in FIELDS}
    if len(attributes) > MOST_ASKED:
        raise UserError(f"{len(attributes)} attributes are asked for at once; ask for {MOST_ASKED} at most.")
    return Choice(
        text=asked.get("q", "").strip()[:200],
        meaning=asked.get("by") == "meaning",
        band=band,
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        source=_number(asked.get("source", "")),
        customer=_number(asked.get("customer", "")),
        commented="commented" in asked,
        fields={name: str(asked[name]) for name in FIELDS if name in asked},
        attributes=attributes,
    )


def read_items(access: Access, rows: list[Feedback]) -> list[dict[str, Any]]:
    """Rows as a page shows them: with the band and what to call the customer. Two queries for all."""
    names = names_of(access, [row.customer_id for row in rows if row.customer_id])
    several = len({row.source_id for row in rows}) > 1
    return [
        {
            "row": row,
            "band": band_name(row.score, bands_of(row.source)),
            "name": names.get(row.customer_id or 0, ""),
            "source": row.source.name if several else "",
            "segment": " · ".join(str(value) for value in list(row.attributes.values())[:3] if value),
        }
        for row in rows
    ]


def filters_of(choice: Choice) -> list[tuple[str, str]]:
    """Name in the address and words, for a pill with which to take a filter away."""
    told = [
        ("q", f"{'like ' if choice.meaning else ''}“{choice.text}”" if choice.text else ""),
        ("band", f"{choice.band}s" if choice.band else ""),
        ("since", f"from {_said(choice.since)}" if choice.since else ""),
        ("until", f"until {_said(choice.until)}" if choice.until else ""),
        ("commented", "with a comment" if choice.commented else ""),
        ("customer", "one customer" if choice.customer else ""),
        ("source", "one source" if choice.source else ""),
    ]
    told += [
        (name, f"{name.replace('_', ' ')}: {value}" if value else f"no {name.replace('_', ' ')}")
        for name, value in {**choice.fields, **choice.attributes}.items()
    ]
    return [(name, words) for name, words in told if words]


def _said(day: dt.date) -> str:
    return short_day(day, timezone.now().year)


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(f'"{text[:40]}" is no date; write it like 2026-11-19.') from None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def place_of(text: str) -> tuple[dt.datetime | None, int] | None:
    """A place in the order of the list, as the link to the next page has it; None for the first page."""
    at, _, pk = text.rpartition(",")
    number = _number(pk)
    if number is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(at) if at else None
    except ValueError:
        return None
    if moment is not None and (moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR):
        return None
    return moment, number


def _csv(names: list[str], rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """CSV with a byte order mark for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(guarded(names))
    for row in rows:
        writer.writerow(guarded([str(row.get(name, "")) for name in names]))
        if out.tell() > 64_000:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _json_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"
