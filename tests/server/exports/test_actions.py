from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.server.exports.worlds import answer, answers, fresh, keys, known, on_disk, told
from tests.server.factories import Cast
from winback.server import warehouse
from winback.server.exports import actions, parquet
from winback.server.exports.actions import behind, locked, place_of, refresh, step
from winback.server.feedback.models import Feedback
from winback.server.sources.actions import ensure_source, mark_dirty
from winback.server.sources.models import DirtyDay, SyncRun

pytestmark = pytest.mark.django_db


def today() -> str:
    return timezone.now().date().isoformat()


def test_what_is_dirty_is_written_and_nothing_else(cast: Cast) -> None:
    ws = cast.larkspur
    told(
        ws,
        [
            answer("1", 9, "2026-09-01"),
            answer("2", 3, "2026-09-30"),
            answer("3", 5, today()),
            answer("4", None, "2026-08-05"),
        ],
    )
    assert behind(ws)
    first = fresh(ws)
    assert keys(first) == {"2026-08": 1, "2026-09": 2, today(): 1}
    assert not DirtyDay.objects.exists() and not behind(ws)
    assert refresh(workspace=ws) == first

    told(ws, [answer("3", 6, today())])
    second = fresh(ws)
    assert second.id != first.id and second.as_of > first.as_of
    assert [f.name for f in second.files if f.key != today()] == [f.name for f in first.files if f.key != today()]
    # readers that have the earlier state open find its file for a while
    assert len(second.dropped) == 1 and on_disk(ws) == {f.name for f in (*first.files, *second.files)}


def test_a_moved_answer_leaves_no_trace_where_it_was(cast: Cast) -> None:
    ws = cast.larkspur
    told(ws, [answer("1", 9, "2026-09-01")])
    fresh(ws)
    told(ws, [answer("1", 9, "2026-07-01")])
    assert keys(fresh(ws)) == {"2026-07": 1}


def test_files_no_longer_needed_go_after_a_while_or_at_once(cast: Cast) -> None:
    ws = cast.larkspur
    told(ws, [answer("1", 9)])
    fresh(ws)
    told(ws, [answer("1", 8)])
    manifest = refresh(workspace=ws, at_once=True)
    assert manifest is not None and not manifest.dropped
    assert on_disk(ws) == {file.name for file in manifest.files}


def test_an_import_counts_when_it_is_published_and_again_when_it_is_undone(cast: Cast) -> None:
    ws = cast.larkspur
    told(ws, [answer("1", 9, "2026-09-01")])
    source = ensure_source(workspace=ws, name="file", kind="file")
    run = SyncRun.objects.create(workspace=ws, source=source, table="feedback", state="staging")
    Feedback.objects.create(
        workspace=ws, source=source, run=run, external_id="x", score=1, local_date=dt.date(2026, 9, 2)
    )
    mark_dirty(workspace=ws, table="feedback", days=[dt.date(2026, 9, 2)], run=run)
    assert keys(fresh(ws)) == {"2026-09": 1} and not behind(ws)
    SyncRun.objects.filter(pk=run.pk).update(state="published", published_at=timezone.now())
    assert behind(ws)
    assert keys(fresh(ws)) == {"2026-09": 2} and not behind(ws)
    SyncRun.objects.filter(pk=run.pk).update(state="undone")
    assert keys(fresh(ws)) == {"2026-09": 1} and not behind(ws)


def test_a_mark_made_meanwhile_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = cast.larkspur
    told(ws, [answer("1", 9)])
    write = parquet.write

    def busy(*given: Any) -> Any:
        found = write(*given)
        mark_dirty(workspace=ws, table="feedback", days=[dt.date(2026, 9, 1)])
        return found

    monkeypatch.setattr(parquet, "write", busy)
    refresh(workspace=ws)
    assert set(DirtyDay.objects.values_list("table", "day")) == {("feedback", dt.date(2026, 9, 1))}


@pytest.mark.parametrize("broken", ["write", "numbered"])
def test_a_crash_leaves_the_old_state_and_its_rubbish_is_swept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    ws = cast.larkspur
    told(ws, [answer("1", 9, "2026-09-01"), answer("2", 9, "2026-08-01")])
    before = fresh(ws)
    told(ws, [answer("1", 2, "2026-09-01"), answer("2", 2, "2026-08-01")])
    whole, calls = getattr(parquet, broken), []

    def dies(*given: Any) -> Any:
        calls.append(given)
        if broken == "numbered" or len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(parquet, broken, dies)
    with pytest.raises(KeyboardInterrupt):
        refresh(workspace=ws)
    monkeypatch.setattr(parquet, broken, whole)
    assert warehouse.read(place_of(ws)) == before
    assert on_disk(ws) > {file.name for file in before.files}
    after = fresh(ws)
    assert on_disk(ws) == {file.name for file in after.files} | set(after.dropped)
    assert {file.name for file in before.files} == {
        *after.dropped,
        *({f.name for f in after.files} & {f.name for f in before.files}),
    }


