"""The outbox: what is to leave the house, what left, what did not and why; and what may leave at all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from winback.errors import UserError
from winback.server.outbox import actions, queries, rules
from winback.server.outbox.models import OutboxMessage, WebhookTarget
from winback.server.workspaces.access import Access, require, workspace_for
from winback.server.workspaces.models import SENDING
from winback.server.workspaces.reads import note_read

PAGE = 50
# a mail may carry styles of its own; it may run nothing, load nothing, send nothing, and is nobody's origin
PREVIEW = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'"
)


@require_GET
def outbox(request: HttpRequest, slug: str) -> HttpResponse:
    """One shelf of the outbox, newest first, paged by id."""
    access = workspace_for(request, slug, at_least="manager", whole=True)
    shelf = request.GET.get("shelf", "waiting")
    if shelf not in queries.SHELVES:
        raise UserError(f'There is no shelf "{shelf}": waiting, sent, failed or withdrawn.')
    found = queries.messages(access.workspace, shelf)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    counts = queries.counts(access.workspace)
    context = {
        "rows": rows[:PAGE], "later": rows[PAGE - 1].pk if len(rows) > PAGE else None, "shelf": shelf,
        "shelves": [(name, counts[name]) for name in queries.SHELVES], "most": queries.COUNTED,
        "mail": settings.MAIL_CONFIGURED, "lines": rules.allow_list(access.workspace.allow_list),
        "targets": queries.targets(access.workspace).count(),
    }  # fmt: skip
    return render(request, "outbox/outbox.html", context)


@require_GET
def message(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One message as it will leave, and every attempt to send it."""
    access = workspace_for(request, slug, at_least="manager", whole=True)
    found = _message(access, pk)
    note_read(access, f"outbox {pk}")
    return render(request, "outbox/message.html", {"message": found, "deliveries": queries.deliveries(found)[:100]})


@require_GET
@xframe_options_sameorigin
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A mail as its reader sees it: a document without rights, for a sandboxed frame."""
    access = workspace_for(request, slug, at_least="manager", whole=True)
    found = _message(access, pk)
    if found.secret or not found.body_html:
        raise Http404("There is nothing to show.")
    note_read(access, f"outbox {pk}")
    return HttpResponse(found.body_html, headers={"Content-Security-Policy": PREVIEW})


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take one message back."""
    access = workspace_for(request, slug, at_least="manager", whole=True)
    actions.withdraw(by=access, message=_message(access, pk))
    messages.success(request, "Taken back; it will not be sent.")
    return redirect("outbox", slug)


@require_POST
def withdraw_all(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back everything that waits."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    count = actions.withdraw_waiting(by=access)
    messages.success(request, f"{count} taken back; none of it will be sent.")
    return redirect("outbox", slug)


@require_POST
def retry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Try a failed message again, or send a webhook once more."""
    access = workspace_for(request, slug, at_least="manager", whole=True)
    actions.retry(by=access, message=_message(access, pk))
    messages.success(request, "It is tried again within a minute.")
    return redirect("outbox_message", slug, pk)


@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest, slug: str) -> HttpResponse:
    """What may leave: choose, see what would go at once, confirm."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    workspace = access.workspace
    asked = request.POST if request.method == "POST" else request.GET
    to = asked.get("to", workspace.sending)
    text = asked.get("allow_list", workspace.allow_list)
    context: dict[str, Any] = {"to": to, "allow_list": text, "mail": settings.MAIL_CONFIGURED}
    if request.method == "POST":
        try:
            if to not in ("off", workspace.sending) and request.POST.get("sure") != "yes":
                raise UserError("Nothing was switched. Tick that what waits may go, then switch.")
            actions.switch_sending(by=access, to=to, allow_list=text)
        except UserError as error:
            context["refusal"] = str(error)
        else:
            messages.success(
                request,
                {
                    "off": "Nothing leaves any more.",
                    "listed": "Only listed addresses are sent to.",
                    "on": "Everything is sent now.",
                }[to],
            )
            return redirect("outbox", slug)
    lines = rules.allow_list(text)
    context["ways"] = [
        (way, to == way, queries.sendable(workspace, sending=way, lines=lines).count()) for way in SENDING
    ]
    return render(request, "outbox/switch.html", context, status=400 if "refusal" in context else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def targets(request: HttpRequest, slug: str) -> HttpResponse:
    """The places that are told what happens here; the secret of a new one is shown this once."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    context: dict[str, Any] = {"url": request.POST.get("url", "")}
    if request.method == "POST":
        try:
            context["made"] = actions.add_target(by=access, url=context["url"])
        except UserError as error:
            context["refusal"] = str(error)
    context["targets"] = queries.targets(access.workspace)
    return render(request, "outbox/targets.html", context, status=400 if "refusal" in context else 200)


@require_POST
def target_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Rest a place, tell it again, send it a test, or remove it: what the button says."""
    access = workspace_for(request, slug, at_least="admin", whole=True)
    target = get_object_or_404(WebhookTarget, pk=pk, workspace=access.workspace)
    do = request.POST.get("do")
    if do == "test":
        made = actions.test_target(by=access, target=target)
        return redirect("outbox_message", slug, made.pk)
    if do == "remove":
        actions.remove_target(by=access, target=target)
    elif do in ("on", "off"):
        actions.switch_target(by=access, target=target, on=do == "on")
    else:
        raise UserError("Say what to do with this place: test, on, off or remove.")
    messages.success(
        request,
        {
            "remove": f"{target.url} is told nothing more.",
            "on": f"{target.url} is told again.",
            "off": f"{target.url} rests; what is for it waits.",
        }[do],
    )
    return redirect("outbox_targets", slug)


def _message(access: Access, pk: int) -> OutboxMessage:
    require(access, "manager")
    return get_object_or_404(OutboxMessage.objects.select_related("target"), pk=pk, workspace=access.workspace)
