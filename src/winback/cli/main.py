"""`winback`: finds the command, runs it, and turns errors into sentences and exit codes.

0: done. 1: a bug, with its traceback. 2: something the user can mend, in a sentence. 130: interrupted.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from typing import NoReturn

import click

from winback import __version__
from winback.errors import UserError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("winback.cli.demo:demo", "Make a sample company, its review and its workspace, and serve it."),
    "drivers": ("winback.cli.drivers:drivers", "What goes with the score, and where there is room to improve."),
    "flareups": ("winback.cli.flareups:flareups", "What burns now: segments where detractors rise beyond chance."),
    "localise": ("winback.cli.localise:localise", "Which combination of attributes explains a jump."),
    "import": ("winback.cli.importing:importing", "Bring files into a workspace."),
    "proposals": ("winback.cli.proposals:proposals", "What is proposed for a codebook, to accept or refuse."),
    "report": ("winback.cli.report:report", "A file of answers becomes a detractor review."),
    "saturation": ("winback.cli.saturation:saturation", "How much of what customers would say has been heard."),
    "themes": ("winback.cli.themes:themes", "Which reasons customers name, and what hangs on each."),
    "init": ("winback.cli.init:init", "Make an installation: its first administrator and workspace."),
    "serve": ("winback.cli.serve:serve", "Serve the pages and do the background work."),
    "worker": ("winback.cli.worker:worker", "Do the background work alone."),
    "backup": ("winback.cli.backup:backup", "Everything in one file, while it runs."),
    "restore": ("winback.cli.restore:restore", "A backup in the place of what is there."),
    "upgrade": ("winback.cli.upgrade:upgrade", "Backup, bring the database to this version, check."),
    "move": ("winback.cli.move:move", "From SQLite to PostgreSQL, with everything."),
    "sign-in-link": ("winback.cli.sign_in_link:sign_in_link", "Let somebody in again who lost the password."),
    "doctor": ("winback.cli.doctor:doctor", "Say what is wrong with an installation."),
}


class Commands(click.Group):
    """Commands by name; a command's module is imported only when it is needed, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="winback")
def main() -> None:
    """winback turns detractors into promoters, as a system, not a number."""


def run() -> NoReturn:
    """Run the command line; never returns."""
    # Threads of the linear algebra spin while they wait: a fifth of the CPU time of `winback themes`. NumPy is not read yet.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        main.main(prog_name=os.environ.get("WINBACK_COMMAND") or "winback", standalone_mode=False)
    except UserError as error:
        _end(f"winback: {error}", 2)
    except click.exceptions.Abort:
        _end("winback: interrupted", 130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except KeyboardInterrupt:
        _end("winback: interrupted", 130)
    except BrokenPipeError:
        # Whoever read our output went away (`winback … | head`): that is no error of anybody's.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(0)


def _end(sentence: str, code: int) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(code)
