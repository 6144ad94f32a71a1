"""A panel of segments watched period by period: baseline, evidence, p, q and alarm for each, each decided once.

What is known of a period is what came before it and the period itself, so that a figure does not change when later
periods arrive. The last periods, where a rise may be under way, are left out of the baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.stats.baseline import fit_baseline
from winback.stats.burning import LONGEST, burning
from winback.stats.calibration import DRAWS, Null, draw_scores
from winback.stats.discoveries import q_values
from winback.stats.families import Count, Family

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

COLD = 8  # periods of history before the first that is watched
KEPT = 6  # of them at least are baseline
REMEMBERED = 3.0  # longest cycles of history a baseline rests on
REMEMBERED_COUNTS = 0.5  # the same for counts: how many are asked is changed by decision, not by season alone
SHARED = 4  # periods in a row that share their draws, where many are watched: the score's null hardly changes
PROVISIONAL = 10.0  # a period whose answers may still come alarms at a tenth of the rate only


@dataclass(frozen=True)
class Watched:
    """Figures of S segments on W watched periods, (S, W) each; nan where a segment could not be judged.

    expected: the mean foretold; spread: its predictor's deviation; began: periods since the likeliest window began
    (1: this one); threshold: (W,) score from which a single segment alarms; dispersion and wander by period.
    """

    columns: Integers
    score: Floats
    p: Floats
    q: Floats
    alarm: Flags
    began: Integers
    expected: Floats
    spread: Floats
    threshold: Floats
    dispersion: Floats
    wander: Floats


def watch(
    total: Floats, size: Floats, times: Floats, *, family: Family, cycles: Sequence[float], false_rate: float = 0.1,
    columns: Sequence[int] | None = None, prior: Floats | None = None, provisional: Sequence[int] = (),
    since: Integers | None = None, acknowledged: Integers | None = None, block: int | None = None, draws: int = DRAWS,
) -> Watched:  # fmt: skip
    """Watch (S, T) sums and sizes of S segments over T periods; `columns` says which (all with enough history).

    `prior` (S, T): what coarser groups say, on the predictor's scale. `provisional`: periods whose answers may still
    come. `since` (S,): first period with answers; a segment is judged from COLD periods later on. `acknowledged` (S,):
    last period of an alarm that was acknowledged (-1: none); windows begin after it.
    """
    segments, periods = total.shape
    chosen = [c for c in (range(periods) if columns is None else columns) if COLD <= c < periods]
    first = np.argmax(size > 0, axis=1) if since is None else since
    silent = ~(size > 0).any(axis=1)
    shape = (segments, len(chosen))
    score, p, q, expected, spread = (np.full(shape, np.nan) for _ in range(5))
    began = np.zeros(shape, dtype=np.int64)
    threshold, dispersion, wander = (np.zeros(len(chosen)) for _ in range(3))
    alarm = np.zeros(shape, dtype=bool)
    memory = int((REMEMBERED_COUNTS if isinstance(family, Count) else REMEMBERED) * max(cycles))
    drawn: list[Floats] = []
    each = draws if len(chosen) < SHARED else draws // SHARED
    for j, t in enumerate(chosen):
        window = int(np.clip(t + 1 - KEPT, 2, LONGEST))
        past = slice(max(0, t + 1 - window - memory), t + 1 - window)
        last = slice(t + 1 - window, t + 1)
        length = past.stop - past.start
        judged = (first + COLD <= t) & ~silent
        if not judged.any():
            continue
        rows = slice(None) if judged.all() else np.flatnonzero(judged)
        y, n = total[rows], size[rows]
        around = None if prior is None else (prior[rows, past], prior[rows, last])
        base = fit_baseline(
            y[:, past], n[:, past], times[past], times[last], family=family, cycles=cycles, prior=around,
            block=(4 if length >= 2 * 26 else 1) if block is None else block,
        )  # fmt: skip
        allowed = None if acknowledged is None else np.clip(t - acknowledged[rows], 0, window)
        found = burning(
            y[:, last], n[:, last], base.predictor, base.spread, base.dispersion, family=family, allowed=allowed
        )
        seed = int(times[t]) & 0xFFFFFFFF
        drawn.append(draw_scores(n[:, last], base, family=family, draws=each, seed=seed))
        null = Null.of(np.concatenate(drawn[-SHARED:]))
        heard = n[:, t] > 0
        score[rows, j] = found.score
        p[rows, j] = np.where(np.isfinite(found.score), null.p(found.score), 1.0)
        q[rows, j] = q_values(p[rows, j], pooled=True)
        rate = false_rate / (PROVISIONAL if t in provisional else 1.0)
        alarm[rows, j] = (q[rows, j] <= rate) & heard
        began[rows, j] = found.began
        expected[rows, j] = family.mean(base.predictor[:, -1])
        spread[rows, j] = base.spread[:, -1]
        threshold[j] = null.score_at(rate / 2 / max(int(judged.sum()), 1))
        dispersion[j], wander[j] = base.dispersion, base.wander
    return Watched(
        np.array(chosen, dtype=np.int64), score, p, q, alarm, began, expected, spread, threshold, dispersion, wander
    )
