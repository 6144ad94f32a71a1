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

from winback.analysis.coded import Coded, count_words
from winback.analysis.result import Result
from winback.analysis.saturation_counted import (
    ELSEWHERE,
    SCHEMA,
    at_equal_coverage,
    curve_of,
    figures,
    heard_elsewhere,
    looked_ahead,
    segments,
)
from winback.charts.labels import DASH
from winback.charts.saturation import heard_curve
from winback.charts.spec import Chart
from winback.errors import UserError
from winback.stats import stopping
from winback.stats.outlook import REPLICATES
from winback.stats.richness import Heard
from winback.stats.stopping import Rule

LEVEL = 0.95
FEWEST = 5  # interviews a segment needs to show figures
PREVALENCES = (0.10, 0.05, 0.02)


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
    replicates: int = REPLICATES,
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
    rows = [figures((), (), data, everybody, **settings)]
    notes, elsewhere, equal = list(data.notes), [], {}
    for name in by:
        found, told = segments(name, data, settings)
        equal_to = at_equal_coverage([row for row in found if row.get("coverage") is not None], data, name)
        if equal_to is not None:
            equal[name] = equal_to
        rows += found
        notes += told
        elsewhere += heard_elsewhere(name, data)
    counts = data.counts(everybody)
    heard = Heard.of(data.interviews, counts)
    ahead = heard if data.interviews >= minimum else Heard.of(data.interviews, [])  # too few to look ahead from
    named = np.argsort(-counts, kind="stable")
    return Saturation(
        table=pa.Table.from_pylist(rows, schema=SCHEMA),
        themes=pa.table(
            {
                "theme": pa.array([data.names[place] for place in named], pa.string()),
                "interviews": pa.array(counts[named]),
                "share": pa.array(counts[named] / data.interviews),
            }
        ),
        curve=curve_of(heard, ahead, data, level=level, replicates=replicates, seed=seed),
        outlook=looked_ahead(ahead, level=level, replicates=replicates, seed=seed),
        elsewhere=pa.Table.from_pylist(elsewhere, schema=ELSEWHERE),
        rule=stopping.guest_rule(data.first_named(), base=base, run=run, threshold=threshold) if data.ordered else None,
        rule_settings=(base, run, threshold),
        equal_coverage=equal,
        notes=tuple(notes),
        level=level,
    )


def detectable(interviews: int) -> list[dict[str, Any]]:
    """How likely a theme of a given share has been heard, and in how many interviews it would be in 19 of 20 cases."""
    heard = stopping.detectable(PREVALENCES, interviews)
    needed = [int(np.ceil(np.log(0.05) / np.log1p(-share))) for share in PREVALENCES]
    return [
        {"share": share, "heard": float(chance), "interviews_for_95": number}
        for share, chance, number in zip(PREVALENCES, heard, needed, strict=True)
    ]


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
