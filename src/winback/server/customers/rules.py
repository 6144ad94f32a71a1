"""What a customer must be like: pure rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from winback.errors import UserError

PROFILE_FIELDS = (
    "name", "since_date", "acquired_by", "owner_name", "renewal_date", "revenue", "margin", "counts", "attributes",
)  # fmt: skip
JSON = ("counts", "attributes")  # fields with parts of their own
LONGEST = {"external_id": 200, "name": 200, "acquired_by": 120, "owner_name": 120, "parent": 200}
MOST_ATTRIBUTES = 100


@dataclass(frozen=True)
class NewCustomer:
    """A customer as it comes to the door. None means not said, and leaves what is known as it is, but for what is `emptied`."""

    external_id: str
    name: str | None = None
    since_date: dt.date | None = None
    acquired_by: str | None = None
    parent: str | None = None
    owner_name: str | None = None
    renewal_date: dt.date | None = None
    revenue: Decimal | None = None
    margin: Decimal | None = None
    counts: Mapping[str, float] | None = None
    attributes: Mapping[str, str] | None = None
    emptied: frozenset[str] = frozenset()  # days and amounts that are no longer known


def checked_customer(new: NewCustomer) -> NewCustomer:
    """The same, where it can be taken. Raises UserError with what is wrong and what to do."""
    if not new.external_id.strip():
        raise UserError("external_id is blank; give each customer the id it has in your own systems.")
    for name, most in LONGEST.items():
        if len(getattr(new, name) or "") > most:
            raise UserError(f"{name} is longer than {most} characters.")
    told = (getattr(new, name) or "" for name in LONGEST)
    if any("\x00" in text for text in (*told, *(new.attributes or {}), *(new.attributes or {}).values())):
        raise UserError("A text holds a null character; take it out.")
    if new.parent == new.external_id:
        raise UserError(f"{new.external_id} cannot be its own parent.")
    if len(new.attributes or {}) > MOST_ATTRIBUTES:
        raise UserError(f"There are {len(new.attributes or {})} attributes; at most {MOST_ATTRIBUTES} are taken.")
    return new
