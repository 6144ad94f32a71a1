"""The import pages: give a file, see how it is read, correct it, watch it come in, and take it back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.feedback.masking import COMMENTS
from winback.server.imports import actions, forms, queries, rules, undoing
from winback.server.imports.fields import TITLES
from winback.server.imports.upload import KeepUploads
from winback.server.jobs.actions import enqueue
from winback.server.sources.models import SyncRun
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access, workspace_for

PATIENCE = 8.0  # seconds a request waits for a small file to be read


@never_cache
@require_GET
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """Where files are given, what waits, what is on its way, and what came in so far."""
    access = _access(request, slug)
    before = request.GET.get("before", "")
    past = queries.past(access, int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None)
    return render(request, "imports/imports.html", _moving(access) | {
        "past": past[: queries.PAGE], "older": past[queries.PAGE - 1].pk if len(past) > queries.PAGE else None,
        "first_page": not before, "limit": settings.UPLOAD_LIMIT // 2**20,
    })  # fmt: skip


@never_cache
@require_GET
def moving(request: HttpRequest, slug: str) -> HttpResponse:
    """The boxes of what waits and what is on its way, for htmx to fetch again."""
    access = _access(request, slug)
    context = _moving(access)
    if not context["busy"]:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "imports/moving.html", context)


def _moving(access: Access) -> dict[str, Any]:
    drafts: list[dict[str, Any]] = [{"run": run, "account": queries.account(run)} for run in queries.drafts(access)]
    way = [
        {"run": run, "total": (sum(run.rejected.values()) and run.read - run.rejected_total) or run.read}
        for run in queries.on_the_way(access)
    ]
    ready = [
        draft for draft in drafts if draft["account"] and not draft["account"]["error"] and draft["account"]["taken"]
    ]
    reading = [draft for draft in drafts if draft["account"] is None]
    return {"drafts": drafts, "way": way, "ready": len(ready), "busy": bool(way or reading)}


@csrf_exempt  # the form is checked below, when its files have their place to go to
@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Take files."""
    access = _access(request, slug)
    keeper = KeepUploads(request, access.workspace.pk)
    request.upload_handlers = [keeper]
    waiting: list[Any] = []
    try:
        return _take(request, access, keeper, waiting)
    finally:
        keeper.drop([kept for kept in keeper.kept if kept not in waiting])


@csrf_protect
def _take(request: HttpRequest, access: Access, keeper: KeepUploads, taken: list[Any]) -> HttpResponse:
    request.POST  # noqa: B018 (the body is read here)
    runs = []
    for kept in keeper.kept:
        runs.append(actions.draft(workspace=access.workspace, kept=kept, by=access))
        taken.append(kept)
    for sentence in keeper.refused:
        messages.error(request, sentence, extra_tags="late")
    if not runs:
        if not keeper.refused:
            messages.error(request, "No file came with that; choose one or drop it on the box.", extra_tags="late")
        return redirect("imports", access.workspace.slug)
    for run in runs:
        _read(run, wait=len(runs) == 1)
    if len(runs) == 1:
        return redirect("imports_run", access.workspace.slug, runs[0].pk)
    return redirect("imports", access.workspace.slug)


def _read(run: SyncRun, *, wait: bool) -> None:
    """Have a draft's file read: while its owner waits where it is small, else in the background."""
    if wait and (run.file_size or 0) <= rules.SMALL and actions.look(run=run, seconds=PATIENCE) is not None:
        return
    enqueue(task="imports.look", workspace_id=run.workspace_id, key=f"run {run.pk}", run_id=run.pk)


