"""Small companies in which something burns, and alarms as the watch would write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from tests.server.exports.worlds import answer, fresh, told
from winback.server.feedback.models import Feedback
from winback.server.feedback.rules import NewFeedback
from winback.server.runs.models import AnalysisRun
from winback.server.sources.actions import mark_dirty
from winback.server.themes.models import CodebookVersion, Coding, Reading, Theme
from winback.server.themes.rules import words_digest
from winback.server.watch import actions
from winback.server.watch.models import Alarm
from winback.server.workspaces.models import Workspace

FIRST = dt.date(2026, 6, 1)  # a Monday
TODAY = dt.date(2026, 9, 28)  # the Monday after seventeen weeks
WEEKS = 17
NOW = dt.datetime(2026, 9, 28, 9, tzinfo=dt.UTC)

# answers and detractors of 26 weeks, of which the last four burn
COURSE = (
    (15, 3), (11, 2), (16, 4), (10, 1), (12, 2), (16, 5), (8, 2), (14, 5), (10, 3), (16, 2), (8, 1), (11, 3), (15, 3),
    (11, 3), (12, 3), (9, 2), (12, 3), (16, 6), (9, 3), (13, 4), (16, 3), (9, 2), (13, 6), (15, 7), (16, 8), (16, 7),
)  # fmt: skip


def run_of(workspace: Workspace) -> AnalysisRun:
    return AnalysisRun.objects.create(
        workspace=workspace, name="flareups", as_of=timezone.now(), version="1", input_hash="0"
    )


CAUSE = {
    "by": ["region", "channel"],
    "segment": ["North", "partner"],
    "bad": 18.0,
    "answers": 25.0,
    "expected": 6.0,
    "p": 0.001,
}


def caused(*rows: object, rest: object = None, everywhere: bool = False) -> dict[str, object]:
    """`causes` of an alarm: where exactly it is."""
    return {"answer": "…", "everywhere": everywhere, "combinations": 40, "rows": list(rows), "rest": rest}


def an_alarm(workspace: Workspace, *, more: dict[str, Any] | None = None, **segment: str) -> Alarm:
    """An alarm of this segment: 20 of 40 answers where 10 were expected, 7 to 20 September. `more` are its fields."""
    run = run_of(workspace)
    fields: dict[str, Any] = {
        "sort": "all.0-10", "title": "All answers, 0-10", "measure": "detractors", "by": list(segment),
        "segment": list(segment.values()), "began": dt.date(2026, 9, 7), "since": dt.date(2026, 9, 7), "until": dt.date(2026, 9, 20),
        "period": dt.date(2026, 9, 14), "through": dt.date(2026, 9, 20), "answers": 40, "bad": 20.0, "expected": 10.0,
        "share": 0.5, "expected_share": 0.25, "effect": 3.0, "low": 1.6, "high": 5.6, "p": 0.0004, "q": 0.02,
        "score": 9.0, "found_run": run, "run": run,
    }  # fmt: skip
    return Alarm.objects.create(workspace=workspace, **{**fields, **(more or {})})


def burning(workspace: Workspace, *, weeks: int = WEEKS, until_hot: int = 2, hot: int = 17, prefix: str = "") -> None:
    """Seventeen weeks of answers of four segments, 20 a week each; in the last two weeks North x A burns: 17 of 20.

    Elsewhere and before 5 of 20 are detractors, 4 in every other week, so that there is something of chance in it.
    """
    rows: list[NewFeedback] = []
    for week in range(weeks):
        for region in ("North", "South"):
            for plan in ("A", "B"):
                burns = (region, plan) == ("North", "A") and week >= WEEKS - until_hot
                low = hot if burns else 5 if (week + (plan == "B")) % 2 else 4
                for i in range(20):
                    day = FIRST + dt.timedelta(days=7 * week + i % 7)
                    key = f"{prefix}{week}-{region}-{plan}-{i}"
                    rows.append(
                        answer(
                            key, 2 if i < low else 9, day.isoformat(), customer=f"c-{region}-{plan}-{i}", respondent=key,
                            comment="nobody came to the appointment" if burns and i < low else "",
                            attributes={"region": region, "plan": plan},
                        )
                    )  # fmt: skip
    told(workspace, rows)
    workspace.attributes = ["region", "plan"]
    workspace.save()
    fresh(workspace)


def planted() -> Alarm:
    """In the only workspace there is: North x Business burns in the sample company, with its course and its causes."""
    workspace = Workspace.objects.get()
    monday = dt.date(2026, 10, 5)
    course = []
    for week, (answers, bad) in enumerate(COURSE, start=4 - len(COURSE)):
        width = 1.96 * (0.24 * 0.76 * 1.2 / answers) ** 0.5
        course.append({
            "period": (monday + dt.timedelta(days=7 * week)).isoformat(), "answers": answers, "bad": float(bad),
            "share": bad / answers, "expected": 0.24, "low": max(0.24 - width, 0.0), "high": 0.24 + width,
            "burning": week >= 0,
        })  # fmt: skip
    part = {"Region": "North", "Plan": "Business", "channel": "partner"}
    causes = {
        "answer": "", "everywhere": False, "combinations": 1932,
        "rows": [{"by": list(part), "segment": list(part.values()), "bad": 22.0, "answers": 31.0, "expected": 7.6, "p": 0.0001}],
        "rest": {"bad": 6.0, "answers": 29.0, "expected": 6.9},
    }  # fmt: skip
    more = {
        "began": monday, "since": monday, "until": dt.date(2026, 10, 31), "period": monday + dt.timedelta(days=21),
        "through": dt.date(2026, 10, 31), "answers": 60, "bad": 28.0, "expected": 14.4, "share": 28 / 60,
        "expected_share": 0.24, "effect": 2.6, "low": 1.5, "high": 4.5, "course": course, "causes": causes,
        "customers": 47, "revenue": 33500, "money_kind": "revenue", "survey": "relationship", "sort": "relationship.0-10",
        "title": "Relationship, 0-10",
    }  # fmt: skip
    return an_alarm(workspace, Region="North", Plan="Business", more=more)


def named(workspace: Workspace, *, hot: int = 14, weeks: int = WEEKS) -> dict[str, Theme]:
    """Seventeen weeks of 40 answers with words, 20 in each region; every comment is read. Three or four of 20 name the
    bill; in the last two weeks `hot` of North's name the queue, before and elsewhere one or two. Scores are as ever.
    """
    CodebookVersion.objects.create(workspace=workspace, number=1, model="test 1")
    themes = {
        name: Theme.objects.create(workspace=workspace, key=name.lower(), name=name, state="accepted")
        for name in ("Queue", "Bill")
    }
    rows, named_in = [], {}
    for week in range(weeks):
        for region in ("North", "South"):
            burns = region == "North" and week >= WEEKS - 2
            for i in range(20):
                key = f"{week}-{region}-{i}"
                day = FIRST + dt.timedelta(days=7 * week + i % 7)
                rows.append(answer(key, 2 if i % 4 == 0 else 8, day.isoformat(), customer=f"c-{region}-{i}", respondent=key,
                                   comment=f"words of {key}", attributes={"region": region}))  # fmt: skip
                named_in[key] = [
                    *(["Queue"] if i < (hot if burns else 1 + week % 2) else []), *(["Bill"] if i >= 17 - week % 2 else [])
                ]  # fmt: skip
    told(workspace, rows)
    read(workspace, {key: [themes[name] for name in names] for key, names in named_in.items()})
    workspace.attributes = ["region"]
    workspace.save()
    fresh(workspace)
    return themes


def read(workspace: Workspace, found: Mapping[str, Sequence[Theme]]) -> None:
    """Comments read by the model: which themes each names."""
    rows = {row.external_id: row for row in Feedback.objects.filter(workspace=workspace, external_id__in=list(found))}
    readings = Reading.objects.bulk_create([
        Reading(workspace=workspace, source_id=row.source_id, external_id=key, kind="model", model="test 1", version=1,
                digest=words_digest(row.comment), seen=row.updated_at, confidence=0.9)
        for key, row in rows.items()
    ])  # fmt: skip
    Coding.objects.bulk_create([
        Coding(reading=reading, theme=theme, place=place) for reading in readings
        for place, theme in enumerate(found[reading.external_id])
    ])  # fmt: skip
    mark_dirty(workspace=workspace, table="codings", days={row.local_date for row in rows.values()})


def more(workspace: Workspace, week: int, low: int, *, region: str = "North", plan: str = "A", many: int = 20) -> None:
    """A further week of answers of one segment, so many of them detractors."""
    day = FIRST + dt.timedelta(days=7 * week)
    told(
        workspace,
        [
            answer(f"{week}-{region}-{plan}-{i}", 2 if i < low else 9, (day + dt.timedelta(days=i % 7)).isoformat(),
                   customer=f"c-{region}-{plan}-{i}", attributes={"region": region, "plan": plan})
            for i in range(many)
        ],
    )  # fmt: skip


def calm(workspace: Workspace, week: int) -> None:
    for region, plan in (("North", "B"), ("South", "A"), ("South", "B")):
        more(workspace, week, 4, region=region, plan=plan)


def watched(workspace: Workspace, days: int = 0) -> list[Alarm]:
    """Watched on the Monday after seventeen weeks of answers, or so many days later."""
    actions.watch_now(workspace=workspace, now=NOW + dt.timedelta(days=days))
    return list(Alarm.objects.order_by("id"))
