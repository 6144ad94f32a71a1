from __future__ import annotations

import pytest

from tests.server.exports.worlds import answer, keys, told
from tests.server.factories import Cast
from winback.server import warehouse
from winback.server.exports import tasks
from winback.server.exports.actions import behind, place_of, request
from winback.server.jobs.actions import enqueue, run_due
from winback.server.jobs.models import Job

pytestmark = pytest.mark.django_db


def test_what_is_dirty_is_refreshed_by_the_minute(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "CHUNK", 0)
    told(cast.larkspur, [answer("1", 9, "2026-08-01"), answer("2", 9, "2026-09-01")])
    enqueue(task="exports.watch")
    ran = run_due()
    assert {job.state for job in ran} <= {"done", "queued"} and len(ran) > 3  # a file a chunk
    manifest = warehouse.read(place_of(cast.larkspur))
    assert manifest is not None and keys(manifest) == {"2026-08": 1, "2026-09": 1}
    assert not behind(cast.larkspur) and not behind(cast.merritt)
    enqueue(task="exports.watch")
    assert [job.task for job in run_due()] == ["exports.watch"]


def test_asked_twice_is_done_once_and_a_deleted_workspace_never(cast: Cast) -> None:
    request(workspace=cast.larkspur)
    request(workspace=cast.larkspur)
    assert Job.objects.filter(task="exports.refresh").count() == 1
    enqueue(task="exports.refresh", workspace=999_999)
    assert {job.state for job in run_due()} == {"done"}
