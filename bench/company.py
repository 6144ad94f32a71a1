"""The sample company: is its flare-up found in two weeks, and how often does it cry wolf where there is none?

    python -m bench.company [--burning N] [--calm N]

Each seed is another company of 4,000 customers; its transactional answers are watched as `winback flareups` does by
itself, over five attributes. With the flare-up (North x Business x partner, three times the odds, some 60 answers a
week): found when some finding of the second week lies in it or holds it, by name when that is its segment, localised
when the two weeks against the twelve, or the eighty, before name just it. Calm: the same with no flare-up, its last week judged.
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
BEFORE = (12, 80)  # weeks the two are set against


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
    found = exact = 0
    localised = dict.fromkeys(BEFORE, 0)
    week = []
    for seed in range(1, seeds + 1):
        table, start = answers(seed)
        second = start + dt.timedelta(days=13)
        rows = flareups(table, by=BY, until=second, revenue=False).rows()
        names = [named(row) for row in rows]
        found += any(all(PLANTED.get(k, v) == v for k, v in name.items()) for name in names)
        exact += PLANTED in names
        for weeks in BEFORE:
            before = start - dt.timedelta(weeks=weeks), start - dt.timedelta(days=1)
            causes = localise(table, by=BY, before=before, after=(start, second)).findings()
            localised[weeks] += [cause["attributes"] for cause in causes] == [PLANTED]
        kept = table.filter(pc.greater_equal(table["local_date"], pa.scalar(start)))
        for name, value in PLANTED.items():
            kept = kept.filter(pc.equal(kept[name], value))
        week.append(kept.num_rows / ((world.UNTIL - start).days + 1) * 7)
    print(
        "| companies | answers a week in the flare-up | found in two weeks | by its name | localised exactly, by 12 weeks before | by 80 |"
    )
    print("|---|---|---|---|---|---|")
    print(
        f"| {seeds} | {min(week):.0f} to {max(week):.0f} | {found} | {exact} | {localised[12]} | {localised[80]} |",
        flush=True,
    )


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
