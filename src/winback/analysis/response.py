"""How many of those asked answered? The response rate beside the score, and why others were not asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pyarrow as pa

from winback.analysis.frames import lazy_table
from winback.analysis.tally import labels
from winback.stats.intervals import share_interval


def response(
    invitations: Any, *, survey: str | None = None, since: dt.date | None = None, until: dt.date | None = None
) -> dict[str, Any] | None:
    """Asked, bounced, answered, rate (answered of delivered, 0 to 1) with its interval, and reasons not sent.

    `invitations` is the canonical table as a frame of any kind; `survey` keeps one sort of survey; since and until
    bound the day it was sent. Rows with a reason, or without a day they were sent, were not asked; what was answered came
    through, whatever is said of a bounce. None where nobody was asked.
    """
    frame = lazy_table(invitations)
    names = frame.collect_schema().names()
    if survey and "survey" in names:
        frame = frame.filter(nw.col("survey") == survey)
    sent = ~nw.col("sent_at").is_null() if "sent_at" in names else nw.lit(True)
    if "reason_not_sent" in names:
        reasons = (
            frame.filter(~nw.col("reason_not_sent").is_null()).group_by("reason_not_sent").agg(nw.len().alias("n"))
        )
        not_sent = {
            row["reason_not_sent"]: row["n"] for row in reasons.collect(backend="pyarrow").to_native().to_pylist()
        }
        frame = frame.filter(nw.col("reason_not_sent").is_null())
    else:
        not_sent = {}
    frame = frame.filter(sent)
    if "sent_at" in names and (since or until):
        day = nw.col("sent_at").dt.date()
        frame = frame.filter(day >= since) if since else frame
        frame = frame.filter(day <= until) if until else frame
    came_back = nw.col("bounced").fill_null(False) if "bounced" in names else nw.lit(False)
    replied = ~nw.col("answered_at").is_null() if "answered_at" in names else nw.lit(False)
    frame = frame.with_columns(wb_bounced=(came_back & ~replied).cast(nw.Int64), wb_answered=replied.cast(nw.Int64))
    sums = frame.select(nw.len().alias("asked"), nw.col("wb_bounced").sum(), nw.col("wb_answered").sum())
    row = sums.collect(backend="pyarrow").to_native().to_pylist()[0]
    asked, bounced, answered = int(row["asked"]), int(row["wb_bounced"] or 0), int(row["wb_answered"] or 0)
    if asked - bounced <= 0 or "answered_at" not in names:
        return None
    low, high = share_interval(answered, asked - bounced)
    return {
        "asked": asked, "bounced": bounced, "answered": answered, "rate": answered / (asked - bounced),
        "low": float(low), "high": float(high), "not_sent": dict(sorted(not_sent.items(), key=lambda item: (-item[1], item[0]))),
    }  # fmt: skip


def asked_by(
    invitations: Any, by: Sequence[str], *, since: dt.date | None = None, until: dt.date | None = None
) -> pa.Table | None:
    """How many were asked, by attributes that stand beside the invitations: the attributes as text, and `asked`.

    Asked is who was sent an invitation in the window that did not bounce. None where a column is missing.
    """
    frame = lazy_table(invitations)
    names = frame.collect_schema().names()
    if not {*by, "sent_at"} <= set(names):
        return None
    frame = frame.filter(~nw.col("sent_at").is_null())
    day = nw.col("sent_at").dt.date()
    frame = frame.filter(day >= since) if since else frame
    frame = frame.filter(day <= until) if until else frame
    if "reason_not_sent" in names:
        frame = frame.filter(nw.col("reason_not_sent").is_null())
    if "bounced" in names:
        frame = frame.filter(~nw.col("bounced").fill_null(False))
    counted = frame.group_by(list(by)).agg(nw.len().alias("wb_asked")).collect(backend="pyarrow").to_native()
    asked = pa.table(
        {**{name: labels(counted.column(name)) for name in by}, "asked": counted.column("wb_asked").cast(pa.int64())}
    )
    pooled = asked.group_by(list(by), use_threads=False).aggregate([("asked", "sum")])
    return pooled.rename_columns([*by, "asked"])
