"""Pages of customers and accounts, and the search over everything with a name."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from winback.errors import UserError
from winback.server.customers import people
from winback.server.customers.actions import edit_customer, today_in
from winback.server.customers.models import BASES, CHANNELS, PURPOSES, STOP_REASONS, CustomerProfile
from winback.server.customers.queries import customer_for, found, page_by_name, profiles_for
from winback.server.feedback.queries import Choice, chosen, newest_first
from winback.server.feedback.views import read_items
from winback.server.stories import accounts as account_queries
from winback.server.stories.heard import heard
from winback.server.stories.queries import contact_for, months, people_at, stops_of, story, with_figures
from winback.server.workspaces.access import Access, workspace_for
from winback.server.workspaces.reads import note_read

PAGE = 50
SHOWN = 6  # of a box beside the list
EDITABLE = ("name", "owner_name", "renewal_date", "parent", "acquired_by")


@require_safe
def customers(request: HttpRequest, slug: str) -> HttpResponse:
    """All customers by name, with the last score and what they bring."""
    access = workspace_for(request, slug)
    return _list(request, access, profiles_for(access), "stories/customers.html")


@require_safe
def accounts(request: HttpRequest, slug: str) -> HttpResponse:
    """Accounts: coverage, silence before renewal, split opinions, and the list."""
    access = workspace_for(request, slug)
    today = today_in(access.workspace)
    partial = request.headers.get("HX-Request") == "true" and "after" in request.GET
    figures: dict[str, Any] = {}
    listed = account_queries.accounts(access)
    only = "silent" in request.GET
    if only or not partial:
        known = heard(access, today=today)
        silent = account_queries.renewing_in_silence(access, known, today=today)
        figures = {
            "as_of": known.as_of,
            "coverage": account_queries.coverage(known),
            "silent": with_figures(access, silent[:SHOWN], today=today),
            "silent_more": len(silent) - SHOWN,
            "split": account_queries.split_opinions(access, known),
            "only_silent": only,
        }
        if only:
            listed = profiles_for(access).filter(pk__in=[profile.pk for profile in silent])
    return _list(request, access, listed, "stories/accounts.html", **figures)


def _list(request: HttpRequest, access: Access, profiles: Any, template: str, **more: Any) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:200]
    name, _, pk = request.GET.get("after", "").rpartition(",")
    after = (name, int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 18 else None
    rows, following = page_by_name(found(profiles, access.workspace, text), after=after, size=PAGE)
    context = {
        "items": with_figures(access, rows, today=today_in(access.workspace)),
        "more": f"{following[0]},{following[1]}" if following else "",
        "text": text,
        "anything": bool(rows) or profiles.exists(),
        **more,
    }
    partial = request.headers.get("HX-Request") == "true" and "after" in request.GET
    return render(request, "stories/rows.html" if partial else template, context)


@require_safe
def customer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One customer's story. Reading it is written to the audit: it is personal data."""
    access = workspace_for(request, slug)
    this = customer_for(access, pk)
    profile = profiles_for(access).select_related("customer").get(customer=this)
    (figures,) = with_figures(access, [profile], today=today_in(access.workspace))
    note_read(access, f"customer {pk}")
    context = {
        **figures,
        "customer": this,
        "story": story(access, this),
        "months": months(access, this),
        "people": people_at(access, [this.pk]),
        "stops": stops_of(this),
        "family": account_queries.family(access, profile),
        "may_edit": access.may("member"),
        "stop_reasons": STOP_REASONS,
        "purposes": PURPOSES,
        "channels": CHANNELS,
        "bases": BASES,
        "today": today_in(access.workspace),
    }
    return render(request, "stories/customer.html", context)


@require_POST
def customer_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Name, owner, renewal date and parent, as a person knows them."""
    access = workspace_for(request, slug, at_least="member")
    this = customer_for(access, pk)
    said: dict[str, Any] = {name: request.POST[name].strip() for name in EDITABLE if name in request.POST}
    if "renewal_date" in said:
        said["renewal_date"] = _day(said["renewal_date"]) if said["renewal_date"] else None
    edit_customer(access=access, customer=this, **said)
    return _back(request, slug, pk, "Saved.")


@require_POST
def customer_stop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A reason not to approach this customer: noted, or ended."""
    access = workspace_for(request, slug, at_least="member")
    this = customer_for(access, pk)
    if "end" in request.POST:
        people.end_stop_reason(
            customer=this, stop_id=_id(request.POST["end"]), on=today_in(access.workspace), by=access
        )
        return _back(request, slug, pk, "The reason holds no longer.")
    since = _day(request.POST.get("since", "") or today_in(access.workspace).isoformat())
    people.add_stop_reason(customer=this, reason=request.POST.get("reason", ""), since=since, by=access)
    return _back(request, slug, pk, "Noted. Nobody approaches this customer for what the reason rules out.")


@require_POST
def customer_contact(request: HttpRequest, slug: str, pk: int, contact_pk: int) -> HttpResponse:
    """What a person at this customer agreed to or refused."""
    access = workspace_for(request, slug, at_least="member")
    person = contact_for(access, customer_for(access, pk), contact_pk)
    asked, origin = request.POST, request.POST.get("origin", "").strip()[:200]
    if "opt_out" in asked:
        people.opt_out(
            contact=person, purpose=asked.get("purpose", ""), channel=asked.get("channel", ""),
            origin=origin or f"noted by {access.label}", by=access,
        )  # fmt: skip
        return _back(request, slug, pk, "Noted, and in force at once.")
    if "opt_in" in asked:
        people.opt_in(contact=person, opt_out_id=_id(asked["opt_in"]), origin=origin, by=access)
        return _back(request, slug, pk, "Taken back.")
    people.set_basis(
        contact=person, purpose=asked.get("purpose", ""), basis=asked.get("basis", ""), origin=origin, by=access
    )
    return _back(request, slug, pk, "Saved.")


@require_safe
def search(request: HttpRequest, slug: str) -> HttpResponse:
    """Customers by name or id, and feedback by its words."""
    access = workspace_for(request, slug)
    text = request.GET.get("q", "").strip()[:200]
    rows: list[CustomerProfile] = []
    items: list[dict[str, Any]] = []
    if text:
        rows, _ = page_by_name(found(profiles_for(access), access.workspace, text), after=None, size=20)
        items = read_items(access, newest_first(chosen(access, Choice(text=text)), before=None, size=20)[0])
    context = {"text": text, "items": with_figures(access, rows, today=today_in(access.workspace)), "said": items}
    return render(request, "stories/search.html", context)


def _back(request: HttpRequest, slug: str, pk: int, sentence: str) -> HttpResponseRedirect:
    messages.success(request, sentence, extra_tags="done")
    return HttpResponseRedirect(reverse("customer", args=[slug, pk]))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(f'"{text[:40]}" is no date; write it like 2026-11-19.') from None


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise UserError("That is not there any more; load the page again.")
    return int(text)
