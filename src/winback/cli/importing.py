"""`winback import FILE`: files come into a workspace the way the import page brings them, without a browser."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from winback.errors import UserError

if TYPE_CHECKING:
    from winback.server.imports.asked import Asked
    from winback.server.sources.models import SyncRun
    from winback.server.workspaces.models import Workspace

TABLES = ("feedback", "customers", "customer_periods", "departures", "contacts", "invitations")
PIECE = 1 << 20
SECONDS = 2.0  # of work between two looks


@click.command(name="import", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--workspace", metavar="SLUG", help="Where to; needed where there are several.")
@click.option("--table", type=click.Choice(TABLES), help="What the file holds. Told from its columns unless given.")
@click.option("--source", metavar="NAME", help="A row of the same source and id is the same row. The source of the last file with the same columns, else the file's name.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say how the file would be read, and import nothing.")
@click.option("--score", metavar="COL", help="Column of the score.")
@click.option("--scale", metavar="WORST-BEST", help="Scale of the score as in the file: 0-10, 1-10, 1-5, or 5-1 where 1 is the best.")  # fmt: skip
@click.option("--detractors", metavar="A-B", help="Values that are detractors, as in the file. 0-6 on 0-10.")
@click.option("--promoters", metavar="A-B", help="Values that are promoters, as in the file. 9-10 on 0-10.")
@click.option("--blank", metavar="VALUE", multiple=True, help="A value that means no answer, such as 11. Repeatable.")
@click.option("--text", metavar="COL", multiple=True, help="Column of comments. Repeatable.")
@click.option("--date", metavar="COL", help="Column of the date of the answer.")
@click.option("--date-format", type=click.Choice(["dmy", "mdy"]), help="Which comes first in dates like 01/02/2026: day or month.")  # fmt: skip
@click.option("--customer", metavar="COL", help="Column of the customer's id, which joins the other files.")
@click.option("--respondent", metavar="COL", help="Column of the person. - for none.")
@click.option("--id", "id_", metavar="COL", help="Column of the answer's own id.")
@click.option("--by", metavar="COL", multiple=True, help="Attribute to split by. Repeatable.")
@click.option("--weight", metavar="COL", help="Column of design weights. Never detected.")
@click.option("--value", metavar="COL", help="Column of money that belongs to the answer.")
@click.option("--currency", metavar="CODE", default="", help="Currency of all money, such as EUR.")
@click.option("--survey", type=click.Choice(["relationship", "transactional", "benchmark"]), help="Which sort of survey the answers are of, where the file does not say.")  # fmt: skip
@click.option("--map", "maps", metavar="COLUMN=COL", multiple=True, help="Column of a file that holds no answers, such as month=Monat. Repeatable.")  # fmt: skip
@click.option("--tz", metavar="ZONE", help="Time zone of times without one. The workspace's unless given.")
def importing(files: tuple[Path, ...], **given: Any) -> None:
    """Bring files into a workspace: answers, customers, money, departures, contacts or invitations.

    Columns are detected where their names are plain, and what is detected is printed. Rows are
    seen by everybody at once when all of them are in. The same file again changes nothing; a
    corrected one updates. Exit code 2 where a file cannot be imported; the others are.
    """
    from winback.server.start import django_ready

    django_ready()
    workspace = _workspace(given["workspace"])
    failed: list[str] = []
    for path in files:
        try:
            _bring(workspace, path, given)
        except UserError as error:
            if len(files) == 1:
                raise
            failed.append(str(error))
            _say(f"  {error}")
    if failed:
        raise UserError(f"{len(failed)} of {len(files)} files were not imported. The first: {failed[0]}")


def _workspace(slug: str | None) -> Workspace:
    from winback.server.workspaces.models import Workspace

    there = list(Workspace.objects.filter(removing_at__isnull=True).order_by("slug"))
    if slug is None and len(there) == 1:
        return there[0]
    for workspace in there:
        if workspace.slug == slug:
            return workspace
    names = ", ".join(workspace.slug for workspace in there[:12])
    if not there:
        raise UserError("There is no workspace yet; make one with winback init.")
    raise UserError(f"Say which workspace with --workspace: {names}." if slug is None else f"There is no workspace {slug}; there are {names}.")  # fmt: skip


def _bring(workspace: Workspace, path: Path, given: dict[str, Any]) -> None:
    from winback.connectors.csvfile.opening import sniff
    from winback.server.imports import actions

    sniff(path)  # says what is wrong with the path itself, before anything is copied
    with path.open("rb") as file:
        run = actions.keep(
            workspace=workspace, name=path.name, pieces=iter(lambda: file.read(PIECE), b""),
            asked=_asked(path, workspace, given),
        )  # fmt: skip
    try:
        if given["source"]:
            actions.ask(run=run, asked=actions.asked_of(run), source_name=given["source"])
        _look(run)
        if given["dry_run"]:
            _say("  nothing was imported (--dry-run)")
            return
        actions.start(run=run, enqueued=False)
        _work(run)
    except KeyboardInterrupt:
        run.refresh_from_db()
        if run.state in ("queued", "staging"):
            _say("  stopped; nothing of it will be seen")
        raise
    finally:
        run.refresh_from_db()
        if run.state in ("draft", "queued", "staging"):
            actions.cancel(run=run)


def _asked(path: Path, workspace: Workspace, given: dict[str, Any]) -> Asked:
    from winback.server.imports.asked import Asked
    from winback.server.imports.files import printable_name

    roles = ("score", "date", "customer", "respondent", "weight", "value")
    columns: dict[str, Any] = {role: given[role] for role in roles if given[role]}
    columns |= {"id": given["id_"]} if given["id_"] else {}
    columns |= {role: list(given[role]) for role in ("text", "by") if given[role]}
    for said in given["maps"]:
        name, equals, column = said.partition("=")
        if not (name and equals and column):
            raise UserError(f'--map "{said}" is not COLUMN=COL; write it like --map month=Monat.')
        columns[name.rpartition(".")[2]] = column
    return Asked(
        printable_name(path.name), table=given["table"] or "", columns=columns, scale=given["scale"] or "",
        detractors=given["detractors"] or "", promoters=given["promoters"] or "", blank=tuple(given["blank"]),
        zone=given["tz"] or workspace.zone, date_order=given["date_format"] or "", currency=given["currency"],
        survey=given["survey"] or "",
    )  # fmt: skip


def _look(run: SyncRun) -> None:
    """Have the file read, and print how."""
    from winback.server.imports import actions

    while (account := actions.look(run=run, seconds=SECONDS)) is None:
        _say(f"  reading {run.file_name} …", again=True)
    if account["error"]:
        raise UserError(account["error"])
    _say(account["printed"])
    for note in [*account["warnings"], *account["cut"]]:
        _say(f"  note: {note}")
    for example in account["examples"][:5]:
        _say(f"  rejected: {example['message']}")


def _work(run: SyncRun) -> None:
    """Stage and publish, telling how far it is."""
    from winback.server.imports import actions

    begun, waited = time.monotonic(), False
    tell = lambda done, total: _say(f"  {done:,} of {total:,} rows", again=True)  # noqa: E731
    while (outcome := actions.work(run=run, seconds=SECONDS, tell=tell)) != "done":
        if outcome == "waiting":
            if not waited:
                _say("  waits for another import of this workspace")
            waited = True
            time.sleep(1)
    run.refresh_from_db()
    if run.state != "published":
        raise UserError(run.error or f"The import of {run.file_name} was stopped by somebody; nothing of it is seen.")
    took = time.monotonic() - begun
    _say(
        f"  {run.new:,} new, {run.changed:,} changed, {run.same:,} the same, {run.rejected_total:,} rejected, "
        f"into the source {run.source.name} in {took:,.1f} s"
    )


def _say(text: str, *, again: bool = False) -> None:
    """To standard error; `again` writes over the last line where somebody watches, and is silent where nobody does."""
    if again and not sys.stderr.isatty():
        return
    print(f"\r{text:<78}" if again else (f"\r{text}" if sys.stderr.isatty() else text), end="" if again else "\n", file=sys.stderr)  # fmt: skip
