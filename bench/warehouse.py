"""The warehouse at a million answers: a refresh of all of it and of one day, and what a page's figures cost.

    .venv/bin/python -m bench.warehouse [--rows N] [--times N]

CPU seconds, medians, in one run with the yardsticks: DuckDB's own COPY of as many rows to Parquet, and the same rows
fetched from SQLite with nothing done to them. Times decide nothing.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.filled import fill, server


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--times", type=int, default=5)
    given = options.parse_args()
    with server() as home:
        access = fill(given.rows)
        measure(access, home, given.rows, given.times)


def cpu(work: Callable[[], Any]) -> tuple[float, float]:
    """CPU and wall seconds of a piece of work."""
    start, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - start, time.perf_counter() - wall


def measure(access: Any, home: Path, rows: int, times: int) -> None:
    import shutil

    import duckdb
    from django.db import connection

    import winback as wb
    from winback.server.exports.actions import refresh
    from winback.server.exports.queries import holding
    from winback.server.sources.actions import mark_dirty

    workspace = access.workspace

    def say(what: str, figures: tuple[float, float], more: str = "") -> None:
        print(f"{what:58} {figures[0]:7.2f} s CPU {figures[1]:7.2f} s{more}", flush=True)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    whole = cpu(lambda: refresh(workspace=workspace))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def fetch() -> None:
        with connection.chunked_cursor() as cursor:
            cursor.execute("SELECT * FROM winback_feedback")
            while cursor.fetchmany(20_000):
                pass

    place = home / "warehouse" / str(workspace.pk)
    files = [str(path) for path in place.glob("feedback/*.parquet")]
    size = sum(path.stat().st_size for path in place.glob("**/*.parquet")) / 2**20
    fetched = cpu(fetch)

    def copy() -> None:
        engine = duckdb.connect()
        engine.execute("CREATE TABLE t AS SELECT * FROM read_parquet(?)", [files])
        copy.figures = cpu(lambda: engine.execute(f"COPY t TO '{home}/copy.parquet' (FORMAT parquet)"))  # type: ignore[attr-defined]

    copy()
    copied: tuple[float, float] = copy.figures  # type: ignore[attr-defined]
    say(
        f"refresh of {rows:,} answers",
        whole,
        f"  peak {peak:,.0f} MiB (before {before:,.0f}), {size:,.0f} MiB of Parquet",
    )
    say("  the rows fetched from SQLite, nothing done", fetched, f"  ratio {whole[0] / fetched[0]:.1f}")
    say("  DuckDB's COPY of as many rows", copied, f"  ratio {whole[0] / copied[0]:.1f}")
    import datetime as dt

    for what, day in (("a day of this month", dt.date(2026, 11, 2)), ("a day of a closed month", dt.date(2025, 3, 5))):
        taken = []
        for _ in range(times):
            mark_dirty(workspace=workspace, table="feedback", days=[day])
            taken.append(cpu(lambda: refresh(workspace=workspace)))
        say(f"refresh of {what}", sorted(taken)[times // 2])
    say(
        "refresh with nothing dirty",
        sorted(cpu(lambda: refresh(workspace=workspace)) for _ in range(times))[times // 2],
    )

    def ask(question: Callable[[Any], Any]) -> Callable[[], Any]:
        return lambda: question(holding(access))

    for what, question in {
        "holding": lambda h: h,
        "holding, nps": lambda h: wb.nps(h.tables, **h.columns),
        "holding, trend by month": lambda h: wb.trend(h.tables, unit="month", **h.columns),
        "holding, segments of four attributes": lambda h: wb.segments(h.tables, by=h.attributes[:4], **h.columns),
    }.items():
        first = cpu(ask(question))
        taken = [cpu(ask(question)) for _ in range(times)]
        middle = (statistics.median(one[0] for one in taken), statistics.median(one[1] for one in taken))
        say(what, middle, f"  (first {first[1]:.2f} s)")
    from winback.server.customers.models import Customer
    from winback.server.privacy.actions import erase_customer

    one = Customer.objects.get(external_id="C77")
    say("a customer erased, figures written again", cpu(lambda: erase_customer(customer=one)))
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
