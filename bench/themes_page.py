"""The pages of why with 40 themes over a hundred thousand coded comments by segment: Themes, Reasons, the desk.

    .venv/bin/python -m bench.themes_page [--rows N] [--times N]

Milliseconds of CPU of a request from end to end, in this process, warmed up as the server is: the first after a refresh, and
the median of those that follow. The target is 500 ms for the Themes page, by segment too.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from typing import Any

from bench.filled import fill, server

THEMES = 40


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--times", type=int, default=7)
    given = options.parse_args()
    with server():
        access = fill(given.rows)
        codings = code(access)
        began = time.perf_counter()
        refreshed(access)
        print(
            f"{given.rows:,} answers, {codings:,} codings of {THEMES} themes; refreshed in {time.perf_counter() - began:.1f} s"
        )
        from winback.server.insights.queries import warm

        warm()
        asked(access, "desk/", 1)  # templates are read once
        for name, address in (
            ("Themes", "themes/?last=all"), ("Themes by plan", "themes/?last=all&by=plan"),
            ("Themes by shop", "themes/?last=all&by=shop"), ("Themes of promoters", "themes/?last=all&who=promoter"),
            ("Themes of a month", "themes/?since=2024-12-01&until=2024-12-31"), ("Themes of a region", "themes/?last=all&region=region+3"),
            ("Reasons", "reasons/"), ("One reason", "reasons/1/"), ("Its comments", "reasons/1/comments/"), ("Sorting desk", "desk/"),
        ):  # fmt: skip
            first, later = asked(access, address, given.times)
            print(f"{name:20} first {first:6.0f} ms, then {later:6.0f} ms")


def code(access: Any) -> int:
    """Every comment read by a model: none, one or two of the themes, by a law of Zipf."""
    from winback.server.database import atomic
    from winback.server.feedback.models import Feedback
    from winback.server.themes.models import Coding, Reading, Theme
    from winback.server.themes.rules import words_digest

    draw = random.Random(1)
    Feedback.objects.filter(comment="").update(comment="The fitter did not come, and nobody called to say so.")
    themes = [
        Theme.objects.create(workspace=access.workspace, key=f"t{n}", name=f"Theme {n}", state="accepted")
        for n in range(THEMES)
    ]
    weights = [1 / (n + 1) for n in range(THEMES)]
    total = after = 0
    while True:
        rows = list(Feedback.objects.filter(pk__gt=after).order_by("pk")[:10_000])
        if not rows:
            return total
        after = rows[-1].pk
        with atomic():
            readings = Reading.objects.bulk_create(
                Reading(
                    workspace=access.workspace, source_id=row.source_id, external_id=row.external_id, kind="model", model="bench 1",
                    digest=words_digest(row.comment), seen=row.updated_at, confidence=draw.random(), version=1,
                )
                for row in rows
            )  # fmt: skip
            codings = [
                Coding(reading=reading, theme=theme, place=place, start=0, end=10, confidence=draw.random())
                for reading in readings
                for place, theme in enumerate({theme.pk: theme for theme in draw.choices(themes, weights, k=draw.randrange(3))}.values())
            ]  # fmt: skip
            Coding.objects.bulk_create(codings)
        total += len(codings)


def refreshed(access: Any) -> None:
    from winback.server.exports.actions import refresh

    refresh(workspace=access.workspace, at_once=True)


def asked(access: Any, address: str, times: int) -> tuple[float, float]:
    """Milliseconds of the first request, and the median of the others."""
    from django.test import Client

    from winback.server.workspaces.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(pk=access.user.pk))
    took = []
    for _ in range(times):
        began = time.process_time()
        answer = client.get(f"/w/{access.workspace.slug}/{address}", headers={"host": "127.0.0.1"})
        took.append(1000 * (time.process_time() - began))
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    return took[0], statistics.median(took[1:] or took)


if __name__ == "__main__":
    main()
