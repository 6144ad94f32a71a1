from __future__ import annotations

import pytest
from django.utils import timezone

from tests.server.factories import Cast, make_customer, make_feedback
from winback.server.exports.actions import behind, refresh
from winback.server.feedback.models import Feedback
from winback.server.jobs.actions import enqueue, run_due
from winback.server.privacy import actions
from winback.server.privacy.models import Erasure

pytestmark = pytest.mark.django_db


def test_an_erasure_whose_figures_were_not_written_is_ended_by_its_job(cast: Cast) -> None:
    customer = make_customer(cast.larkspur, "C-1000", name="Ann Other")
    refresh(workspace=cast.larkspur)
    actions.erase_customer(customer=customer)
    assert Erasure.objects.get().done_at is None and behind(cast.larkspur)
    run_due(now=timezone.now() + 2 * actions.FINISHED_BY_ITSELF)
    assert Erasure.objects.get().done_at is not None and not behind(cast.larkspur)


def test_rules_are_applied_by_night_in_every_workspace_that_has_some(cast: Cast) -> None:
    for workspace, who in ((cast.larkspur, "ingrid"), (cast.merritt, "nell")):
        make_feedback(workspace, "F1", comment="long ago")
        if workspace == cast.larkspur:
            actions.set_rule(what="comments", days="1", by=cast.access(who))
    Feedback.objects.update(local_date="2020-01-01")
    enqueue(task="privacy.nightly")
    jobs = run_due()
    assert {job.state for job in jobs} == {"done"}
    assert dict(Feedback.objects.values_list("workspace__slug", "comment")) == {"larkspur": "", "merritt": "long ago"}
    assert not behind(cast.larkspur)
