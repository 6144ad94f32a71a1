"""`winback upgrade`: a backup, the steps that are missing, a look at the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from winback.errors import UserError
from winback.server.processes import doctor
from winback.server.processes.backups import back_up
from winback.server.processes.installing import migrate, require_nobody
from winback.server.processes.ready import is_new, steps_missing
from winback.server.start import django_ready


def upgrade(*, backup: bool, say: Callable[[str], None]) -> bool:
    """Bring the database to this winback's shape, telling of each step; whether all is well after.

    Raises UserError while winback runs, or where there is nothing to upgrade.
    """
    django_ready()
    from django.conf import settings

    require_nobody(settings.HOME)
    missing = steps_missing()
    if is_new():
        raise UserError("There is no winback here yet. Run `winback init`, which asks for what it needs.")
    if missing and backup:
        folder = settings.HOME / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        done = back_up(to=folder / f"before-upgrade-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}.tar.gz")
        say(f"1/3  Backup: {done.path} ({done.size / 1e6:,.1f} MB)")
    else:
        say("1/3  No backup: " + ("you asked for none" if missing else "nothing is to be changed"))
    migrate()
    say(f"2/3  Database: {len(missing)} step{'s' * (len(missing) != 1)} taken")
    wrong = [finding for finding in doctor.findings() if finding.state == "wrong"]
    say("3/3  Check: all is well" if not wrong else "3/3  Check:")
    for finding in wrong:
        say(f"     {finding.what}: {finding.sentence}")
    return not wrong
