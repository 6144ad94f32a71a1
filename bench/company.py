"""The sample company: is its flare-up found in two weeks, and how often does it cry wolf where there is none?

    python -m bench.company [--burning N] [--calm N]

Each seed is another company of 4,000 customers; its transactional answers are watched as `winback flareups` does by
itself, over five attributes. With the flare-up (North x Business x partner, three times the odds, some 60 answers a
week): found when some finding of the second week lies in it or holds it, by name when that is its segment, localised
when the two weeks against the twelve before name just it. Calm: the same with no flare-up, its last week judged.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from winback.analysis.flareups import flareups
from winback.analysis.localise import localise
from winback.datasets import world
from winback.datasets.answers import collect, segments
from winback.datasets.cast import Cast
from winback.datasets.columns import column, dates, plain_words
from winback.datasets.company import make_company
from winback.datasets.history import live
from winback.tables import FLOAT

BY = ["region", "plan", "industry", "channel", "touchpoint"]
PLANTED = {"region": "North", "plan": "Business", "channel": "partner"}
SIZE = 4000
TRANSACTIONAL = 1


def answers(seed: int, *, burns: bool = True) -> tuple[pa.Table, dt.date]:
    """Transactional answers of a company without their comments, which take most of the time; the flare-up's first day."""
    if burns:
        made = make_company(seed, SIZE)
        cast, told = made.cast, made.answers
    else:
        cast = Cast.gather(seed, SIZE, world.Calendar()).with_flare_shift(0.0)
        told = collect(cast, live(cast))
    asked = told.asked
    table = pa.table(
        {
            "score": column(asked.score.astype(float), FLOAT, blank=asked.skipped),
            "local_date": dates(asked.day, cast.calendar.start),
            "channel": plain_words(cast.persons.channel[asked.person], world.CHANNELS),
            "touchpoint": plain_words(asked.touchpoint, world.TOUCHPOINTS),
            **segments(told.customer, cast.accounts),
        }
    )
    return table.filter(pa.array(asked.survey == TRANSACTIONAL)), cast.calendar.date(cast.calendar.flare)


def named(row: dict[str, Any]) -> dict[str, str]:
    return dict(zip(row["by"], row["segment"], strict=True))


def burning(seeds: int) -> None:
    found = exact = localised = 0
    week = []
    for seed in range(1, seeds + 1):
        table, start = answers(seed)
        second = start + dt.timedelta(days=13)
        rows = flareups(table, by=BY, until=second, revenue=False).rows()
        names = [named(row) for row in rows]
        found += any(all(PLANTED.get(k, v) == v for k, v in name.items()) for name in names)
        exact += PLANTED in names
        before = start - dt.timedelta(weeks=12), start - dt.timedelta(days=1)
        causes = localise(table, by=BY, before=before, after=(start, second)).findings()
        localised += [cause["attributes"] for cause in causes] == [PLANTED]
        kept = table.filter(pc.greater_equal(table["local_date"], pa.scalar(start)))
        for name, value in PLANTED.items():
            kept = kept.filter(pc.equal(kept[name], value))
        week.append(kept.num_rows / ((world.UNTIL - start).days + 1) * 7)
    print("| companies | answers a week in the flare-up | found in two weeks | by its name | localised exactly |")
    print("|---|---|---|---|---|")
    print(f"| {seeds} | {min(week):.0f} to {max(week):.0f} | {found} | {exact} | {localised} |", flush=True)


def calm(seeds: range) -> int:
    """How many companies without a flare-up have an alarm in their last week."""
    return sum(bool(flareups(answers(seed, burns=False)[0], by=BY, revenue=False).rows()) for seed in seeds)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--burning", type=int, default=20)
    options.add_argument("--calm", type=int, default=100)
    given = options.parse_args()
    if given.burning:
        burning(given.burning)
    if given.calm:
        start = time.process_time()
        alarmed = calm(range(1, given.calm + 1))
        cpu = (time.process_time() - start) / given.calm
        print(
            "| calm companies | with an alarm in their last week | promised at most | CPU s each |\n|---|---|---|---|"
        )
        print(f"| {given.calm} | {alarmed} | {0.1 * given.calm:.0f} | {cpu:.1f} |", flush=True)


if __name__ == "__main__":
    main()
