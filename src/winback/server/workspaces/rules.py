"""Who may do what: pure rules over roles and scopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from winback.server.workspaces.models import ROLES

RANK: Mapping[str, int] = {role: rank for rank, role in enumerate(ROLES)}


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
