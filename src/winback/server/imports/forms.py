"""The form on which people correct how a file is read: what it shows, and what it says when it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from winback.server.imports import detect
from winback.server.imports.asked import LABELS, NONE, SEVERAL, SINGLE, Asked
from winback.server.imports.detect import IMPORTED
from winback.server.imports.fields import TITLES
from winback.tables import SURVEY_KINDS, TABLES

ROLES: Mapping[str, tuple[str, str]] = {
    "score": (TITLES["--score"], "how likely they are to recommend"),
    "date": (TITLES["--date"], "when it was said"),
    "customer": (TITLES["--customer"], "the id that joins the other files"),
    "respondent": (TITLES["--respondent"], "counted once, by the latest answer"),
    "id": (TITLES["--id"], "a later row with the same id replaces it"),
    "weight": (TITLES["--weight"], "by design of the sample; never detected"),
    "value": (TITLES["--value"], "that belongs to the answer itself"),
    "text": (TITLES["--text"], "the customer’s own words"),
    "channel": ("Channel", "how they were asked"),
    "touchpoint": ("Touchpoint", "what they were doing: order, bill, support"),
    "journey_stage": ("Journey stage", "buying, starting, using, renewing, leaving"),
    "product": ("Product", "what it is about"),
    "language": ("Language", "of the comment"),
    "kind": ("Kind of feedback", "survey, review, ticket, call or post"),
    "survey": ("Survey of each row", "relationship, transactional or benchmark"),
    "by": (TITLES["--by"], "to split customers by"),
}


@dataclass(frozen=True)
class Role:
    """A line of the form: one choice among the columns, or several."""

    name: str
    title: str
    about: str
    column: str
    values: tuple[str, ...]
    detected: bool
    further: bool = False  # what can be said beside who answered what and when


def roles(account: Mapping[str, Any], asked: Asked) -> list[Role]:
    """Lines with one column each, with the first values of the column that was taken."""
    read = account.get("columns_read") or dict(asked.columns)
    values = {column["name"]: tuple(column["values"]) for column in account["columns"]}
    feedback = account["table"] == "feedback"
    names = (*SINGLE, *LABELS) if feedback else TABLES[account["table"]].names
    lines = []
    for name in names:
        if name == "derived":
            continue
        column = read.get(name) or ""
        column = "" if column == NONE else str(column)
        title, about = ROLES.get(name) or _titled(account["table"], name)
        detected = name in account.get("detected", ())
        further = feedback and name in LABELS
        lines.append(Role(name, title, about, column, values.get(column, ()), detected, further))
    return lines


def _titled(table: str, name: str) -> tuple[str, str]:
    return name.replace("count_", "number of ").replace("_", " ").capitalize(), TABLES[table].column(name).about


def ticked(account: Mapping[str, Any], asked: Asked, role: str) -> list[str]:
    """The columns of a role that can have several."""
    read = account.get("columns_read") or asked.columns
    return [name for name in read.get(role) or () if name != NONE]


def tables() -> list[tuple[str, str]]:
    return [(name, detect.TITLES[name].capitalize()) for name in IMPORTED]


def surveys() -> tuple[str, ...]:
    return SURVEY_KINDS


def said(post: QueryDict, before: Asked, account: Mapping[str, Any]) -> Asked:
    """What the form says. Where it says that the file holds something else, its columns are to be told anew."""
    table = post.get("table", "")
    table = table if table in IMPORTED else ""
    plain: dict[str, Any] = {
        name: post.get(name, "").strip()[:200]
        for name in ("scale", "detractors", "promoters", "date_order", "currency", "survey", "zone")
    }
    plain["date_order"] = plain["date_order"] if plain["date_order"] in ("dmy", "mdy") else ""
    plain["survey"] = plain["survey"] if plain["survey"] in SURVEY_KINDS else ""
    blank = tuple(part.strip() for part in post.get("blank", "").split(",") if part.strip())
    asked = replace(before, table=table, blank=blank, **{**plain, "zone": plain["zone"] or before.zone})
    if account.get("table") and table != account["table"]:
        return replace(asked, columns={})
    names = (*SINGLE, *LABELS) if table == "feedback" else TABLES[table].names if table else ()
    columns: dict[str, Any] = {name: post.get(f"col-{name}", "") for name in names}
    if table == "feedback":
        columns |= {name: post.getlist(f"col-{name}") or [NONE] for name in SEVERAL}
        # a score has to be somewhere: without one the reader says so in its own words
        columns["score"] = "" if columns["score"] == NONE else columns["score"]
    return replace(asked, columns={name: column for name, column in columns.items() if column})


def same(asked: Asked, settled: Mapping[str, Any] | None) -> bool:
    """Whether the form says what was read already; the order of ticks does not count, nor columns that are none."""
    if settled is None:
        return False
    return _normal(asked.stored()) == _normal(settled)


def _normal(stored: Mapping[str, Any]) -> dict[str, Any]:
    columns = {}
    for name, said in stored["columns"].items():
        column = sorted(one for one in said if one != NONE) if isinstance(said, (list, tuple)) else said
        if column and column != NONE:
            columns[name] = column
    return {**stored, "columns": columns, "blank": list(stored["blank"])}
