"""Where has it begun to burn? Every segment watched against its own past and the rest, false alarms under control.

Each combination of up to three attributes that is thick enough is watched for a rise of the share of detractors (or of
any yes-or-no column, such as a theme), a fall of the score, a rise of the number of answers, or silence. What it should
have shown comes from its own past and season and from what its attributes say one by one, so that other people
answering is not taken for a flare-up. Evidence is gathered over windows of one to eight periods; false discoveries are
held to `false_rate` over all segments; alarms that another explains are folded into it.

References are given in `winback.stats.baseline`, `burning`, `calibration` and `discoveries`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Unpack

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.flareups_fold import Burning, fold
from winback.analysis.flareups_found import effect, history, noticed, table_of
from winback.analysis.flareups_late import lag_of
from winback.analysis.flareups_money import with_revenue
from winback.analysis.flareups_panel import (
    CYCLES,
    Every,
    Leaves,
    Segments,
    count_leaves,
    make_segments,
    newcomers,
    start_of,
)
from winback.analysis.result import Result
from winback.analysis.tally import AnswerColumns
from winback.charts import Chart
from winback.charts.control import control
from winback.errors import UserError
from winback.stats.burning import LONGEST
from winback.stats.families import Count, Family, Mean, Share
from winback.stats.main_effects import fit_main_effects
from winback.stats.noticeable import noticeable_rise
from winback.stats.watching import COLD, Watched, watch

if TYPE_CHECKING:
    from winback.analysis.codebook import Codebook

Floats = NDArray[np.float64]
Measure = Literal["detractors", "score", "volume", "silence", "themes"]
Name = tuple[tuple[str, ...], tuple[str, ...]]  # attributes and values of a segment

FALSE_RATE = 0.1
DEPTH = 3
HOPELESS = 6.0  # odds ratio: a segment that could not even notice this in four periods is watched through coarser ones
_ROUGH_SCORE = 5.5  # an alarm's score, before anything is known
MEASURES = ("detractors", "score", "volume", "silence", "themes")
SHARES = ("detractors", "themes")


@dataclass(frozen=True)
class Flareups(Result):
    """What burns, strongest evidence first.

    `table`: by, segment (lists), since and until (days of the window), period (first day of the period judged),
    answers, bad, expected, share, expected_share, odds_ratio with low and high (a ratio of counts for volume and
    silence, points for the score), p, q, score, folded (alarms explained by this one), provisional, revenue, theme (null
    unless themes are watched; `bad` are then those who name it, `answers` those who say why).
    `watched`: by, segment, theme, answers a period, noticeable (the smallest odds ratio seen in four periods, four times in
    five; null where there is none), expected_share. `thin`: combinations watched through coarser ones only.
    """

    watched: pa.Table
    measure: str
    every: str
    false_rate: float
    judged: tuple[dt.date | str, ...]
    thin: int
    histories: tuple[tuple[dict[str, Any], ...], ...] = ()
    share: float | None = None  # of bad ones among all answers, where these are watched
    heading: ClassVar[str] = "Flare-ups"
    columns: ClassVar[tuple[str, ...]] = (
        "segment", "since", "until", "answers", "bad", "expected", "odds_ratio", "low", "high", "q",
    )  # fmt: skip

    def summary(self) -> str:
        watched = self.watched.num_rows
        segments = f"{watched:,} segment{'s' * (watched != 1)} watched by {self.every}"
        if self.measure == "themes":
            themes = len(set(self.watched.column("theme").to_pylist()))
            segments = (
                f"{themes:,} themes, {self.watched.num_rows:,} pairs of theme and segment watched by {self.every}"
            )
        if not self.judged:
            return "Nothing can be watched yet: it takes nine periods with answers."
        if not watched and self.share == 0.0:
            return "Nothing can be watched: none of the answers is a bad one so far."
        if not watched and self.share == 1.0:
            return "Nothing can be watched: every answer is a bad one already, so that no rise could show."
        if not watched:
            return "Nothing can be watched: no segment, nor all answers together, are enough to show even a large rise."
        if not self.table.num_rows:
            least = self._least()
            return f"Nothing burns: {segments}.{least}"
        found = self.table.num_rows
        times = "1 flare-up" if found == 1 else f"{found} flare-ups"
        return f"{times} among {segments}; about {100 * self.false_rate:g} in 100 such alarms are false."

    def _least(self) -> str:
        if self.measure not in SHARES:
            return ""
        seen = [row["noticeable"] for row in self.watched.to_pylist() if row["noticeable"] is not None]
        if not seen:
            return " No segment has enough answers to show even a large rise within four periods."
        half = sorted(seen)[len(seen) // 2]
        return f" Half of them would have shown a rise of {half:.1f} times the odds within four periods; a smaller one need not show."

    def history(self, place: int = 0) -> list[dict[str, Any]]:
        """The periods of one finding: start, answers, bad, share, expected, low and high (where 95 % fall), inside the window or not."""
        return [dict(row) for row in self.histories[place]]

    def spelled(self, names: Mapping[str, str]) -> Flareups:
        """The same with attributes called what the user's file calls them."""

        def of(table: pa.Table) -> pa.Table:
            by = [[names.get(name, name) for name in row] for row in table.column("by").to_pylist()]
            return table.set_column(table.column_names.index("by"), "by", pa.array(by, pa.list_(pa.string())))

        return replace(self, table=of(self.table), watched=of(self.watched))

    def chart(self) -> Chart:
        if not self.histories:
            raise UserError("Nothing burns, so there is no flare-up to draw.")
        return control(self.history(0), measure=self.measure)


