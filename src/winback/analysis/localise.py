"""Where exactly is it? Which combination of attributes explains a jump, in the shortest description, or that none does.

Two periods of answers, a cube of leaves with bad ones and all, or a cube of sums with a forecast. Several causes are
told at once; where nothing in the attributes explains the jump, or everything moved alike, that is the finding. The
method and its references stand in `winback.stats.localising`, `explaining` and `leaf_evidence`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Unpack

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.flareups_panel import coded, unique_rows
from winback.analysis.result import Result
from winback.analysis.tally import AnswerColumns, labels, open_rows
from winback.charts import Chart
from winback.charts.causes import causes
from winback.errors import UserError
from winback.stats.explaining import LEVEL, Explained, explain_shares

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Window = tuple[dt.date, dt.date]

DEPTH = 4
LEAST = 10  # answers each window needs


@dataclass(frozen=True)
class Localisation(Result):
    """What explains one or more jumps.

    `table`: case, attributes (names), values, bad, total, expected (of bad; where a forecast was given actual and
    forecast stand instead), odds_ratio (or ratio to the forecast), p, share_explained. `cases` has a mapping for every
    case: case, answer (one sentence), external (nothing in the attributes explains it), and its figures.
    """

    cases: tuple[Mapping[str, Any], ...] = ()
    kind: str = "share"
    heading: ClassVar[str] = "What explains it"

    def findings(self) -> list[dict[str, Any]]:
        """The findings as they stand in the JSON: attributes as one mapping."""
        return [
            {
                "case": row["case"],
                "attributes": dict(zip(row["attributes"], row["values"], strict=True)),
                **{name: value for name, value in row.items() if name not in ("case", "attributes", "values")},
            }
            for row in self.rows()
        ]

    def chart(self) -> Chart:
        """For each finding what came beside what was to be expected."""
        return causes(self.rows(), sums=self.kind == "sum")

    def spelled(self, names: Mapping[str, str]) -> Localisation:
        """The same with attributes called what the user's file calls them."""
        renamed = [[names.get(name, name) for name in row] for row in self.table.column("attributes").to_pylist()]
        place = self.table.column_names.index("attributes")
        return replace(self, table=self.table.set_column(place, "attributes", pa.array(renamed, _TEXTS)))

    def summary(self) -> str:
        if len(self.cases) == 1:
            return str(self.cases[0]["answer"])
        explained = sum(not case["external"] for case in self.cases)
        return f"{explained} of {len(self.cases)} cases are explained by these attributes."


def localise(
    feedback: Any, *, by: Sequence[str], before: Window, after: Window, depth: int = DEPTH, level: float = LEVEL,
    bad: str | None = None, **columns: Unpack[AnswerColumns],
) -> Localisation:  # fmt: skip
    """Which attributes explain that detractors are more (or fewer) in one window than in an earlier one.

    `feedback` is a frame of any kind, `Tables`, or what `winback.read` returned; `before` and `after` are first and
    last days. `bad` names a yes-or-no column that takes the place of "is a detractor". Every answer counts. `level` is
    the chance of naming anything where nothing is. Raises UserError where a window has fewer than 10 answers.
    """
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    if not by:
        raise UserError("A jump is localised among attributes; name at least one (by=, or --by).")
    counted = [_counted(feedback, by, window, bad, columns) for window in (before, after)]
    for name, window, table in zip(("before", "after"), (before, after), counted, strict=True):
        heard = int(np.asarray(table.column("wb_answers")).sum())
        if heard < LEAST:
            raise UserError(
                f"The window {name} ({window[0]} to {window[1]}) has {heard} answers; it takes {LEAST} at least."
            )
    both = pa.concat_tables(counted)
    answers = np.asarray(both.column("wb_answers"), dtype=np.float64)
    values, codes = code_columns([both.column(name) for name in by], answers)
    leaf, where = unique_rows(codes)
    first = np.arange(len(where)) < counted[0].num_rows
    bads = np.asarray(both.column("wb_bads"), dtype=np.float64)

    def laid(weights: Floats, rows: Any) -> Floats:
        return np.asarray(np.bincount(where[rows], weights[rows], len(leaf)), dtype=np.float64)

    past, now = (laid(bads, first), laid(answers, first)), (laid(bads, ~first), laid(answers, ~first))
    rows, case = share_case("", by, values, leaf, past, now, depth=depth, level=level)
    return Localisation(table=share_table(rows), cases=(case,))


def code_columns(columns: Sequence[Any], weights: Floats) -> tuple[list[tuple[str, ...]], Integers]:
    """Attributes as codes: the values of each, and (rows, attributes) numbers; -1 for what is blank or rare."""
    values, codes = [], np.zeros((len(weights), len(columns)), dtype=np.int64)
    for place, column in enumerate(columns):
        names, codes[:, place] = coded(column, weights)
        values.append(names)
    return values, codes


