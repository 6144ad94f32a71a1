"""What the scope's part of a form shows, and what it says when it comes back."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from winback.server.people import queries
from winback.server.workspaces.models import ROLES, Workspace
from winback.server.workspaces.rules import Scope, scope_from, worded

ROLE_WORDS = {
    "viewer": "reads pages and figures",
    "member": "also imports, and works on customers",
    "manager": "also runs the programme: the outbox, what is told to whom",
    "admin": "also people, keys, settings and the audit",
}


@dataclass(frozen=True)
class Line:
    """One attribute of the form: values to tick, and a field for others."""

    number: int
    attribute: str
    choices: tuple[tuple[str, bool], ...]
    others: str = ""


def scope_lines(workspace: Workspace, scope: Scope) -> list[Line]:
    """The form's lines: every attribute that is known here or stands in the scope, and an empty one for another."""
    suggested = queries.suggestions(workspace)
    names = list(dict.fromkeys([*queries.attributes(workspace), *scope.segments]))
    lines = []
    for number, name in enumerate(names):
        chosen = scope.segments.get(name, ())
        offered = suggested.get(name, [])
        choices = tuple((value, value in chosen) for value in offered)
        lines.append(Line(number, name, choices, worded(value for value in chosen if value not in offered)))
    return [*lines, Line(len(names), "", ())]


def scope_in(data: QueryDict) -> Scope:
    """The scope a form asks for. Without "only a part" it is everything, whatever is ticked."""
    if data.get("part") != "yes":
        return Scope()
    pairs = []
    for number, name in enumerate(data.getlist("attribute")):
        pairs.append((name, worded(data.getlist(f"value-{number}"))))
        pairs.append((name, data.get(f"others-{number}", "")))
    return scope_from(pairs, teams=data.get("teams", ""), own=data.get("own") == "yes")


def frame(workspace: Workspace, scope: Scope, role: str) -> dict[str, object]:
    """What people/rights.html needs."""
    return {
        "roles": [(name, ROLE_WORDS[name], name == role) for name in ROLES],
        "lines": scope_lines(workspace, scope),
        "scope": scope,
        "scope_teams": worded(scope.teams),
    }
