from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests.server.factories import Cast
from winback.server.sources import late
from winback.server.sources.actions import ensure_source, live_run
from winback.server.sources.models import LateWrite, SyncRun

pytestmark = pytest.mark.django_db


def run_of(cast: Cast, **fields: object) -> SyncRun:
    source = ensure_source(workspace=cast.larkspur, name="file", kind="file")
    return SyncRun.objects.create(workspace=cast.larkspur, source=source, **fields)


@pytest.mark.parametrize(
    ("state", "undoing", "there"),
    [("staging", "", True), ("staged", "", True), ("draft", "", False), ("failed", "", False)],
)
def test_an_import_on_its_way(cast: Cast, state: str, undoing: str, there: bool) -> None:
    live_run(source=ensure_source(workspace=cast.larkspur, name="crm", kind="api"))
    run = run_of(cast, state=state, undoing=undoing)
    assert late.on_its_way(cast.larkspur.pk) == (run.pk if there else None)
    assert late.on_its_way(cast.merritt.pk) is None


def test_an_import_that_is_being_undone_is_on_its_way(cast: Cast) -> None:
    source = ensure_source(workspace=cast.larkspur, name="crm", kind="api")
    live_run(source=source)
    SyncRun.objects.update(undoing="hanna")
    assert late.on_its_way(cast.larkspur.pk) == SyncRun.objects.get().pk


def test_what_is_noted_of_somebody_adds_up(cast: Cast) -> None:
    run = run_of(cast)
    late.note(run_id=run.pk, table="customers", changed={7: ["name"], 8: []})
    late.note(run_id=run.pk, table="customers", changed={7: ["owner_name", "name"]})
    late.note(run_id=run.pk, table="contacts", changed={7: ["email"]})
    assert late.of(run.pk, "customers") == {7: ("name", "owner_name"), 8: ()}
    assert late.of(run.pk, "contacts", [8]) == {}
    assert LateWrite.objects.count() == 3


def test_many_write_and_one_switches_alone(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time")
    other = connection.copy()
    late.hold(cast.larkspur.pk)
    try:
        with other.cursor() as cursor, transaction.atomic():
            cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s, %s)", [late._PLACE, cast.larkspur.pk])
            assert cursor.fetchone() == (True,)
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [late._PLACE, cast.larkspur.pk])
            assert cursor.fetchone() == (False,)
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [late._PLACE, cast.merritt.pk])
            assert cursor.fetchone() == (True,)
        late.alone(cast.larkspur.pk)  # whoever holds it already may have it alone
    finally:
        other.close()
