"""The pages of figures at a million answers: server time of the first view after a refresh, and of those after it.

    .venv/bin/python -m bench.pulse [--rows N] [--times N] [--money] [--only WORD]

Milliseconds of a request inside the server, CPU (all threads) and wall, from the address to the finished page, in a
process that has loaded the analyses (as `winback serve` does when it starts) and has counted nothing yet. `--money` adds a year of revenue and
cost of every customer. `--only` asks for the pages with this word in their name. The limits: Pulse first within 1,500 ms, afterwards within 300 ms. Times decide nothing.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

from bench.filled import fill, server

LIMITS = {"pulse, first": 1500, "pulse, again": 300}
PAGES = (
    ("pulse", "pulse/"),
    ("pulse, its money", "pulse/?money=now"),
    ("pulse, a quarter earlier", "pulse/?since=2026-04-01&until=2026-06-30"),
    ("pulse, one region", "pulse/?region=region+3"),
    ("pulse, odd days", "pulse/?since=2026-03-05&until=2026-06-17"),
    ("month", "month/"),
    ("segments", "segments/"),
    ("segments by 97 shops", "segments/?by=shop"),
    ("profit", "profit/"),
    ("readiness", "readiness/"),
    ("search for a rare word", "search?q=zebrafish"),
    ("search for a frequent word", "search?q=engineer"),
    ("search, reading every comment", "search?q=zebrafish"),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--times", type=int, default=15)
    options.add_argument("--money", action="store_true", help="with a year of money for every customer")
    options.add_argument("--only", default="", help="pages with this word in their name")
    given = options.parse_args()
    with server():
        from winback.server.exports.actions import refresh

        access = fill(given.rows)
        access.workspace.attributes = ["region", "plan", "age", "shop"]
        access.workspace.save()
        words()
        if given.money:
            money(access)
        refresh(workspace=access.workspace)
        measure(access, given.rows, given.times, given.only)


def words() -> None:
    """A comment for every answer, of some sixty letters; one in a hundred thousand says a word that no other has."""
    from django.db import connection

    from winback.server.database import atomic

    with atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE winback_feedback SET comment = 'The engineer of shop ' || (id * 7919) % 9973 || ' came ' || id % 31 || "
            "' days late, ' || CASE WHEN id % 100000 = 7 THEN 'a zebrafish told us' ELSE 'and nobody told us' END"
        )


def money(access: Any) -> None:
    """Twelve months of revenue and margin for every customer."""
    from django.db import connection
    from django.utils import timezone

    from winback.server.database import atomic
    from winback.server.sources.actions import ensure_source
    from winback.server.sources.models import SyncRun

    source = ensure_source(workspace=access.workspace, name="periods.csv", kind="file")
    run = SyncRun.objects.create(
        workspace=access.workspace,
        source=source,
        table="customer_periods",
        state="published",
        published_at=timezone.now(),
    )
    now = timezone.now().replace(tzinfo=None).isoformat(" ")
    with atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE m(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM m WHERE i < 11) "
            "INSERT INTO winback_customerperiod (workspace_id, run_id, updated_at, customer_id, month, revenue, cost, margin) "
            "SELECT %s, %s, %s, c.id, date('2025-11-01', m.i || ' months'), 100000 + (c.id * 7919) %% 9000000, 50000, "
            "(c.id * 7919) %% 9000000 FROM winback_customer AS c CROSS JOIN m",
            [access.workspace.pk, run.pk, now],
        )


def measure(access: Any, rows: int, times: int, only: str) -> None:
    """Ask for every page: once anew, then again and again."""
    from django.test import Client

    from winback.server.feedback import searching
    from winback.server.insights import queries
    from winback.server.insights.kept import shelf

    start = time.perf_counter()
    queries.warm()
    print(f"{rows:,} answers; the analyses load in {1000 * (time.perf_counter() - start):,.0f} ms")
    client = Client()
    client.force_login(access.user)
    client.get("/me/", headers={"host": "127.0.0.1"})

    def ask(address: str) -> tuple[float, float]:
        begin, wall = time.process_time(), time.perf_counter()
        answer = client.get(f"/w/bench/{address}", headers={"host": "127.0.0.1"})
        taken = 1000 * (time.process_time() - begin), 1000 * (time.perf_counter() - wall)
        assert answer.status_code == 200, (address, answer.status_code)
        return taken

    for name, address in PAGES:
        if only not in name:
            continue
        if "every comment" in name:
            searching.FEW = 10 * rows  # as it was without the Parquet
        if name in ("pulse", "month", "segments", "profit", "readiness"):
            shelf.clear()
        first = ask(address)
        many = [ask(address) for _ in range(times)]
        again = (statistics.median(cpu for cpu, _ in many), statistics.median(wall for _, wall in many))
        for told, taken in ((f"{name}, first", first), (f"{name}, again", again)):
            limit = LIMITS.get(told)
            verdict = "" if limit is None else f"  limit {limit:,} ms{'' if taken[1] <= limit else ': missed'}"
            print(f"{told:34} {taken[0]:8,.0f} ms CPU {taken[1]:8,.0f} ms{verdict}", flush=True)
    print(f"kept: {len(shelf)} windows, {shelf.size() / 2**20:,.0f} MiB")


if __name__ == "__main__":
    main()
