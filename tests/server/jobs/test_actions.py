"""The table of jobs as a queue: claims, chunks, failures, repetition."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from winback.errors import UserError
from winback.server.jobs import actions
from winback.server.jobs.actions import (
    at_length,
    cancel,
    claim,
    enqueue,
    keep_the_clock,
    perform,
    progress,
    release,
    retry,
    run_due,
)
from winback.server.jobs.models import Job
from winback.server.jobs.rules import JobStopped

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_tasks(settings: object) -> None:
    settings.TASKS_MODULE = "tests.server.jobs.tasks"  # type: ignore[attr-defined]


def in_(**span: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(**span)


def test_a_job_runs_once_with_its_arguments() -> None:
    job = enqueue(task="test.count", up_to=1, workspace_id=7)
    assert [(ran.pk, ran.state) for ran in run_due()] == [(job.pk, "done")]
    job.refresh_from_db()
    assert (job.done, job.total, job.attempts, job.lease_until, job.error) == (1, 1, 1, None, "")
    assert job.started_at is not None and job.ended_at is not None
    assert run_due() == []


def test_chunks_go_on_until_there_is_no_more() -> None:
    job = enqueue(task="test.count", up_to=3)
    assert [(ran.state, ran.done) for ran in run_due()] == [("queued", 1), ("queued", 2), ("done", 3)]
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.note, job.claims) == ("done", 3, 3, "3 of 3", 3)


def test_what_is_not_due_waits() -> None:
    enqueue(task="test.count", up_to=1, due_at=in_(hours=1))
    assert run_due() == []
    assert [job.state for job in run_due(now=in_(hours=2))] == ["done"]


def test_the_same_key_waits_once() -> None:
    one = enqueue(task="test.count", key="a", up_to=1)
    assert enqueue(task="test.count", key="a", up_to=1) == one
    assert enqueue(task="test.count", key="b", up_to=1) != one
    assert enqueue(task="test.count", up_to=1) != enqueue(task="test.count", up_to=1)


def test_asked_for_while_it_runs_it_runs_once_more() -> None:
    job = enqueue(task="test.ask_again", key="a", number=1)
    assert [ran.pk for ran in run_due()] == [job.pk] * 3
    job.refresh_from_db()
    assert (job.state, job.arguments, job.asked_again) == ("done", {"number": 3}, None)


def test_a_failure_is_tried_again_and_then_given_up() -> None:
    enqueue(task="test.break")
    ran = run_due(now=in_(hours=3))
    assert [(job.state, job.attempts) for job in ran] == [*[("queued", n) for n in range(1, 6)], ("failed", 6)]
    assert ran[-1].error.startswith("An error winback did not expect: ValueError")
    assert "Planted" not in ran[-1].error


def test_waits_between_attempts() -> None:
    job = enqueue(task="test.break")
    waits = []
    for _ in range(5):
        Job.objects.update(due_at=timezone.now())
        claimed = claim()
        assert claimed is not None
        before = timezone.now()
        perform(job=claimed)
        job.refresh_from_db()
        assert job.state == "queued"
        waits.append(round((job.due_at - before).total_seconds()))
    assert waits == [5, 20, 80, 320, 1280]


def test_what_a_person_has_to_mend_fails_at_once_with_its_sentence() -> None:
    job = enqueue(task="test.refuse")
    run_due()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("failed", 1, "The file is empty; export it again.")


def test_an_unknown_task_fails_with_a_sentence() -> None:
    job = enqueue(task="test.nothing")
    run_due()
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error.startswith("There is no task test.nothing;")


def test_a_claimed_job_is_not_claimed_again_before_its_lease_runs_out() -> None:
    enqueue(task="test.count", up_to=1)
    first = claim()
    assert first is not None
    assert claim() is None
    second = claim(now=in_(seconds=91))
    assert second is not None
    assert (second.pk, second.claims, second.attempts) == (first.pk, 2, 2)
    # who was taken for dead writes nothing
    with pytest.raises(JobStopped):
        progress(job=first, done=99)
    perform(job=first)
    second.refresh_from_db()
    assert (second.state, second.done) == ("running", 0)


def test_progress_renews_the_lease() -> None:
    enqueue(task="test.count", up_to=1)
    job = claim()
    assert job is not None
    Job.objects.update(lease_until=in_(seconds=1))
    progress(job=job, done=5, total=10, note="half")
    job.refresh_from_db()
    assert job.lease_until is not None and job.lease_until > in_(seconds=80)
    progress(job=job, done=6)
    job.refresh_from_db()
    assert (job.done, job.total, job.note) == (6, 10, "")


def test_what_cannot_be_divided_keeps_its_job_for_longer() -> None:
    enqueue(task="test.count", up_to=1)
    job = claim()
    assert job is not None
    at_length(job=job)
    assert claim(now=in_(seconds=10 * 60)) is None
    cancel(job=job)
    with pytest.raises(JobStopped):
        at_length(job=job)


def test_a_task_that_ends_its_worker_each_time_is_given_up() -> None:
    enqueue(task="test.count", up_to=1)
    for _ in range(6):
        assert claim(worker="one") is not None
        assert release(worker="two") == 0
        assert release(worker="one") == 1
    assert claim() is None
    job = Job.objects.get()
    assert (job.state, job.error) == (
        "failed",
        "The worker ended 6 times in the middle of this task, so it is not tried again.",
    )


def test_a_cancelled_job_stops_at_its_next_sign_of_life() -> None:
    job = enqueue(task="test.cancel")
    run_due()
    job.refresh_from_db()
    assert (job.state, job.done, job.error) == ("cancelled", 0, "")


def test_cancel_and_retry() -> None:
    job = enqueue(task="test.count", key="a", up_to=1)
    with pytest.raises(UserError, match="Only a job that failed or was cancelled"):
        retry(job=job)
    cancel(job=job)
    assert run_due() == []
    with pytest.raises(UserError, match="has ended already"):
        cancel(job=job)
    retry(job=job)
    other = Job.objects.get(pk=job.pk)
    assert (other.state, other.attempts, other.ended_at) == ("queued", 0, None)
    cancel(job=job)
    enqueue(task="test.count", key="a", up_to=1)
    with pytest.raises(UserError, match="waiting or running already"):
        retry(job=job)


def test_the_clock_repeats_what_is_scheduled() -> None:
    now = timezone.now()
    keep_the_clock(now=now)
    keep_the_clock(now=now)
    job = Job.objects.get()
    assert (job.task, job.key) == ("test.tick", actions.BY_THE_CLOCK)
    run_due()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)
    assert 58 < (job.due_at - now).total_seconds() < 75
    assert [ran.pk for ran in run_due(now=in_(seconds=70), most=1)] == [job.pk]


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    keep_the_clock()
    job = Job.objects.get()
    for late, expected in ((dt.timedelta(minutes=59), False), (dt.timedelta(days=2), True)):
        Job.objects.update(due_at=timezone.now() + late)  # an hour is what a task that fails may wait
        keep_the_clock()
        assert (claim() == job) is expected


def test_jobs_that_ended_long_ago_are_forgotten() -> None:
    old, young = enqueue(task="test.count", up_to=1), enqueue(task="test.count", up_to=1)
    run_due()
    Job.objects.filter(pk=old.pk).update(ended_at=in_(days=-31))
    actions.tidy(job=young)
    assert list(Job.objects.values_list("pk", flat=True)) == [young.pk]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_waits_does_not_begin_before_who_asked_for_it_is_done() -> None:
    """Else it would do its work without what is being written, and nobody would ask once more."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time")
    first = enqueue(task="test.write", key="one", path="nowhere")
    claimed: list[int] = []

    def work() -> None:
        job = claim()
        claimed.append(job.pk if job else 0)
        connection.close()

    with transaction.atomic():
        assert enqueue(task="test.write", key="one", path="nowhere").pk == first.pk
        thread = threading.Thread(target=work)
        thread.start()
        with connection.cursor() as cursor:
            while thread.is_alive():
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
        assert claimed == []
    thread.join()
    assert claimed == [first.pk]
