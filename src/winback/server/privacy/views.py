"""Pages for people's rights: what is held of somebody, their copy of it, their erasure; and how long things are kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from winback.connectors.rejected import guarded
from winback.errors import UserError
from winback.scales import plain
from winback.server.customers.models import Contact, Customer
from winback.server.customers.queries import customer_for
from winback.server.privacy import actions, masking
from winback.server.privacy.models import AccessExport, Erasure, RetentionRule
from winback.server.privacy.queries import held, one_person, person_of
from winback.server.privacy.rules import KINDS
from winback.server.redaction import Person
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access, workspace_for
from winback.server.workspaces.rules import phone_regions

SHOWN = 50  # rows of a kind on the page; the file has all
OBJECTED = ("research", "marketing")


@require_http_methods(["GET", "POST"])
@never_cache
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    """Erasures done, copies handed out, and the rules of how long things are kept."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    if request.method == "POST":
        actions.set_rule(what=request.POST.get("what", ""), days=request.POST.get("days", ""), by=access)
        messages.success(request, "Saved. The rule is applied every night.", extra_tags="done")
        return redirect("privacy", slug)
    days = dict(RetentionRule.objects.filter(workspace=access.workspace).values_list("what", "days"))
    context = {
        "rules": [{"what": what, "kind": kind, "days": days.get(what)} for what, kind in KINDS.items()],
        "erasures": Erasure.objects.filter(workspace=access.workspace).select_related("by").order_by("-id")[:SHOWN],
        "copies": AccessExport.objects.filter(workspace=access.workspace).select_related("by").order_by("-id")[:SHOWN],
    }
    return render(request, "privacy/privacy.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def mask(request: HttpRequest, slug: str) -> HttpResponse:
    """Personal data in the comments that are here already: counted, and masked after a look at the count."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    job = masking.last(access.workspace)
    busy = job is not None and job.state in ("queued", "running")
    counted = job if job is not None and job.state == "done" and not job.arguments["write"] else None
    if request.method == "POST":
        if "mask" in request.POST and counted is None:
            raise UserError("Count what would be masked first: what is masked cannot be brought back.")
        masking.ask(by=access, write="mask" in request.POST)
        return redirect("settings_mask", slug)
    context = {
        "job": job, "busy": busy, "counted": counted, "regions": " ".join(phone_regions(access.workspace)),
        "number": masking.comments_of(access.workspace).count(),
    }  # fmt: skip
    return render(request, "privacy/mask.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def customer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What is held of a customer and the people at it, in any part of the workspace; POST notes that they object."""
    access = workspace_for(request, slug, at_least="member", whole=True)
    this = customer_for(access, pk)
    people = _people(this)
    if request.method == "POST":
        count = actions.object_to(contacts=people, purposes=OBJECTED, by=access)
        if not count:
            raise UserError("Nobody is known at this customer who could object; add the person first.")
        messages.success(request, "Noted: no research and no marketing from now on.", extra_tags="done")
        return redirect("privacy_customer", slug, pk)
    found = held(person_of(this))
    audit.record(verb="personal data read", target=f"customer {pk}", by=access)
    zone = access.workspace.zone
    context = {
        "customer": this,
        "kinds": [
            {
                "title": kind,
                "count": len(rows),
                "rows": [_cells(row, zone) for row in rows[:SHOWN]],
                "more": len(rows) > SHOWN,
            }
            for kind, rows in found.items()
        ],
        "people": [{"contact": one, "name": _name(one)} for one in people],
        "may_erase": access.may("admin"),
    }
    return render(request, "privacy/customer.html", context)


@require_POST
def export(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Everything held of a customer as a file for them, JSON or CSV; audited."""
    access = workspace_for(request, slug, at_least="manager", whole=True)
    this = customer_for(access, pk)
    kind = request.POST.get("format", "json")
    if kind not in ("json", "csv"):
        raise UserError("The copy comes as json or as csv.")
    found = actions.hand_out(
        person=person_of(this), external_id=this.external_id, kind="customer", format_=kind, by=access
    )
    if kind == "json":
        response = HttpResponse(
            json.dumps(found, default=str, ensure_ascii=False, indent=1), content_type="application/json"
        )
    else:
        response = HttpResponse("".join(_csv(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="what-we-hold-{pk}.{kind}"'
    return response


@require_http_methods(["GET", "POST"])
@never_cache
def erase(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Erase a customer, or with `contact` one person at it: a preview, and a confirmation that is typed."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    this = customer_for(access, pk)
    asked = request.POST.get("contact") or request.GET.get("contact") or ""
    one = _contact(this, asked) if asked else None
    person = one_person(one) if one is not None else person_of(this)
    typed = one.external_id if one is not None else this.external_id
    context: dict[str, Any] = {
        "customer": this,
        "contact": one,
        "typed": typed,
        "name": _name(one) if one else _shown(person, this),
    }
    if request.method == "POST":
        if request.POST.get("typed", "").strip() == typed:
            return _erased(request, access, this, one)
        context["refusal"] = f'Type "{typed}" exactly as it stands; nothing was erased.'
    context["counts"] = [(kind, len(rows)) for kind, rows in held(person).items()]
    return render(request, "privacy/erase.html", context, status=400 if "refusal" in context else 200)


def _erased(request: HttpRequest, access: Access, this: Customer, one: Contact | None) -> HttpResponseRedirect:
    if one is not None:
        actions.erase_contact(contact=one, by=access)
        messages.success(request, "Erased. What this person said counts on, as nobody's.", extra_tags="done")
        return HttpResponseRedirect(reverse("customer", args=[access.workspace.slug, this.pk]))
    actions.erase_customer(customer=this, by=access)
    messages.success(request, "Erased. What they said counts on, as nobody's.", extra_tags="done")
    return HttpResponseRedirect(reverse("customers", args=[access.workspace.slug]))


def _people(this: Customer) -> list[Contact]:
    return list(Contact.objects.filter(pk__in=person_of(this).contact_ids).order_by("external_id"))


def _contact(this: Customer, asked: str) -> Contact:
    if not asked.isascii() or not asked.isdigit():
        raise UserError("There is no such person at this customer.")
    return get_object_or_404(Contact, pk=int(asked), pk__in=person_of(this).contact_ids)


def _name(contact: Contact) -> str:
    return contact.profiles.exclude(name="").values_list("name", flat=True).last() or contact.external_id


def _shown(person: Person, this: Customer) -> str:
    return this.profiles.exclude(name="").values_list("name", flat=True).last() or this.external_id


def _cells(row: Mapping[str, Any], zone: str = "UTC") -> list[tuple[str, str]]:
    return [(name, _text(value, ZoneInfo(zone))) for name, value in row.items() if value not in (None, "", {}, [])]


def _text(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_text(one, zone)}" for name, one in value.items())
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).isoformat(" ", "minutes")
    return plain(value) if isinstance(value, float) else str(value)


def _csv(found: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    """One line a fact: of what kind, in which of them, what it is called, what it says."""
    yield "﻿"  # spreadsheets read UTF-8 by it
    yield _line(["kind", "number", "what", "value"])
    for kind, rows in found.items():
        for number, row in enumerate(rows, start=1):
            for name, value in _cells(row):
                yield _line(guarded([kind, str(number), name, value]))


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
