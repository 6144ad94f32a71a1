from __future__ import annotations

import numpy as np
import pytest

from winback.datasets import world
from winback.datasets.cast import Cast
from winback.datasets.history import History, live
from winback.datasets.leaving import NEVER
from winback.datasets.money import Books, before, keep_books, last_twelve
from winback.datasets.people import network_cost
from winback.datasets.world import Calendar


@pytest.fixture(scope="module")
def kept() -> tuple[Cast, History, Books]:
    cast = Cast.gather(2, 1500, Calendar())
    history = live(cast)
    return cast, history, keep_books(cast, history.endings)


def test_costs_are_the_counts_at_their_unit_costs(kept: tuple[Cast, History, Books]) -> None:
    cast, _, books = kept
    counted = (books.counts * np.array(world.UNIT_COSTS)[:, None, None]).sum(axis=0)
    line = network_cost(cast.accounts.plan, cast.accounts.price)[:, None]
    assert (books.cost == np.where(books.active, line + counted, 0)).all()
    assert (books.margin == books.revenue - books.cost - books.discounts).all()


def test_money_stands_in_the_months_of_a_customer_only(kept: tuple[Cast, History, Books]) -> None:
    cast, history, books = kept
    starts = cast.calendar.month_starts
    assert not books.active[cast.accounts.since[:, None] >= starts[1:]].any()
    assert not books.active[history.endings.end[:, None] < starts[:-1]].any()
    stays = (history.endings.notice == NEVER) & (cast.accounts.since < 0)
    assert books.active[stays].all()
    assert not books.revenue[~books.active].any()
    assert (books.revenue[books.active] > 0).all()


def test_some_customers_cost_more_than_they_bring(kept: tuple[Cast, History, Books]) -> None:
    books = kept[2]
    margin = last_twelve(books.margin)[books.active[:, -12:].any(axis=1)]
    assert 0.005 < (margin < 0).mean() < 0.08


def test_prices_rise_by_letter_and_fall_with_a_smaller_contract(kept: tuple[Cast, History, Books]) -> None:
    cast, _, books = kept
    home = np.flatnonzero((cast.accounts.plan == world.HOME) & (cast.accounts.since < 0) & books.active.all(axis=1))
    first, last = cast.accounts.price[home], cast.accounts.price[home] * 1035 // 1000 * 1040 // 1000
    stays = books.smaller_from[home] == 24
    assert (books.revenue[home, 0][stays] - first[stays]).min() == 0
    assert (books.revenue[home, 23][stays] - last[stays]).min() == 0
    assert (books.revenue[home, 23][~stays] < first[~stays]).all()
    assert (~stays).sum() > 3


def test_sums_of_twelve_months() -> None:
    monthly = np.arange(48).reshape(2, 24)
    assert last_twelve(monthly).tolist() == [sum(range(12, 24)), sum(range(36, 48))]
    assert before(monthly, np.array([2, 23])).tolist() == [0 + 1 + 2, sum(range(36, 48))]
