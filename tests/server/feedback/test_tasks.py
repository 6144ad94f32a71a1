from __future__ import annotations

import pytest

from tests.server.factories import Cast
from winback.server.feedback.models import FeedbackTold
from winback.server.jobs.actions import enqueue, run_due
from winback.server.outbox.models import WebhookTarget

pytestmark = pytest.mark.django_db


def test_it_looks_for_what_came(cast: Cast) -> None:
    WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com/hooks", secret="whsec_YQ==")
    enqueue(task="feedback.tell")
    assert [job.state for job in run_due() if job.task == "feedback.tell"] == ["done"]
    assert FeedbackTold.objects.get().workspace == cast.larkspur
