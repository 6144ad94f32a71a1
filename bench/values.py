"""One attribute with 100,000 values, from the file to the Segments page: how long it takes, and what the page says.

    .venv/bin/python -m bench.values [--values N] [--answers N]

A CSV of so many answers comes in as people bring it (read, staged, published, exported), and the pages are asked for by
that attribute: the first time and again. CPU of all threads in ms, wall in ms, size of the answer in KiB. The limits: 15 s
of CPU for a page, 1 MiB for an answer that is no file. Times decide nothing.
"""

from __future__ import annotations

import argparse
import re
import resource
import time
from collections.abc import Iterator
from typing import Any

from bench.filled import administrator, server

LIMIT_SECONDS, LIMIT_BYTES = 15, 2**20
PAGES = (
    ("segments", "segments/?by=shop&last=all"),
    ("segments, a quarter", "segments/?by=shop&last=3"),
    ("segments, 200 shown", "segments/?by=shop&last=all&all=1"),
    ("segments, two attributes", "segments/?by=shop&by=region&last=all"),
    ("segments as CSV", "figures/segments.csv?by=shop&last=all"),
    ("pulse", "pulse/?last=all"),
    ("month", "month/"),
    ("profit", "profit/"),
    ("readiness", "readiness/"),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--values", type=int, default=100_000)
    options.add_argument("--answers", type=int, default=300_000)
    given = options.parse_args()
    with server():
        print(f"{given.answers:,} answers of {given.values:,} shops")
        access = bring(given.answers, given.values)
        measure(access, given.values)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


def pieces(answers: int, values: int) -> Iterator[bytes]:
    """The file, a thousand rows at a time."""
    yield b"id,date,person,score,region,shop\n"
    for start in range(0, answers, 1000):
        yield "".join(
            f"{n},2025-{1 + n % 12:02}-{1 + n % 28:02},p{n},{(n * 7) % 11},r{n % 7},shop {n * 31 % values}\n"
            for n in range(start, min(start + 1000, answers))
        ).encode()


def bring(answers: int, values: int) -> Any:
    """Import the file as the pages do, and write the warehouse. The access of an administrator."""
    from winback.server.exports.actions import refresh
    from winback.server.imports import actions
    from winback.server.imports.asked import Asked

    access = administrator()
    workspace = access.workspace
    columns = {"score": "score", "date": "date", "respondent": "person", "by": ["region", "shop"]}
    begun = time.perf_counter(), time.process_time()
    run = actions.keep(
        workspace=workspace, name="answers.csv", pieces=pieces(answers, values),
        asked=Asked("answers.csv", table="feedback", columns=columns),
    )  # fmt: skip
    while (account := actions.look(run=run, seconds=60)) is None:
        pass
    assert not account["error"], account["error"]
    actions.start(run=run, enqueued=False)
    while actions.work(run=run, seconds=60) != "done":
        pass
    told("import", *begun)
    begun = time.perf_counter(), time.process_time()
    refresh(workspace=workspace)
    told("warehouse", *begun)
    return access


def told(name: str, wall: float, cpu: float, size: int = 0) -> None:
    took, spent = time.perf_counter() - wall, time.process_time() - cpu
    missed = ": missed" if spent > LIMIT_SECONDS or (size > LIMIT_BYTES and "CSV" not in name) else ""
    shown = f" {size / 1024:8,.0f} KiB{missed}" if size else ""
    print(f"{name:34} {1000 * spent:8,.0f} ms CPU {1000 * took:8,.0f} ms{shown}", flush=True)


def measure(access: Any, values: int) -> None:
    """Ask for every page twice; the first has to say how many segments there are and that not all are shown."""
    from django.test import Client

    from winback.server.insights import queries

    queries.warm()
    client = Client()
    client.force_login(access.user)
    for name, address in PAGES:
        for which in ("first", "again"):
            begun = time.perf_counter(), time.process_time()
            answer = client.get(f"/w/{access.workspace.slug}/{address}", headers={"host": "127.0.0.1"})
            told(f"{name}, {which}", *begun, size=len(answer.content))
            assert answer.status_code == 200, (address, answer.status_code)
            if name == "segments" and which == "first":
                said = re.sub(r"\s+", " ", answer.content.decode())
                assert f"{values:,} segments" in said, said[:20000]
                assert f"Show all {values:,}" in said


if __name__ == "__main__":
    main()
