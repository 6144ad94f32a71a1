"""The watch as jobs: asked for when something is new, part by part, and done again when its worker was killed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.watch.worlds import burning
from winback.server.jobs.actions import claim, enqueue, perform, run_due
from winback.server.jobs.models import Job
from winback.server.outbox.models import OutboxMessage
from winback.server.runs.models import AnalysisRun
from winback.server.watch import tasks
from winback.server.watch.models import Alarm, Watch, WatchPlan

pytestmark = pytest.mark.django_db


def asked() -> list[str]:
    return list(Job.objects.filter(task="watch.run", state="queued").values_list("key", flat=True))


def test_what_is_new_is_looked_at_and_nothing_else(cast: Cast) -> None:
    burning(cast.larkspur)
    tasks.look(job=Job(task="watch.look"))
    tasks.look(job=Job(task="watch.look"))
    assert asked() == [str(cast.larkspur.pk)], "asked twice, waiting once; merritt has nothing"
    ran = [job for job in run_due() if job.task == "watch.run"]
    assert [(job.state, job.done, job.total) for job in ran] == [("done", 1, 1)]
    assert Alarm.objects.count() == 1 and WatchPlan.objects.get().version
    tasks.look(job=Job(task="watch.look"))
    assert asked() == []


def test_two_sorts_and_two_measures_are_four_chunks(cast: Cast) -> None:
    burning(cast.larkspur)
    told(
        cast.larkspur,
        [answer(f"s{i}", 4, "2026-09-01") for i in range(30)],
        source="shop",
        scale="1-5",
        detractors="1-3",
        promoters="5",
    )
    fresh(cast.larkspur)
    WatchPlan.objects.create(workspace=cast.larkspur, measures=["detractors", "volume"])
    enqueue(task="watch.run", workspace_id=cast.larkspur.pk, workspace=cast.larkspur.pk)
    ran = [job for job in run_due() if job.task == "watch.run"]
    assert [job.state for job in ran] == ["queued", "queued", "queued", "done"] or len(ran) == 4
    assert (ran[-1].done, ran[-1].total) == (4, 4)
    assert Watch.objects.count() == 4


def test_a_worker_killed_in_the_middle_costs_nothing_and_repeats_nothing(cast: Cast) -> None:
    burning(cast.larkspur)
    WatchPlan.objects.create(workspace=cast.larkspur, measures=["detractors", "score"])
    enqueue(task="watch.run", workspace_id=cast.larkspur.pk, workspace=cast.larkspur.pk)
    job = claim(worker="killed")
    assert job is not None
    tasks.run(job=job, **job.arguments)  # it kept the first part, and was killed before it could say so
    assert Alarm.objects.count() == 1
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    again = claim(worker="another")
    assert again is not None and again.pk == job.pk
    perform(job=again)
    run_due()
    job.refresh_from_db()
    assert job.state == "done"
    assert list(Alarm.objects.order_by("id").values_list("measure", flat=True)) == ["detractors", "score"]
    assert AnalysisRun.objects.filter(name="flareups").count() == 2
    assert OutboxMessage.objects.filter(kind="mail").count() == 1


def test_a_workspace_on_its_way_out_is_left_alone(cast: Cast) -> None:
    burning(cast.larkspur)
    type(cast.larkspur).objects.filter(pk=cast.larkspur.pk).update(removing_at=timezone.now())
    tasks.look(job=Job(task="watch.look"))
    assert asked() == []
    assert tasks.run(job=Job(task="watch.run"), workspace=cast.larkspur.pk) is None
    assert not Alarm.objects.exists()
