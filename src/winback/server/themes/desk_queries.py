"""Reads of the sorting desk: a comment with suggestions, how far coders agree, and where they do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils import timezone

from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import band_name, bands_of, feedback_for, names_of
from winback.server.sources.models import Source
from winback.server.themes.actions import nodes_of
from winback.server.themes.coding import row_of
from winback.server.themes.models import Coding, DeskLease, Reading, Theme
from winback.server.themes.queries import choices, pairs, read_in, sets_of
from winback.server.themes.rules import ends, excerpt, words_digest
from winback.server.themes.teaching import read_now
from winback.server.themes.words import rows_of
from winback.server.workspaces.access import Access
from winback.stats.agreement import Agreement, krippendorff, masi

KEYS = 9  # themes that have a digit of their own
FEW = 30  # comments coded by two under which agreement is said to be uncertain


@dataclass(frozen=True)
class Suggestion:
    """A theme the model found, with its confidence and the words that carry it."""

    theme: Theme
    confidence: float | None
    words: str


@dataclass(frozen=True)
class Disagreement:
    """A comment in which two people found different themes."""

    row: Mapping[str, Any]
    band: str
    digest: int
    readings: tuple[tuple[Reading, tuple[Theme, ...]], ...]
    may_settle: bool


def on_desk(access: Access, lease: DeskLease, *, also: Sequence[int] = ()) -> dict[str, Any]:
    """What the page of a comment shows: the comment, suggestions, the other themes, keys for the likeliest nine.

    `also`: themes that somebody else suggests, which have keys too.
    """
    row = row_of(access, (lease.source_id, lease.external_id))
    listed = choices(access)
    themes = {theme.pk: theme for top, below in listed for theme in (top, *below)}
    last = ends(nodes_of(access.workspace))
    readings = Reading.objects.filter(source_id=lease.source_id, external_id=lease.external_id)
    model = readings.filter(kind="model", digest=words_digest(row.comment)).first()
    suggested: dict[int, Suggestion] = {}
    for pk, confidence, start, stop in _found(row, model):
        end = last.get(pk)
        if end in themes and end not in suggested:
            suggested[end] = Suggestion(themes[end], confidence, excerpt(row.comment, start, stop))
    mine = readings.filter(kind="person", coder=access.user).first()
    chosen = list(sets_of([mine], last)[0]) if mine else []
    frequent = _frequent(access, last)
    order = dict.fromkeys([*suggested, *(pk for pk in (*also, *frequent) if pk in themes), *themes])
    keys = {pk: str(place) for place, pk in enumerate(list(order)[:KEYS], start=1)}
    name = names_of(access, [row.customer_id] if row.customer_id else []).get(row.customer_id or 0, "")
    return {
        "row": row, "band": band_name(row.score, bands_of(row.source)), "name": name, "suggested": list(suggested.values()),
        "chosen": chosen, "correcting": mine is not None, "digest": words_digest(row.comment), "second": lease.seat == 1,
        "themes": [
            {"theme": theme, "key": keys.get(theme.pk, ""), "level": level, "suggested": suggested.get(theme.pk)}
            for top, below in listed
            for level, theme in ((1, top), *((2, child) for child in below))
        ],
    }  # fmt: skip


def _found(row: Feedback, model: Reading | None) -> list[tuple[int, float | None, int | None, int | None]]:
    """The themes that the model finds, by number, with its confidence and where they stand: as taught up to now."""
    now = read_now(row)
    if now is None:
        return list(
            model.codings.order_by("place").values_list("theme_id", "confidence", "start", "end") if model else ()
        )
    pks = dict(Theme.objects.filter(workspace=row.workspace_id).values_list("key", "pk"))
    now.sort(key=lambda one: one["rank"])
    return [(pks[one["theme"]], one["confidence"], one["start"], one["end"]) for one in now]


def _frequent(access: Access, last: Mapping[int, int | None]) -> list[int]:
    """The themes that people have found most often lately."""
    rows = Coding.objects.filter(reading__in=read_in(access).filter(kind="person"))
    counted: dict[int, int] = {}
    for pk, count in rows.values_list("theme_id").annotate(count=Count("id")).order_by():
        if (end := last.get(pk)) is not None:
            counted[end] = counted.get(end, 0) + count
    return sorted(counted, key=lambda pk: (-counted[pk], pk))


def coded_today(access: Access) -> int:
    """How many comments this person has coded since midnight."""
    now = timezone.now().astimezone(ZoneInfo(access.workspace.zone))
    midnight = dt.datetime.combine(now.date(), dt.time.min, now.tzinfo)
    mine = Reading.objects.filter(workspace=access.workspace, coder=access.user, at__gte=midnight)
    return mine.exclude(kind="model").count()


def progress(access: Access) -> dict[str, int]:
    """How many comments were coded by oneself today and by people in all, and how many the model alone has read."""
    readings = read_in(access)
    return {
        "mine_today": coded_today(access),
        "by_people": readings.filter(kind__in=("person", "settled"), stands=True).count(),
        "by_model": readings.filter(kind="model", stands=True).count(),
        "second": readings.filter(kind="person", double="waits").exclude(coder=access.user).count(),
    }


def agreement(access: Access) -> dict[str, Any]:
    """How far two people agree, over all themes (sets, MASI) and for each theme that either found."""
    last = ends(nodes_of(access.workspace))
    twice = [sets_of(two, last) for two in pairs(access).values()]
    names = {theme.pk: theme for theme in Theme.objects.filter(workspace=access.workspace)}
    found: Agreement = krippendorff(twice, masi, level=access.workspace.level)
    each: list[dict[str, Any]] = []
    for pk in sorted({pk for two in twice for one in two for pk in one}):
        units = [[pk in one for one in two] for two in twice]
        told = krippendorff(units, level=access.workspace.level)
        each.append({"theme": names[pk], "found": sum(any(unit) for unit in units), "told": told})
    each.sort(key=lambda row: (row["told"].alpha is None, row["told"].alpha or 0.0))
    return {"whole": found, "each": each, "few": found.units < FEW}


def disagreements(access: Access, *, most: int = 50) -> list[Disagreement]:
    """Comments in which two people found different themes and that nobody has settled, the latest first."""
    last = ends(nodes_of(access.workspace))
    names = {theme.pk: theme for theme in Theme.objects.filter(workspace=access.workspace)}
    found = {key: two for key, two in pairs(access).items() if len(set(sets_of(two, last))) > 1}
    settled = set(
        Reading.objects.filter(workspace=access.workspace, kind="settled", stands=True)
        .values_list("source_id", "external_id")
    )  # fmt: skip
    open_ = {key: two for key, two in found.items() if key not in settled}
    fields = ("comment", "score", "local_date", "customer_id", "id")
    rows = {(row["source_id"], row["external_id"]): row for row in rows_of(feedback_for(access), open_, *fields)}
    bands = {source.pk: bands_of(source) for source in Source.objects.filter(workspace=access.workspace)}
    told = []
    for key, two in open_.items():
        row = rows.get(key)
        if row is None or words_digest(row["comment"]) != two[0].digest:
            continue
        sides = tuple(
            (reading, tuple(names[pk] for pk in sorted(chosen)))
            for reading, chosen in zip(two, sets_of(two, last), strict=True)
        )
        may = access.may("manager") or all(
            reading.coder_id != (access.user.pk if access.user else 0) for reading in two
        )
        told.append(Disagreement(row, band_name(row["score"], bands[key[0]]), two[0].digest, sides, may))
    return sorted(told, key=lambda one: one.readings[-1][0].at, reverse=True)[:most]
