"""What changed around the time a flare-up began: imports, how people were asked, how many answered, what they write.

Live and within the asker's scope: customers' words are kept nowhere for it. Answers are read from the warehouse,
comments from the tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from winback.errors import UserError
from winback.server.exports.queries import Holding, holding
from winback.server.feedback.queries import FIELDS, Choice, chosen
from winback.server.sources.models import SyncRun
from winback.server.watch.models import Alarm
from winback.server.watch.rules import bare
from winback.server.watch.wording import Word, risen, unpraised
from winback.server.workspaces.access import Access

COMPARED = dt.timedelta(weeks=12)
AROUND = dt.timedelta(days=14)
ASKED_BY = ("channel", "touchpoint", "product", "language", "source")
COUNTED = ("feedback", "customers")  # tables that say who answered what, and which segment it is
BEYOND = 2.6  # standard errors: one in a hundred such differences is chance
MOST_COMMENTS = 1500
MOST_IMPORTS = 5


def choice_of(alarm: Alarm, **more: Any) -> Choice:
    """The answers behind an alarm, as Feedback is asked for them."""
    told = {bare(name): value for name, value in zip(alarm.by, alarm.segment, strict=True)}
    fields = {name: value for name, value in told.items() if name in FIELDS}
    if alarm.survey:
        fields["survey"] = alarm.survey
    return Choice(
        **{"since": alarm.since, "until": alarm.until, **more}, fields=fields,
        attributes={name: value for name, value in told.items() if name not in FIELDS},
    )  # fmt: skip


def imports_around(access: Access, alarm: Alarm) -> list[SyncRun]:
    """Imports of answers and customers published from two weeks before the fire until it was found.

    Nothing for who sees a part only.
    """
    if not access.scope.everything:
        return []
    runs = SyncRun.objects.filter(
        workspace=access.workspace, live=False, state__in=["published", "undone"], table__in=COUNTED
    )
    rows = runs.filter(published_at__date__gte=alarm.began - AROUND, published_at__lte=alarm.found_at)
    return list(rows.order_by("-published_at")[:MOST_IMPORTS])


def words(access: Access, alarm: Alarm) -> list[Word]:
    """Words in which its detractors complain more often than those of the same segment in the twelve weeks before."""
    said = []
    for since, until in ((alarm.since, alarm.until), (alarm.since - COMPARED, alarm.since - dt.timedelta(days=1))):
        rows = chosen(access, choice_of(alarm, since=since, until=until, band="detractor", commented=True))
        told = rows.order_by("-occurred_at", "-id").values_list("comment", "customer_id", "pk")[:MOST_COMMENTS]
        said.append([(unpraised(text), customer or f"answer {pk}") for text, customer, pk in told])
    return risen(*said)


def mix(access: Access, alarm: Alarm) -> list[dict[str, Any]]:
    """What about the asking was different: values whose share of the answers moved by more than chance."""
    found = held(access, alarm)
    if found is None:
        return []
    now = _counts(found, alarm, alarm.since, alarm.until)
    before = _counts(found, alarm, alarm.since - COMPARED, alarm.since - dt.timedelta(days=1))
    moved: list[dict[str, Any]] = []
    for name, here in now.items():
        there = before.get(name, {})
        n, m = sum(here.values()), sum(there.values())
        for value in set(here) | set(there):
            z = standard_errors(here.get(value, 0), n, there.get(value, 0), m)
            if abs(z) > BEYOND:
                moved.append({
                    "name": name, "value": value, "now": here.get(value, 0) / n, "before": there.get(value, 0) / m, "z": abs(z)
                })  # fmt: skip
    return sorted(moved, key=lambda one: (-one["z"], one["name"], one["value"]))[:3]


def standard_errors(x: int, n: int, y: int, m: int) -> float:
    """How many standard errors two shares lie apart."""
    if not n or not m:
        return 0.0
    pooled = (x + y) / (n + m)
    error = (pooled * (1 - pooled) * (1 / n + 1 / m)) ** 0.5
    return (x / n - y / m) / error if error else 0.0


def held(access: Access, alarm: Alarm) -> Holding | None:
    """The tables of the alarm's sort of survey, within the asker's scope; None where there are none (any more)."""
    try:
        return holding(access, sort=alarm.sort)
    except UserError:  # the sort is gone: its answers were taken back
        return None


def inside(found: Holding, alarm: Alarm, since: dt.date, until: dt.date) -> Any:
    """The answers of the alarm's segment in these days, lazily; its attributes have to be there."""
    import narwhals as nw

    rows = nw.from_native(found.tables.feedback).lazy().filter(~nw.col("score").is_null())
    rows = rows.filter(nw.col("local_date") >= since, nw.col("local_date") <= until)
    for name, value in zip(alarm.by, alarm.segment, strict=True):
        rows = rows.filter(nw.col(name).cast(nw.String).str.strip_chars() == value)
    return rows


def _counts(found: Holding, alarm: Alarm, since: dt.date, until: dt.date) -> Mapping[str, dict[str, int]]:
    """Answers of the segment in these days by each way of asking that the segment itself does not name."""
    import narwhals as nw

    from winback.analysis.frames import names_of

    names = names_of(found.tables.feedback)
    if "local_date" not in names or not set(alarm.by) <= set(names):
        return {}
    rows = inside(found, alarm, since, until)
    counted = {}
    for name in ASKED_BY:
        if name in names and name not in alarm.by:
            table = (
                rows.filter(~nw.col(name).is_null())
                .group_by(nw.col(name).alias("value"))
                .agg(nw.len().alias("answers"))
            )
            told = table.collect(backend="pyarrow").to_native().to_pylist()
            counted[name] = {str(row["value"]): int(row["answers"]) for row in told}
    return counted
