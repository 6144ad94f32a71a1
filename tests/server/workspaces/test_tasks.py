from __future__ import annotations

import re

import pytest
from django.core import mail

from tests.server.factories import Cast, make_feedback
from winback.server.jobs.actions import enqueue, run_due
from winback.server.jobs.models import Job
from winback.server.workspaces import actions, removal, tasks
from winback.server.workspaces.models import AuditEvent, Workspace


def test_a_workspace_is_removed_chunk_by_chunk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        make_feedback(cast.larkspur, f"F{number}")
    enqueue(task="exports.refresh", workspace_id=cast.larkspur.pk, due_at=None)
    Job.objects.filter(task="exports.refresh").update(state="done")
    monkeypatch.setattr(removal, "CHUNK", 2)
    monkeypatch.setattr(tasks, "LONGEST", 0.0)
    actions.remove_workspace(by=cast.access("ingrid"), typed="larkspur")
    jobs = [job for job in run_due() if job.task == "workspaces.remove"]
    assert len(jobs) > 3, "each chunk is short; the job goes on where it was"
    assert jobs[-1].state == "done", jobs[-1].error
    assert list(Workspace.objects.values_list("slug", flat=True)) == ["merritt"]
    assert not Job.objects.filter(workspace_id=cast.larkspur.pk).exists()
    assert AuditEvent.objects.filter(verb="workspace deleted").count() == 1


def test_a_new_password_by_mail(cast: Cast, settings: object) -> None:
    settings.MAIL_CONFIGURED = True  # type: ignore[attr-defined]
    enqueue(task="accounts.reset", user=cast.people["amara"].pk)
    enqueue(task="accounts.reset", user=0)
    assert {job.state for job in run_due()} == {"done"}
    (sent,) = mail.outbox
    assert sent.to == ["amara@larkspur.example"]
    assert re.search(r"http://127\.0\.0\.1:8000/accounts/password/reset/key/\S+", str(sent.body))
