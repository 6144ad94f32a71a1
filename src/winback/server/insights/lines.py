"""The lines of This month: what came in, what moved, what is due and late. A later part of winback adds its line here.

A line function takes the month and says one thing, or None where there is nothing to say. LINES is the whole list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from winback.charts.labels import interval, period, signed
from winback.report.sections import moved as moved_rows
from winback.report.words import percent, plural, segment, short_day
from winback.server.jobs.models import Job
from winback.server.outbox.models import OutboxMessage
from winback.server.sources.models import SyncRun
from winback.server.stories.accounts import renewing_in_silence
from winback.server.stories.heard import heard
from winback.server.watch import queries as watch
from winback.server.watch.saying import headline
from winback.server.workspaces.access import Access

GROUPS = ("Heard", "Moved", "Due and late")
RECENT = dt.timedelta(days=7)
ROLES = {"imports": "member", "jobs": "member", "outbox": "manager"}  # pages that are not open to viewers
MOST_SILENT = 100  # counted one by one no further


@dataclass(frozen=True)
class Month:
    """What a line may speak of: the month's figures (None without answers), who asks, and the time there."""

    access: Access
    document: Mapping[str, Any] | None
    now: dt.datetime

    @property
    def whole(self) -> bool:
        """Whether the asker sees everything: what runs behind the pages belongs to no part of a workspace."""
        return self.access.scope.everything

    def href(self, name: str, query: str = "") -> str | None:
        """The address of a page, where there is one that the asker may open."""
        try:
            return (
                reverse(name, args=[self.access.workspace.slug]) + query
                if self.access.may(ROLES.get(name, "viewer"))
                else None
            )
        except NoReverseMatch:
            return None


@dataclass(frozen=True)
class Line:
    """One line: a figure if there is one, what it says, where it leads; `chip` says when it is due, `late` that it is late."""

    group: str
    title: str
    text: str = ""
    figure: str = ""
    href: str | None = None
    chip: str = ""
    late: bool = False
    good: bool = False


def answers_in(month: Month) -> Line | None:
    """How many answered this month, beside what is usual by this day."""
    doc = month.document
    if doc is None:
        return None
    begin, end = doc["month"], doc["end"]
    usual = doc["usual"]
    text = (
        "No month before to compare with."
        if usual is None
        else f"{usual:,.0f} were usual{' by this day' if doc['running'] else ''}."
    )
    href = month.href("feedback", f"?since={begin}&until={end}")
    name = "answered so far" if doc["running"] else f"answered in {period('month', begin)}"
    return Line("Heard", name, text, f"{doc['answers']:,}", href)  # fmt: skip


def detractors_in(month: Month) -> Line | None:
    """How many of them gave a low score."""
    doc = month.document
    if doc is None or not doc["answers"]:
        return None
    unhappy = doc["cell"]["detractors"]
    href = month.href("feedback", f"?since={doc['month']}&until={doc['end']}&band=detractor")
    return Line("Heard", "detractors among them", "Read what they say, and call them.", f"{unhappy:,}", href)


def asked(month: Month) -> Line | None:
    """How many of those asked this month have answered."""
    rate = month.document["response"] if month.document else None
    if rate is None:
        return None
    text = f"{rate['answered']:,} of {rate['asked'] - rate['bounced']:,} who were asked."
    return Line("Heard", "of those asked answered", text, percent(rate["rate"]))


def silence(month: Month) -> Line | None:
    """That nothing has come in for a while: often a broken feed."""
    doc = month.document
    if doc is None or doc["window"]["last"] is None:
        return None
    last = dt.date.fromisoformat(doc["window"]["last"])
    days = (month.now.date() - last).days
    if days < 14:
        return None
    text = f"The last answer is of {short_day(last, month.now.year)}, {days} days ago. Is the next file still to come?"
    return Line(
        "Due and late", "No new answers", text, href=month.href("imports"), chip=f"{days} days", late=days >= 31
    )


def score_moved(month: Month) -> Line | None:
    """The score against the month before, and whether that is more than chance."""
    doc = month.document
    if doc is None:
        return None
    if doc["change"] is None:
        few = f"{plural(doc['answers'], 'answer')}: too few to say how the score moved ({doc['minimum']} needed)."
        return Line("Moved", "The score", few, href=month.href("pulse"))
    sure = not doc["low"] <= 0 <= doc["high"]
    text = f"{signed(doc['before']['nps'])} to {signed(doc['cell']['nps'])}, {interval(doc['low'], doc['high'], 1)}. "
    text += "That is more than chance." if sure else "That could still be chance."
    return Line("Moved", "points against the month before", text, signed(doc["change"], 1), month.href("pulse"))