def test_the_swap_itself_is_whole_or_not_at_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = cast.larkspur
    told(ws, [answer("1", 9)])
    before = fresh(ws)
    told(ws, [answer("1", 2)])

    def dies(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(OSError, match="No space"):
        refresh(workspace=ws)
    monkeypatch.undo()
    assert warehouse.read(place_of(ws)) == before and behind(ws)


def test_a_large_refresh_goes_in_chunks_and_shows_no_half(cast: Cast) -> None:
    ws = cast.larkspur
    told(ws, [answer(str(n), 9, f"2026-0{n}-01") for n in range(1, 7)])
    chunks = 1
    while not step(workspace=ws, seconds=0):
        chunks += 1
        assert warehouse.read(place_of(ws)) is None
    manifest = warehouse.read(place_of(ws))
    assert manifest is not None and sum(keys(manifest).values()) == 6
    assert chunks == 6 + 4  # a file a chunk; customers, contacts, departures and invitations have no rows


def test_chunks_begin_again_where_an_import_was_published_between_them(cast: Cast) -> None:
    ws = cast.larkspur
    told(ws, [answer("1", 9, "2026-09-01"), answer("2", 9, "2026-08-01")])
    source = ensure_source(workspace=ws, name="file", kind="file")
    run = SyncRun.objects.create(workspace=ws, source=source, table="feedback", state="staging")
    Feedback.objects.create(
        workspace=ws, source=source, run=run, external_id="x", score=1, local_date=dt.date(2026, 8, 2)
    )
    mark_dirty(workspace=ws, table="feedback", days=[dt.date(2026, 8, 2)], run=run)
    while not step(workspace=ws, seconds=0):
        SyncRun.objects.filter(pk=run.pk).update(state="published", published_at=timezone.now())
    assert keys(fresh(ws)) == {"2026-08": 2, "2026-09": 1} and not behind(ws)


def test_a_key_of_many_rows_becomes_several_files(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = cast.larkspur
    monkeypatch.setattr(parquet, "PART", 2)
    told(ws, [answer(str(n), 9, "2026-09-01", attributes={f"k{n}": "v"}) for n in range(5)])
    told(ws, [answer(f"o{n}", 9, f"2026-08-0{n + 1}") for n in range(5)])
    Feedback.objects.filter(external_id__in=["o0", "o1", "o2"]).update(local_date=None)
    manifest = fresh(ws)
    assert keys(manifest) == {"2026-08": 2, "2026-09": 5, "undated": 3}
    assert len(manifest.of("feedback")) == 1 + 3 + 2
    assert answers(ws) == sum(keys(manifest).values())


def test_days_of_a_month_that_closes_are_merged(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = cast.larkspur
    clock = dt.datetime(2026, 10, 20, 12, tzinfo=dt.UTC)
    monkeypatch.setattr(actions.timezone, "now", lambda: clock)
    told(ws, [answer("1", 9, "2026-10-01"), answer("2", 9, "2026-10-19")])
    assert keys(fresh(ws)) == {"2026-10-01": 1, "2026-10-19": 1}
    clock = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
    assert behind(ws)
    assert keys(fresh(ws)) == {"2026-10": 2} and not behind(ws)


def test_money_by_month_is_written_by_month_or_whole(cast: Cast) -> None:
    ws = cast.larkspur
    from winback.server.customers.models import CustomerPeriod

    profile = known(ws, "C1")
    for month in (8, 9):
        CustomerPeriod.objects.create(
            workspace=ws, run=profile.run, customer=profile.customer, month=dt.date(2026, month, 1), revenue="10.5"
        )
    assert keys(fresh(ws), "customer_periods") == {"2026-08": 1, "2026-09": 1}
    CustomerPeriod.objects.filter(month=dt.date(2026, 8, 1)).delete()
    mark_dirty(workspace=ws, table="customer_periods")
    assert keys(fresh(ws), "customer_periods") == {"2026-09": 1}


def test_two_refreshes_are_kept_apart(cast: Cast) -> None:
    ws = cast.larkspur
    told(ws, [answer("1", 9)])
    reached = threading.Event()
    with locked(place_of(ws)) as held:
        assert held
        other = threading.Thread(target=lambda: reached.set() if _lock(place_of(ws)) else None)
        other.start()
        assert not reached.wait(0.2)
        assert step(workspace=ws, wait=False) and warehouse.read(place_of(ws)) is None
    other.join(5)
    assert reached.is_set()


def _lock(place: Path) -> bool:
    with locked(place) as held:
        return held
