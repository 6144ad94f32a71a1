"""Sources: one way in, one standing run, and days that wait for the warehouse."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast
from winback.errors import UserError
from winback.server.sources.actions import ensure_source, live_run, mark_dirty
from winback.server.sources.models import DirtyDay, SyncRun


def test_a_source_is_made_once(cast: Cast) -> None:
    first = ensure_source(workspace=cast.larkspur, name=" shop ", kind="api")
    assert ensure_source(workspace=cast.larkspur, name="shop", kind="api").pk == first.pk
    assert ensure_source(workspace=cast.merritt, name="shop", kind="api").pk != first.pk


def test_a_source_takes_rows_in_one_way(cast: Cast) -> None:
    ensure_source(workspace=cast.larkspur, name="shop", kind="api")
    with pytest.raises(
        UserError, match='The source "shop" takes rows from the API, not from files. Choose another name.'
    ):
        ensure_source(workspace=cast.larkspur, name="shop", kind="file")


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_source_has_a_name(cast: Cast, name: str) -> None:
    with pytest.raises(UserError, match="needs a name of 1 to 120"):
        ensure_source(workspace=cast.larkspur, name=name, kind="api")


def test_the_standing_run_is_one_and_published(cast: Cast) -> None:
    source = ensure_source(workspace=cast.larkspur, name="shop", kind="api")
    runs = {live_run(source=source).pk for _ in range(3)}
    assert len(runs) == 1
    run = SyncRun.objects.get()
    assert (run.pk, run.state, run.live) == (*runs, "published", True)


def test_days_are_marked_with_their_run_once(cast: Cast) -> None:
    source = ensure_source(workspace=cast.larkspur, name="shop", kind="api")
    run = live_run(source=source)
    day = dt.date(2026, 11, 19)
    mark_dirty(workspace=cast.larkspur, table="feedback", days=[day, None, day], run=run)
    mark_dirty(workspace=cast.larkspur, table="feedback", days=[day], run=run)
    assert set(DirtyDay.objects.values_list("table", "day", "run_id")) == {
        ("feedback", day, run.pk),
        ("feedback", None, run.pk),
    }
    assert DirtyDay.objects.count() == 2


@pytest.mark.parametrize(("name", "kind"), [("by hand", "api"), (" By Hand", "file"), ("new files", "api")])
def test_names_that_winback_gives_are_nobodys(cast: Cast, name: str, kind: str) -> None:
    with pytest.raises(UserError, match='winback itself calls a source "(by hand|new files)"'):
        ensure_source(workspace=cast.larkspur, name=name, kind=kind)
    assert ensure_source(workspace=cast.larkspur, name="by hand", kind="by_hand", table="customers").kind == "by_hand"
