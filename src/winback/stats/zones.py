"""Every combination of attribute values that occurs, and sums over them: the zones of a cube of leaves.

A zone is a conjunction such as region = North and plan = Business; its leaves are the combinations of all attributes
that lie in it. The zone without attributes is everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Zones:
    """Zones of L leaves by set of attributes (a cuboid).

    cuboids: the attributes of each; first: number of the first zone of each cuboid, and last of all the number of
    zones; of_leaf: (C, L) the zone a leaf lies in, -1 for none; cost: (Z,) what it takes to name a zone, in nats:
    its number of attributes (each is half as likely as one less), which they are, and which values.
    """

    codes: Integers
    cuboids: tuple[tuple[int, ...], ...]
    first: Integers
    of_leaf: Integers
    cost: Floats
    cuboid: Integers
    leaf: Integers  # a leaf of each zone, which tells its values

    def __len__(self) -> int:
        return int(self.first[-1])

    def sums(self, values: Floats) -> Floats:
        """(L, K) values of leaves as (Z, K) sums of zones."""
        found = np.zeros((len(self), values.shape[1]))
        for place in range(len(self.cuboids)):
            lo, hi = int(self.first[place]), int(self.first[place + 1])
            where = self.of_leaf[place] - lo
            inside = where >= 0
            complete = bool(inside.all())
            for k in range(values.shape[1]):
                column = values[:, k]
                at, weights = (where, column) if complete else (where[inside], column[inside])
                found[lo:hi, k] = np.bincount(at, weights, hi - lo)
        return found

    def members(self, zone: int) -> NDArray[np.bool_]:
        """The leaves of a zone."""
        return np.asarray(self.of_leaf[int(self.cuboid[zone])] == zone, dtype=bool)

    def named(self, zone: int) -> dict[int, int]:
        """The attributes of a zone with the codes of their values."""
        leaf = int(self.leaf[zone])
        return {a: int(self.codes[leaf, a]) for a in self.cuboids[int(self.cuboid[zone])]}


def make_zones(codes: Integers, *, depth: int = 4, weight: Floats | None = None, minimum: float = 0.0) -> Zones:
    """Zones of up to `depth` attributes from (L, A) codes of leaves; -1 is a value that cannot be named.

    With `weight` (L,), the answers of each leaf, zones of fewer than `minimum` are none: they are too small to name, and
    each that could be named makes the others harder to believe.
    """
    attributes = codes.shape[1]
    most = min(depth, attributes)
    cuboids = [chosen for k in range(most + 1) for chosen in combinations(range(attributes), k)]
    levels = [int(codes[:, a].max(initial=-1)) + 1 for a in range(attributes)]
    first, of_leaf, cost, cuboid, example = [0], [], [], [], []
    kept: list[tuple[int, ...]] = []
    if weight is not None:
        minimum = min(minimum, float(weight.sum()))  # everything can always be named
    for chosen in cuboids:
        mixed = np.zeros(len(codes), dtype=np.int64)
        inside = np.ones(len(codes), dtype=bool)
        for a in chosen:
            mixed = mixed * (levels[a] + 1) + codes[:, a]
            inside &= codes[:, a] >= 0
        names, where = np.unique(mixed[inside], return_inverse=True)
        if weight is not None and minimum > 0:
            enough = np.bincount(where, weight[inside], len(names)) >= minimum
            if not enough.any():
                continue
            inside[inside] = enough[where]
            names, where = np.unique(mixed[inside], return_inverse=True)
        zone = np.full(len(codes), -1, dtype=np.int64)
        zone[inside] = where + first[-1]
        some = np.zeros(len(names), dtype=np.int64)
        some[where] = np.flatnonzero(inside)
        of_leaf.append(zone)
        example.append(some)
        named = np.log(max(len(names), 1)) + np.log(comb(attributes, len(chosen))) + (len(chosen) + 1.0) * np.log(2.0)
        cost.append(np.full(len(names), named))
        cuboid.append(np.full(len(names), len(kept), dtype=np.int64))
        kept.append(chosen)
        first.append(first[-1] + len(names))
    return Zones(
        codes, tuple(kept), np.array(first, dtype=np.int64), np.array(of_leaf), np.concatenate(cost),
        np.concatenate(cuboid), np.concatenate(example),
    )  # fmt: skip
