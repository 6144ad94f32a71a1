"""What is in a file: told by the names of its columns. Pure rules."""

from __future__ import annotations

from collections.abc import Sequence

from winback.connectors.csvfile.naming import find_by_name, words_of
from winback.connectors.csvfile.synonyms import ROLES, SYNONYMS

# what a file can be, in words; the first six can be imported
TITLES = {
    "feedback": "answers",
    "customers": "customers",
    "customer_periods": "money by month",
    "departures": "departures",
    "contacts": "contacts",
    "invitations": "invitations",
    "cases": "cases",
}
IMPORTED = ("feedback", "customers", "customer_periods", "departures", "contacts", "invitations")
# beside its key, a table is told by at least one of these
_TELLING = {
    "customers": (),
    "customer_periods": ("revenue", "cost", "discounts", "margin"),
    "departures": ("departure_kind", "notice_date", "stated_reason", "end_date"),
    "contacts": ("contact_name", "contact_role", "email", "phone", "opted_out"),
    "invitations": ("sent_at", "delivered", "bounced", "reason_not_sent"),
    "cases": ("opened_at", "contacted_at", "closed_at", "root_cause", "action_taken"),
}
_KEYS = {
    "customers": ("customer",),
    "customer_periods": ("customer", "month"),
    "departures": ("customer",),
    "contacts": ("contact",),
    "invitations": ("invitation",),
    "cases": ("case_id",),
}


def table_of(names: Sequence[str], file_name: str = "") -> str:
    """The table whose columns these names are: the one that knows most of them; "feedback" where none is told.

    A file of answers has a column that is called like a score. Among equals the file's own name decides.
    """
    counts = {table: _known(table, names) for table in SYNONYMS}
    if find_by_name("score", names):
        counts["feedback"] = sum(bool(find_by_name(role, names)) for role in ROLES)
    best = max(counts.values(), default=0)
    if not best:
        return "feedback"
    among = [table for table in TITLES if counts.get(table) == best]
    said = words_of(file_name.rpartition("/")[2].partition(".")[0])
    called = [table for table in among if words_of(table).rpartition(" ")[2].rstrip("s") in said]
    return (called or among)[0]


def _known(table: str, names: Sequence[str]) -> int:
    """How many columns of the table are among the names; 0 where its key, or all that tells it, is missing."""
    found: dict[str, str] = {}
    for column in SYNONYMS[table]:
        free = [name for name in names if name not in found.values()]
        if hit := find_by_name(column, free, SYNONYMS[table]):
            found[column] = hit[0]
    telling = _TELLING[table]
    if not all(key in found for key in _KEYS[table]) or (telling and not any(name in found for name in telling)):
        return 0
    return len(found)
