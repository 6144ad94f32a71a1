"""A workspace's answers in one window, counted once: what every page of figures is made from.

This module imports the analyses and their engines, which take a while to load: views and the API import it inside
their functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from winback.analysis.counts import pool
from winback.analysis.frames import names_of
from winback.analysis.leaving import leavers, present
from winback.analysis.nps import Nps, nps
from winback.analysis.profit import Profit, profit
from winback.analysis.tally import UNDATED, AnswerColumns, Tally, period_index, tally
from winback.analysis.worth import Worth, worth
from winback.errors import UserError
from winback.report.figures import answered_days, join_worth
from winback.server.exports.queries import Holding
from winback.server.insights.kept import Kept, shelf
from winback.server.insights.rules import Asked, Window, window_of
from winback.surfaces import on_a_page
from winback.tables import Tables

FILES = {  # what would open an analysis, as it is called where files are imported
    "--periods": "a file of months", "--departures": "a file of departures", "--customers": "a file of customers",
    "--customer": "a column that names the customer", "--value": "a column of money", "--date": "a column of dates",
}  # fmt: skip
MOST_CHOICES = 12  # values of an attribute offered as filters


@dataclass
class Basis:
    """The answers of a holding that a page was asked for. `kept` is what this process knows of them already."""

    holding: Holding
    asked: Asked
    window: Window
    today: dt.date
    level: float
    minimum: int
    first: dt.date | None  # days of the first and the last answer of the whole holding
    last: dt.date | None
    kept: Kept
    state: tuple[Any, ...]  # names the holding and the filters among what is kept
    _names: list[str] = field(default_factory=list)

    @property
    def how(self) -> Any:
        """Level and minimum, as every analysis takes them."""
        return {"level": self.level, "minimum": self.minimum}

    @property
    def names(self) -> list[str]:
        if not self._names:
            self._names = names_of(self.holding.tables.feedback)
        return self._names

    @property
    def dated(self) -> bool:
        return "local_date" in self.names

    @property
    def columns(self) -> AnswerColumns:
        """How answers are counted, in this window."""
        columns = self.holding.columns.copy()
        columns["since"], columns["until"] = self.window.since, self.window.until
        return columns

    @property
    def feedback(self) -> Any:
        """The answers that the filters leave."""
        return filtered(self.holding.tables.feedback, self.asked)

    @property
    def tables(self) -> Tables:
        """The tables behind the filters: customers too, where it is customers that have the attributes."""
        whole = self.holding.tables
        if not self.by_customers:
            return replace(whole, feedback=self.feedback)
        customers = filtered(whole.customers, self.asked)
        chosen = nw.from_native(customers).select("customer").unique()
        beside = {
            name: nw.from_native(frame).join(chosen, on="customer", how="semi").to_native()
            for name in ("customer_periods", "departures", "invitations")
            if (frame := getattr(whole, name)) is not None
        }
        return replace(whole, feedback=self.feedback, customers=customers, **beside)

    @property
    def by_customers(self) -> bool:
        """Whether there are filters, all of them by what is known of customers."""
        names, customers = {name for name, _ in self.asked.filters}, self.holding.tables.customers
        return bool(names) and customers is not None and names <= set(names_of(customers))

    def seen(self, window: Window) -> Basis:
        """The same answers in another window."""
        if window == self.window:
            return self
        kept = shelf.of((*self.state, window))
        return replace(self, window=window, kept=kept)

    def history(self) -> Basis:
        """The same answers from the first one on."""
        return self.seen(Window(None, self.window.until))

    def counted(self, by: Sequence[str] = (), *, money: bool = False) -> Tally:
        """The answers counted by month and by these attributes, perhaps by more; with `money`, what customers bring too."""
        by = tuple(dict.fromkeys(by))
        with self.kept.lock:
            known: dict[tuple[tuple[str, ...], bool], Tally] = self.kept.found.setdefault("tallies", {})
            for (have, rich), there in known.items():
                if set(by) <= set(have) and (rich or not money):
                    return there
            known[by, money] = self._count(by, money=money)
            return known[by, money]

    def _count(self, by: tuple[str, ...], *, money: bool) -> Tally:
        if not money and self.dated and self.window != Window() and self.window.whole_months:
            return self._cut(self.seen(Window()).counted(by))
        feedback, columns = self.feedback, self.columns
        if money and self.has_worth:
            feedback = join_worth(feedback, self.worth(), self.holding.connection)
            columns["money"], columns["money_of"] = "money", "customer"
        elif money and "money" in self.names:
            columns["money"] = "money"
            if "customer" in self.names:
                columns["money_of"] = None
        return tally(feedback, by=by, unit="month" if self.dated else None, **columns)

    def _cut(self, everything: Tally) -> Tally:
        """The window's part of all answers counted by month: it begins and ends with a month, so nothing is counted anew.

        An answer counts unless the same person answered again in the window; what came after it does not matter.
        """
        since, until = self.window.since, self.window.until
        cells = everything.cells
        period, following = cells.column("wb_period"), cells.column("wb_next")
        keep = pc.not_equal(period, UNDATED)
        if since is not None:
            keep = pc.and_(keep, pc.greater_equal(period, period_index(since, "month")))
        if until is not None:
            end = period_index(until, "month")
            keep = pc.and_(keep, pc.less_equal(period, end))
            following = pc.if_else(pc.greater(following, end), pa.scalar(None, pa.int64()), following)
        cells = cells.set_column(cells.column_names.index("wb_next"), "wb_next", following).filter(keep)
        first, last = self.days()
        return replace(everything, cells=cells, since=since, until=until, first=first, last=last)

    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """The days of the first and the last answer in the window; None without dates or answers."""
        if self.kept.has("whole"):
            return self.whole().first, self.whole().last
        if self.window == Window() and not self.asked.filters:
            return self.first, self.last
        since, until = self.window.since, self.window.until
        found: tuple[dt.date | None, dt.date | None] = self.kept.once(
            "days", lambda: answered_days(self.feedback, since, until) if self.dated else (None, None)
        )
        return found

    def worth(self) -> Worth:
        """What each customer brings, up to the window's end. Raises UserError without money."""
        known: Worth = self.kept.once("worth", self._worth)
        return known

    def _worth(self) -> Worth:
        known = worth(self.tables, as_of=self.window.until)
        if known is None:
            raise UserError("No money is at hand: import revenue or margin by customer.")
        return present(known, leavers(self.tables, until=self.today))

    @property
    def has_worth(self) -> bool:
        """Whether money is known by customer, and answers name their customers."""
        tables = self.holding.tables
        if "customer" not in self.names:
            return False
        if tables.customer_periods is not None:
            return bool({"revenue", "margin"} & set(names_of(tables.customer_periods)))
        return tables.customers is not None and bool({"revenue", "margin"} & set(names_of(tables.customers)))

    def whole(self) -> Tally:
        """All answers of the window, with the first attributes that are cheap to have along."""
        tally: Tally = self.kept.once("whole", lambda: self.counted(self.holding.attributes[:2]))
        return tally

    def empty(self) -> bool:
        """Whether nobody answered in the window."""
        return self.days()[0] is None and not self.answers()  # only answers without a day have to be counted

    def answers(self) -> int:
        return int(pool(self.whole()).answers[0])

    def score(self) -> Nps:
        found: Nps = self.kept.once("score", lambda: nps(self.whole(), **self.how))
        return found

    def profit(self) -> Profit:
        """Tiers and money of the customers; takes longest, so it is made only where it is asked for."""
        value: Any = "customer" if self.has_worth else "value" if "money" in self.names else "customer"
        columns = self.columns
        columns.pop("weight", None)

        def make() -> Profit:
            with on_a_page(FILES):
                return profit(
                    self.tables,
                    value=value,
                    attributes=self.holding.attributes,
                    today=self.today,
                    **self.how,
                    **columns,
                )

        found: Profit = self.kept.once("profit", make)
        return found


