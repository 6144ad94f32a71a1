from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.factories import Cast
from winback.server.redaction import GONE, Person
from winback.server.runs.models import AnalysisRun
from winback.server.runs.personal import erase, export

pytestmark = pytest.mark.django_db


def test_a_name_that_came_in_as_a_segment_goes_and_its_counts_stay(cast: Cast) -> None:
    ann = Person(cast.larkspur.pk, (), (), (), (), ("Ann Zoë",))
    for name in ("Ann Zoë", "North"):
        AnalysisRun.objects.create(
            workspace=cast.larkspur, name="segments", as_of=timezone.now() - dt.timedelta(days=1), version="1",
            input_hash="0", result={"rows": [{"segment": [name], "answers": 3}]},
        )  # fmt: skip
    assert len(export(person=ann)["analyses"]) == 1
    assert erase(person=ann) == {"analyses": 1}
    found = [run.result["rows"][0] for run in AnalysisRun.objects.order_by("id")]
    assert found == [{"segment": [GONE], "answers": 3}, {"segment": ["North"], "answers": 3}]
