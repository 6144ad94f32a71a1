"""`winback upgrade`: backup, migrate, check."""

from __future__ import annotations

import sys

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
def upgrade(no_backup: bool) -> None:
    """Bring the database to this version of winback: make a backup, take the missing steps, check.

    Stop winback first, install the new version, run this, and start it again. The backup lies in `backups` in the home
    folder; if a step fails, `winback restore` with the version you had puts everything back.
    """
    from winback.server.processes import upgrading

    well = upgrading.upgrade(backup=not no_backup, say=lambda text: print(text, file=sys.stderr))
    sys.exit(0 if well else 1)
