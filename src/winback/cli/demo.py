"""`winback demo`: a sample company and its review, to look at before one's own file."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import click

FILES = ("feedback", "customers", "periods", "departures", "contacts", "invitations", "cases")


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--folder",
    metavar="FOLDER",
    default="winback-demo",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the files go.",
)
@click.option(
    "--size",
    metavar="N",
    default=4000,
    show_default=True,
    type=click.IntRange(50, 1_000_000),
    help="Customers of the sample company.",
)
@click.option(
    "--seed",
    metavar="N",
    default=1,
    show_default=True,
    type=click.IntRange(0),
    help="Another seed makes another company.",
)
def demo(folder: Path, size: int, seed: int) -> None:
    """Make a sample company, Larkspur Broadband, as files like your own exports, and its review.

    The company is invented; what is planted in it (a flare-up, a fix that worked, detractors who
    bring much) is told in docs/reference/sample-company.md. Run again, it makes the same files.
    """
    from winback.cli.report import report
    from winback.datasets import write_sample

    folder.mkdir(parents=True, exist_ok=True)
    _say(f"1/2  Making {size:,} customers of Larkspur Broadband (invented) in {folder}/")
    paths = {path.stem: path for path in write_sample(folder, seed=seed, size=size)}
    _say("2/2  Reading their answers, money and departures into a review")
    target = folder / "review.html"
    others = [part for name in FILES[1:] if name in paths for part in (f"--{name}", str(paths[name]))]
    arguments = [
        str(paths["feedback"]),
        *others,
        "--currency",
        "EUR",
        "--title",
        "Larkspur Broadband: detractor review",
    ]
    report.main(args=[*arguments, "-o", str(target)], standalone_mode=False)
    _say("")
    _say(f"Open {target} in a browser. The same by hand:")
    _say(f"  {typed()} report {shlex.join(arguments)}")
    _say("Your own file:")
    _say(f"  {typed()} report your-answers.csv")


def typed() -> str:
    """How winback is called here: `./winback` where the script of a clone started it, so that lines can be copied."""
    return shlex.quote(os.environ.get("WINBACK_COMMAND") or "winback")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
