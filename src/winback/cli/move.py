"""`winback move`: from SQLite to PostgreSQL."""

from __future__ import annotations

import sys

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("database_url")
def move(database_url: str) -> None:
    """Copy everything from this installation's SQLite database into an empty PostgreSQL at DATABASE_URL.

    Stop winback first. All of it is copied as it stands at one moment, or nothing is; the SQLite file stays as it was. A
    DATABASE_URL of - is read from standard input, so that its password stands in no list of processes.
    """
    from winback.server.processes.moving import move as copied

    to = sys.stdin.readline().strip() if database_url == "-" else database_url
    done = copied(to=to, say=lambda text: print(f"  {text}", file=sys.stderr))
    print(f"{done.rows:,} rows in {done.tables} tables, counted on both sides.", file=sys.stderr)
    if done.mended:
        print(
            f"{done.mended:,} texts held a null character, which PostgreSQL does not take; it reads � now.",
            file=sys.stderr,
        )
    print("Now set DATABASE_URL to this address, keep WINBACK_HOME, and start winback.", file=sys.stderr)
