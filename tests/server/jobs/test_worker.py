"""The loop of a worker: trouble with the database, and tasks that hang."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from winback.server.jobs import worker
from winback.server.jobs.actions import claim, enqueue
from winback.server.jobs.models import Job


@pytest.fixture(autouse=True)
def own_tasks(settings: object) -> None:
    settings.TASKS_MODULE = "tests.server.jobs.tasks"  # type: ignore[attr-defined]


class Times:
    """Stop after being asked so many times."""

    def __init__(self, most: int) -> None:
        self.left = most

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.mark.django_db(transaction=True)  # a worker closes its connection between jobs
def test_it_does_what_is_due_and_keeps_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 0.0)
    job = enqueue(task="test.count", up_to=2)
    worker.work(name="one", stop=Times(4))
    job.refresh_from_db()
    assert (job.state, job.worker) == ("done", "one")
    assert Job.objects.get(task="test.tick").attempts == 0  # it ran, and waits for its next time


@pytest.mark.django_db(transaction=True)
def test_it_lets_go_of_what_its_predecessor_of_the_same_name_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 0.0)
    mine, other = enqueue(task="test.count", up_to=1), enqueue(task="test.count", up_to=1)
    for name in ("one", "two"):
        assert claim(worker=name) is not None
    worker.work(name="one", stop=Times(2))
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.state, mine.attempts) == ("done", 2)
    assert (other.state, other.attempts) == ("running", 1)
    assert other.lease_until is not None and other.lease_until > timezone.now() + dt.timedelta(seconds=60)


def test_it_waits_where_the_database_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import OperationalError

    def full(**_: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(worker, "TROUBLE", 0.0)
    monkeypatch.setattr(worker.actions, "release", full)
    worker.work(name="one", stop=Times(2))
    assert [record.message for record in caplog.records] == [
        "the worker waits 0 s: The database says: database or disk is full."
    ] * 2
