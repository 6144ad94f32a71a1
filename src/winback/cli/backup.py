"""`winback backup`: everything in one file, while it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
def backup(out: Path) -> None:
    """Write everything into the file OUT, while winback runs: database, uploads, secret key.

    The file holds personal data and secrets; keep it as you keep the database. The Parquet files are not in it, since
    they are written again, nor is the journal of erasures, which has to outlive it.
    """
    from winback.server.processes.backups import back_up

    done = back_up(to=out)
    files = f"{done.files:,} upload{'s' * (done.files != 1)}"
    print(f"{done.path}: {done.size / 1e6:,.1f} MB, the database and {files}", file=sys.stderr)
