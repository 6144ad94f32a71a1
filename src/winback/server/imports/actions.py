"""Writes of imports: from an upload that waits for its owner to one switch that shows all its rows.

draft -> queued -> staging -> staged -> published; a draft, or what is on its way, can be cancelled; what is published
can be undone (undoing.py). One import of a workspace is staged at a time, the others wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.utils import timezone

from winback.errors import UserError
from winback.server.database import atomic, gather_statistics
from winback.server.exports.actions import request
from winback.server.imports import files, staging
from winback.server.imports.asked import Asked
from winback.server.imports.detect import IMPORTED, TITLES
from winback.server.imports.rules import OPEN, SMALL
from winback.server.imports.settling import settle
from winback.server.imports.telling import tell_published
from winback.server.jobs.actions import enqueue
from winback.server.sources import late
from winback.server.sources.actions import KEPT, ensure_source
from winback.server.sources.models import Source, SyncRun
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

Tell = Callable[[int, int], None]
DRAFTS = "new files"  # the source of uploads whose own source is not settled yet


def keep(
    *, workspace: Workspace, name: str, pieces: Iterable[bytes], by: Access | None = None, asked: Asked | None = None
) -> SyncRun:
    """Keep an upload as a draft. Raises UserError where it is too large or does not fit on the disk."""
    return draft(workspace=workspace, kept=files.receive(workspace.pk, name, pieces), by=by, asked=asked)


def draft(*, workspace: Workspace, kept: files.Kept, by: Access | None = None, asked: Asked | None = None) -> SyncRun:
    """The draft of an upload that has arrived; nothing is read yet."""
    try:
        asked = asked or Asked(kept.name, zone=workspace.zone)
        files.ask(files.folder_of(workspace.pk, kept.token), asked, _known(workspace))
        with atomic():
            source = _draft_source(workspace)
            run = SyncRun.objects.create(
                workspace=workspace, source=source, table=asked.table or "feedback", file_name=kept.name,
                file_hash=kept.digest, file_size=kept.size, mapping=asked.stored(), options={"upload": kept.token},
                started_by=by.user if by else None,
            )  # fmt: skip
            audit.record(verb="file uploaded", target=kept.name, by=by, workspace=workspace, size=kept.size)
    except BaseException:
        files.remove(files.folder_of(workspace.pk, kept.token))
        raise
    return run


def _known(workspace: Workspace) -> list[dict[str, Any]]:
    """How the workspace's files were read so far, by their columns; the latest first."""
    sources = Source.objects.filter(workspace=workspace, kind="file").exclude(mapping={}).order_by("-id")
    return [{"source": source.name, **source.mapping} for source in sources if "asked" in source.mapping]


def _draft_source(workspace: Workspace) -> Source:
    return Source.objects.get_or_create(workspace=workspace, name=DRAFTS, defaults={"kind": "file"})[0]


def folder(run: SyncRun) -> Path:
    return files.folder_of(run.workspace_id, run.options.get("upload", ""))


def asked_of(run: SyncRun) -> Asked:
    """How the run's file is to be read."""
    return Asked.of(run.mapping)


def ask(*, run: SyncRun, asked: Asked, source_name: str = "") -> None:
    """Say how a draft is to be read. Raises UserError where it is a draft no more."""
    options = {**run.options, **({"source": source_name.strip()} if source_name else {})}
    with atomic():
        mine = SyncRun.objects.filter(pk=run.pk, state__in=("draft", "failed")).update(
            state="draft", error="", mapping=asked.stored(), table=asked.table or "feedback", options=options
        )
    if not mine:
        raise UserError("This import has begun or has ended; its mapping stays as it is.")
    run.refresh_from_db()
    files.ask(folder(run), asked)


