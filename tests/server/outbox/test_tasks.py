from __future__ import annotations

from django.core import mail

from tests.server.factories import Cast
from winback.server.jobs.actions import run_due
from winback.server.outbox.actions import put, switch_sending


def test_what_is_due_leaves_by_a_job(cast: Cast, settings: object) -> None:
    settings.MAIL_CONFIGURED = True  # type: ignore[attr-defined]
    put(workspace=cast.larkspur, kind="mail", address="ann@example.com", subject="Hello", body="Hi")
    assert run_due() == []
    switch_sending(by=cast.access("ingrid"), to="on", allow_list="")
    assert [job.state for job in run_due() if job.task == "outbox.send"] == ["done"]
    assert [sent.to for sent in mail.outbox] == [["ann@example.com"]]
