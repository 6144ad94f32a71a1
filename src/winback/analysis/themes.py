"""Which themes do customers name, and how much of the score hangs on each? Their shares, money, months and what rises.

Customers are counted, not sentences: each person once, by the latest answer, as in the score itself; in a month of the
trend by the latest answer of that month, so that who answers again later still counts where they were. The contribution of
a theme is an additive split: every customer's part of the score (+1, 0, -1 over all) is shared out equally over the themes
named, so that the contributions, with that of customers who name none, sum to the score. This is association: that those
who name a theme score worse does not prove that mending it would raise the score.

References: Wilson's interval, E. Wilson, JASA 22, 1927; rising themes: `winback.stats.watching`, as flare-ups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, ClassVar, Unpack

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.codebook import Codebook, assign, make_codebook
from winback.analysis.counts import LEVEL, MINIMUM
from winback.analysis.frames import names_of
from winback.analysis.leaving import lost
from winback.analysis.result import Result
from winback.analysis.tally import AnswerColumns, Plan, labels, open_rows, period_of
from winback.analysis.themes_counted import SHARES, Answers, Named, Revenue, added, groups_of, rising
from winback.analysis.themes_quoted import quoted
from winback.analysis.tiers import tiers_of
from winback.analysis.worth import worth
from winback.charts.labels import signed
from winback.charts.spec import Chart
from winback.charts.themes import contribution_chart
from winback.errors import UserError
from winback.tables import Tables
from winback.text.languages import LANGUAGES, UNDERSTOOD


@dataclass(frozen=True)
class ThemesResult(Result):
    """Themes in figures.

    `table`: theme (key; null for customers who name none), name, parent, customers, share with low and high; of
    detractors, passives, promoters and lost customers how many name it (detractor_share, detractor_low, detractor_high
    and so on), nps of those who name it, nps_without them, contribution (points; the column sums to `score`), revenue,
    sentiment, quotation. `segments`: by, segment, theme, answers, customers, the same shares, suppressed. `trend`: period (month), theme, answers, customers, share. `rising`:
    theme, q, odds ratio now. `codings`: as `assign` gives them, for every answer counted. `quotations`: theme, rank, said,
    score and band of who said it.
    """

    codebook: Codebook
    segments: pa.Table
    trend: pa.Table
    rising: pa.Table
    codings: pa.Table
    quotations: pa.Table
    score: float | None
    answers: int
    commented: int
    notes: tuple[str, ...] = ()
    level: float = LEVEL
    heading: ClassVar[str] = "Themes"
    columns: ClassVar[tuple[str, ...]] = (
        "name",
        "customers",
        "share",
        "low",
        "high",
        "detractor_share",
        "promoter_share",
        "contribution",
    )

    def summary(self) -> str:
        rows = [row for row in self.rows() if row["theme"] is not None and row["contribution"] is not None]
        if not any(row["customers"] for row in rows):
            return "No theme is named."
        worst = min(rows, key=lambda row: row["contribution"])
        most = max(rows, key=lambda row: row["customers"])
        said = f"{most['name']} is named most, by {100 * most['share']:.0f} % of {self.answers:,} customers."
        if worst["contribution"] < 0:
            said += f" {worst['name']} takes most off the score: {signed(worst['contribution'], 1)} points of {signed(self.score, 1)}."
        return said

    def chart(self) -> Chart:
        return contribution_chart(self.rows())


def themes(
    tables: Any, codebook: Codebook | None = None, *, by: Sequence[str] = (), comment: str = "comment",
    learned: Sequence[tuple[str, Sequence[str]]] = (), codings: pa.Table | None = None, level: float = LEVEL, minimum: int = MINIMUM, seed: int = 0, number: int | None = None, model: str | None = None,
    **columns: Unpack[AnswerColumns],
) -> ThemesResult:  # fmt: skip
    """Themes of answers in figures.

    `tables`: a frame of answers with a column of comments, `Tables`, or what `winback.read` returned. codebook: made from
    these comments unless given. by: attributes to split by; `profit_tier` is one more where the tables hold money.
    learned: comments coded by people. minimum: answers below which a segment shows no figure. columns: `AnswerColumns`.

    Raises UserError where there is no column of comments, or no comment says anything.
    """
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    whole = getattr(tables, "tables", tables)
    whole = whole if isinstance(whole, Tables) else None
    names = names_of(whole.feedback if whole is not None else tables)
    if comment not in names:
        raise UserError(f'There is no column of comments "{comment}"; name it with comment=, or --text COL.')
    wanted = [comment, *by, *(["customer"] if "customer" in names else [])]
    rows, plan = open_rows(tables, by=list(dict.fromkeys(wanted)), **columns)
    rows = _last_of_months(rows, plan)
    kept = [*dict.fromkeys(wanted), *([plan.weight] if plan.weight else []), "wb_score", "wb_period", "wb_final"]
    have = rows.collect_schema().names()
    kept += [name for name in plan.order if name in have and name not in kept]
    table = rows.select(list(dict.fromkeys(kept))).collect(backend="pyarrow").to_native()
    order = [(name, "ascending") for name in plan.order if name in table.column_names]
    table = table.sort_by(order) if order else table
    if not table.num_rows:
        raise UserError("No row has a score: there is nothing to set themes against.")
    texts: list[str | None] = table.column(comment).cast(pa.string()).to_pylist()
    book = codebook or make_codebook(texts, seed=seed, themes=number, model=model, learned=learned)
    coded = assign(texts, book, learned=learned) if codings is None else codings
    monthly = Answers(
        bands=plan.bands.classify(table.column("wb_score").to_numpy()).astype(np.int64),
        weights=table.column(plan.weight).to_numpy().astype(np.float64) if plan.weight else np.ones(table.num_rows),
        periods=np.asarray(table.column("wb_period"), dtype=np.int64),
    )
    by_month = Named.of(coded, book, table.num_rows)
    final = np.asarray(
        table.column("wb_final").to_pylist(), dtype=bool
    )  # what a person said last counts in the figures
    table, texts = table.filter(pa.array(final)), list(compress(texts, final))
    answers = Answers(monthly.bands[final], monthly.weights[final], monthly.periods[final])
    named = Named(by_month.matrix[final], by_month.keys)
    coded = _of_rows(coded, final)
    customers = (
        table.column("customer").cast(pa.string()).to_pylist() if "customer" in names else [None] * table.num_rows
    )
    gone = _lost(whole, customers)
    revenue, tier = _money(whole, customers)
    splits = {name: labels(table.column(name)).to_pylist() for name in by}
    if tier is not None:
        splits["profit_tier"] = tier
    shown, score = added(named, answers, book, lost=gone, revenue=revenue, coded=coded, texts=texts, level=level)
    notes = [] if plan.respondent else ["No column names the person: every answer counts."]
    if (said := sum(text is not None and text.strip() != "" for text in texts)) < len(texts):
        notes.append(
            f"{len(texts) - said:,} of {len(texts):,} answers have no comment; they count among those who name none."
        )
    told = {code for code in coded.column("language").to_pylist() if code is not None} - UNDERSTOOD
    if told:
        notes.append(f"Not well understood: comments in {', '.join(sorted(LANGUAGES.get(one, one) for one in told))}.")
    return ThemesResult(
        table=shown,
        codebook=book,
        segments=_segments(named, answers, splits, book, gone, level, minimum),
        trend=by_month.by_period(monthly, book) if plan.date else _TREND.empty_table(),
        rising=rising(by_month, monthly, book) if plan.date else _RISING.empty_table(),
        codings=coded,
        quotations=quoted(coded, book, texts, table.column("wb_score").to_numpy(), answers.bands),
        score=score,
        answers=table.num_rows,
        commented=said,
        notes=tuple(notes),
        level=level,
    )


def _last_of_months(rows: nw.LazyFrame[Any], plan: Plan) -> nw.LazyFrame[Any]:
    """The last answer of each person in each month (wb_period); wb_final tells which is the last of all."""
    rows = rows.with_columns(wb_period=period_of(plan.date, "month") if plan.date else nw.lit(0, dtype=nw.Int64))
    if not plan.respondent:
        return rows.with_columns(wb_final=nw.lit(True))
    following = nw.col("wb_period").shift(-1).over(plan.respondent, order_by=plan.order)
    rows = rows.with_columns(wb_next=nw.when(~nw.col(plan.respondent).is_null()).then(following))
    rows = rows.with_columns(wb_final=nw.col("wb_next").is_null())
    return rows.filter(nw.col("wb_final") | (nw.col("wb_next") > nw.col("wb_period")))


def _of_rows(codings: pa.Table, kept: NDArray[np.bool_]) -> pa.Table:
    """The codings of the rows kept, numbered anew from 0."""
    row = codings.column("row").to_numpy()
    chosen = codings.filter(pa.array(kept[row]))
    place = np.cumsum(kept) - 1
    return chosen.set_column(0, "row", pa.array(place[row[kept[row]]], pa.int64()))


def _segments(
    named: Named, answers: Answers, splits: dict[str, list[Any]], book: Codebook, lost: NDArray[np.bool_] | None,
    level: float, minimum: int,
) -> pa.Table:  # fmt: skip
    found = []
    groups = groups_of(answers, lost)
    for name, values in splits.items():
        for value in sorted({one for one in values if one is not None}) + ([None] if None in values else []):
            chosen = np.array([one == value for one in values])
            for row in named.shares(answers, book, chosen, level=level, groups=groups, minimum=minimum):
                small = int(chosen.sum()) < minimum
                hidden = dict.fromkeys(("customers", *SHARES)) if small else {}
                found.append(
                    {"by": name, "segment": value, "answers": int(chosen.sum()), **row, **hidden, "suppressed": small}
                )
    return pa.Table.from_pylist(found, schema=_SEGMENTS)


def _lost(tables: Tables | None, customers: list[str | None]) -> NDArray[np.bool_] | None:
    if tables is None or tables.departures is None:
        return None
    gone = lost(tables.departures)
    return np.array([one in gone for one in customers])


def _money(tables: Tables | None, customers: list[str | None]) -> tuple[Revenue | None, list[str | None] | None]:
    """The revenue of each answer's customer (their worth, where only that is known), and the customer's profit tier."""
    known = worth(tables) if tables is not None else None
    if known is None:
        return None, None
    place: dict[str | None, int] = {one: at for at, one in enumerate(known.customers.tolist())}
    account = np.array([place.get(one, -1) for one in customers], dtype=np.int64)
    tiers = tiers_of(known.worth)
    names = [None if at < 0 else f"tier {tiers[at]}" if tiers[at] > 0 else "negative" for at in account.tolist()]
    return Revenue(account, known.revenue if known.revenue is not None else known.worth), names


_SEGMENTS = pa.schema(
    [("by", pa.string()), ("segment", pa.string()), ("theme", pa.string()), ("name", pa.string()), ("answers", pa.int64()),
     ("customers", pa.int64()), *((name, pa.float64()) for name in SHARES), ("suppressed", pa.bool_())]
)  # fmt: skip
_TREND = pa.schema([("period", pa.string()), ("theme", pa.string()), ("answers", pa.int64()), ("customers", pa.int64()), ("share", pa.float64())])  # fmt: skip
_RISING = pa.schema([("theme", pa.string()), ("name", pa.string()), ("period", pa.string()), ("customers", pa.int64()), ("expected", pa.float64()), ("q", pa.float64())])  # fmt: skip