def flareups(
    feedback: Any, *, by: Sequence[str] = (), every: Every = "week", measure: Measure = "detractors", bad: str | None = None,
    theme: str | None = None, codebook: Codebook | None = None, comment: str = "comment",
    last: int = 1, depth: int = DEPTH, false_rate: float = FALSE_RATE, today: dt.date | None = None,
    acknowledged: Mapping[Any, dt.date] | None = None, revenue: bool = True,
    arrived: str | None = None, lag: int = 0, **columns: Unpack[AnswerColumns],
) -> Flareups:  # fmt: skip
    """Find what burns in the last periods of a frame of any kind, `Tables`, or what `winback.read` returned.

    `by`: attributes. `bad`: a yes-or-no column to watch instead of detractors. The measure "themes" watches the share of
    every theme in every segment: `theme` is a column of themes, several parted by ; or |; `codebook` finds them in the
    column `comment`; without either they are those of the table `codings` of `Tables`. `last`: how many of the
    last periods to judge; each is judged by what was known then. `today` makes a period that is still running
    provisional: it alarms at a tenth of `false_rate`. So is one whose answers may still come: `lag` says how many days
    after it has ended, or `arrived` names a column with the day an answer came in, from which it is found.
    `acknowledged`: for a segment (attributes, values; of a theme attributes, values, theme) the last day of an alarm that
    is known; its evidence begins anew after it. Raises UserError without dates.
    """
    measure = "themes" if theme is not None or codebook is not None else measure
    check(measure, false_rate, last, depth)
    if lag < 0:
        raise UserError(f"Answers cannot come {-lag} days before they are given; lag is 0 or more days.")
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    if arrived:
        lag, latest = lag_of(feedback, arrived, columns)
        today = today or latest
    options: dict[str, Any] = {
        "last": last, "depth": depth, "false_rate": false_rate, "today": today, "acknowledged": acknowledged, "lag": lag
    }  # fmt: skip
    if measure == "themes":
        from winback.analysis.flareups_named import watch_named
        from winback.analysis.flareups_themes import count_named

        counted = count_named(feedback, by=by, every=every, theme=theme, codebook=codebook, comment=comment, **columns)
        found = watch_named(counted, **options)
    else:
        leaves = count_leaves(feedback, by=by, every=every, bad=bad, **columns)
        found = watch_leaves(leaves, measure=measure, **options)
    if revenue and found.table.num_rows:
        found = replace(found, table=with_revenue(found.table, feedback, by, columns))
    return found


def check(measure: str, false_rate: float, last: int, depth: int) -> None:
    """Raises UserError where an option cannot be."""
    if measure not in MEASURES:
        raise UserError(f'"{measure}" cannot be watched; watch {", ".join(MEASURES)}.')
    if not 0.0 < false_rate < 1.0:
        raise UserError(f"A false rate of {false_rate:g} is not between 0 and 1; 0.1 allows one false alarm in ten.")
    if last < 1:
        raise UserError("At least one period has to be judged; give last=1 or more.")
    if depth < 0:
        raise UserError("The depth is the number of attributes combined: 1, 2 or 3.")


