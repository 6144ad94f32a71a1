from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast
from winback.server.bulk import stored_time
from winback.server.customers.models import Customer
from winback.server.imports import bulk


def test_times_are_stored_as_the_database_has_them() -> None:
    moment = dt.datetime(2026, 10, 2, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert stored_time(moment) == "2026-10-01 23:30:00"


def test_transactions_grow_and_shrink_towards_their_time() -> None:
    assert bulk.next_size(1_000, 0.01) == 1_400 and bulk.next_size(1_000, 0.09) == 1_000
    assert bulk.next_size(1_000, 0.18) == 500 and bulk.next_size(1_000, 9) == 400
    assert bulk.next_size(60, 9) == bulk.FEWEST and bulk.next_size(20_000, 0.001) == bulk.MOST


@pytest.mark.django_db
def test_names_are_kept_once_and_found(cast: Cast) -> None:
    pk, now = cast.larkspur.pk, "2026-11-22 10:00:00"
    bulk.insert_names(Customer, pk, ["C1", 'C"2'], now)
    bulk.insert_names(Customer, pk, ["C1", "C3"], now)
    bulk.insert_names(Customer, cast.merritt.pk, ["C1"], now)
    found = bulk.named(Customer._meta.db_table, "external_id, id", "external_id", ["C1", 'C"2', "C9"], "workspace_id = %s", [pk])  # fmt: skip
    assert sorted(name for name, _ in found) == ['C"2', "C1"]
    ids = [number for _, number in found]
    again = bulk.numbered(Customer._meta.db_table, "external_id", "id", ids, "workspace_id = %s", [pk])
    assert sorted(again) == [('C"2',), ("C1",)]
    assert Customer.objects.count() == 4
