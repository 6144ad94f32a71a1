"""From alarms to what the templates show: charts, links to the answers, causes beside what was expected, the bar of what one may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from winback.charts.control import control
from winback.charts.labels import segment as name_of
from winback.report.marks import Axis
from winback.report.words import percent, plural
from winback.server.sources.models import SyncRun
from winback.server.watch import saying
from winback.server.watch.models import BURNING, Alarm, AlarmEvent, Watch
from winback.server.watch.rules import bare
from winback.server.watch.wording import Word
from winback.server.workspaces.access import Access

CHARTS = 6  # of the page of what burns; the others are lines with a link
SHARES = Axis(0, 100)
LEAST_TOLD = 0.0001
NEVER_SEEN = "–"


def answers_query(alarm: Alarm, **more: str) -> str:
    """The query of the feedback page with the answers behind an alarm."""
    parts = [(bare(name), value) for name, value in zip(alarm.by, alarm.segment, strict=True)]
    parts += [("since", alarm.since.isoformat()), ("until", alarm.until.isoformat())]
    parts += [("survey", alarm.survey)] if alarm.survey else []
    return "?" + urlencode([*parts, *more.items()])


def chart(alarm: Alarm) -> dict[str, Any]:
    """The control chart: expected band, the window marked."""
    return dict(control(alarm.course, measure=alarm.measure, width="container"))


def card(alarm: Alarm, also: Sequence[Alarm] = (), *, drawn: bool = False) -> dict[str, Any]:
    """One fire as the list has it."""
    causes = alarm.causes.get("rows", [])
    slug = alarm.workspace.slug
    behind = (
        reverse("reason_comments", args=[slug, alarm.theme_id]) if alarm.theme_id else reverse("feedback", args=[slug])
    )
    return {
        "alarm": alarm, "headline": saying.headline(alarm), "sentence": saying.sentence(alarm),
        "chart": chart(alarm) if drawn and alarm.course else None, "where": saying.where(alarm),
        "causes": [name_of(row["segment"], row["by"]) for row in causes], "behind": behind + answers_query(alarm), "also": [{"pk": one.pk, "name": elsewhere(alarm, one)} for one in also],
        "later": later(alarm), "chip": chip(alarm), "noun": noun(alarm), "counted": counted(alarm), "until": alarm.until.isoformat(),
    }  # fmt: skip


def elsewhere(alarm: Alarm, other: Alarm) -> str:
    """What the same fire is seen as besides: a theme, another measure, or in another sort of survey."""
    if other.theme:
        return f"the theme {other.theme.name}" + (f" ({other.title})" if other.sort != alarm.sort else "")
    return saying.MEASURES[other.measure] if other.measure != alarm.measure else other.title


def noun(alarm: Alarm) -> str:
    nouns = {"score": "Score", "volume": "Answers", "silence": "Answers", "themes": "Share who name it"}
    return nouns.get(alarm.measure, "Share of detractors")


def counted(alarm: Alarm) -> str:
    """Whom its share counts, where it is one."""
    return {"detractors": "Detractors", "themes": "Name it"}.get(alarm.measure, "")


def chip(alarm: Alarm) -> dict[str, str]:
    """The state in a word or two, and its look."""
    if alarm.state == "open":
        return {"text": f"with {alarm.assigned_to}" if alarm.assigned_to else "nobody has it yet", "kind": "d"}
    if alarm.state == "acknowledged":
        return {"text": f"{alarm.assigned_to or alarm.taken_by or 'Somebody'} has it", "kind": "done"}
    if alarm.state == "snoozed" and alarm.snoozed_until:
        return {"text": f"snoozed until {alarm.snoozed_until.day} {alarm.snoozed_until:%b}", "kind": "line"}
    return {"text": "dismissed" if alarm.state == "dismissed" else "over", "kind": "line"}


def causes(alarm: Alarm) -> list[dict[str, Any]]:
    """Rows of the table under "Where exactly": each cause, the rest of the segment, and what lies around it."""
    found = alarm.causes
    rows = [{**row, "name": name_of(row["segment"], row["by"]), "hot": True} for row in found.get("rows", [])]
    if found.get("rest"):
        rows.append({**found["rest"], "name": f"the rest of {saying.name(alarm)}", "hot": False})
    elif not rows:
        rows.append(
            {
                "bad": alarm.bad,
                "answers": alarm.answers,
                "expected": alarm.expected,
                "name": saying.name(alarm),
                "hot": True,
            }
        )
    for row in found.get("around", []):
        others = f"other {bare(row['other']).replace('_', ' ').lower()}"
        rest = name_of(row["segment"], row["by"])
        rows.append({**row, "name": f"{rest} · {others}" if rest else others, "hot": False})
    return [{**row, **_mark(row)} for row in rows if row["answers"]]


def _mark(row: Mapping[str, Any]) -> dict[str, Any]:
    from winback.stats.intervals import share_interval

    low, high = share_interval(row["bad"], row["answers"])
    cell = {"nps": 100 * row["bad"] / row["answers"], "low": 100 * float(low), "high": 100 * float(high)}
    return {
        "cell": cell,
        "axis": SHARES,
        "dashed": 100 * row["expected"] / row["answers"],
        "seen": f"{row['bad']:g} of {row['answers']:g}",
    }


def later(alarm: Alarm) -> str:
    """What came after the window."""
    if not alarm.later_answers or not alarm.is_share:
        return ""
    share = percent(alarm.later_bad / alarm.later_answers)
    return f"{alarm.later_bad:g} of {alarm.later_answers:g} answers since then ({share})"


def facts(alarm: Alarm, watch: Watch | None, currency: str) -> list[tuple[str, str, bool]]:
    """How big, how sure: name, words, whether they are strong."""
    from winback.charts.labels import money

    found: list[tuple[str, str, bool]] = []
    if alarm.measure == "detractors":
        found.append(("Seen", f"{alarm.bad:g} detractors in {alarm.answers:,} answers", True))
    elif alarm.measure == "themes":
        found.append(("Seen", f"{alarm.bad:g} of {alarm.answers:,} answers that say why", True))
    elif alarm.measure in ("volume", "silence"):
        found.append(("Seen", f"{alarm.answers:,} answers", True))
    else:
        found.append(("Answers", f"{alarm.answers:,}", False))
    if alarm.measure != "score":
        found.append(("Expected", f"{alarm.expected:,.1f}", False))
    found.append(("Effect", saying.effect(alarm), True))
    if (after := later(alarm)) != "":
        found.append(("Since then", after, False))
    found += [
        ("Chance", f"p {small(alarm.p)} by simulation", False),
        ("False alarm", f"{saying.sure(alarm)} (q {small(alarm.q)})", False),
    ]
    if alarm.customers is not None:
        did = "name it" if alarm.measure == "themes" else "answered"
        found.append(("Customers", f"{alarm.customers:,} {did}", False))
    if alarm.revenue is not None:
        found.append((f"{alarm.money_kind.capitalize()} of theirs", f"{money(alarm.revenue, currency)} a year", True))
    if alarm.folded:
        found.append(("Explains", f"{plural(alarm.folded, 'further alarm')} of segments it lies in or holds", False))
    found.append(("Survey", alarm.title, False))
    if watch is not None:
        what = "pairs of theme and segment" if alarm.measure == "themes" else "segments"
        found.append(("Watched", f"{watch.segments:,} {what}, by the {alarm.every}", False))
    return found


def small(chance: float) -> str:
    """A chance as far as it can be known: draws say nothing of one in a million."""
    return f"{chance:.2g}" if chance >= LEAST_TOLD else f"under {LEAST_TOLD:.4f}"


def told(events: Sequence[AlarmEvent]) -> list[dict[str, Any]]:
    """What happened, in words, newest first."""
    own = {
        "found": "The watch found it", "seen elsewhere": "It is seen here now", "burns on": "It burns on",
        "burns again": "It burns again", "snooze over": "The snooze is over", "cooled": "It has cooled: " + saying.ENDINGS["cooled"].lower(),
        "silent": saying.ENDINGS["silent"], "withdrawn": saying.ENDINGS["withdrawn"], "unwatched": saying.ENDINGS["unwatched"],
    }  # fmt: skip
    return [
        {"event": event, "who": event.by, "did": event.verb if event.by else own.get(event.verb, event.verb),
         "note": event.note, "undone": event.undone_at is not None}
        for event in reversed(events)
    ]  # fmt: skip


def changed(
    alarm: Alarm, imports: Sequence[SyncRun], mix: Sequence[Mapping[str, Any]], words: Sequence[Word]
) -> dict[str, Any]:
    """What changed around then, in sentences."""
    return {"imports": imports, "mix": [_moved(one) for one in mix], "words": words, "volume": volume(alarm)}


def _moved(one: Mapping[str, Any]) -> str:
    name = one["name"].replace("_", " ")
    return f"{name} {one['value']}: {percent(one['now'])} of the answers, {percent(one['before'])} before"


def volume(alarm: Alarm) -> str:
    """How many answered a period in the window and before it."""
    hot = [row["answers"] for row in alarm.course if row["burning"]]
    calm = [row["answers"] for row in alarm.course if not row["burning"] and row["period"] < alarm.since.isoformat()][
        -12:
    ]
    if not hot or not calm:
        return ""
    now, before = sum(hot) / len(hot), sum(calm) / len(calm)
    much = "about as many as before" if 0.75 <= now / max(before, 0.1) <= 1.33 else f"{before:.0f} before"
    return f"{now:.0f} answers a {alarm.every}, {much}"


def acts(access: Access, alarm: Alarm) -> dict[str, bool]:
    """What the asker may do with it now."""
    burns = alarm.state in BURNING
    return {
        "take": burns and alarm.state != "acknowledged" and access.may("member"),
        "snooze": burns and access.may("member"), "dismiss": burns and access.may("manager"),
        "assign": burns and access.may("manager"), "judge": access.may("member"), "note": access.may("member"),
    }  # fmt: skip


def typical(watch: Watch) -> str:
    """What could have been missed: half of the segments would have shown a rise of so many times the odds."""
    if watch.typical is None:
        return "No segment has enough answers to show even a large rise within four periods."
    return f"Half of the segments would have shown a rise of {watch.typical:.1f} times the odds within four {watch.every}s; a smaller one need not show."


def rise(expected: float | None, odds: float | None) -> str:
    """The smallest rise that would be seen, as shares: 24 % to 45 %."""
    from winback.server.watch.rules import points

    if expected is None or odds is None:
        return NEVER_SEEN
    return f"{percent(expected)} to {percent(expected + points(expected, odds) / 100)}"
