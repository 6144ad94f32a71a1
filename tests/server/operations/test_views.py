"""The page Jobs: what runs, what failed with the reason, and what a manager may do."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from tests.server.factories import Cast
from winback.server.jobs.actions import claim, enqueue, keep_the_clock, progress, run_due
from winback.server.jobs.models import Job
from winback.server.workspaces.models import AuditEvent

PAGE = "/w/larkspur/jobs/"


@pytest.fixture(autouse=True)
def own_tasks(settings: object) -> None:
    settings.TASKS_MODULE = "tests.server.jobs.tasks"  # type: ignore[attr-defined]


def test_empty_it_says_what_will_stand_there(amara: Client) -> None:
    text = amara.get(PAGE).content.decode()
    assert "Nothing runs and nothing waits." in text
    assert "An import will stand here while its file is read." in text


def test_it_shows_how_far_a_job_is(cast: Cast, amara: Client) -> None:
    enqueue(task="test.count", workspace_id=cast.larkspur.pk, up_to=1)
    job = claim()
    assert job is not None
    progress(job=job, done=250, total=1000, note="250 rows read")
    for address in (PAGE, f"{PAGE}?part=open"):
        text = amara.get(address).content.decode()
        assert '<progress max="1000" value="250" aria-label="test: count">' in text
        assert "25 % · 250 of 1,000" in text
        assert "250 rows read" in text
    assert "<html" not in amara.get(f"{PAGE}?part=open").content.decode()


def test_it_shows_what_failed_with_the_reason(cast: Cast, amara: Client) -> None:
    enqueue(task="test.refuse", workspace_id=cast.larkspur.pk)
    enqueue(task="test.count", workspace_id=cast.larkspur.pk, up_to=1)
    run_due()
    failed, done = (amara.get(f"{PAGE}?shelf={shelf}").content.decode() for shelf in ("failed", "done"))
    assert "The file is empty; export it again." in failed
    assert "test: count" not in failed
    assert "test: count" in done
    assert amara.get(f"{PAGE}?shelf=lost").status_code == 400


def test_a_failure_that_is_tried_again_says_when(cast: Cast, amara: Client) -> None:
    enqueue(task="test.break", workspace_id=cast.larkspur.pk)
    run_due()
    text = amara.get(PAGE).content.decode()
    assert "failed, again " in text
    assert "An error winback did not expect: ValueError" in text
    assert "Planted" not in text


def test_a_manager_retries_and_cancels_and_it_is_audited(cast: Cast, hanna: Client) -> None:
    job = enqueue(task="test.count", workspace_id=cast.larkspur.pk, up_to=1)
    answer = hanna.post(f"{PAGE}{job.pk}/cancel/", follow=True)
    assert "test: count: cancelled." in answer.content.decode()
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert hanna.post(f"{PAGE}{job.pk}/cancel/").status_code == 400
    hanna.post(f"{PAGE}{job.pk}/retry/")
    job.refresh_from_db()
    assert job.state == "queued"
    events = AuditEvent.objects.filter(verb__startswith="job ").order_by("id").values_list("verb", "target")
    assert list(events) == [("job cancelled", "test.count"), ("job retried", "test.count")]


def test_members_look_and_viewers_and_strangers_do_not(cast: Cast, amara: Client, rafael: Client) -> None:
    job = enqueue(task="test.count", workspace_id=cast.larkspur.pk, up_to=1)
    assert f"jobs/{job.pk}/cancel" not in amara.get(PAGE).content.decode()
    assert amara.post(f"{PAGE}{job.pk}/cancel/").status_code == 403
    assert rafael.get(PAGE).status_code == 403
    assert cast.client("nell").get(PAGE).status_code == 404
    # a job of another workspace is not there, whatever one's role
    other = enqueue(task="test.count", workspace_id=cast.merritt.pk, up_to=1)
    assert cast.client("hanna").post(f"{PAGE}{other.pk}/cancel/").status_code == 404
    assert f"/{other.pk}/" not in cast.client("hanna").get(PAGE).content.decode()


def test_administrators_see_what_runs_by_the_clock(cast: Cast, ingrid: Client, hanna: Client) -> None:
    keep_the_clock()
    assert "By the clock" in ingrid.get(PAGE).content.decode()
    assert "By the clock" not in hanna.get(PAGE).content.decode()


def test_it_says_when_no_worker_is_there(cast: Cast, amara: Client) -> None:
    enqueue(task="test.count", up_to=1)
    assert "no worker takes it" not in amara.get(PAGE).content.decode()
    Job.objects.update(due_at=timezone.now() - dt.timedelta(minutes=3))
    assert "no worker takes it" in amara.get(PAGE).content.decode()


def test_it_is_paged_by_key_with_as_many_queries_for_many_as_for_one(cast: Cast, amara: Client) -> None:
    def queries() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            amara.get(PAGE)
        return len(captured)

    now = timezone.now()
    made = [
        Job(task="test.count", workspace_id=cast.larkspur.pk, state="done", ended_at=now, started_at=now)
        for _ in range(60)
    ]
    made[0].save()
    enqueue(task="test.count", workspace_id=cast.larkspur.pk, up_to=1)
    amara.get(PAGE)
    one = queries()
    Job.objects.bulk_create(made[1:])
    for _ in range(3):
        enqueue(task="test.count", workspace_id=cast.larkspur.pk, up_to=1)
    assert queries() == one
    oldest = Job.objects.filter(state="done").order_by("-id").values_list("pk", flat=True)[49]
    assert f"before={oldest}" in amara.get(PAGE).content.decode()
    assert "Earlier" not in amara.get(f"{PAGE}?before={oldest}").content.decode()
