"""How much of what customers would say has been heard, and what would further calls bring?

From coded interviews (or comments): which theme was named in which. Coverage says it, not a run of calls without news:
with forty themes such a run comes by chance after about twenty calls, when a quarter of what customers would say has
not been heard yet. Segments are compared at equal coverage, and what a segment has yet to say is parted into what was
heard elsewhere and what nobody has said.

References: A. Chao and L. Jost, Ecology 93, 2012; A. Chao and others, Ecological Monographs 84, 2014; G. Guest, E. Namey
and M. Chen, PLoS ONE 15:e0232076, 2020. Formulas: `winback.stats.richness`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.coded import Coded, count_words
from winback.analysis.result import Result
from winback.charts.labels import DASH
from winback.charts.saturation import heard_curve
from winback.charts.spec import Chart
from winback.errors import UserError
from winback.stats import richness
from winback.stats.richness import Heard, Rule

LEVEL = 0.95
FEWEST = 5  # interviews a segment needs to show figures
MORE = (1, 5, 10, 20, 50)  # further interviews looked ahead to
PREVALENCES = (0.10, 0.05, 0.02)
STEPS = 60  # points of a curve, at most


@dataclass(frozen=True)
class Saturation(Result):
    """How much has been heard, in all and by segment.

    `table`: by and segment (lists, empty for the whole), interviews, without_theme, mentions, themes, once, twice,
    coverage with low and high, never_heard (themes, at least), richness with its ends (Chao2), new_1 and new_20 (themes
    that so many further interviews would bring) with their ends, coverage_20 with its ends, gap_elsewhere and gap_never
    (shares of what they would say: heard from others only, from nobody), themes_elsewhere, equal_interviews and
    equal_themes (at `equal_coverage` of its attribute), suppressed. `themes`: theme, interviews, share, in order.
    `curve`: interviews, themes, low, high, coverage, heard (whether it lies within the data). `outlook`: the whole's
    further interviews. `rule`: Guest's, null where the order of the interviews is not known. `elsewhere`: by, segment,
    theme, interviews elsewhere, and the chance of hearing it from none of the segment were it as common there.
    """

    themes: pa.Table
    curve: pa.Table
    outlook: pa.Table
    elsewhere: pa.Table
    rule: Rule | None
    rule_settings: tuple[int, int, float]
    equal_coverage: dict[str, float]
    notes: tuple[str, ...] = ()
    level: float = LEVEL
    heading: ClassVar[str] = "Saturation"
    columns: ClassVar[tuple[str, ...]] = (
        "segment", "interviews", "themes", "coverage", "coverage_low", "coverage_high", "new_20", "coverage_20", "gap_elsewhere", "gap_never",
    )  # fmt: skip

    def whole(self) -> dict[str, Any]:
        """The row of all interviews."""
        return self.rows()[0]

    def summary(self) -> str:
        whole = self.whole()
        if whole["suppressed"]:
            return f"{count_words(whole['interviews'], 'interview')}: too few to say how much has been heard."
        if whole["coverage"] is None:
            return f"No theme in {count_words(whole['interviews'], 'interview')}."
        return (
            f"You have heard about {_percent(whole['coverage'])} of what they would say "
            f"[{_percent(whole['coverage_low'])}, {_percent(whole['coverage_high'])}]; "
            f"20 more interviews → {_percent(whole['coverage_20'])}."
        )

    def _shown(self) -> tuple[list[str], list[list[str]]]:
        names = self._names()
        return [name.replace("_", " ") for name in names], [
            [_cell(name, row[name]) for name in names] for row in self.rows()
        ]

    def news(self) -> str:
        """What further interviews would bring, in a sentence; "" where nothing can be said."""
        whole = self.whole()
        if whole["suppressed"] or whole["new_1"] is None:
            return ""
        next_one = whole["new_1"]
        if next_one <= 0.005:
            brings = "Hardly any further interview would bring a new theme"
        elif next_one < 0.67:
            brings = f"About one interview in {1 / next_one:.0f} now brings a new theme"
        else:
            brings = f"The next interview would bring about {next_one:.1f} new themes"
        never = round(whole["never_heard"])
        left = f", and at least {never:,} more {'is' if never == 1 else 'are'} out there" if never else ""
        return (
            f"{brings}; 20 more would bring about {whole['new_20']:.0f} "
            f"[{whole['new_20_low']:.0f}, {whole['new_20_high']:.0f}]. {count_words(whole['themes'], 'theme')} "
            f"{'is' if whole['themes'] == 1 else 'are'} known{left}."
        )

    def rule_says(self) -> str:
        """Guest's rule beside it, in a sentence."""
        base, run, threshold = self.rule_settings
        named = f"Guest’s rule (base {base}, runs of {run}, at most {_percent(threshold)} new)"
        if self.rule is None:
            return f"{named} needs the order in which the interviews were held."
        if self.rule.stopped is None:
            return f"{named} would go on."
        later = int(self.whole()["themes"]) - int(self.rule.themes or 0)
        since = f"; {count_words(later, 'theme')} came up since" if later else ""
        return f"{named} would have stopped after {count_words(self.rule.stopped, 'interview')}, with {count_words(int(self.rule.themes or 0), 'theme')} heard{since}."

    def chart(self) -> Chart:
        return heard_curve(self.curve.to_pylist(), level=self.level)


