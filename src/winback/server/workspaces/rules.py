"""Who may do what: pure rules over roles and scopes."""

from __future__ import annotations

import csv
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from winback.server.workspaces.models import ROLES, Workspace
from winback.text.telephones import region_of

RANK: Mapping[str, int] = {role: rank for rank, role in enumerate(ROLES)}


def phone_regions(workspace: Workspace) -> tuple[str, ...]:
    """The countries whose telephone numbers are told without their +: those that were set, else the time zone's."""
    if workspace.phone_regions:
        return tuple(workspace.phone_regions.split())
    region = region_of(workspace.zone)
    return (region,) if region else ()


@cache
def zones() -> tuple[str, ...]:
    """The names of all time zones. Looked up once: the system keeps each in a file of its own."""
    return tuple(sorted(zoneinfo.available_timezones()))


def at_least(role: str, wanted: str) -> bool:
    """Whether a role is `wanted` or above: viewer < member < manager < admin."""
    return RANK[role] >= RANK[wanted]


@dataclass(frozen=True)
class Scope:
    """The part of a workspace that a membership may see; empty means everything.

    `segments`: for each attribute the values one may see (all attributes must fit). `teams`: only what belongs to these
    teams. `own`: only one's own calls and cases. Every query, figure, export and API call applies it.
    """

    segments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    teams: tuple[str, ...] = ()
    own: bool = False

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Scope:
        """From what a membership stores."""
        segments = {str(name): tuple(str(v) for v in values) for name, values in stored.get("segments", {}).items()}
        return cls(segments, tuple(stored.get("teams", ())), bool(stored.get("own", False)))

    def stored(self) -> dict[str, Any]:
        """As a membership stores it."""
        kept: dict[str, Any] = {}
        if self.segments:
            kept["segments"] = {name: list(values) for name, values in self.segments.items()}
        if self.teams:
            kept["teams"] = list(self.teams)
        if self.own:
            kept["own"] = True
        return kept

    def within(self, other: Scope) -> bool:
        """Whether whoever sees this sees no more than `other` does."""
        segments = all(
            name in self.segments and set(self.segments[name]) <= set(values) for name, values in other.segments.items()
        )
        teams = not other.teams or (bool(self.teams) and set(self.teams) <= set(other.teams))
        return segments and teams and (self.own or not other.own)

    @property
    def everything(self) -> bool:
        return not (self.segments or self.teams or self.own)

    def __str__(self) -> str:
        parts = [f"{name}: {', '.join(values)}" for name, values in self.segments.items()]
        if self.teams:
            parts.append(f"teams: {', '.join(self.teams)}")
        if self.own:
            parts.append("own calls and cases")
        return "; ".join(parts) or "everything"


def may_grant(role: str, scope: Scope, wanted_role: str, wanted_scope: Scope) -> str:
    """Why somebody with `role` and `scope` may not give these to somebody else; empty where it is fine."""
    if wanted_role not in RANK:
        return f'"{wanted_role}" is not a role: viewer, member, manager or admin.'
    if not at_least(role, wanted_role):
        return f"You are a {role} here and cannot give the rights of a {wanted_role}."
    if not wanted_scope.within(scope):
        return f"You see {scope} here and cannot open more than that."
    return ""


def scope_from(pairs: Iterable[tuple[str, str]], *, teams: str = "", own: bool = False) -> Scope:
    """A scope from what a form says: (attribute, values with commas or lines between) for each attribute.

    Pairs without values are left out; the same attribute twice adds up.
    """
    segments: dict[str, tuple[str, ...]] = {}
    for attribute, text in pairs:
        values = _words(text)
        if attribute.strip() and values:
            segments[attribute.strip()] = tuple(dict.fromkeys((*segments.get(attribute.strip(), ()), *values)))
    return Scope(segments, tuple(_words(teams)), own)


def _words(text: str) -> list[str]:
    """Words between commas or on lines of their own; quotes keep a comma inside a word."""
    found: list[str] = []
    for row in csv.reader(text.splitlines(), skipinitialspace=True):
        found.extend(cell.strip() for cell in row if cell.strip())
    return list(dict.fromkeys(found))


def worded(values: Iterable[str]) -> str:
    """The other way of `scope_from`: values with commas between, quoted where they need it."""
    return ", ".join(
        '"' + value.replace('"', '""') + '"' if any(sign in value for sign in ',"\n') else value for value in values
    )