def segment_moved(month: Month) -> Line | None:
    """The segment that took most part in the change."""
    doc = month.document
    moved = moved_rows(doc["decompose"]) if doc is not None else None
    rows = [row for row in moved["rows"] if not row["label"]] if moved else []
    row = max(rows, key=lambda row: abs(row["total"]), default=None)
    if row is None or not row["total"]:
        return None
    by = "?" + urlencode([("by", name) for name in row["by"]])
    name = segment(row["segment"], row["by"])
    felt = "people there feel differently" if abs(row["rate"]) >= abs(row["mix"]) else "other people answered"
    return Line(
        "Moved", name, f"of that change, mostly because {felt}.", signed(row["total"], 1), month.href("segments", by)
    )


def flare_ups(month: Month) -> Line | None:
    """What burns now: the one with most money by name, and how many more."""
    found = watch.pressing(month.access)
    if not found:
        return None
    first, more = found[0], len(found) - 1
    loose = sum(alarm.state == "open" for alarm in found)
    text = f"Since {short_day(first.began, month.now.year)}" + (f"; {plural(more, 'flare-up')} more." if more else ".")
    chip = "nobody has it" if len(found) == 1 else f"nobody has {loose}"
    return Line("Moved", headline(first), text, href=month.href("flareups"), chip=chip if loose else "")


def renewals_in_silence(month: Month) -> Line | None:
    """Customers whose contract is up soon and who have not been heard for a year."""
    today = month.now.date()
    silent = renewing_in_silence(month.access, heard(month.access, today=today), today=today, most=MOST_SILENT)
    if not silent:
        return None
    count = f"{len(silent) - 1}+" if len(silent) == MOST_SILENT else str(len(silent))
    customers = "customer renews" if len(silent) == 1 else "customers renew"
    first = silent[0]
    who = first.name or first.customer.external_id
    text = f"Up within 120 days and not heard for a year; first {who}, {short_day(first.renewal_date, month.now.year)}."
    return Line("Due and late", f"{customers} in silence", text, count, month.href("accounts", "?silent=1#list"))


def imports_waiting(month: Month) -> Line | None:
    """Imports that wait for somebody to publish them."""
    if not month.whole:
        return None
    staged = (
        SyncRun.objects.filter(workspace=month.access.workspace, state="staged", live=False).order_by("-id").first()
    )
    if staged is None:
        return None
    name = staged.file_name or str(staged.source)
    return Line(
        "Due and late",
        "An import waits to be published",
        f"{name}: nobody sees its rows yet.",
        href=month.href("imports"),
        chip="due",
    )


def imports_failed(month: Month) -> Line | None:
    """Imports of the last week that did not work."""
    if not month.whole:
        return None
    failed = SyncRun.objects.filter(
        workspace=month.access.workspace, state="failed", created_at__gte=month.now - RECENT
    ).order_by("-id").first()  # fmt: skip
    if failed is None:
        return None
    return Line(
        "Due and late",
        "An import failed",
        f"{failed.file_name}: {failed.error[:200]}".strip(": "),
        href=month.href("imports"),
        chip="failed",
        late=True,
    )


def jobs_failed(month: Month) -> Line | None:
    """Background work of the last week that failed."""
    if not month.whole:
        return None
    failed = Job.objects.filter(
        workspace_id=month.access.workspace.pk, state="failed", ended_at__gte=month.now - RECENT
    ).count()
    if not failed or not month.access.may("member"):
        return None
    return Line(
        "Due and late",
        f"{plural(failed, 'job')} failed this week",
        "Each says why.",
        href=month.href("jobs"),
        chip="failed",
        late=True,
    )


def messages_held(month: Month) -> Line | None:
    """Messages that wait since sending is off."""
    if not month.access.may("manager") or not month.whole:
        return None
    held = OutboxMessage.objects.filter(workspace=month.access.workspace, state="waiting").count()
    if not held or month.access.workspace.sending == "on":
        return None
    return Line(
        "Due and late",
        f"{plural(held, 'message')} held",
        "Nothing is sent until an administrator switches sending on.",
        href=month.href("outbox"),
        chip="held",
    )


LINES: tuple[Callable[[Month], Line | None], ...] = (
    answers_in,
    detractors_in,
    asked,
    score_moved,
    segment_moved,
    flare_ups,
    imports_failed,
    imports_waiting,
    jobs_failed,
    messages_held,
    renewals_in_silence,
    silence,
)


def lines(access: Access, document: Mapping[str, Any] | None, now: dt.datetime) -> list[dict[str, Any]]:
    """What every line says, by group; a group with nothing to say is there, empty."""
    month = Month(access, document, now)
    said = [line for line in (make(month) for make in LINES) if line is not None]
    return [{"title": group, "lines": [line for line in said if line.group == group]} for group in GROUPS]
