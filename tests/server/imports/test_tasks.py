from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from tests.server.factories import Cast
from tests.server.imports.bringing import begun, left_in, uploaded
from winback.server.imports import actions, tasks
from winback.server.jobs.actions import enqueue, run_due
from winback.server.jobs.models import Job
from winback.server.sources.models import SyncRun

pytestmark = pytest.mark.django_db
ANSWERS = "id,date,person,score\n1,2026-10-01,P1,9\n2,2026-10-02,P2,0\n"


def test_a_draft_is_read_in_the_background(cast: Cast) -> None:
    run = actions.keep(workspace=cast.larkspur, name="answers.csv", pieces=[ANSWERS.encode()])
    enqueue(task="imports.look", workspace_id=cast.larkspur.pk, key=f"run {run.pk}", run_id=run.pk)
    run_due()
    assert Job.objects.get(task="imports.look").state == "done"
    found = actions.look(run=run, seconds=0)
    assert found is not None and found["taken"] == 2


def test_an_import_whose_job_was_lost_goes_on(cast: Cast) -> None:
    run = begun(cast.larkspur, ANSWERS)
    Job.objects.all().delete()
    tasks.tidy(job=Job(task="imports.tidy"))
    run_due()
    run.refresh_from_db()
    assert run.state == "published"


def test_old_drafts_and_files_of_nobody_go(cast: Cast, home: Path) -> None:
    run = uploaded(cast.larkspur, ANSWERS)
    nobody = home / "files" / str(cast.larkspur.pk) / ("0" * 32)
    nobody.mkdir()
    tasks.tidy(job=Job(task="imports.tidy"))
    assert len(left_in(home, cast.larkspur)) == 2
    SyncRun.objects.filter(pk=run.pk).update(created_at=run.created_at - dt.timedelta(days=8))
    os.utime(nobody, (0, 0))
    tasks.tidy(job=Job(task="imports.tidy"))
    run.refresh_from_db()
    assert run.state == "cancelled" and left_in(home, cast.larkspur) == []
