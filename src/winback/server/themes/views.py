"""The codebook's pages: the list of reasons, one of them, what was changed, and the forms that change it."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from winback.connectors.rejected import guarded
from winback.errors import UserError
from winback.report.words import plural
from winback.server import embedders
from winback.server.feedback.queries import BAND_NAMES, chosen, feedback_for, newest_first
from winback.server.feedback.views import PAGE, choice_of, filters_of, place_of, read_items
from winback.server.themes import actions, queries, suggesting, teaching
from winback.server.themes import history as changes
from winback.server.themes.assigning import state_of
from winback.server.themes.proposing import ask_for_proposals
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access, workspace_for


@require_safe
def reasons(request: HttpRequest, slug: str) -> HttpResponse:
    """The codebook: proposals first, then what is accepted, each with its counts and customers' own words."""
    access = workspace_for(request, slug)
    entries = queries.codebook(access)
    version = queries.version(access.workspace)
    context = {
        "proposed": [entry for entry in entries if entry.theme.state == "proposed"],
        "accepted": [entry for entry in entries if entry.theme.state == "accepted"],
        "anything": bool(entries),
        "may": _may(access),
        "comments": feedback_for(access).exclude(comment="").exists(),
        "state": state_of(access),
        "version": version,
        "notes": embedders.notes(access.workspace, version.model) if version else [],
        "taught": teaching.since(access.workspace) if access.scope.everything else None,
        "latest": changes.history(access, most=1)[:1],
        "suggestions": suggesting.shown(access),
        "may_ask": _may(access) and bool(entries) and suggesting.allowed(access.workspace),
    }
    return render(request, "themes/reasons.html", context)


