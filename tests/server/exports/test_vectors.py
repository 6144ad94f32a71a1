"""Vectors are made after the Parquet, from it, and go with it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tests.server.factories import Cast, make_customer, make_feedback
from winback.server import warehouse
from winback.server.exports import vectors
from winback.server.exports.actions import place_of, refresh
from winback.server.feedback.models import Feedback
from winback.server.jobs.actions import enqueue, run_due
from winback.server.privacy.actions import erase_customer
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def kept(workspace: Workspace) -> dict[str, set[int]]:
    """The ids in each file of vectors."""
    found = {}
    for path in (place_of(workspace) / "vectors").glob("*"):
        with pa.memory_map(str(path)) as file:
            found[path.name] = set(pa.ipc.open_file(file).read_all()["id"].to_pylist())
    return found


def ids(workspace: Workspace) -> set[int]:
    return set().union(*kept(workspace).values())


def test_made_by_a_job_after_the_refresh_and_only_what_is_missing(cast: Cast) -> None:
    first = make_feedback(cast.larkspur, "F1", comment="late")
    make_feedback(cast.larkspur, "F2")
    enqueue(task="exports.refresh", workspace=cast.larkspur.pk)
    assert {job.task for job in run_due()} == {"exports.refresh", "exports.embed"}
    assert ids(cast.larkspur) == {first.pk}
    assert vectors.missing(cast.larkspur) == []
    before = kept(cast.larkspur)
    make_feedback(cast.larkspur, "F3", comment="rude", occurred_at=first.occurred_at.replace(month=9))
    refresh(workspace=cast.larkspur)
    assert len(vectors.missing(cast.larkspur)) == 1
    assert vectors.step(workspace=cast.larkspur, seconds=60)
    assert kept(cast.larkspur).items() > before.items(), "the other day's file stays as it was"


def test_what_is_erased_has_no_vector_any_more(cast: Cast) -> None:
    gone = make_customer(cast.larkspur, "C-1000", name="Ann Other")
    make_feedback(cast.larkspur, "F1", customer="C-1000", comment="the words of Ann Other")
    stays = make_feedback(cast.larkspur, "F2", comment="the words of somebody else")
    refresh(workspace=cast.larkspur)
    vectors.step(workspace=cast.larkspur, seconds=60)
    assert len(ids(cast.larkspur)) == 2
    erasure = erase_customer(customer=gone)
    from winback.server.privacy.actions import finish

    finish(erasure=erasure)
    assert kept(cast.larkspur) == {}, "they go at once, with the file they were made from"
    vectors.step(workspace=cast.larkspur, seconds=60)
    assert ids(cast.larkspur) == {stays.pk}


def test_a_large_file_is_done_in_parts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warehouse, "VECTORS", 2)
    rows = [make_feedback(cast.larkspur, f"F{place}", comment="late") for place in range(5)]
    refresh(workspace=cast.larkspur)
    assert [part for _, part in vectors.missing(cast.larkspur)] == [0, 1, 2]
    assert not vectors.step(workspace=cast.larkspur, seconds=0)
    assert len(vectors.missing(cast.larkspur)) == 2
    assert vectors.step(workspace=cast.larkspur, seconds=60)
    assert sorted(map(sorted, kept(cast.larkspur).values())) == [
        [rows[0].pk, rows[1].pk], [rows[2].pk, rows[3].pk], [rows[4].pk],
    ]  # fmt: skip


def test_half_a_file_that_a_crash_left_is_swept_and_others_stay(cast: Cast) -> None:
    make_feedback(cast.larkspur, "F1", comment="late")
    refresh(workspace=cast.larkspur)
    vectors.step(workspace=cast.larkspur, seconds=60)
    folder = place_of(cast.larkspur) / "vectors"
    (name,) = kept(cast.larkspur)
    (folder / f"{name}.0abc").write_bytes(b"half")
    (folder / "2020-01-000000000000.0.arrow").write_bytes(b"of nobody")
    Feedback.objects.update(product="x")
    make_feedback(cast.larkspur, "F2")
    refresh(workspace=cast.larkspur)
    assert Path(folder / name).exists(), "the file it belongs to is still kept for readers"
    assert [path.name for path in folder.glob("*")] == [name]


def test_no_parquet_no_vectors(cast: Cast) -> None:
    assert vectors.missing(cast.larkspur) == []
    assert vectors.step(workspace=cast.larkspur, seconds=1)