def look(*, run: SyncRun, seconds: float, tell: Callable[[], None] = lambda: None) -> dict[str, Any] | None:
    """What the reader finds in the run's file, read as asked; begins to read it where nobody has.

    None where that takes longer than so many seconds: reading goes on, as long as the process that began it lives.
    Raises UserError where the file is gone, RuntimeError where the reader broke.
    """
    asked, place = asked_of(run), folder(run)
    until = time.monotonic() + seconds
    while (found := files.account(place, asked)) is None:
        if not place.exists():
            raise UserError(f"{run.file_name} is no longer kept here; give the file again.")
        with files.held(place) as lock:
            if lock is not None and files.account(place, asked) is None:
                files.ask(place, asked)
                files.start_reading(place, lock, run.file_name, form=run.started_by_id is not None)
        tell()
        if time.monotonic() > until:
            return None
        time.sleep(0.03)
    with files.held(place, wait=1):  # it has left its account, and ends
        files.let_go()
    if found.get("broken"):
        raise RuntimeError(f"the reader broke ({found['broken']})")
    return found


def start(*, run: SyncRun, by: Access | None = None, enqueued: bool = True) -> None:
    """Have a draft imported. Raises UserError where its file cannot be read, or would change nothing.

    Without `enqueued` nobody is asked to do it: the caller does (`work`).
    """
    asked = asked_of(run)
    account = files.account(folder(run), asked)
    if account is None:
        raise UserError(f"{run.file_name} has not been read as you ask now; wait until its rows are shown.")
    if account["error"]:
        raise UserError(account["error"])
    if account["table"] not in IMPORTED:
        raise UserError(
            f"{run.file_name} holds {TITLES.get(account['table'], account['table'])}, which are not imported."
        )
    if not account["taken"]:
        raise UserError(
            f"No row of {run.file_name} can be taken; look at the reasons, and correct the file or the mapping."
        )
    settled = Asked.of(account["settled"])
    with atomic():
        workspace = Workspace.objects.select_for_update(no_key=True).get(pk=run.workspace_id)
        _check_currency(workspace, run, account)
        source = _source(workspace, run, account, by)
        _check_twice(workspace, run, source, settled)
        mine = SyncRun.objects.filter(pk=run.pk, state="draft").update(
            state="queued", source=source, table=account["table"], mapping=settled.stored(), read=account["rows"], rejected=account["rejected"],
            warnings=[*account["warnings"], *account["cut"]], started_by=by.user if by else run.started_by_id,
            error="", created_at=timezone.now(),
            options={**run.options, "columns": [column["name"] for column in account.get("columns", [])]},
        )  # fmt: skip
        if not mine:
            raise UserError("This import has begun already.")
        audit.record(verb="import started", target=run.file_name, by=by, workspace=workspace, run=run.pk, source=source.name)  # fmt: skip
        if enqueued:
            enqueue(task="imports.stage", workspace_id=workspace.pk, key=f"run {run.pk}", run_id=run.pk)
    run.refresh_from_db()


def _source(workspace: Workspace, run: SyncRun, account: dict[str, Any], by: Access | None) -> Source:
    name = run.options.get("source") or suggested_source(workspace, run, account)
    source = ensure_source(workspace=workspace, name=name, kind="file", table=account["table"], by=by)
    if source.table != account["table"]:
        raise UserError(
            f'The source "{name}" holds {TITLES[source.table]}, this file {TITLES[account["table"]]}. Give it another source.'
        )
    if source.table != "feedback":
        return source
    bands = {name: account[name] for name in ("scale", "detractors", "promoters")}
    if SyncRun.objects.filter(source=source, state="published").exists() and bands != {
        name: getattr(source, name) for name in bands
    }:
        raise UserError(
            f'The source "{name}" reads scores on {source.scale} (detractors {source.detractors}, promoters {source.promoters}); '
            f"this file is read on {bands['scale']} (detractors {bands['detractors']}, promoters {bands['promoters']}). Scales never "
            "mix: set the same one, or give the file a source of its own."
        )
    Source.objects.filter(pk=source.pk).update(**bands)
    source.refresh_from_db()
    return source


