"""What a piece of feedback must be like: pure rules, no database and no clock."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from winback.errors import UserError
from winback.scales import Bands
from winback.tables import FEEDBACK_KINDS, SURVEY_KINDS

SPLIT_BY = ("channel", "touchpoint", "journey_stage", "product", "language")  # columns that figures are split by too
LONGEST = {"external_id": 200, "customer": 200, "respondent": 200, "channel": 80, "touchpoint": 120, "journey_stage": 120, "product": 120, "language": 8}  # fmt: skip
MOST_ATTRIBUTES = 100
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class NewFeedback:
    """One thing said, as it comes to the door. Blank text means not known; `score` None means not answered."""

    external_id: str
    occurred_at: dt.datetime | None = None
    customer: str = ""
    respondent: str = ""
    score: float | None = None
    kind: str = "survey"
    survey: str = ""
    channel: str = ""
    touchpoint: str = ""
    journey_stage: str = ""
    product: str = ""
    language: str = ""
    comment: str = ""
    money: Decimal | None = None
    weight: float | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


def checked(new: NewFeedback, bands: Bands) -> NewFeedback:
    """The same, where it can be taken. Raises UserError with what is wrong and what to do."""
    if not new.external_id.strip():
        raise UserError("external_id is blank; give each piece of feedback the id it has at its source.")
    for name, most in LONGEST.items():
        if len(getattr(new, name)) > most:
            raise UserError(f"{name} is longer than {most} characters.")
    told = (getattr(new, name) for name in (*LONGEST, "comment"))
    if "\x00" in "".join((*told, *new.attributes, *new.attributes.values())):
        raise UserError("A text holds a null character; take it out.")
    if new.score is not None and not (math.isfinite(new.score) and bands.scale.low <= new.score <= bands.scale.high):
        raise UserError(
            f"score {new.score:g} is outside {bands.scale}; leave it out where the question was not answered, "
            "or set another scale for the source."
        )
    if new.kind not in FEEDBACK_KINDS:
        raise UserError(f'kind "{new.kind}" is none of {", ".join(FEEDBACK_KINDS)}.')
    if new.survey not in ("", *SURVEY_KINDS):
        raise UserError(f'survey "{new.survey}" is none of {", ".join(SURVEY_KINDS)}.')
    if new.occurred_at is not None and new.occurred_at.tzinfo is None:
        raise UserError("occurred_at has no zone; write it like 2026-11-19T14:05:00Z.")
    if new.occurred_at is not None and not FIRST_YEAR <= new.occurred_at.year <= LAST_YEAR:
        raise UserError(
            f"occurred_at is in the year {new.occurred_at.year}; years from {FIRST_YEAR} to {LAST_YEAR} are taken."
        )
    if new.weight is not None and not (math.isfinite(new.weight) and new.weight >= 0):
        raise UserError("weight should be a number from 0 up.")
    if len(new.attributes) > MOST_ATTRIBUTES:
        raise UserError(f"There are {len(new.attributes)} attributes; at most {MOST_ATTRIBUTES} are taken.")
    if taken := sorted(set(new.attributes) & RESERVED):
        raise UserError(f'"{taken[0]}" is a field of its own; do not give it as an attribute.')
    return new


RESERVED = frozenset(
    {f for f in NewFeedback.__dataclass_fields__ if f != "attributes"} | {"source", "row_number", "local_date"}
)


def local_date(moment: dt.datetime, zone: str) -> dt.date:
    """The day on which something was said, in the workspace's zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def digest(new: NewFeedback) -> int:
    """A signed 64-bit number that tells a changed row from the same one; a moment is the same in every zone."""
    fields = [value if name != "attributes" else sorted(value.items()) for name, value in vars(new).items()]
    if new.occurred_at is not None and new.occurred_at.utcoffset():
        fields[_MOMENT] = new.occurred_at.astimezone(dt.UTC)
    return int.from_bytes(hashlib.blake2b(_AS_TEXT(fields).encode(), digest_size=8).digest(), "big", signed=True)


_MOMENT = list(NewFeedback.__dataclass_fields__).index("occurred_at")
_AS_TEXT = json.JSONEncoder(default=str, ensure_ascii=False).encode
