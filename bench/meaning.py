"""Searching comments by meaning in a workspace of a million: CPU of a request, of making the vectors, and their size.

    python -m bench.meaning [--rows N]

The comments are two pieces of the sample company's put together, so that a million differ. Told: CPU seconds to turn them into
vectors, MiB they take, and milliseconds of CPU of a request of the page, warm, without a filter, within a scope of a
seventh, and for one customer.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from typing import Any

from bench.filled import fill, server

ASKED = (
    "waited far too long",
    "rude on the phone",
    "too expensive",
    "the engineer never came",
    "the line drops every evening",
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=1_000_000)
    given = options.parse_args()
    with server():
        access = fill(given.rows)
        said(given.rows)
        from winback.server.exports import vectors
        from winback.server.exports.actions import place_of, refresh

        refresh(workspace=access.workspace)
        begun = time.process_time()
        while not vectors.step(workspace=access.workspace, seconds=600):
            pass
        size = sum(path.stat().st_size for path in (place_of(access.workspace) / "vectors").glob("*")) / 2**20
        print(f"{given.rows:,} comments turned in {time.process_time() - begun:.0f} CPU s, {size:.0f} MiB", flush=True)
        measure(access)


def said(rows: int) -> None:
    """Give every answer a comment of its own."""
    from django.db import connection

    from winback.datasets import sample_company
    from winback.server.database import atomic

    draw = random.Random(1)
    known = [text for text in sample_company().feedback.column("comment").to_pylist() if text]
    for start in range(0, rows, 20_000):
        texts = [(f"{draw.choice(known)} {draw.choice(known)}", pk) for pk in range(start + 1, start + 20_001)]
        with atomic(), connection.cursor() as cursor:
            cursor.executemany("UPDATE winback_feedback SET comment = %s WHERE id = %s", texts)


def measure(access: Any) -> None:
    import resource
    from dataclasses import replace

    from winback.server.feedback.meaning import nearest
    from winback.server.feedback.models import Feedback
    from winback.server.feedback.queries import Choice
    from winback.server.workspaces.rules import Scope

    scoped = replace(access, scope=Scope({"region": ("region 3",)}))
    customer = Feedback.objects.exclude(customer=None)[0].customer_id
    nearest(access, Choice(text="warm", meaning=True))
    for name, who, choice in (
        ("no filter", access, Choice()), ("a seventh of them", scoped, Choice()), ("one customer", access, Choice(customer=customer)),
        ("detractors", access, Choice(band="detractor")),
        ("one shop of 97", access, Choice(attributes={"shop": "shop 5"})),
    ):  # fmt: skip
        took = []
        for text in ASKED:
            begun = time.process_time()
            found = nearest(who, replace(choice, text=text, meaning=True))
            took.append((time.process_time() - begun) * 1000)
        print(
            f"{name:28} median {statistics.median(took):4.0f} ms, longest {max(took):4.0f} ms, {len(found.rows)} found",
            flush=True,
        )
    print(
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB in this process, which also filled the tables"
    )


if __name__ == "__main__":
    main()
