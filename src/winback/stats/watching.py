"""A panel of segments watched period by period: baseline, evidence, p, q and alarm for each, each decided once.

What is known of a period is what came before it and the period itself, so that a figure does not change when later
periods arrive. The last periods, where a rise may be under way, are left out of the baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winback.stats.baseline import Baseline, fit_baseline
from winback.stats.burning import LONGEST, burning
from winback.stats.calibration import DRAWS, Null, draw_scores
from winback.stats.discoveries import q_of_fires
from winback.stats.families import Count, Family
from winback.stats.serial import Noise

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

COLD = 8  # periods of history before the first that is watched
KEPT = 6  # of them at least are baseline
REMEMBERED = 3.0  # longest cycles of history a baseline rests on
REMEMBERED_COUNTS = 0.5  # the same for counts: how many are asked is changed by decision, not by season alone
SHARED = 8  # periods in a row that share their draws, where many are watched: the score's null hardly changes
LOOKS, STRIDE = (6, 24), 2  # times one looks back, least and most, and periods between: a quarter to a year of weeks
ENOUGH = 3_000  # tests among which some segment that burns may be supposed
FRESH = 0.9  # of the periods in which a false alarm stands, in how many it is a new one (by draws; test_watching)
LONE = 0.25  # of a fire that counts nothing where all looks are counted: a lone one in a year has to be rarer
DEAR = 3.0  # the same where only the last periods are counted: so many fires have to burn already
SOME = 1_000  # segments that tell how often it burns
PROVISIONAL = 10.0  # a period whose answers may still come alarms at a tenth of the rate only


@dataclass(frozen=True)
class Watched:
    """Figures of S segments on W watched periods, (S, W) each; nan where a segment could not be judged.

    expected: the mean foretold; spread: the deviation of its predictor as far as the baseline is not known; began:
    periods since the likeliest window began (1: this one); threshold: (W,) score from which a fire alarms by itself;
    noise: by period.
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
    noise: tuple[Noise, ...]

    def off(self, segment: int, place: int, periods: int) -> float:
        """By how much the mean predictor of so many periods is off without any rise (standard deviation)."""
        return float(np.sqrt(self.spread[segment, place] ** 2 + self.noise[place].mean_of(periods)))


def watch(
    total: Floats, size: Floats, times: Floats, *, family: Family, cycles: Sequence[float], false_rate: float = 0.1,
    columns: Sequence[int] | None = None, prior: Floats | None = None, provisional: Sequence[int] = (),
    since: Integers | None = None, acknowledged: Integers | None = None, block: int | None = None, draws: int = DRAWS,
    same: Callable[[int, int], bool] | None = None,
) -> Watched:  # fmt: skip
    """Watch (S, T) sums and sizes of S segments over T periods; `columns` says which (all with enough history).

    `prior` (S, T): what coarser groups say, on the predictor's scale. `provisional`: periods whose answers may still
    come. `since` (S,): first period with answers; a segment is judged from COLD periods later on. `acknowledged` (S,):
    last period of an alarm that was acknowledged (-1: none); windows begin after it. `same` says of two segments
    whether they may burn by one fire.
    """
    segments, periods = total.shape
    chosen = [c for c in (range(periods) if columns is None else columns) if COLD <= c < periods]
    first = np.argmax(size > 0, axis=1) if since is None else since
    silent = ~(size > 0).any(axis=1)
    shape = (segments, len(chosen))
    score, p, q, expected, spread = (np.full(shape, np.nan) for _ in range(5))
    began = np.zeros(shape, dtype=np.int64)
    threshold = np.zeros(len(chosen))
    noise = [Noise()] * len(chosen)
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
        found = burning(y[:, last], n[:, last], base.predictor, base.spread, base.noise, family=family, allowed=allowed)
        seed = int(times[t]) & 0xFFFFFFFF
        drawn.append(draw_scores(n[:, last], base, family=family, draws=each, seed=seed))
        null = Null.of(np.concatenate(drawn[-SHARED:]))
        heard = n[:, t] > 0
        score[rows, j] = found.score
        p[rows, j] = np.where(np.isfinite(found.score), null.p(found.score), 1.0)
        q[rows, j] = _q(p[rows, j], y, n, base, null, slice(past.start, t + 1), window, family, _within(same, rows))
        rate = false_rate / (PROVISIONAL if t in provisional else 1.0)
        alarm[rows, j] = (q[rows, j] <= rate) & heard
        began[rows, j] = found.began
        expected[rows, j] = family.mean(base.predictor[:, -1])
        spread[rows, j] = base.spread[:, -1]
        alone = (1.0 - LONE) ** 2 / (2.0 - LONE)
        threshold[j] = null.score_at(rate * alone / tests_of(int(judged.sum()), looks_back(length, int(judged.sum()))))
        noise[j] = base.noise
    return Watched(
        np.array(chosen, dtype=np.int64), score, p, q, alarm, began, expected, spread, threshold, tuple(noise)
    )


def _within(same: Callable[[int, int], bool] | None, rows: Any) -> Callable[[int, int], bool] | None:
    """The same question by number among the segments that are judged."""
    if same is None or isinstance(rows, slice):
        return same
    return lambda one, other: same(int(rows[one]), int(rows[other]))


def looks_back(history: int, segments: int) -> int:
    """How many earlier periods, STRIDE apart, are looked at beside this one: few where many segments are watched."""
    wanted = int(np.clip(-(-ENOUGH // (STRIDE * max(segments, 1))), *LOOKS))
    return max(min(wanted, history // STRIDE), 0)


def tests_of(segments: int, looks: int) -> float:
    """How often a false alarm might have begun in the periods looked back over, and now."""
    return max(segments, 1) * max(1.0, FRESH * (looks * STRIDE + 1))


def _q(
    p: Floats, y: Floats, n: Floats, base: Baseline, null: Null, periods: slice, window: int, family: Family,
    same: Callable[[int, int], bool] | None,
) -> Floats:  # fmt: skip
    """q of this period's p, beside those that earlier periods would have had by the baseline of today."""
    rows = np.unique(np.linspace(0, len(p) - 1, min(SOME, len(p))).astype(int))
    length = periods.stop - periods.start
    looks = looks_back(length - window, len(p))
    if not looks:
        return q_of_fires(p, np.zeros((len(rows), 0)), rows, tests=tests_of(len(p), 0), same=same, dear=LONE)
    predictor = np.concatenate([base.past, base.predictor], axis=1)[rows]
    total, size = y[rows, periods], n[rows, periods]
    ends = [length - STRIDE * (looks - look) for look in range(looks)]
    y_then, n_then, foretold = (
        np.concatenate([part[:, end - window : end] for end in ends]) for part in (total, size, predictor)
    )
    spread = np.tile(base.spread[rows], (looks, 1))
    found = burning(y_then, n_then, foretold, spread, base.noise, family=family).score
    past = null.p(found).reshape(looks, len(rows)).T
    past = np.where(size[:, [end - 1 for end in ends]] > 0, past, 1.0)
    each = len(p) / len(rows)
    long = q_of_fires(p, past, rows, tests=tests_of(len(p), looks), each=each, same=same, dear=LONE)
    # Where it burns in many places at once after a calm year, that year is no reason to doubt it.
    now = q_of_fires(p, past[:, -1:], rows, tests=tests_of(len(p), 1), each=each, same=same, dear=DEAR)
    return np.fmin(long, now)
