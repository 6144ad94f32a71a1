"""Where exactly a finding is: which narrower or wider combinations explain it, and what is left without them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np

from winback.analysis.flareups_panel import Leaves
from winback.analysis.localise import share_case
from winback.server.watch.counting import columns, mask
from winback.server.watch.reduced import DEPTH

COMPARED = 12  # periods before a window that its causes are looked for against
LEAST = 10  # answers in a window, and before it, for causes to be looked for
MOST_CAUSES = 5


def causes(leaves: Leaves, row: Mapping[str, Any]) -> dict[str, Any]:
    """Where exactly a finding is: causes that lie in its segment or hold it, and what is left of the segment without them.

    `answer` is the sentence over all causes of that window; empty where there are too few answers to look.
    """
    now = columns(leaves, row["since"], row["until"])
    before = range(max(0, now[0] - COMPARED), now[0]) if now else range(0)
    parts = [(leaves.bad[:, list(c)].sum(axis=1), leaves.answers[:, list(c)].sum(axis=1)) for c in (before, now)]
    if not leaves.by or any(float(part[1].sum()) < LEAST for part in parts):
        return {}
    found, case = share_case("", leaves.by, leaves.values, leaves.codes, parts[0], parts[1], depth=DEPTH)
    mine = dict(zip(row["by"], row["segment"], strict=True))
    fits = [
        one for one in found
        if one["bad"] > one["expected"]
        and all(mine.get(name, value) == value for name, value in zip(one["attributes"], one["values"], strict=True))
    ][:MOST_CAUSES]  # fmt: skip
    inside = mask(leaves, row["by"], row["segment"])
    for one in fits:
        inside &= ~mask(leaves, one["attributes"], one["values"])
    bad, answers = float(parts[1][0][inside].sum()), float(parts[1][1][inside].sum())
    share = row["expected_share"] or 0.0
    return {
        "answer": case["answer"], "everywhere": bool(case["everywhere"]), "combinations": _combinations(leaves),
        "rows": [
            {"by": list(one["attributes"]), "segment": list(one["values"]), "bad": float(one["bad"]),
             "answers": float(one["total"]), "expected": float(one["expected"]), "p": float(one["p"])}
            for one in fits
        ],
        "rest": {"bad": bad, "answers": answers, "expected": share * answers} if fits and answers else None,
    }  # fmt: skip


def _combinations(leaves: Leaves) -> int:
    """How many combinations of attributes there are to look among."""
    total = 0
    for k in range(1, min(DEPTH, len(leaves.by)) + 1):
        for chosen in combinations(range(len(leaves.by)), k):
            codes = leaves.codes[:, list(chosen)]
            total += len(np.unique(codes[(codes >= 0).all(axis=1)], axis=0))
    return total