def suggested_source(workspace: Workspace, run: SyncRun, account: dict[str, Any]) -> str:
    """Where rows of this file belong: to the source that had a file with the same columns, else to one of its own.

    A file whose rows are known by their lines only replaces line by line, so it goes with its own name.
    """
    stem = run.file_name.partition(".")[0][:120] or "file"
    stem = f"{stem} (file)" if stem.casefold() in KEPT else stem
    if account["table"] != "feedback":
        return stem if not SyncRun.objects.filter(workspace=workspace, source__name=stem).exclude(table=account["table"]).exists() else f"{stem} ({TITLES[account['table']]})"  # fmt: skip
    names = [column["name"] for column in account["columns"]]
    if account["keys"] != "line":
        if account["as_before"]:
            return str(account["as_before"])
        for source in Source.objects.filter(workspace=workspace, kind="file", table="feedback").order_by("-id"):
            if source.mapping.get("columns") == names:
                return source.name
    taken = Source.objects.filter(workspace=workspace, name=stem).exclude(kind="file", table="feedback").exists()
    return f"{stem} (file)" if taken else stem


def _check_currency(workspace: Workspace, run: SyncRun, account: dict[str, Any]) -> None:
    if account["currency"] and workspace.currency and account["currency"] != workspace.currency:
        raise UserError(
            f"{run.file_name} holds money in {account['currency']}, and {workspace.name} reckons in {workspace.currency}. Convert "
            "the file, or leave its column of money out."
        )


def _check_twice(workspace: Workspace, run: SyncRun, source: Source, asked: Asked) -> None:
    """Refuse what is being imported right now, and what was imported last from this source."""
    others = SyncRun.objects.filter(workspace=workspace).exclude(pk=run.pk).select_related("started_by")
    if there := others.filter(state__in=OPEN, file_hash=run.file_hash).first():
        who = there.started_by or "the command line"
        raise UserError(f"{who} is importing the same file right now ({there.file_name}). Wait until it is done.")
    last = others.filter(source=source, state="published", live=False).order_by("-published_at").first()
    if last and last.file_hash == run.file_hash and same_reading(last.mapping, asked):
        when = f"{last.published_at:%d %b %Y, %H:%M} UTC" if last.published_at else ""
        who = last.started_by or "the command line"
        raise UserError(
            f"{run.file_name} was imported on {when} by {who}, read in the same way: importing it again would change nothing."
        )


def same_reading(stored: dict[str, Any], asked: Asked) -> bool:
    """Whether two readings of the same bytes come to the same, whatever the file was called."""
    one, other = Asked.of(stored).stored(), asked.stored()
    return all(one[name] == other[name] for name in one if name != "file_name")


def cancel(*, run: SyncRun, by: Access | None = None) -> None:
    """Give up a draft, or an import on its way: nothing of it is ever seen. Raises UserError where it has ended."""
    with atomic():
        mine = SyncRun.objects.filter(pk=run.pk, state__in=("draft", "failed", *OPEN)).update(state="cancelled")
        if not mine:
            raise UserError("This import has ended already; undo it instead.")
        audit.record(verb="import cancelled", target=run.file_name, by=by, workspace=run.workspace, run=run.pk)
        enqueue(task="imports.sweep", workspace_id=run.workspace_id, key=f"run {run.pk}", run_id=run.pk)
    files.remove(folder(run))
    run.refresh_from_db()


def work(*, run: SyncRun, seconds: float, tell: Tell = lambda done, total: None) -> str:
    """Do some of an import: "waiting" for another one, "more" to do, or "done".

    Raises UserError, and leaves the run failed, where a person has to mend something.
    """
    place = folder(run)
    with files.held(place, wait=1) as mine:
        if mine is None:
            run.refresh_from_db()
            if run.state in OPEN and not place.exists():
                _fail(run, f"{run.file_name} is no longer kept here, so its import cannot go on; give the file again.")
            return "waiting" if run.state in OPEN else "done"
        run.refresh_from_db()
        if run.state == "queued" and not _take_turn(run):
            return "waiting"
        if run.state not in ("staging", "staged"):
            return "done"
        try:
            if run.state == "staging" and not _stage(run, seconds, tell):
                return "more"
        except staging.Stopped:
            return "done"
        except UserError as error:
            _fail(run, str(error))
            raise
        publish(run=run)
    files.remove(place)
    return "done"


