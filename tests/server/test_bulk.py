"""Rows at the speed of the driver: inserted, written over, and never half."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast
from winback.server.bulk import FEW, Insert, insert, insert_all, stored_time
from winback.server.customers.models import Customer
from winback.server.sources.models import DirtyDay


def test_constants_stand_in_every_row(cast: Cast) -> None:
    now = stored_time(dt.datetime(2026, 11, 19, 14, 5, tzinfo=dt.timezone(dt.timedelta(hours=1))))
    insert(
        DirtyDay,
        {"workspace_id": cast.larkspur.pk, "table": "feedback", "run_id": None, "marked_at": now},
        ["day"],
        [("2026-11-19",), (None,)],
    )
    rows = DirtyDay.objects.order_by("id").values_list("workspace_id", "day", "marked_at")
    moment = dt.datetime(2026, 11, 19, 13, 5, tzinfo=dt.UTC)
    assert list(rows) == [(cast.larkspur.pk, dt.date(2026, 11, 19), moment), (cast.larkspur.pk, None, moment)]


@pytest.mark.parametrize("name", ["it's", 'a "quote"', "percent % s", "null\u2028line", "日本"])
def test_any_text_comes_back_as_it_went(cast: Cast, name: str) -> None:
    now = stored_time(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    insert(
        Customer, {"workspace_id": cast.larkspur.pk, "created_at": now, "erased_at": None}, ["external_id"], [(name,)]
    )
    assert Customer.objects.get().external_id == name


def test_a_row_that_is_there_is_written_over(cast: Cast) -> None:
    early, late = (stored_time(dt.datetime(2026, 1, day, tzinfo=dt.UTC)) for day in (1, 2))
    for moment in (early, late):
        insert(
            Customer,
            {"workspace_id": cast.larkspur.pk, "erased_at": None, "created_at": moment},
            ["external_id"],
            [("C1",)],
            replacing=("workspace_id", "external_id"),
        )
    assert Customer.objects.get().created_at == dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def test_nothing_to_insert_is_nothing(cast: Cast) -> None:
    insert(Customer, {"workspace_id": cast.larkspur.pk}, ["external_id"], [])
    assert Customer.objects.count() == 0


@pytest.mark.parametrize("rows", [1, FEW, FEW + 1, 3 * FEW])
def test_few_rows_and_many_come_to_the_same(cast: Cast, rows: int) -> None:
    early, late = (stored_time(dt.datetime(2026, 1, day, tzinfo=dt.UTC)) for day in (1, 2))
    names = [(f"C{n:03}",) for n in range(rows)]
    for moment, some in ((early, names[::2]), (late, names)):
        constants = {"workspace_id": cast.larkspur.pk, "erased_at": None, "created_at": moment}
        days = {"workspace_id": cast.larkspur.pk, "table": "customers", "run_id": None, "marked_at": moment}
        insert_all(
            Insert(Customer, constants, ["external_id"], some, replacing=("workspace_id", "external_id")),
            Insert(DirtyDay, days, ["day"], [("2026-11-19",)]),
        )
    kept = list(Customer.objects.order_by("external_id").values_list("external_id", "created_at"))
    assert kept == [(name, dt.datetime(2026, 1, 2, tzinfo=dt.UTC)) for (name,) in names]
    assert DirtyDay.objects.count() == 2


def test_new_rows_keep_their_order(cast: Cast) -> None:
    names = [(f"C{n * 37 % 101:03}",) for n in range(101)]
    constants = {"workspace_id": cast.larkspur.pk, "erased_at": None, "created_at": "2026-01-01"}
    insert(Customer, constants, ["external_id"], names, replacing=("workspace_id", "external_id"))
    assert list(Customer.objects.order_by("id").values_list("external_id")) == names
