"""Trying again and cancelling, within one's workspace."""

from __future__ import annotations

import pytest
from django.http import Http404

from tests.server.factories import Cast
from winback.errors import UserError
from winback.server.jobs.actions import enqueue
from winback.server.operations import actions


def test_a_job_is_cancelled_and_tried_again_by_its_own_workspace_alone(cast: Cast) -> None:
    job = enqueue(task="test.count", workspace_id=cast.larkspur.pk, up_to=1)
    with pytest.raises(Http404):
        actions.cancel(by=cast.access("nell"), pk=job.pk)
    with pytest.raises(UserError, match="Only a job that failed"):
        actions.retry(by=cast.access("hanna"), pk=job.pk)
    assert actions.cancel(by=cast.access("hanna"), pk=job.pk) == job
    assert actions.retry(by=cast.access("hanna"), pk=job.pk) == job