@never_cache
@require_GET
def run(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One import: a form while it waits for its owner, then how far it is and what came of it."""
    access = _access(request, slug)
    found = _run(access, pk)
    if found.state == "draft":
        return _draft(request, access, found)
    told = found.options.get("told", {})
    return render(request, "imports/run.html", _progress(found) | {
        "told": told, "reasons": queries.reasons(found.rejected), "may_undo": access.may("manager"),
        "masked_kinds": ", ".join(f"{kind} {count:,}" for kind, count in sorted(found.masked.items(), key=lambda one: -one[1]) if kind != COMMENTS),
        "asked": actions.asked_of(found), "mapping": _printed(told or {"columns_read": found.mapping.get("columns", {})}),
    })  # fmt: skip


def _draft(request: HttpRequest, access: Access, run: SyncRun) -> HttpResponse:
    account, asked = queries.account(run), actions.asked_of(run)
    if account is None:
        job = queries.job_of(run, "imports.look")
        return render(request, "imports/reading.html", {"run": run, "job": job})
    if account.get("broken"):
        return render(request, "imports/reading.html", {"run": run, "broken": True})
    shown = {**asked.stored(), **(account.get("settled") or {})}
    source = run.options.get("source") or (
        "" if account["error"] else actions.suggested_source(access.workspace, run, account)
    )
    return render(request, "imports/draft.html", {
        "run": run, "account": account, "asked": shown, "roles": forms.roles(account, asked) if account["columns"] and account["table"] in dict(forms.tables()) else [],
        "text": forms.ticked(account, asked, "text"), "by": forms.ticked(account, asked, "by"),
        "tables": forms.tables(), "surveys": forms.surveys(), "source": source,
        "sources": queries.source_names(access, account["table"]), "blank": ", ".join(shown["blank"]),
        "reasons": queries.reasons(account.get("rejected", {})), "rejected": sum(account.get("rejected", {}).values()),
        "notes": [*_apart(access, account, asked.survey), *account.get("warnings", []), *account.get("cut", [])],
        "further": any(account.get("plain", {})), "wide": len(account["columns"]) > 8,
    })  # fmt: skip


def _apart(access: Access, account: dict[str, Any], survey: str) -> list[str]:
    """That these answers would be a sort of their own, where the file does not say which and there are several."""
    if account["table"] != "feedback" or account["error"] or account.get("has_survey") or survey:
        return []
    known = queries.surveys_here(access)
    if len(known) < 2:
        return []
    return [
        f"The file does not say of which sort of survey its answers are. Here are {' and '.join(known)} ones, and sorts never "
        f"mix in one figure: unnamed, these would stand apart. Say which they are under “{TITLES['--survey']}”."
    ]


@require_POST
def read(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read the file again, as the form says."""
    access = _access(request, slug)
    found = _run(access, pk)
    _ask(request, found)
    return redirect("imports_run", access.workspace.slug, found.pk)


def _ask(request: HttpRequest, run: SyncRun) -> bool:
    """Take the form in; True where it says what was read already."""
    account, before = queries.account(run) or {}, actions.asked_of(run)
    asked = forms.said(request.POST, before, account)
    name = request.POST.get("source", "")
    if forms.same(asked, account.get("settled")):
        actions.ask(run=run, asked=before, source_name=name)
        return True
    actions.ask(run=run, asked=asked, source_name=name)
    _read(run, wait=True)
    return False


@require_POST
def start(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Import the file; where the form says something new, read it again first and show that."""
    access = _access(request, slug)
    found = _run(access, pk)
    if "table" in request.POST and not _ask(request, found):
        messages.info(request, "Read again with what you changed. Look at it, then import.")
        return redirect("imports_run", access.workspace.slug, found.pk)
    try:
        actions.start(run=found, by=access)
    except UserError as error:
        messages.error(request, str(error), extra_tags="late")
    return redirect("imports_run", access.workspace.slug, found.pk)


@require_POST
def start_all(request: HttpRequest, slug: str) -> HttpResponse:
    """Import every file that waits and can be read."""
    access = _access(request, slug)
    for found in queries.drafts(access):
        account = queries.account(found)
        if account is None or account["error"] or not account["taken"]:
            continue
        try:
            actions.start(run=found, by=access)
        except UserError as error:
            messages.error(request, str(error), extra_tags="late")
    return redirect("imports", access.workspace.slug)


@require_POST
def cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give up a draft, or an import on its way."""
    access = _access(request, slug)
    found = _run(access, pk)
    actions.cancel(run=found, by=access)
    messages.success(request, f"{found.file_name} was given up; nothing of it is kept.")
    return redirect("imports", access.workspace.slug)


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What undoing an import would do; and do it."""
    access = _access(request, slug, "manager")
    found = _run(access, pk)
    if request.method == "POST":
        undoing.begin(run=found, by=access)
        return redirect("imports_run", access.workspace.slug, found.pk)
    if found.state != "published" or found.undoing:
        raise UserError("Only an import that is published can be undone, and only once.")
    return render(request, "imports/undo.html", {"run": found, "preview": undoing.preview(found)})


@never_cache
@require_GET
def progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The box that says how far an import is, for htmx to fetch again; at the end the page is loaded anew."""
    access = _access(request, slug)
    found = _run(access, pk)
    context = _progress(found)
    if found.state == "draft":
        job = queries.job_of(found, "imports.look")
        if queries.account(found) is None and not (job and job.state == "failed"):
            return render(request, "imports/waiting.html", {"run": found, "job": job})
    elif context["busy"]:
        return render(request, "imports/progress.html", context)
    return HttpResponse(headers={"HX-Refresh": "true"})


def _progress(run: SyncRun) -> dict[str, Any]:
    total = run.read - run.rejected_total
    undoing_now = run.state == "published" and bool(run.undoing)
    return {
        "run": run, "total": total, "share": rules.share(run.staged, total), "words": rules.WORDS[run.state],
        "busy": run.state in rules.OPEN or undoing_now, "undoing": undoing_now,
        "waits": undoing.waiting(run) if run.state == "queued" else None,
        "failed": queries.job_of(run, "imports.stage") if run.state in rules.OPEN else None,
    }  # fmt: skip


@require_GET
def rejected(request: HttpRequest, slug: str, pk: int) -> StreamingHttpResponse:
    """The rejected rows with their reasons, as CSV."""
    access = _access(request, slug)
    found = _run(access, pk)
    with atomic():
        audit.record(verb="rejected rows downloaded", target=found.file_name, by=access, run=found.pk)
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in found.file_name.partition(".")[0])
    headers = {"Content-Disposition": f'attachment; filename="{name or "file"}-rejected.csv"', "X-Content-Type-Options": "nosniff"}  # fmt: skip
    return StreamingHttpResponse(queries.rejected_csv(found), content_type="text/csv; charset=utf-8", headers=headers)


def _printed(told: dict[str, Any]) -> list[tuple[str, str]]:
    """The mapping in words."""
    lines = []
    for name, column in told.get("columns_read", {}).items():
        shown = ", ".join(column) if isinstance(column, list) else str(column)
        if shown not in ("", "-"):
            lines.append((forms.ROLES.get(name, (name.replace("_", " ").capitalize(), ""))[0], shown))
    named = told.get("columns_read", {})
    return lines + [
        (name.replace("_", " ").capitalize(), column)
        for name, column in told.get("plain", {}).items()
        if name not in named
    ]


def _access(request: HttpRequest, slug: str, role: str = "member") -> Access:
    access = workspace_for(request, slug, at_least=role, whole=True)
    if access.user is None:
        raise PermissionDenied("This is for people.")
    return access


def _run(access: Access, pk: int) -> SyncRun:
    return get_object_or_404(queries.runs_for(access), pk=pk)
