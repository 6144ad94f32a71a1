"""Which zones explain a jump, in the shortest description: a search over combinations of attributes.

Every leaf has evidence for each of a few effects: the log likelihood of what was seen there if the effect holds, less
that if nothing happened. Evidence adds up over the leaves of a zone; a zone is worth naming where it exceeds the cost
of naming it (which attributes, which values: a description length). Zones of one set of attributes that share an effect
are taken together, so that three sites of five are found as three and not as the whole. What is found is then looked
at again: each zone is taken out and sought anew with the others in place, until nothing changes.

The critical value is the caller's: from draws of "nothing in these attributes" (`winback.stats.explaining`).

References
----------
- M. Kulldorff, "A spatial scan statistic", Communications in Statistics 26, 1997.
- D. B. Neill, "Fast subset scan for spatial pattern detection", JRSS B 74, 2012 (subsets that share an effect).
- J. Rissanen, "Modeling by shortest data description", Automatica 14, 1978.

"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from winback.stats.zones import Zones

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST = 12  # zones that are named at most
_LOOKS = 3  # times all zones are looked at again


class Leaves(Protocol):
    """What is known of the leaves: evidence for each effect, given what has been explained."""

    @property
    def effects(self) -> int: ...

    def evidence(self, shift: Integers) -> Floats:
        """(L, G) evidence where `shift` (L,) tells the effect each leaf is explained by (-1: none)."""
        ...


@dataclass(frozen=True)
class Cause:
    """A zone that is named: its number, its effect (of the grid), its evidence beyond the cost of naming it."""

    zone: int
    effect: int
    gain: float


def localise(
    zones: Zones, leaves: Leaves, *, critical: float, most: int = MOST, cost: Floats | None = None
) -> list[Cause]:
    """The zones that explain what was seen, those with most evidence first; none where nothing does."""
    naming = zones.cost if cost is None else cost
    shift = np.full(zones.of_leaf.shape[1], -1, dtype=np.int64)
    found: list[Cause] = []
    while len(found) < most:
        new = _best(zones, leaves.evidence(shift), naming, critical, most - len(found))
        new = [cause for cause in new if not any(cause.zone == old.zone for old in found)]
        if not new:
            break
        found += new
        found = _merged(zones, leaves, naming, found, critical)
        found, shift = _again(zones, leaves, naming, found, critical)
    return sorted(found, key=lambda cause: -cause.gain)


def _best(zones: Zones, evidence: Floats, naming: Floats, critical: float, most: int) -> list[Cause]:
    """The zones of one set of attributes that share one effect and together have most evidence."""
    sums = zones.sums(evidence) - naming[:, None] - np.log(evidence.shape[1])
    worth = np.maximum(sums - critical, 0.0)
    together = np.add.reduceat(worth, zones.first[:-1], axis=0)
    place, effect = np.unravel_index(int(together.argmax()), together.shape)
    if together[place, effect] <= 0:
        return []
    here = np.arange(zones.first[place], zones.first[place + 1])
    chosen = here[worth[here, effect] > 0]
    chosen = chosen[np.argsort(-worth[chosen, effect], kind="stable")][:most]
    return [Cause(int(z), int(effect), float(sums[z, effect])) for z in chosen]


def _merged(zones: Zones, leaves: Leaves, naming: Floats, found: list[Cause], critical: float) -> list[Cause]:
    """Parts of one zone are told as that zone, where naming it costs less than naming them.

    They come to be where one set of attributes holds another cause too: the parts are then found along with it.
    """
    places = {chosen: place for place, chosen in enumerate(zones.cuboids)}
    while True:
        families: dict[int, list[Cause]] = {}
        for cause in found:
            chosen = zones.cuboids[int(zones.cuboid[cause.zone])]
            for attribute in chosen:
                place = places.get(tuple(a for a in chosen if a != attribute))
                parent = -1 if place is None else int(zones.of_leaf[place, zones.leaf[cause.zone]])
                if parent >= 0:
                    families.setdefault(parent, []).append(cause)
        better: tuple[float, list[Cause]] | None = None
        for parent, parts in families.items():
            if len(parts) < 2:
                continue
            others = [cause for cause in found if cause not in parts]
            sums = zones.sums(leaves.evidence(shifts(zones, others))) - naming[:, None] - np.log(leaves.effects)
            gain = float(sums[parent].max())
            more = gain - critical - sum(float(sums[part.zone].max()) - critical for part in parts)
            if more > 0.0 and (better is None or more > better[0]):
                better = more, [*others, Cause(parent, int(sums[parent].argmax()), gain)]
        if better is None:
            return found
        found = better[1]


def shifts(zones: Zones, causes: Sequence[Cause]) -> Integers:
    """The effect each leaf is explained by: that of the cause with most evidence."""
    shift = np.full(zones.of_leaf.shape[1], -1, dtype=np.int64)
    for cause in sorted(causes, key=lambda cause: cause.gain):
        shift[zones.members(cause.zone)] = cause.effect
    return shift


def _again(
    zones: Zones, leaves: Leaves, naming: Floats, found: list[Cause], critical: float
) -> tuple[list[Cause], Integers]:
    """Each zone is taken out and sought anew while the others stand."""
    for _ in range(_LOOKS):
        before = {(cause.zone, cause.effect) for cause in found}
        for cause in list(found):
            others = [other for other in found if other is not cause]
            sums = zones.sums(leaves.evidence(shifts(zones, others))) - naming[:, None] - np.log(leaves.effects)
            zone, effect = np.unravel_index(int(sums.argmax()), sums.shape)
            gain = float(sums[zone, effect])
            if gain > critical and not any(other.zone == zone for other in others):
                found = [*others, Cause(int(zone), int(effect), gain)]
            else:
                own = sums[cause.zone]
                gain = float(own.max())
                found = [*others, Cause(cause.zone, int(own.argmax()), gain)] if gain > critical else others
        if {(cause.zone, cause.effect) for cause in found} == before:
            break
    return found, shifts(zones, found)
