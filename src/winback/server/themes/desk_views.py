"""The sorting desk: one comment after another, by keyboard or by forms, and where two people differed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from winback.errors import UserError
from winback.server.themes import coding, desk, desk_queries, queries, suggesting
from winback.server.themes.desk import QUEUES, Queue
from winback.server.themes.models import DeskLease, Reading
from winback.server.themes.rules import place_of
from winback.server.themes.suggesting import Proposed
from winback.server.themes.words import Key
from winback.server.workspaces.access import Access, workspace_for
from winback.server.workspaces.reads import note_read


@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is to do, in which order, and how far people agree."""
    access = workspace_for(request, slug, at_least="member")
    listed = queries.choices(access)
    context = {
        "themes": listed,
        "queues": [(name, words, name == (request.GET.get("order") or "unsure")) for name, words in QUEUES.items()],
        "theme": _number(request.GET.get("theme", "")),
        "progress": desk_queries.progress(access),
        "agreement": desk_queries.agreement(access),
        "disagreements": len(desk_queries.disagreements(access, most=1000)),
        "may_settle": access.may("member"),
        "share": access.workspace.double_coding,
    }
    return render(request, "themes/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def next_comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the next comment, or the last one again to correct it. Who comes back here from signing in is led to the desk."""
    access = workspace_for(request, slug, at_least="member")
    if request.method != "POST":
        return redirect("desk", slug)
    if request.POST.get("act") == "back":
        return _again(request, access)
    return _next(request, access)


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A comment on one's desk, and what was found in it."""
    access = workspace_for(request, slug, at_least="member")
    try:
        lease = desk.lease_of(access, pk)
    except Http404:
        if request.method == "POST" and request.POST.get("act", "save") in ("save", "none"):
            return _late(request, access)
        raise
    notes: list[str] = []
    chosen: tuple[int, ...] | None = None
    if request.method == "POST":
        act = request.POST.get("act", "save")
        if act == "skip":
            desk.skip(access=access, pk=pk)
            return _next(request, access)
        if act == "leave":
            desk.leave(access=access)
            return redirect("desk", slug)
        themes = [] if act == "none" else _themes(request)
        if act == "ask":
            row = coding.row_of(access, (lease.source_id, lease.external_id))
            try:
                proposed = suggesting.propose_codings(access=access, row=row)
            except UserError as error:
                return _shown(request, access, lease, [str(error)], tuple(themes))
            return _shown(request, access, lease, [], tuple(themes), proposed)
        if act == "save" and not themes:
            notes.append("Nothing is ticked. If none of them fits, say so with “None of these”.")
        else:
            try:
                saved = _save(request, access, (lease.source_id, lease.external_id), themes)
            except coding.Meanwhile as error:
                notes.append(str(error))
                chosen = error.chosen
            else:
                for note in saved.notes:
                    messages.info(request, note)
                return _next(request, access)
    else:
        note_read(access, f"feedback {lease.external_id}"[:200])
    return _shown(request, access, lease, notes, chosen)


def _shown(
    request: HttpRequest, access: Access, lease: DeskLease, notes: list[str], chosen: tuple[int, ...] | None = None,
    proposed: Sequence[Proposed] | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of a comment; `chosen` are still ticked where nothing was saved. `proposed`: what a language model answered."""
    quoted = {one.theme.pk: one for one in proposed or ()}
    context = desk_queries.on_desk(access, lease, also=tuple(quoted))
    context |= {
        "lease": lease,
        "proposed": proposed,
        "may_ask": suggesting.allowed(access.workspace),
        "notes": notes,
        "queue": _queue(request),
        "coded_today": desk_queries.coded_today(access),
    }
    if chosen is not None:
        context["chosen"] = chosen
        for one in context["themes"]:  # words that were marked stay marked
            pk = one["theme"].pk
            one["marked"] = request.POST.get(f"words-{pk}", "") or (quoted[pk].words if pk in quoted else "")
            one["proposed"] = quoted.get(pk)
    return render(request, "themes/desk_comment.html", context, status=409 if notes else 200)


@require_safe
def disagreements(request: HttpRequest, slug: str) -> HttpResponse:
    """Where two people found different themes, to be settled by a third or a manager."""
    access = workspace_for(request, slug, at_least="member")
    context = {
        "found": desk_queries.disagreements(access),
        "themes": [theme for top, below in queries.choices(access) for theme in (top, *below)],
    }
    return render(request, "themes/disagreements.html", context)


@require_POST
def settle(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what counts where two differed: one of the two, or the ticked themes."""
    access = workspace_for(request, slug, at_least="member")
    source = _number(request.POST.get("source", ""))
    if source is None:
        raise UserError("Choose a disagreement to settle.")
    as_read = _number(request.POST.get("as", ""))
    themes = _themes(request)
    key = (source, request.POST.get("external_id", ""))
    if as_read is not None:
        themes = coding.found_by(access=access, key=key, pk=as_read)
    saved = coding.settle(access=access, key=key, themes=themes, digest=_digest(request))
    for note in saved.notes:
        messages.info(request, note)
    messages.success(request, "Settled.")
    return redirect("desk_disagreements", slug)


def _late(request: HttpRequest, access: Access) -> HttpResponse:
    """Save what somebody found in a comment that is no longer on their desk: after a long break, or in another window.

    Others may have coded it meanwhile; then two people have read it, and both readings are kept.
    """
    key = (_number(request.POST.get("source", "")) or 0, request.POST.get("external_id", ""))
    themes = [] if request.POST.get("act") == "none" else _themes(request)
    coding.row_of(access, key)
    if request.POST.get("act") != "none" and not themes:
        raise UserError("That comment is not on your desk any more, and nothing was ticked: take the next one.")
    try:
        saved = _save(request, access, key, themes)
    except coding.Meanwhile as error:  # onto their desk again, with what they chose
        return _shown(request, access, desk.take(access=access, key=key), [str(error)], error.chosen)
    for note in (
        "That comment was not on your desk any more. What you found in it was saved all the same.",
        *saved.notes,
    ):
        messages.info(request, note)
    return _next(request, access)


def _save(request: HttpRequest, access: Access, key: Key, themes: list[int]) -> coding.Coded:
    spans = _spans(request, access, *key, themes)
    return coding.code(access=access, key=key, themes=themes, digest=_digest(request), spans=spans)


def _next(request: HttpRequest, access: Access) -> HttpResponse:
    queue = _queue(request)
    lease = desk.claim(access=access, queue=queue)
    asked = urlencode({"order": queue.order, **({"theme": queue.theme} if queue.theme else {})})
    if lease is None:
        messages.success(request, "Nothing is left to code in this order.")
        return HttpResponseRedirect(f"{reverse('desk', args=[access.workspace.slug])}?{asked}")
    return HttpResponseRedirect(f"{reverse('desk_comment', args=[access.workspace.slug, lease.pk])}?{asked}")


def _again(request: HttpRequest, access: Access) -> HttpResponse:
    last = Reading.objects.filter(workspace=access.workspace, coder=access.user, kind="person").order_by("-at").first()
    if last is None:
        messages.info(request, "You have not coded anything yet.")
        return redirect("desk", access.workspace.slug)
    lease = desk.take(access=access, key=(last.source_id, last.external_id))
    return redirect("desk_comment", access.workspace.slug, lease.pk)


def _queue(request: HttpRequest) -> Queue:
    asked = request.POST if request.method == "POST" else request.GET
    order = asked.get("order", "unsure")
    return Queue(order if order in QUEUES else "unsure", _number(asked.get("theme", "")))


def _themes(request: HttpRequest) -> list[int]:
    return [pk for text in request.POST.getlist("code") if (pk := _number(text)) is not None]


def _spans(
    request: HttpRequest, access: Access, source: int, external_id: str, themes: list[int]
) -> dict[int, coding.Span]:
    """Where the words stand that were marked for a theme: they are sent as they are, and have to be found again."""
    words = coding.row_of(access, (source, external_id)).comment
    told = {pk: request.POST.get(f"words-{pk}", "").replace("\r\n", "\n") for pk in themes}
    return {pk: place for pk, text in told.items() if (place := place_of(text, words)) is not None}


def _digest(request: HttpRequest) -> int:
    text = request.POST.get("digest", "")
    return int(text) if text.removeprefix("-").isdigit() and text.isascii() and len(text) < 22 else 0


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