def saturation(
    codings: Any,
    *,
    interview: str = "interview",
    theme: str = "theme",
    by: Sequence[str] = (),
    order: str | None = None,
    level: float = LEVEL,
    minimum: int = FEWEST,
    base: int = 6,
    run: int = 3,
    threshold: float = 0.05,
    replicates: int = richness.REPLICATES,
    seed: int = 1,
) -> Saturation:
    """How much has been heard, from one row an interview and theme; an interview without a theme has a blank one.

    `codings` is a frame of any kind. `by`: attributes of the interview to split by. `order`: column (a date, a number)
    that says which interview came first; the order of the rows unless given, where the frame has one. Two rows with the
    same interview and theme count once; names of themes that differ in case or spaces only are one theme. Segments with
    fewer than `minimum` interviews show no figures. `base`, `run`, `threshold`: Guest's rule.

    Raises UserError where a column is missing or no row names an interview.
    """
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    if min(base, run) < 1 or not 0 <= threshold <= 1:
        raise UserError("Guest's rule takes a base and a run of at least 1, and a threshold from 0 to 1.")
    data = Coded.of(codings, interview, theme, by, order)
    settings: dict[str, Any] = {"level": level, "minimum": minimum, "replicates": replicates, "seed": seed}
    everybody = np.ones(data.interviews, dtype=bool)
    rows = [_figures((), (), data, everybody, **settings)]
    notes, elsewhere, equal = list(data.notes), [], {}
    for name in by:
        found, told = _segments(name, data, settings)
        equal_to = _equal([row for row in found if row.get("coverage") is not None], data, name)
        if equal_to is not None:
            equal[name] = equal_to
        rows += found
        notes += told
        elsewhere += _elsewhere(name, data)
    counts = data.counts(everybody)
    heard = Heard.of(data.interviews, counts)
    ahead = heard if data.interviews >= minimum else Heard.of(data.interviews, [])  # too few to look ahead from
    named = np.argsort(-counts, kind="stable")
    return Saturation(
        table=pa.Table.from_pylist(rows, schema=_SCHEMA),
        themes=pa.table(
            {
                "theme": pa.array([data.names[place] for place in named], pa.string()),
                "interviews": pa.array(counts[named]),
                "share": pa.array(counts[named] / data.interviews),
            }
        ),
        curve=_curve(heard, ahead, data, level=level, replicates=replicates, seed=seed),
        outlook=_outlook(ahead, level=level, replicates=replicates, seed=seed),
        elsewhere=pa.Table.from_pylist(elsewhere, schema=_ELSEWHERE),
        rule=richness.guest_rule(data.first_named(), base=base, run=run, threshold=threshold) if data.ordered else None,
        rule_settings=(base, run, threshold),
        equal_coverage=equal,
        notes=tuple(notes),
        level=level,
    )