def watch_leaves(
    leaves: Leaves, *, measure: Measure = "detractors", last: int = 1, depth: int = DEPTH, false_rate: float = FALSE_RATE,
    today: dt.date | None = None,
    acknowledged: Mapping[tuple[tuple[str, ...], tuple[str, ...]], dt.date] | None = None,
    restarted: Mapping[tuple[tuple[str, ...], tuple[str, ...]], dt.date] | None = None, lag: int = 0,
) -> Flareups:  # fmt: skip
    """The same from leaves that are counted already: an alarm can be computed again from them exactly.

    `acknowledged` fires explain what overlaps with them, and nothing beside them. `restarted`: all segments in which
    evidence begins anew after them; only the fires' own, if not given.
    """
    family, total, size = _measured(leaves, measure)
    periods = leaves.answers.shape[1]
    columns = [c for c in range(max(0, periods - last), periods) if c >= COLD]
    if not columns:
        return nothing_of(leaves, measure, false_rate)
    share = float(total.sum() / max(size.sum(), 1.0)) if measure == "detractors" else 0.25
    segments, thin = make_segments(leaves, depth=depth, worth=lambda counts: worth_of(counts, share, measure))
    new = newcomers(leaves)
    sums, sizes = segments.sums(total, new), segments.sums(size, new)
    if measure in ("volume", "silence"):
        settled = np.where(np.any(list(new.values()), axis=0), 0.0, leaves.answers) if new else leaves.answers
        sizes = np.broadcast_to(settled.sum(axis=0), sums.shape)
    expected, prior = expected_of(leaves, segments, total, size, sizes, new, measure, family, columns[0])
    now = today or (leaves.last_day + dt.timedelta(days=1) if lag else None)
    late = dt.timedelta(days=lag)
    running = [c for c in columns if now is not None and start_of(leaves.first + c + 1, leaves.every) + late > now]
    names = named(leaves, segments)
    known = known_of(leaves, names, acknowledged)
    anew = known_of(leaves, names, restarted or acknowledged)
    answers = (
        sizes
        if size is leaves.answers and not new and measure not in ("volume", "silence")
        else segments.sums(leaves.answers)
    )
    seen = watch(
        sums, sizes, leaves.times, family=family, cycles=CYCLES[leaves.every], false_rate=false_rate, columns=columns,
        prior=prior, provisional=running, since=np.argmax(answers > 0, axis=1), acknowledged=anew, same=segments.overlap,
    )  # fmt: skip
    findings = findings_of(
        leaves, segments, seen, sums, sizes, answers, total, size, expected, family, measure, running, known, names
    )
    rows, histories = [row for row, _ in findings], [told for _, told in findings]
    return Flareups(
        table=table_of(rows, dated=True), watched=noticed(names, seen, answers, measure), measure=measure, every=leaves.every,
        false_rate=false_rate, judged=tuple(leaves.start(c) for c in columns), thin=thin,
        histories=tuple(tuple(told) for told in histories), share=share if measure == "detractors" else None,
    )  # fmt: skip


def _measured(leaves: Leaves, measure: Measure) -> tuple[Family, Floats, Floats]:
    """How the measure behaves, its sums and its sizes by leaf."""
    if measure == "detractors":
        return Share(), leaves.bad, leaves.answers
    if measure == "score":
        n = max(float(leaves.answers.sum()), 1.0)
        mean = float(leaves.balance.sum()) / n
        strong = n - float((leaves.answers - np.abs(leaves.balance)).clip(0).sum())  # at least so many are not passive
        return Mean(float(np.sqrt(max(strong / n - mean**2, 0.1)))), leaves.balance, leaves.answers
    return Count(falling=measure == "silence"), leaves.answers, leaves.answers


def worth_of(
    counts: Floats, share: float, measure: Measure = "detractors", hopeless: float = HOPELESS
) -> NDArray[np.bool_]:
    """Whether a segment can notice a rise of six times the odds in four periods, by its answers of late."""
    lately = counts[:, -26:].mean(axis=1) * 4.0
    if measure in ("volume", "silence"):
        return np.asarray(lately >= 12.0, dtype=bool)
    return np.asarray(noticeable_rise(lately, share, score=_ROUGH_SCORE) <= hopeless, dtype=bool)


def expected_of(
    leaves: Leaves, segments: Segments, total: Floats, size: Floats, sizes: Floats, new: Mapping[int, NDArray[np.bool_]], measure: Measure, family: Family,
    first: int,
) -> tuple[Floats, Floats | None]:  # fmt: skip
    """What the attributes say one by one: by leaf (L, T), and of each segment with the leaves it had then (S, T)."""
    past = slice(0, max(first - 8, min(first, 6)))
    if measure in ("volume", "silence"):
        share = size[:, past].sum(axis=1) / max(float(size[:, past].sum()), 1.0)
        return np.broadcast_to(share[:, None], size.shape), None
    if measure == "score":
        y, n = total[:, past].sum(axis=1), size[:, past].sum(axis=1)
        whole = float(y.sum() / max(float(n.sum()), 1.0))
        leaf = (y + 20.0 * whole) / (n + 20.0)
    else:
        levels = [len(values) for values in leaves.values]
        effects = fit_main_effects(leaves.codes, levels, size[:, past].sum(axis=1), total[:, past].sum(axis=1))
        leaf = effects.share(leaves.codes)
    by_leaf = np.broadcast_to(leaf[:, None], size.shape)
    usual = segments.sums((leaf * size[:, past].sum(axis=1))[:, None])
    heard = segments.sums(size[:, past].sum(axis=1)[:, None])
    usual_mean = np.where(heard > 0, usual / np.maximum(heard, 1.0), float(np.mean(leaf)))
    sums = segments.sums(leaf[:, None] * size, new)
    mean = np.where(sizes > 0, sums / np.maximum(sizes, 1.0), usual_mean)
    return by_leaf, np.asarray(family.link(mean), dtype=np.float64)