def _counted(feedback: Any, by: Sequence[str], window: Window, bad: str | None, columns: AnswerColumns) -> pa.Table:
    options = columns.copy()
    options["since"], options["until"], options["respondent"] = window[0], window[1], None
    rows, plan = open_rows(feedback, by=[*by, *([bad] if bad else [])], **options)
    detractor = plan.bands.is_detractor(nw.col("wb_score"))
    counted = nw.col(bad).cast(nw.Int64) if bad else nw.when(detractor).then(1).otherwise(0)
    rows = rows.with_columns(wb_bad=counted)
    found = rows.group_by(list(by)).agg(nw.len().alias("wb_answers"), nw.col("wb_bad").sum().alias("wb_bads"))
    table = found.collect(backend="pyarrow").to_native()
    names = [*by, "wb_answers", "wb_bads"]
    kinds = [pa.string()] * len(by) + [pa.int64(), pa.int64()]
    arrays = [labels(table.column(name)) if name in by else table.column(name) for name in names]
    return pa.table([pa.chunked_array([a]) if isinstance(a, pa.Array) else a for a in arrays], names=names).cast(
        pa.schema(list(zip(names, kinds, strict=True)))
    )


def share_case(
    case: str, names: Sequence[str], values: Sequence[Sequence[str]], leaf: Integers, before: tuple[Floats, Floats],
    now: tuple[Floats, Floats], *, depth: int = DEPTH, level: float = LEVEL,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:  # fmt: skip
    """Findings and answer of one case of shares: (bad, total) by leaf before and now."""
    was, is_ = (float(part[0].sum()) / max(float(part[1].sum()), 1.0) for part in (before, now))
    levels = [len(texts) for texts in values]
    fell = is_ < was
    past, present = (_good(before), _good(now)) if fell else (before, now)
    found = explain_shares(leaf, levels, past, present, depth=depth, level=level)
    expected = now[1] - found.expected if fell else found.expected
    expected = np.where(now[1] > 0, expected, 0.0)
    jump = float(now[0].sum() - expected.sum())
    rows = []
    for place in range(len(found.causes)):
        inside = found.members(place)
        bad, total, due = (float(part[inside].sum()) for part in (now[0], now[1], expected))
        rows.append({
            "case": case, **named_in(found, place, names, values), "bad": bad, "total": total, "expected": due,
            "odds_ratio": _odds(bad, total, due), "p": found.p[place],
            "share_explained": (bad - due) / jump if jump else None,
        })  # fmt: skip
    said = _answer(rows, found, "fell" if fell else "rose", was, is_)
    return rows, {
        "case": case, "answer": said, "external": not rows, "everywhere": found.everywhere, "before": was, "now": is_,
        "answers_before": float(before[1].sum()), "answers": float(now[1].sum()),
    }  # fmt: skip


def _good(counts: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    return counts[1] - counts[0], counts[1]


def _odds(bad: float, total: float, due: float) -> float:
    """Odds seen over odds expected, with half an answer added to each side."""
    return (bad + 0.5) / (total - bad + 0.5) * (total - due + 0.5) / (due + 0.5)


def named_in(
    found: Explained, place: int, names: Sequence[str], values: Sequence[Sequence[str]]
) -> dict[str, list[str]]:
    named = found.zones.named(found.causes[place].zone)
    return {"attributes": [names[a] for a in named], "values": [values[a][v] for a, v in named.items()]}


def describe(row: Mapping[str, Any]) -> str:
    """A finding's attributes in words: region North and plan Business."""
    return " and ".join(f"{name} {value}" for name, value in zip(row["attributes"], row["values"], strict=True))


def _answer(rows: Sequence[Mapping[str, Any]], found: Explained, moved: str, was: float, now: float) -> str:
    before, after = f"{100 * was:.1f} %", f"{100 * now:.1f} %"
    if before == after and not rows:
        return f"The share of detractors is {after} as before: there is no jump to explain."
    change = f"The share of detractors {moved} from {before} to {after}"
    if found.everywhere:
        return f"{change}, in all segments alike: these attributes do not explain it."
    if not rows:
        return f"{change}; nothing in these attributes explains it."
    first = rows[0]
    told = f"{first['bad']:,.0f} of {first['total']:,.0f} answers where {first['expected']:,.0f} were expected"
    more = f", and {len(rows) - 1} more" if len(rows) > 1 else ""
    return f"{change}; what explains it most is {describe(first)} ({told}){more}."


_TEXTS = pa.list_(pa.string())


def share_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Findings of shares as a table."""
    kinds = {"case": pa.string(), "attributes": _TEXTS, "values": _TEXTS} | dict.fromkeys(
        ("bad", "total", "expected", "odds_ratio", "p", "share_explained"), pa.float64()
    )
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in kinds.items()})


def sum_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Findings of sums with a forecast as a table."""
    kinds = {"case": pa.string(), "attributes": _TEXTS, "values": _TEXTS} | dict.fromkeys(
        ("actual", "forecast", "ratio", "p", "share_explained"), pa.float64()
    )
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in kinds.items()})