def _figures(
    by: tuple[str, ...],
    segment: tuple[str | None, ...],
    data: Coded,
    chosen: NDArray[np.bool_],
    *,
    level: float,
    minimum: int,
    replicates: int,
    seed: int,
) -> dict[str, Any]:
    """One row of the table."""
    number = int(chosen.sum())
    heard = Heard.of(number, data.counts(chosen))
    row: dict[str, Any] = {
        "by": list(by), "segment": list(segment), "interviews": number, "without_theme": data.silent(chosen),
        "mentions": heard.mentions, "themes": heard.themes, "once": heard.once, "twice": heard.twice,
        "suppressed": number < minimum,
    }  # fmt: skip
    if number < minimum or not heard.mentions:
        return row
    low, high = richness.coverage_interval(heard, level=level)
    total = richness.chao2(heard, level=level)
    ahead = richness.outlook(heard, [1, 20], level=level, replicates=replicates, seed=seed)
    row |= {
        "coverage": richness.coverage(heard), "coverage_low": low, "coverage_high": high,
        "never_heard": richness.unheard(heard), "richness": total.total,
        "richness_low": np.floor(total.low + 1e-9), "richness_high": np.ceil(total.high - 1e-9),  # whole themes
        "new_1": ahead.new[0], "new_1_low": ahead.new_low[0], "new_1_high": ahead.new_high[0],
        "new_20": ahead.new[1], "new_20_low": ahead.new_low[1], "new_20_high": ahead.new_high[1],
        "coverage_20": ahead.coverage[1], "coverage_20_low": ahead.coverage_low[1], "coverage_20_high": ahead.coverage_high[1],
    }  # fmt: skip
    return row


