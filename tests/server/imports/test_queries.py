from __future__ import annotations

import csv
import io

import pytest

from tests.server.factories import Cast
from tests.server.imports.bringing import begun, brought, uploaded
from winback.server.imports import queries

pytestmark = pytest.mark.django_db
ANSWERS = "id,date,person,score\n1,2026-10-01,P1,9\n2,2026-10-02,P2,0\n3,tomorrow,=cmd,8\n"


def test_runs_by_where_they_stand(cast: Cast) -> None:
    access = cast.access("amara")
    done = brought(cast.larkspur, ANSWERS)
    draft = uploaded(cast.larkspur, ANSWERS.replace("P1", "P7"))
    way = begun(cast.larkspur, ANSWERS.replace("P1", "P8"), source="other")
    brought(cast.merritt, ANSWERS)
    assert [run.pk for run in queries.past(access)][-1] == done.pk and queries.drafts(access) == [draft]
    assert way in [*queries.on_the_way(access), *queries.past(access)] and queries.past(access, done.pk) == []
    assert queries.account(draft) is not None and queries.account(done) is None
    assert queries.source_names(access, "feedback") == ["answers", "other"]
    job = queries.job_of(done, "imports.stage")
    assert job is not None and job.state == "done"


def test_rejected_rows_as_a_file(cast: Cast) -> None:
    rows = list(
        csv.reader(io.StringIO("".join(queries.rejected_csv(brought(cast.larkspur, ANSWERS))).lstrip("\ufeff")))
    )
    assert rows[0] == ["line", "reason", "what to do", "id", "date", "person", "score"]
    assert rows[1][:2] == ["4", "date_unreadable"] and rows[1][3:] == ["3", "tomorrow", "'=cmd", "8"]
    none = brought(cast.larkspur, "id,date,person,score\n7,2026-10-01,P1,9\n8,2026-10-02,P2,0\n", "more.csv")
    assert "".join(queries.rejected_csv(none)) == "\ufeffline,reason,what to do\r\n"
    assert queries.reasons({"a": 1, "date_unreadable": 3}) == [
        ("date_unreadable", "the date cannot be read", 3),
        ("a", "a", 1),
    ]
