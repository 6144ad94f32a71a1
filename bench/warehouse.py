"""The warehouse at a million answers: a refresh of all of it and of one day, and what a page's figures cost.

    .venv/bin/python -m bench.warehouse [--rows N] [--times N]

CPU seconds, medians, in one run with the yardsticks: DuckDB's own COPY of as many rows to Parquet, and the same rows
fetched from SQLite with nothing done to them. Times decide nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FIRST = "2024-11-01"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--times", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="winback-bench-") as folder:
        os.environ["WINBACK_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "winback.server.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        access = fill(given.rows)
        measure(access, Path(folder), given.rows, given.times)


def fill(rows: int) -> Any:
    """A workspace with so many answers of 24 months, a tenth as many customers, and what they said."""
    from django.db import connection
    from django.utils import timezone

    from winback.server.database import atomic
    from winback.server.sources.actions import ensure_source
    from winback.server.sources.models import SyncRun
    from winback.server.workspaces.access import Access
    from winback.server.workspaces.actions import create_user, create_workspace
    from winback.server.workspaces.rules import Scope

    user = create_user(email="bench@example.com")
    workspace = create_workspace(slug="bench", name="Bench", owner=user, currency="EUR")
    source = ensure_source(workspace=workspace, name="answers.csv", kind="file")
    run = SyncRun.objects.create(
        workspace=workspace, source=source, table="feedback", state="published", published_at=timezone.now()
    )
    now = timezone.now().replace(tzinfo=None).isoformat(" ")
    customers = max(rows // 10, 1)
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
    attributes = "json_object('region', 'region ' || (i % 7), 'plan', 'plan ' || (i % 5), 'age', (i % 6) || '0s', 'shop', 'shop ' || (i % 97))"
    with atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
            "INSERT INTO winback_customer (workspace_id, external_id, created_at) SELECT %s, 'C' || i, %s FROM n",
            [customers, workspace.pk, now],
        )
        cursor.execute(
            numbers
            + "INSERT INTO winback_feedback (workspace_id, source_id, run_id, updated_at, external_id, row_number, "
            "occurred_at, local_date, customer_id, respondent, score, kind, survey, channel, touchpoint, journey_stage, "
            "product, language, comment, money, weight, attributes, digest) "
            f"SELECT %s, %s, %s, %s, 'A' || i, i, datetime('{FIRST}', (i %% 1064448) || ' minutes'), "
            f"date('{FIRST}', (i %% 1064448) || ' minutes'), (i * 7919) %% {customers} + 1, 'P' || ((i * 31) %% ({customers} * 2)), "
            "(i * 2654435761) %% 11, 'survey', '', CASE i %% 3 WHEN 0 THEN 'web' WHEN 1 THEN 'mail' ELSE 'phone' END, "
            "'', '', '', '', CASE i %% 4 WHEN 0 THEN 'The engineer did not come, and nobody called to say so ' || i ELSE '' END, "
            f"NULL, NULL, {attributes}, i FROM n",
            [workspace.pk, source.pk, run.pk, now],
        )
    return Access(workspace, "admin", Scope(), user)


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
