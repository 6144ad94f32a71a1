from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

from django.test import Client

from tests.server.factories import Cast
from winback.server.workspaces import audit
from winback.server.workspaces.models import AuditEvent


def text(answer: Any) -> str:
    return answer.content.decode()


def test_newest_first_paged_by_key(cast: Cast, ingrid: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(120):
        audit.record(verb="exported", target=f"file-{number:03d}", by=cast.access("hanna"))
    AuditEvent.objects.filter(verb="exported").update(at=dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC))
    seen: list[str] = []
    path: str | None = "/w/larkspur/audit/?verb=exported"
    while path:
        with django_assert_max_num_queries(8):
            page = text(ingrid.get(path))
        seen += re.findall(r"file-\d{3}", page)
        later = re.search(r'href="(\?[^"]*before[^"]*)" data-earlier', page)
        path = f"/w/larkspur/audit/{later[1].replace('&amp;', '&')}" if later else None
    assert seen == [f"file-{number:03d}" for number in reversed(range(120))]


def test_the_day_is_the_workspaces(cast: Cast, ingrid: Client) -> None:
    event = audit.record(verb="exported", target="at midnight", by=cast.access("hanna"))
    AuditEvent.objects.filter(pk=event.pk).update(at=dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC))
    assert "at midnight" in text(ingrid.get("/w/larkspur/audit/?day=2026-07-02")), "Lisbon is an hour ahead in July"
    assert "at midnight" not in text(ingrid.get("/w/larkspur/audit/?day=2026-07-01"))
    assert "Thu 2 Jul 2026, 00:30:00" in text(ingrid.get("/w/larkspur/audit/"))
    assert "at midnight" in text(ingrid.get("/w/larkspur/audit/?who=hanna"))
    assert "Nothing was done that fits" in text(ingrid.get("/w/larkspur/audit/?who=nobody"))
    for wrong in (
        "day=tomorrow", "day=9999-12-31", "day=0001-01-01", "before=x", "before=2026-01-01~x",
        "before=0001-01-01T00:00:00%2B14:00~5", "before=9999-12-31T23:59:59-14:00~5",
    ):  # fmt: skip
        assert ingrid.get(f"/w/larkspur/audit/?{wrong}").status_code == 400


def test_the_file_runs_nothing_and_stands_in_the_audit(cast: Cast, ingrid: Client) -> None:
    audit.record(
        verb="member invited", target='=HYPERLINK("http://evil.example")', by=cast.access("ingrid"), note="@SUM(A1)"
    )
    answer = ingrid.get("/w/larkspur/audit.csv?verb=member+invited")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0] == ["at (UTC)", "by", "did", "to", "detail", "from"]
    assert rows[1][3] == '\'=HYPERLINK("http://evil.example")'
    assert rows[1][4] == "note: @SUM(A1)"
    assert len(rows) == 2
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''audit-larkspur.csv"
    assert AuditEvent.objects.get(verb="audit exported").detail == {"asked": "verb=member+invited"}


def test_another_company_is_not_in_it(cast: Cast, ingrid: Client) -> None:
    audit.record(verb="exported", target="dairy figures", by=cast.access("nell"))
    assert "dairy figures" not in text(ingrid.get("/w/larkspur/audit/"))
