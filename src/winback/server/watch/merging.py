"""One finding a fire: what several periods or overlapping segments show of the same one is told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from winback.analysis.flareups_panel import Leaves
from winback.server.watch.counting import columns, mask
from winback.server.watch.rules import Fire, kin, near, part_of

MOSTLY = 0.5  # of a fire, from which it is that of the segment it burns in


def merged(rows: Sequence[Mapping[str, Any]], every: str) -> list[Mapping[str, Any]]:
    """One finding a fire: of those of different periods that are the same fire, the latest, else the strongest.

    Of one theme also of the same period: it is watched in pairs of attributes, and a fire may lie in three.
    """
    kept: list[tuple[Fire, Mapping[str, Any]]] = []
    for row in sorted(rows, key=lambda row: (row["period"], row["score"]), reverse=True):
        fire = Fire(
            part_of(row["by"], row["segment"]), row["since"], row["until"], row["score"], theme=row.get("theme") or ""
        )
        again = any(
            (other["period"] != row["period"] or fire.theme)
            and near(fire, one, every)
            and (fire.part == one.part or kin(fire, one))
            for one, other in kept
        )
        if not again:
            kept.append((fire, row))
    return [row for _, row in sorted(kept, key=lambda pair: -pair[0].score)]


def alone(leaves_of: Callable[[Any], Leaves], rows: Sequence[Mapping[str, Any]], every: str) -> list[Mapping[str, Any]]:
    """The findings without those that overlap with another in which most of their fire burns: who is told of that knows."""
    kept: list[Mapping[str, Any]] = []
    for row in rows:
        fire = Fire(frozenset(), row["since"], row["until"], theme=row.get("theme") or "")
        leaves = leaves_of(row.get("theme"))
        for other in list(kept):
            if not near(fire, Fire(frozenset(), other["since"], other["until"], theme=other.get("theme") or ""), every):
                continue
            mine, theirs = burning_in(leaves, row, other), burning_in(leaves, other, row)
            if max(mine, theirs) < MOSTLY:
                continue
            if mine >= theirs:
                break
            kept.remove(other)
        else:
            kept.append(row)
    return kept


def burning_in(leaves: Leaves, row: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """How much of what a finding has beyond what was expected lies in another's segment (`by`, `segment`); 0 for counts."""
    if row["expected_share"] is None:
        return 0.0
    inside, chosen = mask(leaves, row["by"], row["segment"]), columns(leaves, row["since"], row["until"])
    beyond = (leaves.bad - row["expected_share"] * leaves.answers)[:, chosen].sum(axis=1)
    whole = float(beyond[inside].sum())
    return float(beyond[inside & mask(leaves, other["by"], other["segment"])].sum()) / whole if whole > 0 else 0.0
