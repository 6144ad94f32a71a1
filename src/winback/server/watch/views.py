"""The pages of flare-ups: what burns, what was, what is watched, one of them, and who is in the same boat."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from winback.connectors.rejected import guarded
from winback.errors import UserError
from winback.server.exports.queries import manifest_of
from winback.server.feedback.queries import attribute_names, newest_first
from winback.server.feedback.views import read_items
from winback.server.watch import changes, deciding, exposed, naming, planning, queries, saying, showing, telling
from winback.server.watch.models import EVERY, MEASURES, REASONS, TELLING, VERDICTS, Alarm
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access, workspace_for
from winback.server.workspaces.reads import note_read

QUOTES = 3
PAGE = 50
ROWS = 40  # watched segments shown at first
SNOOZES = (7, 14, 28)


@require_safe
def flareups(request: HttpRequest, slug: str) -> HttpResponse:
    """What burns now, most money first."""
    access = workspace_for(request, slug)
    alarms, watched = queries.burning(access), queries.watches(access)
    also = queries.also(access, alarms)
    context = {
        **_frame(access, watched, "now"),
        "cards": [
            showing.card(one, also.get(one.pk, ()), drawn=place < showing.CHARTS) for place, one in enumerate(alarms)
        ],
        "calm": [
            {"watch": one, "typical": showing.typical(one), "what": saying.MEASURES[one.measure]}
            for one in watched
            if not one.trouble
        ],
    }
    return render(request, "watch/flareups.html", context)


@require_safe
def past(request: HttpRequest, slug: str) -> HttpResponse:
    """Those that are over or dismissed, and how many of all proved real."""
    access = workspace_for(request, slug)
    before = _number(request.GET.get("before", ""))
    alarms, more = queries.past(access, before=before)
    context = {
        **_frame(access, queries.watches(access), "past"),
        "rows": [{**showing.card(one), "reason": saying.REASONS.get(one.reason, ""), "ending": saying.ENDINGS.get(one.ending, "")} for one in alarms],
        "more": more, "proved": queries.proved(access),
    }  # fmt: skip
    return render(request, "watch/past.html", context)


@require_safe
def watched(request: HttpRequest, slug: str) -> HttpResponse:
    """Every watched segment with the smallest rise it could have shown."""
    access = workspace_for(request, slug)
    found = queries.watches(access)
    tables = []
    for one in found:
        rows = queries.listed(access, one)
        shown = rows if "all" in request.GET else rows[:ROWS]
        tables.append({
            "watch": one, "rows": [{**row, "rise": showing.rise(row["expected_share"], row["noticeable"])} for row in shown],
            "typical": showing.typical(one), "what": saying.MEASURES[one.measure],
            "more": len(rows) - len(shown),
        })  # fmt: skip
    return render(request, "watch/watched.html", {**_frame(access, found, "watched"), "tables": tables})


@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest, slug: str) -> HttpResponse:
    """Who owns which segment, what is watched and by which period."""
    access = workspace_for(request, slug, at_least="manager", whole=True)
    if request.method == "POST":
        said = _settled(request, access)
        messages.success(request, said, extra_tags="done")
        return HttpResponseRedirect(reverse("flareups_who", args=[slug]))
    plan = planning.plan_of(access.workspace)
    context = {
        **_frame(access, queries.watches(access), "who"),
        "owners": queries.owners(access), "people": queries.colleagues(access, Alarm()), "plan": plan,
        "attributes": attribute_names(access),
        "measures": [(name, saying.MEASURES[name], name in planning.measures_of(plan)) for name in MEASURES],
        "periods": EVERY,
    }  # fmt: skip
    return render(request, "watch/who.html", context)


def _settled(request: HttpRequest, access: Access) -> str:
    if "remove" in request.POST:
        deciding.disown(by=access, pk=_number(request.POST["remove"]) or 0)
        return "Alarms there go to the other owners, or to the managers."
    if "attribute" in request.POST:
        owner = deciding.own(
            by=access, attribute=request.POST["attribute"], value=request.POST.get("value", ""),
            email=request.POST.get("email", ""),
        )  # fmt: skip
        return f"Alarms of {owner.attribute} {owner.value} go to {owner.user}."
    planning.change_plan(by=access, measures=request.POST.getlist("measure"), every=request.POST.get("every", "week"))
    return "Saved. Everything is looked at anew."


@require_POST
def tell(request: HttpRequest, slug: str) -> HttpResponse:
    """Say how one wants to be told of flare-ups here."""
    access = workspace_for(request, slug)
    telling.choose(by=access, how=request.POST.get("how", ""))
    messages.success(request, "Saved.", extra_tags="done")
    return HttpResponseRedirect(reverse("flareups", args=[slug]))


@require_POST
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """Have it looked at now."""
    access = workspace_for(request, slug, at_least="manager", whole=True)
    planning.request(workspace=access.workspace)
    messages.success(request, "It is being looked at; load the page again in a moment.", extra_tags="done")
    return HttpResponseRedirect(reverse("flareups", args=[slug]))


@require_safe
def flareup(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One flare-up: how big, how sure, where exactly, in whose words, what changed, and what is being done."""
    access = workspace_for(request, slug)
    alarm = queries.alarm_for(access, pk)
    events = queries.events_of(alarm)
    last = next((one for one in reversed(events) if one.before is not None and one.undone_at is None), None)
    watch = next(
        (one for one in queries.watches(access) if (one.sort, one.measure) == (alarm.sort, alarm.measure)), None
    )
    # what is read of customers is words and no names of theirs beyond those of the list of feedback
    rows, _ = newest_first(naming.words_of(access, alarm), before=None, size=QUOTES)
    may, lead = showing.acts(access, alarm), queries.lead_of(access, alarm)
    today = planning.today_in(access.workspace)
    context = {
        **showing.card(alarm, queries.also(access, [alarm]).get(alarm.pk, ()), drawn=True),
        "facts": showing.facts(alarm, watch, access.workspace.currency),
        "where_rows": showing.causes(alarm) if alarm.is_share else [],
        "items": read_items(access, rows), "named": naming.themes_of(access, alarm),
        "changed": showing.changed(alarm, changes.imports_around(access, alarm), changes.mix(access, alarm), changes.words(access, alarm)),
        "told": showing.told(events), "may": may, "undo": last is not None and access.may("member") and deciding.may_undo(access, last),
        "last": last, "colleagues": queries.colleagues(access, alarm) if may["assign"] else (),
        "reasons": [(name, saying.REASONS[name]) for name in REASONS], "verdicts": VERDICTS,
        "snoozes": [(today + dt.timedelta(days=days), days // 7) for days in SNOOZES],
        "ending": saying.ENDINGS.get(alarm.ending, ""), "reason": saying.REASONS.get(alarm.reason, ""),
        "lead": lead and {"pk": lead.pk, "headline": saying.headline(lead)},
        "boat": exposed.silent_customers(access, alarm).count(),
        "unhappy": showing.answers_query(alarm, band="detractor"),
    }  # fmt: skip
    return render(request, "watch/flareup.html", context)


@dataclass(frozen=True)
class Decision:
    """What one may decide about an alarm: from which role on, what is done with the form, and what is said then."""

    role: str
    do: Callable[[Access, Alarm, int, QueryDict], Any]
    said: str


DECISIONS = {
    "take": Decision(
        "member", lambda by, alarm, seen, form: deciding.take(by=by, alarm=alarm, seen=seen, note=form.get("note", "")),
        "You have it. New evidence counts from here.",
    ),
    "dismiss": Decision(
        "manager",
        lambda by, alarm, seen, form: deciding.dismiss(
            by=by, alarm=alarm, seen=seen, reason=form.get("reason", ""), note=form.get("note", "")
        ),
        "Dismissed. Nobody is told of it again.",
    ),
    "assign": Decision(
        "manager", lambda by, alarm, seen, form: deciding.assign(by=by, alarm=alarm, seen=seen, email=form.get("email", "")),
        "It is theirs now; they are told as they chose.",
    ),
    "snooze": Decision(
        "member",
        lambda by, alarm, seen, form: deciding.snooze(by=by, alarm=alarm, seen=seen, until=_day(form.get("until", ""))),
        "Snoozed. It comes back if it still burns.",
    ),
    "judge": Decision(
        "member", lambda by, alarm, seen, form: deciding.judge(by=by, alarm=alarm, seen=seen, verdict=form.get("verdict", "")),
        "Thank you: that is how the watch is judged.",
    ),
    "note": Decision(
        "member", lambda by, alarm, seen, form: deciding.note(by=by, alarm=alarm, text=form.get("note", "")), "Noted."
    ),
    "undo": Decision("member", lambda by, alarm, seen, form: deciding.undo(by=by, alarm=alarm, seen=seen), "Undone."),
}  # fmt: skip


@require_POST
def decide(request: HttpRequest, slug: str, pk: int, verb: str) -> HttpResponse:
    """One decision about one alarm, on the state that the form showed."""
    decision = DECISIONS[verb]
    access = workspace_for(request, slug, at_least=decision.role)
    alarm = queries.alarm_for(access, pk)
    seen = _number(request.POST.get("seen", ""))
    decision.do(access, alarm, alarm.changes if seen is None else seen, request.POST)
    messages.success(request, decision.said, extra_tags="done")
    return HttpResponseRedirect(reverse("flareup", args=[slug, pk]))


@require_safe
def same_boat(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Customers with the same exposure of whom nobody answered: whom to tell before they have to ask."""
    access = workspace_for(request, slug)
    alarm = queries.alarm_for(access, pk)
    after = _number(request.GET.get("after", "")) or 0
    profiles = exposed.silent_customers(access, alarm)
    some = list(profiles.filter(pk__gt=after).order_by("id")[: PAGE + 1])
    shown = some[:PAGE]
    note_read(access, f"flare-up {pk}: same boat")
    context = {
        **showing.card(alarm), "rows": exposed.aboard(access, shown, at=timezone.now()), "count": profiles.count(),
        "more": shown[-1].pk if len(some) > PAGE else None, "by": saying.name(alarm),
    }  # fmt: skip
    return render(request, "watch/same_boat.html", context)


@require_GET
def same_boat_export(request: HttpRequest, slug: str, pk: int) -> StreamingHttpResponse:
    """The same as CSV, written to the audit, since it leaves the house."""
    access = workspace_for(request, slug, at_least="member")
    alarm = queries.alarm_for(access, pk)
    audit.record(verb="same boat exported", target=f"flare-up {pk}", by=access)
    response = StreamingHttpResponse(
        _lines(exposed.rows(access, alarm, at=timezone.now())), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{slug}-flare-up-{pk}-same-boat.csv"'
    return response


def _lines(rows: Iterator[list[str]]) -> Iterator[str]:
    """CSV with a byte order mark for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    for row in rows:
        writer.writerow(guarded(row))
        if out.tell() > 64_000:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _frame(access: Access, found: list[Any], tab: str) -> dict[str, Any]:
    """What every tab has: where one is, as of when, and why there is nothing where there is nothing."""
    manifest = manifest_of(access)
    little = [one for one in found if one.trouble == "too little"]
    plan = queries.plan_for(access)
    return {
        "tab": tab, "why": queries.nothing_watched(access, found), "as_of": max((one.as_of for one in found if one.as_of), default=None),
        "late": manifest is not None and bool(found) and any(one.version.partition("+")[0] != manifest.id for one in found),
        "weeks": min((queries.weeks_more(one) for one in little), default=None),
        "every": plan.every if plan else "week", "how": queries.telling_of(access), "hows": TELLING,
        "through": max((one.through for one in found if one.through), default=None),
        "today": planning.today_in(access.workspace),
    }  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(f'"{text[:40]}" is no day; write it like 2026-11-19.') from None
