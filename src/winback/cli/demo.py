"""`winback demo`: a sample company and its review, to look at before one's own file."""

from __future__ import annotations

import os
import shlex
import sys
from importlib.util import find_spec
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
@click.option(
    "--port", metavar="N", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Where to serve it."
)
@click.option("--no-serve", is_flag=True, help="Only the files and their review.")
def demo(folder: Path, size: int, seed: int, port: int, no_serve: bool) -> None:
    """Make a sample company, Larkspur Broadband, with its review and its workspace, and serve it.

    The company is invented; what is planted in it (a flare-up, a fix that worked, detractors who
    bring much) is told in docs/reference/sample-company.md. Run again, it makes the same files and
    serves the same workspace. The demo sends nothing to anybody.
    """
    from winback.cli.report import report
    from winback.datasets import write_sample

    serves = not no_serve and _server_installed()
    steps = 4 if serves else 2
    folder.mkdir(parents=True, exist_ok=True)
    _say(f"1/{steps}  Making {size:,} customers of Larkspur Broadband (invented) in {folder}/")
    paths = {path.stem: path for path in write_sample(folder, seed=seed, size=size)}
    _say(f"2/{steps}  Reading their answers, money and departures into a review")
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
    if serves:
        _serve(folder / "home", paths, port)
        return
    _say("")
    _say(f"Open {target} in a browser. The same by hand:")
    _say(f"  {typed()} report {shlex.join(arguments)}")
    _say("Your own file:")
    _say(f"  {typed()} report your-answers.csv")


def _serve(home: Path, paths: dict[str, Path], port: int) -> None:
    """The workspace, made once, served until Ctrl-C."""
    os.environ["WINBACK_BASE_URL"] = f"http://127.0.0.1:{port}"
    from winback.server.demo import make_demo

    _say("3/4  Importing the same files into a workspace")
    made = make_demo(home.absolute(), paths, say=_say)
    _say("4/4  Serving it")

    def ready(address: str) -> None:
        _say("")
        _say(f"{address} is open. Sign in as {made.email} with the password {made.password}")
        _say(
            f"The same password opens it for amara@ (a member) and rafael@ (a viewer). {home.parent}/review.html is the review."
        )
        _say("Ctrl-C ends it; the same command brings it back.")

    from winback.server.processes import serving

    sys.exit(
        serving.serve(
            host="127.0.0.1", port=port, workers=True, say=lambda text: _say(f"winback: {text}"), when_ready=ready
        )
    )


def _server_installed() -> bool:
    if find_spec("django") is not None:
        return True
    _say('The workspace needs the server: pip install ".[server]". Here are the files and their review.')
    return False


def typed() -> str:
    """How winback is called here: `./winback` where the script of a clone started it, so that lines can be copied."""
    return shlex.quote(os.environ.get("WINBACK_COMMAND") or "winback")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