def _stage(run: SyncRun, seconds: float, tell: Tell) -> bool:
    account = files.account(folder(run))
    if account is None or account["error"]:
        raise UserError(f"{run.file_name} is no longer kept as it was read; give the file again.")
    staging.keep_rejected(run)
    if not staging.stage_some(run, account, seconds=seconds, tell=tell):
        return False
    with atomic():
        if not SyncRun.objects.filter(pk=run.pk, state="staging").update(state="staged"):
            raise staging.Stopped
    run.state = "staged"
    return True


def _take_turn(run: SyncRun) -> bool:
    """Become the one import of the workspace that is staged, unless another is, or one is being undone."""
    with atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=run.workspace_id)
        others = SyncRun.objects.filter(workspace=run.workspace_id).exclude(pk=run.pk)
        if others.filter(state__in=("staging", "staged")).exists() or others.exclude(undoing="").exists():
            return False
        earlier = others.filter(state="queued", created_at__lt=run.created_at).exists()
        if earlier:
            return False
        late.alone(run.workspace_id)  # whoever writes after this knows of the import
        mine = SyncRun.objects.filter(pk=run.pk, state="queued").update(state="staging")
    run.refresh_from_db()
    return bool(mine)


def _fail(run: SyncRun, sentence: str) -> None:
    with atomic():
        SyncRun.objects.filter(pk=run.pk, state__in=OPEN).update(state="failed", error=sentence)
        audit.record(verb="import failed", target=run.file_name, workspace=run.workspace, run=run.pk)
        enqueue(task="imports.sweep", workspace_id=run.workspace_id, key=f"run {run.pk}", run_id=run.pk)
    run.refresh_from_db()


def publish(*, run: SyncRun) -> None:
    """Show all rows of a staged run, with one switch."""
    account = files.account(folder(run)) or {}
    with atomic():
        workspace = Workspace.objects.select_for_update(no_key=True).get(pk=run.workspace_id)
        late.alone(workspace.pk)
        options = {name: value for name, value in run.options.items() if name != "upload"}
        options["told"] = {
            name: account[name]
            for name in (
                "blank", "without_date", "taken", "keys", "first_day", "last_day", "customers", "attributes", "scale", "detractors",
                "promoters", "columns_read", "plain", "currency", "format", "encoding", "doubles", "rejected_kept",
            )
            if name in account
        }  # fmt: skip
        mine = SyncRun.objects.filter(pk=run.pk, state="staged").update(
            state="published", published_at=timezone.now(), options=options
        )
        if not mine:
            return
        settle(run)
        names = [column["name"] for column in account.get("columns", [])]
        Source.objects.filter(pk=run.source_id).update(mapping={"columns": names, "asked": run.mapping})
        if account.get("currency") and not workspace.currency:
            Workspace.objects.filter(pk=workspace.pk).update(currency=account["currency"])
            audit.record(verb="currency set", target=account["currency"], workspace=workspace, by=run.started_by)
        run.refresh_from_db()
        audit.record(
            verb="import published", target=run.file_name, by=run.started_by, workspace=workspace, run=run.pk,
            table=run.table, source=run.source.name, read=run.read, new=run.new, changed=run.changed, same=run.same,
            rejected=run.rejected_total, **({"masked": run.masked["comments"]} if run.masked else {}),
        )  # fmt: skip
        tell_published(run)
        request(workspace=workspace)
    gather_statistics()


def small(run: SyncRun) -> bool:
    """Whether an upload is read while its owner waits."""
    return (run.file_size or 0) <= SMALL
