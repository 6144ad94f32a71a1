"""`winback serve`: web, workers and scheduler in one command."""

from __future__ import annotations

import sys

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; 0.0.0.0 for every network this machine is on.",
)
@click.option(
    "--port", metavar="N", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on."
)
@click.option("--no-worker", is_flag=True, help="The web alone; `winback worker` does the jobs, here or elsewhere.")
def serve(host: str, port: int, no_worker: bool) -> None:
    """Serve the pages and do the background work, until Ctrl-C.

    One command runs everything: the web server, as many workers as WINBACK_WORKERS says, and what is scheduled. A
    second start in the same home folder is refused while one runs.
    """
    from winback.server.processes import serving

    def ready(address: str) -> None:
        print(f"winback is at {address} (Ctrl-C ends it)", file=sys.stderr)

    sys.exit(
        serving.serve(
            host=host,
            port=port,
            workers=not no_worker,
            say=lambda text: print(f"winback: {text}", file=sys.stderr),
            when_ready=ready,
        )
    )
