"""`winback doctor`: what is wrong with an installation."""

from __future__ import annotations

import os
import sys

import click

MARKS = {"good": "ok   ", "note": "note ", "wrong": "WRONG"}


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--settings", "show", is_flag=True, help="Also show every setting that is in force; secrets stay hidden.")
def doctor(show: bool) -> None:
    """Look at an installation and say what is wrong with it, and what to do; exit code 1 where something is.

    It looks at the settings, the folder and its rights, the disk, the database, the clock, the mail server, what runs,
    the jobs, and the files that figures are read from. It changes nothing.
    """
    from winback.server.processes.doctor import findings

    found = findings()
    wide = max(len(finding.what) for finding in found)
    for finding in found:
        print(f"{MARKS[finding.state]}  {finding.what:<{wide}}  {finding.sentence}")
    if show:
        _show()
    sys.exit(1 if any(finding.state == "wrong" for finding in found) else 0)


def _show() -> None:
    from winback.server.environment import SETTINGS

    for setting in SETTINGS:
        given = os.environ.get(setting.name, "")
        value = "(given)" if given and setting.secret else given or setting.default or "(not given)"
        print(f"{setting.name}={value}")