def filtered(feedback: Any, asked: Asked) -> Any:
    """The rows whose attributes have the values asked for; "" asks for those without a value."""
    if not asked.filters:
        return feedback
    rows = nw.from_native(feedback)
    for name, value in asked.filters:
        text = nw.col(name).cast(nw.String).str.strip_chars()
        rows = rows.filter(text == value) if value else rows.filter(nw.col(name).is_null() | (text == ""))
    return rows.to_native()


def open_basis(
    holding: Holding, asked: Asked, *, scope: str, today: dt.date, level: float, minimum: int, usual: int | None = None
) -> Basis:
    """The answers of a holding in the window asked for, with what is kept of them. `scope` is that of who asks, as text.

    `usual` is how many whole months are shown where the address names no window.
    """
    state = (holding.version, scope, holding.sort.key)
    dated = "local_date" in names_of(holding.tables.feedback)
    days = shelf.of((*state, "days"))
    first, last = days.once("days", lambda: answered_days(holding.tables.feedback) if dated else (None, None))
    window = window_of(asked, first, last, today, usual)
    if not dated and (window.since or window.until):
        raise UserError("These answers have no dates, so no window can be chosen; import them with a column of dates.")
    named = (*state, asked.filters, today, level, minimum)
    return Basis(holding, asked, window, today, level, minimum, first, last, shelf.of((*named, window)), named)


def choices(holding: Holding, *, scope: str) -> dict[str, list[tuple[str, int]]]:
    """For each attribute its most frequent values with their answers, to filter by. Blank values are ""."""
    kept = shelf.of((holding.version, scope, holding.sort.key, "days"))
    found: dict[str, list[tuple[str, int]]] = kept.once("choices", lambda: _choices(holding))
    return found


def _choices(holding: Holding) -> dict[str, list[tuple[str, int]]]:
    rows = nw.from_native(holding.tables.feedback).lazy().filter(~nw.col("score").is_null())
    found = {}
    for name in holding.attributes:
        counted = rows.group_by(nw.col(name).alias("value")).agg(nw.len().alias("answers"))
        # values with as many answers by their names: else the pills would change places from one look to the next
        top = counted.sort("answers", "value", descending=[True, False]).head(MOST_CHOICES + 1)
        table = top.collect(backend="pyarrow").to_native().to_pylist()
        found[name] = [("" if row["value"] is None else str(row["value"]), int(row["answers"])) for row in table]
    return found


def values_of(holding: Holding, name: str) -> list[str]:
    """The different values of a column of the answers, blanks left out; none where there is no such column."""
    if name not in names_of(holding.tables.feedback):
        return []
    rows = nw.from_native(holding.tables.feedback).lazy().filter(~nw.col(name).is_null())
    found = rows.select(nw.col(name)).unique().collect(backend="pyarrow").to_native().column(name).to_pylist()
    return sorted({text for value in found if (text := str(value).strip())})
