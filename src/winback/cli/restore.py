"""`winback restore`: a backup in place of what is there."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from winback.errors import UserError


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask whether what is there may be replaced.")
def restore(file: Path, yes: bool) -> None:
    """Put the backup FILE in the place of everything that is there, while winback runs or not.

    Meanwhile its pages say that a backup is being restored. Afterwards no workspace sends anything until an
    administrator switches sending on, everybody signs in again, whoever was erased since the backup was made has been
    erased again, and keys, invitations, memberships and passwords that ended since have ended again.
    """
    if not yes:
        if not sys.stdin.isatty():
            raise UserError("This replaces everything that is there. Say --yes if that is what you want.")
        click.confirm("This replaces everything that is there. Go on?", abort=True)
    from winback.server.processes.backups import restore as put_back

    done = put_back(source=file)
    print(f"Restored as of {done.made_at}. Nothing is sent until sending is switched on again.", file=sys.stderr)
    if done.erased:
        print(f"Erased again since then: {done.erased:,}.", file=sys.stderr)
    for sentence in done.told:
        print(sentence, file=sys.stderr)
