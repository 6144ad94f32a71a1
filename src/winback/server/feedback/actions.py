"""The one door for feedback that comes row by row: the API, surveys, calls. Files come through server/imports."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from zlib import crc32

from django.db import connection
from django.utils import timezone

from winback.errors import UserError
from winback.scales import Bands
from winback.server.bulk import Insert, insert_all, stored_time
from winback.server.customers.actions import AT_ONCE, Known, as_known, asked_for, ensure_customers
from winback.server.database import Question, answers, as_date, atomic, ten_thousandths
from winback.server.feedback.masking import COMMENTS, masking_of
from winback.server.feedback.models import Feedback
from winback.server.feedback.rules import NewFeedback, checked, digest, local_date
from winback.server.sources.actions import dirty_days, live_run
from winback.server.sources.models import Source
from winback.server.sources.rules import Recorded
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

COLUMNS = (
    "external_id", "occurred_at", "local_date", "customer_id", "respondent", "score", "kind", "survey", "channel",
    "touchpoint", "journey_stage", "product", "language", "comment", "money", "weight", "attributes", "digest",
)  # fmt: skip


def record(*, workspace: Workspace, source: Source, rows: Sequence[NewFeedback], by: Access | None = None) -> Recorded:
    """Take pieces of feedback: each is made, or changed where its source and external id are known, or left as it is.

    Rows that cannot be taken are refused one by one and cost the others nothing. Doing the same again changes nothing.
    Personal data in comments, and in attributes that are sentences, are masked before they are written, where the workspace asks for it. One audit event for all. `occurred_at` of rows without a time is now.
    """
    bands = Bands.of(source.scale, detractors=source.detractors or None, promoters=source.promoters or None)
    masking = masking_of(workspace)
    now = timezone.now()
    good: dict[str, tuple[NewFeedback, int]] = {}
    refused: list[tuple[int, str]] = []
    for place, row in enumerate(rows):
        try:
            good[row.external_id] = (checked(row, bands), digest(row))  # the last of two with one id is what counts
        except UserError as error:
            refused.append((place, str(error)))
    with atomic():
        run = live_run(source=source)
        there, known = _there(workspace, source, run.pk, [row for row, _ in good.values()])
        wanted = {key: row for key, (row, hashed) in good.items() if key not in there or there[key][0] != hashed}
        customers = ensure_customers(
            workspace=workspace, run=run, external_ids={row.customer for row in wanted.values() if row.customer},
            known=known,
        )  # fmt: skip
        masked: dict[str, int] = {}
        if masking is not None:  # the digest is of the words as they came, so that the same row again is the same
            given = [
                (row.comment, row.attributes, customers.get(row.customer), row.respondent) for row in wanted.values()
            ]
            texts, masked = masking.answers(given)
            wanted = {
                key: replace(row, comment=text, attributes=more)
                for (key, row), (text, more) in zip(wanted.items(), texts, strict=True)
            }
        days = {there[key][1] for key in wanted if key in there}
        written = []
        # rows that are there in one order, so that two batches at once wait and never lock up; new ones as they came,
        # since of two answers at one moment the later row counts
        for key in [*sorted(wanted.keys() & there.keys()), *(key for key in wanted if key not in there)]:
            row = wanted[key]
            moment = row.occurred_at or now
            day = local_date(moment, workspace.zone)
            days.add(day)
            written.append(
                (
                    key, stored_time(moment), day.isoformat(), customers.get(row.customer), row.respondent, row.score,
                    row.kind, row.survey, row.channel, row.touchpoint, row.journey_stage, row.product, row.language,
                    row.comment, None if row.money is None else ten_thousandths(row.money), row.weight,
                    json.dumps(dict(row.attributes), ensure_ascii=False), good[key][1],
                )
            )  # fmt: skip
        if written:
            constants = {
                "workspace_id": workspace.pk, "source_id": source.pk, "run_id": run.pk, "superseded_by_id": None,
                "row_number": None, "updated_at": stored_time(now),
            }  # fmt: skip
            insert_all(
                Insert(Feedback, constants, COLUMNS, written, replacing=("source_id", "external_id", "run_id")),
                dirty_days(workspace, "feedback", days),
            )
        result = Recorded(
            new=sum(key not in there for key in wanted),
            changed=sum(key in there for key in wanted),
            same=len(good) - len(wanted),
            refused=tuple(refused),
            masked=None if masking is None else masked.get(COMMENTS, 0),
        )
        if len(rows) > 1:
            audit.record(
                verb="feedback recorded", target=source.name, by=by, workspace=workspace,
                new=result.new, changed=result.changed, same=result.same, refused=len(refused),
                **({"masked": result.masked} if result.masked else {}),
            )  # fmt: skip
    return result


def _there(
    workspace: Workspace, source: Source, run_id: int, rows: Sequence[NewFeedback]
) -> tuple[dict[str, tuple[int, dt.date | None]], Known]:
    """Digest and day of the rows that are there, and the customers of all that are known."""
    found: dict[str, tuple[int, dt.date | None]] = {}
    known: dict[str, tuple[int, bool | None]] = {}
    holds = _holds(source, rows)
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        keys = [row.external_id for row in part]
        held = holds if start == 0 else []
        there, *customers = answers(
            *held,
            (f"{_THERE} ({', '.join(['%s'] * len(keys))})", [source.pk, run_id, *keys]),
            *asked_for(workspace, sorted({row.customer for row in part if row.customer})),
        )[len(held) :]
        found |= {key: (hashed, as_date(day)) for key, hashed, day in there}
        known |= as_known(customers)
    return found, known


def _holds(source: Source, rows: Sequence[NewFeedback]) -> list[Question]:
    """Waits for others who write the same answers (PostgreSQL), to be asked before anything is read.

    Two who move one answer at once would both take it from the day it was read on: an export between them would put it
    into the day of the first, and nobody would write that day again. The locks are of shares of a source, since a lock
    for each of thousands of answers fills the server's table of locks; in one order, so that none waits in a circle.
    """
    if connection.vendor == "sqlite" or not rows:
        return []
    shares = sorted({(source.pk * SHARES + crc32(row.external_id.encode()) % SHARES) % 2**31 for row in rows})
    return [(_HOLD, [_PLACE, shares])]


SHARES = 64
_PLACE = 0x77696E63  # what sets these locks apart from others in the same database
_HOLD = "SELECT pg_advisory_xact_lock(%s, share) FROM unnest(%s::int[]) AS share"

# SQL, since every row of the API asks this. + 0: else PostgreSQL, while it has no statistics, may read all rows of the
# run by the index of runs
_THERE = "SELECT external_id, digest, local_date FROM winback_feedback WHERE source_id = %s AND run_id + 0 = %s AND external_id IN"
