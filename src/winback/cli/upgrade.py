"""`winback upgrade`: backup, migrate, check."""

from __future__ import annotations

import datetime as dt
import sys

import click

from winback.errors import UserError


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
def upgrade(no_backup: bool) -> None:
    """Bring the database to this version of winback: make a backup, take the missing steps, check.

    Stop winback first, install the new version, run this, and start it again. The backup lies in `backups` in the home
    folder; if a step fails, `winback restore` with the version you had puts everything back.
    """
    from winback.server.processes import doctor
    from winback.server.processes.backups import back_up
    from winback.server.processes.installing import migrate, require_nobody
    from winback.server.processes.ready import steps_missing
    from winback.server.start import django_ready

    django_ready()
    from django.conf import settings
    from django.db import connection

    require_nobody(settings.HOME)
    missing = steps_missing()
    if "winback_workspace" not in connection.introspection.table_names():
        raise UserError("There is no winback here yet. Run `winback init`, which asks for what it needs.")
    if missing and not no_backup:
        folder = settings.HOME / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        done = back_up(to=folder / f"before-upgrade-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}.tar.gz")
        _say(f"1/3  Backup: {done.path} ({done.size / 1e6:,.1f} MB)")
    else:
        _say("1/3  No backup: " + ("you asked for none" if missing else "nothing is to be changed"))
    migrate()
    _say(f"2/3  Database: {len(missing)} step{'s' * (len(missing) != 1)} taken")
    findings = doctor.findings()
    wrong = [finding for finding in findings if finding.state == "wrong"]
    _say(f"3/3  Check: {'all is well' if not wrong else f'{len(wrong)} things are wrong'}")
    for finding in wrong:
        _say(f"     {finding.what}: {finding.sentence}")
    sys.exit(1 if wrong else 0)


def _say(text: str) -> None:
    print(text, file=sys.stderr)