@require_safe
def reason(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One theme: what it means, where it is said, and what may be done with it."""
    access = workspace_for(request, slug)
    entry = queries.theme_entry(access, pk)
    themes = [theme for top, below in queries.choices(access) for theme in (top, *below)]
    parents = [theme for theme, below in queries.choices(access)]
    context = {
        "entry": entry,
        "theme": entry.theme,
        "may": _may(access),
        "others": [theme for theme in themes if theme.pk != pk],
        "parents": [theme for theme in parents if theme.pk != pk] if not entry.children else [],
        "history": changes.history(access, theme=pk, most=20),
    }
    return render(request, "themes/reason.html", context)


@require_safe
def comments(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Every comment that names a theme, with its customer, newest first; filters as on the feedback page."""
    access = workspace_for(request, slug)
    entry = queries.theme_entry(access, pk, quoted=0)
    choice = choice_of(request.GET)
    found = queries.naming(access, chosen(access, choice), entry)
    rows, more = newest_first(found, before=place_of(request.GET.get("before", "")), size=PAGE)
    context = {
        "entry": entry,
        "theme": entry.theme,
        "items": read_items(access, rows),
        "more": f"{more[0].isoformat() if more[0] else ''},{more[1]}" if more else "",
        "bands": BAND_NAMES,
        "choice": choice,
        "filtered": filters_of(choice),
    }
    partial = request.headers.get("HX-Request") == "true" and "before" in request.GET
    return render(request, "feedback/items.html" if partial else "themes/comments.html", context)


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that was changed in the codebook, the latest first."""
    access = workspace_for(request, slug)
    return render(request, "themes/history.html", {"history": changes.history(access), "may": _may(access)})


@require_GET
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The codebook as CSV; written to the audit, since it quotes customers."""
    access = workspace_for(request, slug, at_least="member")
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    for row in queries.exported(access):
        writer.writerow(guarded(row))
    audit.record(verb="codebook exported", target="reasons.csv", by=access)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-reasons.csv"'
    return response


@require_POST
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """A theme of one's own."""
    access = _manager(request, slug)
    theme = actions.make(
        access=access, name=request.POST.get("name", ""), definition=request.POST.get("definition", ""),
        parent=_number(request.POST.get("parent", "")),
    )  # fmt: skip
    messages.success(request, f"“{theme.name}” is in the codebook.")
    return redirect("reason", slug, theme.pk)


@require_POST
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Have a codebook proposed from the comments at hand."""
    access = _manager(request, slug)
    ask_for_proposals(access=access)
    messages.success(request, "The comments are being read. Proposals stand here in a minute or two.")
    return redirect("reasons", slug)


@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the model read the comments again, with what people have coded since."""
    teaching.read_again(access=_manager(request, slug))
    messages.success(request, "The comments are being read again, with what people have coded.")
    return redirect("reasons", slug)


@require_POST
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the language model suggest names and definitions."""
    suggesting.ask(access=_manager(request, slug))
    messages.success(request, "The language model is being asked. What it suggests stands here, to accept or refuse.")
    return redirect("reasons", slug)


@require_POST
def suggestion(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accept or refuse what is suggested for a theme."""
    take = request.POST.get("take") == "yes"
    theme = suggesting.decide(access=_manager(request, slug), pk=pk, take=take, seen=request.POST.get("seen"))
    said = (
        f"It is called “{theme.name}” now. The history can take it back." if take else f"“{theme.name}” stays as it is."
    )
    messages.success(request, said)
    return redirect("reasons", slug)


@require_POST
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept the proposals that are ticked."""
    access = _manager(request, slug)
    pks = [pk for text in request.POST.getlist("theme") if (pk := _number(text)) is not None]
    count = actions.accept(access=access, pks=pks)
    messages.success(request, f"{plural(count, 'theme')} accepted." if count else "Tick what you want to accept.")
    return _back(request, slug)


@require_POST
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Rename a theme, define it, place it."""
    access = _manager(request, slug)
    parent: Any = _number(request.POST["parent"]) if "parent" in request.POST else "same"
    changed = actions.change(
        access=access, pk=pk, name=request.POST.get("name"), definition=request.POST.get("definition"), parent=parent
    )
    messages.success(request, "Saved." if changed else "Nothing was different.")
    return redirect("reason", slug, pk)


@require_POST
def merge(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Have a theme count as another from now on."""
    access = _manager(request, slug)
    into = _number(request.POST.get("into", ""))
    if into is None:
        actions.active(access, pk)
        raise UserError("Choose the theme to merge into.")
    target = actions.merge(access=access, pk=pk, into=into)
    messages.success(request, f"Merged into “{target.name}”, with every coding. The history can take it back.")
    return redirect("reason", slug, target.pk)


@require_POST
def split(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make a second theme of a part of the first one's codings."""
    access = _manager(request, slug)
    theme, moved = actions.split(
        access=access, pk=pk, name=request.POST.get("name", ""), definition=request.POST.get("definition", ""),
        words=request.POST.get("words", ""),
    )  # fmt: skip
    messages.success(request, f"“{theme.name}” took {plural(moved, 'coding')} with it.")
    return redirect("reason", slug, theme.pk)


@require_POST
def retire(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a theme out of the codebook."""
    access = _manager(request, slug)
    theme = actions.retire(access=access, pk=pk)
    messages.success(request, f"“{theme.name}” is out of the codebook. The history can take it back.")
    return redirect("reasons", slug)


@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a change back."""
    access = _manager(request, slug)
    actions.undo(access=access, pk=pk)
    messages.success(request, "Taken back.")
    return _back(request, slug)


def _manager(request: HttpRequest, slug: str) -> Access:
    """The codebook is everybody's: it is changed by managers who see all of the workspace."""
    return workspace_for(request, slug, at_least="manager", whole=True)


def _may(access: Access) -> bool:
    return access.may("manager") and access.scope.everything


def _back(request: HttpRequest, slug: str) -> HttpResponse:
    where = request.POST.get("back", "")
    pk = _number(where)
    if pk is not None:
        return redirect("reason", slug, pk)
    return HttpResponseRedirect(reverse("reasons_history" if where == "history" else "reasons", args=[slug]))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
