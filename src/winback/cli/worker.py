"""`winback worker`: background work without the web."""

from __future__ import annotations

import sys

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def worker(once: bool) -> None:
    """Do the background work, until Ctrl-C; beside `winback serve --no-worker`, or on another machine.

    As many jobs run at once as WINBACK_WORKERS says. Each in a process of its own: one that is killed is started again,
    and its job runs again.
    """
    from winback.server.processes import serving

    if once:
        _once()
        return

    def ready(workers: int) -> None:
        print(f"{workers} worker{'s' * (workers > 1)} (Ctrl-C ends {'them' if workers > 1 else 'it'})", file=sys.stderr)

    sys.exit(serving.work(say=lambda text: print(f"winback: {text}", file=sys.stderr), when_ready=ready))


def _once() -> None:
    from winback.server.processes.ready import require_ready

    require_ready()
    from winback.server.jobs.actions import keep_the_clock, run_due

    keep_the_clock()
    ran = run_due()
    failed = sum(job.state == "failed" for job in ran)
    print(f"{len(ran):,} done{f', {failed:,} of them failed' if failed else ''}", file=sys.stderr)
    sys.exit(1 if failed else 0)
