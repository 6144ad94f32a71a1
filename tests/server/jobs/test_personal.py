from __future__ import annotations

import pytest

from tests.server.factories import Cast
from winback.server.jobs.models import Job
from winback.server.jobs.personal import erase, export
from winback.server.redaction import GONE, Person

pytestmark = pytest.mark.django_db


def test_jobs_lose_names_and_what_was_still_to_run_with_them(cast: Cast) -> None:
    ann = Person(cast.larkspur.pk, (1,), (), ("C-1000",), (), ("Ann Zoë",))
    done = Job.objects.create(workspace_id=cast.larkspur.pk, task="t", state="done", note="for Ann Zoë")
    open_still = Job.objects.create(workspace_id=cast.larkspur.pk, task="t", arguments={"of": ["C-1000"]}, key="C-1000")
    other = Job.objects.create(workspace_id=cast.merritt.pk, task="t", note="for Ann Zoë")
    assert len(export(person=ann)["jobs"]) == 2
    assert erase(person=ann) == {"jobs": 2}
    for job in (done, open_still, other):
        job.refresh_from_db()
    assert (done.state, done.note) == ("done", f"for {GONE}")
    assert (open_still.state, open_still.arguments, open_still.key) == ("cancelled", {"of": [GONE]}, GONE)
    assert open_still.ended_at is not None, "else it would never be forgotten"
    assert other.note == "for Ann Zoë"
    assert export(person=ann) == {"jobs": []}
