"""The sample company as a workspace: the way a person would make one, from its files."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from winback.server.start import django_ready

# a feedback's customer is known before it
IMPORTED = ("customers", "contacts", "feedback", "periods", "departures", "invitations")
TABLES = {"periods": "customer_periods"}
OWNER = ("hanna@larkspur.example", "Hanna Lindqvist")
OTHERS = (("amara@larkspur.example", "Amara Diallo", "member"), ("rafael@larkspur.example", "Rafael Costa", "viewer"))


@dataclass(frozen=True)
class Demo:
    """Where the demo lives, and how to sign in."""

    home: Path
    email: str
    password: str


def make_demo(home: Path, files: Mapping[str, Path], *, say: Callable[[str], None]) -> Demo:
    """A workspace with the sample company's files imported; made once, and found again by the next start.

    One that was broken off is made anew. The home is the demo's own: an installation of yours is not touched.
    """
    os.environ["WINBACK_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    kept = home / "sign-in"
    if kept.exists():
        return Demo(home, OWNER[0], kept.read_text(encoding="utf-8").strip())
    shutil.rmtree(home, ignore_errors=True)
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    _install(password)
    for name in IMPORTED:
        if name in files:
            say(f"     {files[name].name}: {_imported(files[name], TABLES.get(name, name)):,} rows")
    if "codings" in files:
        say(
            f"     {files['codings'].name}: comments that people coded, and all others sorted as they would (the longest step)"
        )
        _reasons(files["codings"], say)
    _export()
    say("     looking for flare-ups")
    _watch()
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write(password)
    return Demo(home, OWNER[0], password)


def _install(password: str) -> None:
    from winback.server.processes.installing import install

    install(
        email=OWNER[0], name=OWNER[1], password=password, workspace="Larkspur Broadband", zone="Europe/Lisbon",
        currency="EUR",
    )  # fmt: skip
    from winback.server.workspaces.actions import add_member, create_user
    from winback.server.workspaces.models import Workspace

    for email, name, role in OTHERS:
        user = create_user(email=email, name=name, password=password)
        add_member(workspace=Workspace.objects.get(), user=user, role=role)


def _imported(path: Path, table: str) -> int:
    """Import one file, as the command line does; how many rows it brought."""
    django_ready()
    from winback.server.imports import actions
    from winback.server.imports.asked import Asked
    from winback.server.workspaces.models import Workspace

    workspace = Workspace.objects.get()
    with path.open("rb") as file:
        run = actions.keep(
            workspace=workspace,
            name=path.name,
            pieces=iter(lambda: file.read(1 << 20), b""),
            asked=Asked(path.name, table=table, zone=workspace.zone, currency=workspace.currency),
        )
    while actions.look(run=run, seconds=30) is None:
        pass
    actions.start(run=run, enqueued=False)
    while actions.work(run=run, seconds=30) != "done":
        pass
    run.refresh_from_db()
    return run.new + run.changed


def _reasons(file: Path, say: Callable[[str], None]) -> None:
    """A codebook, comments coded by two people, and every other comment sorted as they would."""
    from winback.server.demo_reasons import code_comments
    from winback.server.workspaces.access import Access
    from winback.server.workspaces.models import Membership
    from winback.server.workspaces.rules import Scope

    people = (
        Membership.objects.select_related("user", "workspace").filter(role__in=("admin", "member")).order_by("role")
    )
    coders = {one.user.name: Access(one.workspace, one.role, Scope(), one.user, one.user.email) for one in people}
    code_comments(file, coders, say=say)


def _export() -> None:
    from winback.server.exports.actions import refresh
    from winback.server.workspaces.models import Workspace

    refresh(workspace=Workspace.objects.get())


def _watch() -> None:
    from winback.server.watch.actions import watch_now
    from winback.server.workspaces.models import Workspace

    watch_now(workspace=Workspace.objects.get())
