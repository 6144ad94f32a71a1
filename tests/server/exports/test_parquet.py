from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.server.exports.worlds import answer, fresh, known, told
from tests.server.factories import Cast
from winback.server.customers.models import CustomerProfile
from winback.server.exports.actions import place_of
from winback.server.exports.parquet import Item, items, money, spread, write
from winback.server.sources.actions import mark_dirty
from winback.tables import MONEY


def test_money_is_exact() -> None:
    found = money([None, 123456, -1, 99_999_999_999_999_999])
    assert found.type == MONEY
    assert found.to_pylist() == [None, Decimal("12.3456"), Decimal("-0.0001"), Decimal("9999999999999.9999")]


def test_attributes_become_columns_of_text() -> None:
    found = spread(['{"a": "x", "b": 1.5}', '{"a": "", "c": true}', '{"b": 12}', "{}", "null", '{"b": 12345678}'])
    assert {name: column.to_pylist() for name, column in found.items()} == {
        "a": ["x", None, None, None, None, None],
        "b": ["1.5", None, "12", None, None, "12345678"],
        "c": [None, "true", None, None, None, None],
    }
    assert all(column.type == pa.string() for column in found.values())


@pytest.mark.django_db
def test_a_file_and_what_is_told_of_it(cast: Cast) -> None:
    ws = cast.larkspur
    told(
        ws,
        [
            answer("1", 9, customer="C1", survey="relationship", attributes={"plan": "x"}),
            answer("2", None, survey="relationship"), answer("3", 3),
        ],
    )  # fmt: skip
    place = place_of(ws)
    assert items(ws, "feedback", "2026-09") == [Item("feedback", "2026-09", "2026-09-01", "2026-09-01")]
    file, left = write(ws, Item("feedback", "2026-09"), place)
    assert file is not None and left is None
    assert (file.rows, file.attributes) == (3, ("plan",))
    stats = file.stats["api"]
    assert stats["answers"] == {"relationship": 1, "": 1} and stats["runs"] == [0]
    assert stats["filled"] == {
        "external_id": 3, "row_number": 3, "occurred_at": 3, "local_date": 3, "customer": 1, "score": 2, "kind": 3,
        "survey": 2, "wb_id": 3, "attribute plan": 1,
    } or "wb_id" not in stats["filled"]  # fmt: skip
    table = pq.read_table(place / file.name)
    assert table.schema.field("occurred_at").type == pa.timestamp("us", tz="UTC")
    assert table.column("a0").to_pylist() == ["x", None, None]
    assert "wb_run" not in table.column_names
    assert write(ws, Item("feedback", "2026-08"), place) == (None, None)


@pytest.mark.django_db
def test_customers_with_all_that_is_known(cast: Cast) -> None:
    ws = cast.larkspur
    parent, profile = known(ws, "P1"), known(ws, "C1", region="North")
    CustomerProfile.objects.filter(pk=profile.pk).update(
        name="Ann", since_date=dt.date(2020, 2, 29), parent=parent.customer, revenue=Decimal("10.5"),
        counts={"calls": 3, "count_visits": 2}, owner_name="",
    )  # fmt: skip
    mark_dirty(workspace=ws, table="customers")
    (file,) = fresh(ws).of("customers")
    row = next(r for r in pq.read_table(place_of(ws) / file.name).to_pylist() if r["customer"] == "C1")
    assert {name: value for name, value in row.items() if value is not None} == {
        "customer": "C1", "customer_name": "Ann", "since_date": dt.date(2020, 2, 29), "parent": "P1",
        "revenue": Decimal("10.5"), "count_calls": 3.0, "count_visits": 2.0, "a0": "North",
    }  # fmt: skip