def _segments(name: str, data: Coded, settings: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows of the segments of one attribute, the least heard first, and what there is to note."""
    rows, small = [], 0
    whole = data.counts(np.ones(data.interviews, dtype=bool))
    for value, chosen in data.splits[name]:
        row = _figures((name,), (value,), data, chosen, **settings)
        small += row["suppressed"]
        mine = data.counts(chosen)
        row["themes_elsewhere"] = int(((mine == 0) & (whole > 0)).sum())
        if row.get("coverage") is not None:
            gap, once = 1.0 - row["coverage"], mine == 1
            # Were this interview away, would the theme it alone names here be known from others?
            alone = int((once & (whole == 1)).sum()) / max(int(once.sum()), 1)
            row |= {"gap_never": gap * alone, "gap_elsewhere": gap * (1.0 - alone)}
        rows.append(row)
    rows.sort(key=lambda row: (row["suppressed"], row.get("coverage") is None, row.get("coverage", 0.0)))
    notes = []
    if small:
        least = settings["minimum"]
        notes.append(f"{count_words(small, 'segment')} of {name} with fewer than {least} interviews {'shows' if small == 1 else 'show'} no figures.")  # fmt: skip
    return rows, notes


def _equal(rows: list[dict[str, Any]], data: Coded, name: str) -> float | None:
    """Set interviews and themes of each row at a common coverage, and return it: what all reach at twice their size."""
    if not rows:
        return None
    masks = dict(data.splits[name])
    heard = {row["segment"][0]: Heard.of(row["interviews"], data.counts(masks[row["segment"][0]])) for row in rows}
    common = min(richness.coverage_at(one, 2.0 * one.interviews) for one in heard.values())
    for row in rows:
        one = heard[row["segment"][0]]
        size = richness.size_at(one, common)
        size = 2.0 * one.interviews if not np.isfinite(size) else size
        row |= {"equal_interviews": size, "equal_themes": float(richness.themes_at(one, size))}
    return float(common)


def _elsewhere(name: str, data: Coded) -> list[dict[str, Any]]:
    """Themes that others named and the segment did not, the least likely to be missing by chance first."""
    kept = np.any([chosen for _, chosen in data.splits[name]], axis=0)
    whole = data.counts(kept)
    found = []
    for value, chosen in data.splits[name]:
        missing = np.flatnonzero((data.counts(chosen) == 0) & (whole > 0))
        chances = richness.never_by_chance(whole[missing], int(chosen.sum()), int(kept.sum()))
        for place in np.lexsort((-whole[missing], chances)):
            found.append(
                {"by": name, "segment": value, "theme": data.names[missing[place]], "interviews": int(whole[missing[place]]), "chance": float(chances[place])}
            )  # fmt: skip
    return found


def _outlook(heard: Heard, *, level: float, replicates: int, seed: int) -> pa.Table:
    ahead = richness.outlook(heard, MORE, level=level, replicates=replicates, seed=seed)
    names = ("new", "new_low", "new_high", "coverage", "coverage_low", "coverage_high")
    return pa.table({"more": pa.array(MORE, pa.int64())} | {name: _column(getattr(ahead, name)) for name in names})


def _curve(heard: Heard, told: Heard, data: Coded, *, level: float, replicates: int, seed: int) -> pa.Table:
    """Themes by interviews: the mean over all orders within the data, foretold with its band beyond them."""
    t = heard.interviews
    within = np.unique(np.linspace(1, t, min(t, STEPS)).round().astype(np.int64))
    further = np.unique(np.linspace(1, max(20, t // 2), STEPS // 2).round().astype(np.int64))
    ahead = richness.outlook(told, further, level=level, replicates=replicates, seed=seed)
    happened = np.cumsum(data.first_named())[within - 1] if data.ordered else np.zeros(0)
    blank = [None] * len(further)
    return pa.table(
        {
            "interviews": pa.array([*within.tolist(), *(t + further).tolist()], pa.int64()),
            "themes": _column(np.concatenate([richness.themes_at(heard, within), heard.themes + ahead.new])),
            "low": pa.array([*[None] * len(within), *_listed(heard.themes + ahead.new_low)], pa.float64()),
            "high": pa.array([*[None] * len(within), *_listed(heard.themes + ahead.new_high)], pa.float64()),
            "coverage": _column(np.concatenate([[richness.coverage_at(heard, size) for size in within], ahead.coverage])),
            "in_order": pa.array([*happened.tolist(), *blank] if data.ordered else [None] * (len(within) + len(further)), pa.int64()),
            "heard": pa.array([*[True] * len(within), *[False] * len(further)]),
        }
    )  # fmt: skip


def detectable(interviews: int) -> list[dict[str, Any]]:
    """How likely a theme of a given share has been heard, and in how many interviews it would be in 19 of 20 cases."""
    heard = richness.detectable(PREVALENCES, interviews)
    needed = [int(np.ceil(np.log(0.05) / np.log1p(-share))) for share in PREVALENCES]
    return [
        {"share": share, "heard": float(chance), "interviews_for_95": number}
        for share, chance, number in zip(PREVALENCES, heard, needed, strict=True)
    ]


def _listed(values: Any) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _column(values: Any) -> pa.Array:
    return pa.array(_listed(np.asarray(values, dtype=np.float64)), pa.float64())


def _cell(name: str, value: Any) -> str:
    if value is None:
        return DASH
    if name == "segment":
        return " · ".join("(blank)" if part is None else str(part) for part in value) or "all"
    if isinstance(value, float):
        return f"{value:.1f}" if name.startswith(("new", "equal", "never", "rich")) else _percent(value)
    return f"{value:,}"


def _percent(share: float) -> str:
    return "> 99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"


_TEXTS = pa.list_(pa.string())
_SCHEMA = pa.schema(
    [("by", _TEXTS), ("segment", _TEXTS)]
    + [(name, pa.int64()) for name in ("interviews", "without_theme", "mentions", "themes", "once", "twice")]
    + [
        (name, pa.float64())
        for name in (
            "coverage", "coverage_low", "coverage_high", "never_heard", "richness", "richness_low", "richness_high",
            "new_1", "new_1_low", "new_1_high", "new_20", "new_20_low", "new_20_high", "coverage_20", "coverage_20_low",
            "coverage_20_high", "gap_elsewhere", "gap_never",
        )
    ]
    + [("themes_elsewhere", pa.int64()), ("equal_interviews", pa.float64()), ("equal_themes", pa.float64()), ("suppressed", pa.bool_())]
)  # fmt: skip
_ELSEWHERE = pa.schema(
    [("by", pa.string()), ("segment", pa.string()), ("theme", pa.string()), ("interviews", pa.int64()), ("chance", pa.float64())]
)  # fmt: skip
