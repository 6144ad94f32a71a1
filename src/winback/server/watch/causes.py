"""Where exactly a finding is: which narrower or wider combinations explain it, and what is left without them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winback.analysis.flareups_panel import Leaves
from winback.analysis.localise import share_case
from winback.server.watch.counting import Flags, columns, mask
from winback.server.watch.merging import MOSTLY
from winback.server.watch.reduced import DEPTH

COMPARED = 12  # periods before a window that its causes are looked for against
LEAST = 10  # answers in a window, and before it, for causes to be looked for
MOST_CAUSES = 5

Floats = NDArray[np.float64]


def causes(leaves: Leaves, row: Mapping[str, Any]) -> dict[str, Any]:
    """Where exactly a finding is: causes that burn in its segment or hold most of it, and what is left of it without them.

    A cause that is the segment by another name bears the segment's. `answer` is the sentence over all causes of that window; empty where there are too few answers to look.
    """
    now = columns(leaves, row["since"], row["until"])
    before = range(max(0, now[0] - COMPARED), now[0]) if now else range(0)
    parts = [(leaves.bad[:, list(c)].sum(axis=1), leaves.answers[:, list(c)].sum(axis=1)) for c in (before, now)]
    if not leaves.by or any(float(part[1].sum()) < LEAST for part in parts):
        return {}
    found, case = share_case("", leaves.by, leaves.values, leaves.codes, parts[0], parts[1], depth=DEPTH)
    share = row["expected_share"] or 0.0
    bad, answers = parts[1]
    inside, heard = mask(leaves, row["by"], row["segment"]), answers > 0
    rest, rows = inside.copy(), list[dict[str, Any]]()
    for one in found:
        own = mask(leaves, one["attributes"], one["values"])
        usual = float(one["expected"]) / max(float(one["total"]), 1.0)
        within = max(_part(bad - share * answers, inside, own), _part(bad - usual * answers, own, inside))
        if one["bad"] <= one["expected"] or within < MOSTLY or len(rows) == MOST_CAUSES:
            continue
        same = np.array_equal(own & heard, inside & heard)
        rows.append({
            "by": list(row["by"] if same else one["attributes"]),
            "segment": list(row["segment"] if same else one["values"]), "bad": float(one["bad"]),
            "answers": float(one["total"]), "expected": float(one["expected"]), "p": float(one["p"]),
        })  # fmt: skip
        rest &= ~own
    left = {"bad": float(bad[rest].sum()), "answers": float(answers[rest].sum())}
    return {
        "answer": case["answer"], "everywhere": bool(case["everywhere"]), "combinations": _combinations(leaves),
        "around": list(_around(leaves, row, parts)), "rows": rows, "rest": {**left, "expected": share * left["answers"]} if rows and left["answers"] else None,
    }  # fmt: skip


def _around(leaves: Leaves, row: Mapping[str, Any], parts: Sequence[tuple[Floats, Floats]]) -> Iterator[dict[str, Any]]:
    """What differs from the segment in one attribute (`other`); expected is what was there in the periods before."""
    for place, other in enumerate(row["by"]):
        by, segment = ([*names[:place], *names[place + 1 :]] for names in (row["by"], row["segment"]))
        beside = mask(leaves, by, segment) & ~mask(leaves, [other], [row["segment"][place]])
        (bad, answers), (now_bad, now) = ([float(one[beside].sum()) for one in part] for part in parts)
        if answers and now:
            yield {
                "by": by, "segment": segment, "other": other, "bad": now_bad, "answers": now,
                "expected": bad / answers * now,
            }  # fmt: skip


def _part(beyond: Floats, of: Flags, within: Flags) -> float:
    """How much of what a segment has beyond the expected lies within another; 0 where it has nothing beyond."""
    whole = float(beyond[of].sum())
    return float(beyond[of & within].sum()) / whole if whole > 0 else 0.0


def _combinations(leaves: Leaves) -> int:
    """How many combinations of attributes there are to look among."""
    total = 0
    for k in range(1, min(DEPTH, len(leaves.by)) + 1):
        for chosen in combinations(range(len(leaves.by)), k):
            codes = leaves.codes[:, list(chosen)]
            total += len(np.unique(codes[(codes >= 0).all(axis=1)], axis=0))
    return total
