from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.factories import Cast
from winback.server.redaction import Person
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import RejectedRow, SyncRun
from winback.server.sources.personal import erase, export, forget

pytestmark = pytest.mark.django_db


def test_rejected_rows_are_found_by_name_and_by_the_column_of_ids(cast: Cast) -> None:
    source = ensure_source(workspace=cast.larkspur, name="file", kind="file")
    run = SyncRun.objects.create(
        workspace=cast.larkspur, source=source, table="feedback", mapping={"columns": {"customer": "No.", "by": ["plan"]}},
        warnings=["first: Ann Zoë"],
    )  # fmt: skip
    for line, row in enumerate(({"No.": "7", "score": "12"}, {"No.": "8", "score": "7"}, {"who": "Ann Zoë"}), start=2):
        RejectedRow.objects.create(run=run, line=line, reason="score_out_of_range", message="m", row=row)
    ann = Person(cast.larkspur.pk, (1,), (), ("7",), (), ("Ann Zoë",))
    assert [row["line"] for row in export(person=ann)["rejected rows"]] == [2, 4]
    assert erase(person=ann) == {"rejected rows": 2}
    assert dict(RejectedRow.objects.values_list("line", "row")) == {2: {}, 3: {"No.": "8", "score": "7"}, 4: {}}
    run.refresh_from_db()
    assert run.warnings == ["first: [erased]"]
    later = timezone.now() + dt.timedelta(days=1)
    assert forget(workspace_id=cast.larkspur.pk, before=later, most=2) == 2
