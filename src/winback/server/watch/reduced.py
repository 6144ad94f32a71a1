"""The counts a watch decided on, as JSON: from them the decision is computed again exactly.

Counts stand as hexadecimal text of packed whole numbers: a name that an erasure looks for never stands in it, while
the names of attributes and values are texts of their own, from which it is taken.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from winback.analysis.flareups import Flareups
    from winback.analysis.flareups_panel import Leaves
    from winback.analysis.flareups_themes import NamedLeaves

NAME = "flareups"
DEPTH = 3  # attributes combined at most
THEME_DEPTH = 2  # the same of themes: there are many, and each is named by few
PART = 0.1  # of a wider segment's answers
Named = tuple[tuple[str, ...], tuple[str, ...]]
COUNTS = ("answers", "bad", "balance")


def stored(leaves: Leaves) -> dict[str, Any]:
    """Leaves as JSON: only the (leaf, period) cells that have answers."""
    import numpy as np

    cells = np.flatnonzero(leaves.answers.reshape(-1) > 0)
    return {
        "by": list(leaves.by), "values": [list(texts) for texts in leaves.values], "shape": list(leaves.answers.shape),
        "codes": _packed(leaves.codes), "cells": _packed(np.diff(cells, prepend=0)),
        **{name: _packed(getattr(leaves, name).reshape(-1)[cells]) for name in COUNTS},
        "first": leaves.first, "every": leaves.every, "last_day": leaves.last_day.isoformat(),
    }  # fmt: skip


def restored(kept: Mapping[str, Any]) -> Leaves:
    """The leaves that `stored` wrote, number by number."""
    import numpy as np

    from winback.analysis.flareups_panel import Leaves

    rows, periods = kept["shape"]
    cells = np.cumsum(_unpacked(kept["cells"]))

    def laid(name: str) -> Any:
        found = np.zeros(rows * periods)
        found[cells] = _unpacked(kept[name])
        return found.reshape(rows, periods)

    return Leaves(
        by=tuple(kept["by"]), values=tuple(tuple(texts) for texts in kept["values"]),
        codes=_unpacked(kept["codes"]).reshape(rows, len(kept["by"])), answers=laid("answers"), bad=laid("bad"),
        balance=laid("balance"), first=int(kept["first"]), every=kept["every"],
        last_day=dt.date.fromisoformat(kept["last_day"]),
    )  # fmt: skip


def stored_named(counted: NamedLeaves) -> dict[str, Any]:
    """Leaves with who names which theme, as JSON; themes by their keys, cells in their order, whatever the engine's was."""
    import numpy as np

    order = np.lexsort(counted.cells.T[::-1])
    return {
        **stored(counted.leaves), "themes": list(counted.themes), "theme_cells": _packed(counted.cells[order].reshape(-1)),
        "theme_named": _packed(counted.named[order]), "theme_balance": _packed(counted.balance[order]),
    }  # fmt: skip


def restored_named(kept: Mapping[str, Any]) -> NamedLeaves:
    """What `stored_named` wrote, number by number."""
    from winback.analysis.flareups_themes import NamedLeaves

    return NamedLeaves(
        restored(kept), tuple(kept["themes"]), _unpacked(kept["theme_cells"]).reshape(-1, 3),
        _unpacked(kept["theme_named"]).astype(float), _unpacked(kept["theme_balance"]).astype(float),
    )  # fmt: skip


def input_hash(kept: Mapping[str, Any]) -> str:
    """SHA-256 of the counts."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def decided(kept: Mapping[str, Any], params: Mapping[str, Any]) -> Flareups:
    """What a watch found, from its counts and its parameters alone: the same each time."""
    from winback.analysis.flareups import Measure, watch_leaves

    leaves = restored(kept)
    known: dict[tuple[Any, ...], dt.date] = {}  # the fires that people know
    anew: dict[tuple[Any, ...], dt.date] = {}  # all they show in
    for by, segment, day, *theme in params["acknowledged"]:
        names = concerned(leaves, by, segment)
        for found, some in ((known, names[:1]), (anew, names)):
            for name in some:
                key = (*name, *theme)
                found[key] = max(found.get(key, dt.date.min), dt.date.fromisoformat(day))
    options: dict[str, Any] = {
        "last": params["last"], "depth": params["depth"], "false_rate": params["false_rate"],
        "today": dt.date.fromisoformat(params["today"]), "acknowledged": known or None,
        "restarted": anew or None,
    }  # fmt: skip
    if params["measure"] == "themes":
        from winback.analysis.flareups_named import watch_named

        return watch_named(restored_named(kept), **options)
    return watch_leaves(leaves, measure=cast("Measure", params["measure"]), **options)


def concerned(leaves: Leaves, by: Sequence[str], segment: Sequence[str]) -> list[Named]:
    """A segment that burns and is known to, itself first, and all its fire shows in: those within it, and those around it.

    A wider one is meant where the segment has a tenth of its answers; in a larger one it can hardly be seen.
    """
    import numpy as np

    named = [(name, value) for name, value in zip(by, segment, strict=True) if name in leaves.by]
    places = {name: leaves.by.index(name) for name, _ in named}
    if len(named) < len(by) or any(value not in leaves.values[places[name]] for name, value in named):
        return []
    codes = {places[name]: leaves.values[places[name]].index(value) for name, value in named}
    weight = leaves.answers.sum(axis=1)

    def inside(chosen: Iterable[int]) -> Any:
        return np.all([leaves.codes[:, a] == codes[a] for a in chosen], axis=0) if codes and chosen else weight >= 0

    mine = inside(tuple(codes))
    found: list[Named] = [_name(leaves, codes)]
    for k in range(len(codes)):
        for chosen in combinations(sorted(codes), k):
            if weight[mine].sum() >= PART * weight[inside(chosen)].sum():
                found.append(_name(leaves, {a: codes[a] for a in chosen}))
    others = [a for a in range(len(leaves.by)) if a not in codes]
    for k in range(1, max(DEPTH - len(codes), 0) + 1):
        for chosen in combinations(others, k):
            for row in np.unique(leaves.codes[mine][:, list(chosen)], axis=0).tolist():
                if min(row) >= 0:
                    found.append(_name(leaves, codes | dict(zip(chosen, row, strict=True))))
    return found


def _name(leaves: Leaves, codes: Mapping[int, int]) -> Named:
    places = sorted(codes)
    return tuple(leaves.by[a] for a in places), tuple(leaves.values[a][codes[a]] for a in places)


def _packed(numbers: Any) -> str:
    import numpy as np

    return zlib.compress(np.asarray(numbers).round().astype("<i8").tobytes(), 6).hex()


def _unpacked(text: str) -> Any:
    import numpy as np

    return np.frombuffer(zlib.decompress(bytes.fromhex(text)), dtype="<i8").astype(np.int64)
