from __future__ import annotations

import time

import pytest

from tests.server.factories import Cast
from tests.server.imports.bringing import begun
from winback.errors import UserError
from winback.server.feedback.models import Feedback
from winback.server.imports import actions, files, staging
from winback.server.sources.models import RejectedRow, SyncRun

pytestmark = pytest.mark.django_db
LINES = "".join(f"{n},2026-10-{n % 28 + 1:02},P{n},{n % 11 if n % 10 else 'x'}\n" for n in range(2_000))


def test_rejected_rows_are_written_once_however_often_it_begins(cast: Cast) -> None:
    run = begun(cast.larkspur, "id,date,person,score\n" + LINES, scale="0-10")
    assert actions._take_turn(run)
    staging.keep_rejected(run)
    staging.keep_rejected(run)
    assert RejectedRow.objects.count() == 200 == run.rejected_total


def test_a_cancelled_run_writes_no_more(cast: Cast) -> None:
    run = begun(cast.larkspur, "id,date,person,score\n" + LINES, scale="0-10")
    assert actions._take_turn(run)
    account = files.account(actions.folder(run))
    assert account is not None
    SyncRun.objects.filter(pk=run.pk).update(state="cancelled")
    with pytest.raises(staging.Stopped):
        staging.stage_some(run, account, seconds=9, tell=lambda done, total: None)
    with pytest.raises(staging.Stopped):
        staging.keep_rejected(run)
    assert not Feedback.objects.exists()


def test_a_full_disk_fails_with_a_sentence_and_is_swept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from winback.server.imports.writers import Writer
    from winback.server.jobs.actions import run_due

    run = begun(cast.larkspur, "id,date,person,score\n" + LINES, scale="0-10")

    def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Writer, "write", full)
    with pytest.raises(UserError, match="The disk is full, so answers.csv was not kept and nothing was changed"):
        actions.work(run=run, seconds=9)
    run.refresh_from_db()
    assert run.state == "failed" and run.error.startswith("The disk is full")
    run_due()
    assert not RejectedRow.objects.exists() and not actions.folder(run).exists()


def test_work_ends_in_its_time(cast: Cast) -> None:
    run = begun(cast.larkspur, "id,date,person,score\n" + LINES * 1, scale="0-10")
    begun_at = time.monotonic()
    while actions.work(run=run, seconds=0.01) != "done":
        pass
    assert Feedback.objects.visible(cast.larkspur).count() == 1_800 and time.monotonic() - begun_at < 60