def known_of(
    leaves: Leaves, names: Sequence[Name], acknowledged: Mapping[Name, dt.date] | None
) -> NDArray[np.int64] | None:
    """The last period (S,) of an acknowledged alarm of each segment, -1 where there is none."""
    if not acknowledged:
        return None
    places = {name: place for place, name in enumerate(names)}
    found = np.full(len(names), -1, dtype=np.int64)
    for (by, values), day in acknowledged.items():
        place = places.get((tuple(by), tuple(values)))
        if place is not None:
            starts = [leaves.start(c) for c in range(leaves.answers.shape[1])]
            found[place] = sum(start <= day for start in starts) - 1
    return found


def named(leaves: Leaves, segments: Segments) -> list[Name]:
    """Attributes and values of every segment, in words."""
    by = {attributes: tuple(leaves.by[a] for a in attributes) for attributes in segments.of_leaf}
    texts = leaves.values
    return [
        (by[attributes], tuple([texts[a][v] for a, v in zip(attributes, values, strict=True)]))
        for attributes, values in zip(segments.attributes, segments.values, strict=True)
    ]


def findings_of(
    leaves: Leaves, segments: Segments, seen: Watched, sums: Floats, sizes: Floats, answers: Floats, total: Floats,
    size: Floats, expected: Floats, family: Family, measure: Measure, running: Sequence[int],
    known: NDArray[np.int64] | None, names: Sequence[Name],
) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:  # fmt: skip
    """A row and a history for each finding that no other explains."""
    starts = [leaves.start(c).isoformat() for c in range(leaves.answers.shape[1])]
    found: list[tuple[float, dict[str, Any], list[dict[str, Any]]]] = []
    if measure in ("volume", "silence"):
        size = np.broadcast_to(leaves.answers.sum(axis=0), size.shape)
    later: set[int] = set()
    for j, t in reversed(list(enumerate(seen.columns.tolist()))):
        called = np.flatnonzero(seen.alarm[:, j]).tolist()
        alarms = [
            Burning(
                segments.members(s), slice(t + 1 - int(seen.began[s, j]), t + 1), float(seen.score[s, j]),
                seen.off(s, j, int(seen.began[s, j])), seen.noise[j].dispersion,
            )
            for s in called
        ]  # fmt: skip
        told = (
            [segments.members(int(s)) for s in np.flatnonzero((known >= 0) & (t - known < LONGEST))]
            if known is not None
            else []
        )
        into = fold(alarms, total, size, expected, family=family, known=told)
        for place, s in enumerate(called):
            if into[place] != place or s in later:  # a fire that still burns a period later is told as it stands then
                continue
            window = alarms[place].window
            row = {
                "by": list(names[s][0]), "segment": list(names[s][1]), "since": leaves.start(window.start),
                "until": min(start_of(leaves.first + t + 1, leaves.every) - dt.timedelta(days=1), leaves.last_day),
                "period": leaves.start(t), "answers": int(answers[s, window].sum()), "p": float(seen.p[s, j]),
                "q": float(seen.q[s, j]), "score": float(seen.score[s, j]),
                "folded": sum(1 for other in into if other == place) - 1, "provisional": t in running, "revenue": None,
                **effect(sums[s, window], sizes[s, window], seen, s, j, family, measure),
            }  # fmt: skip
            course = history(sums[s], sizes[s], answers[s], seen, s, j, t, window, family, measure, starts)
            found.append((row["score"], row, course))
        later = {s for place, s in enumerate(called) if into[place] == place}
    found.sort(key=lambda item: -item[0])
    return [(row, told) for _, row, told in found]


def nothing_of(leaves: Leaves, measure: Measure, false_rate: float) -> Flareups:
    watched = pa.table(
        {
            "by": pa.array([], pa.list_(pa.string())), "segment": pa.array([], pa.list_(pa.string())),
            "theme": pa.array([], pa.string()), "answers": pa.array([], pa.float64()), "expected_share": pa.array([], pa.float64()),
            "noticeable": pa.array([], pa.float64()),
        }
    )  # fmt: skip
    return Flareups(
        table=table_of([], dated=True), watched=watched, measure=measure, every=leaves.every, false_rate=false_rate,
        judged=(), thin=0,
    )  # fmt: skip
