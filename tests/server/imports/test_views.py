from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.server.exports.worlds import fresh
from tests.server.factories import Cast
from tests.server.imports.bringing import brought, left_in, uploaded
from winback.server.feedback.models import Feedback
from winback.server.jobs.actions import run_due
from winback.server.sources.models import SyncRun
from winback.server.workspaces.models import AuditEvent

pytestmark = pytest.mark.django_db
PLACE = "/w/larkspur/import/"
ANSWERS = "id,date,person,score\n1,2026-10-01,P1,9\n2,2026-10-02,P2,0\n3,tomorrow,=1+1,8\n"


def give(client: Client, text: str, name: str = "answers.csv", **more: object) -> SyncRun:
    answer = client.post(f"{PLACE}upload", {"files": SimpleUploadedFile(name, text.encode()), **more}, follow=True)
    assert answer.status_code == 200
    return SyncRun.objects.latest("id")


def test_a_file_is_given_looked_at_imported_and_undone(cast: Cast, amara: Client, hanna: Client, home: Path) -> None:
    run = give(amara, ANSWERS)
    place = f"{PLACE}{run.pk}/"
    page = amara.get(place).content.decode()
    assert "Import 2 rows" in page and '<td class="small">P1</td>' in page
    assert "tomorrow&quot; cannot be read; write it like 2026-11-21" in page
    told = amara.get(f"{place}rejected.csv")
    assert told["Content-Disposition"] == 'attachment; filename="answers-rejected.csv"'
    lines = b"".join(told.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "line,reason,what to do,id,date,person,score" and lines[1].endswith("3,tomorrow,'=1+1,8")
    answer = amara.post(f"{place}start", follow=True)
    assert "Begins in a moment" in answer.content.decode()
    assert not Feedback.objects.visible(cast.larkspur).exists()
    run_due()
    page = amara.get(place).content.decode()
    assert "Imported on" in page and "the date cannot be read" in page and "Undo" not in page
    assert Feedback.objects.visible(cast.larkspur).count() == 2
    assert left_in(home, cast.larkspur) == []
    again = b"".join(amara.get(f"{place}rejected.csv").streaming_content).decode("utf-8-sig").splitlines()
    assert again == lines
    assert AuditEvent.objects.filter(verb="rejected rows downloaded").count() == 2
    assert amara.get(f"{place}undo").status_code == 403
    assert ">2</span>" in hanna.get(f"{place}undo").content.decode()
    hanna.post(f"{place}undo")
    run_due()
    assert not Feedback.objects.exists()
    assert "undone on" in hanna.get(place).content.decode()
    assert "answers.csv" in hanna.get(PLACE).content.decode()


def test_a_correction_is_read_before_it_is_imported(cast: Cast, amara: Client) -> None:
    run = give(amara, "a,b,when\n9,x,2026-10-01\n0,y,2026-10-02\n")
    place = f"{PLACE}{run.pk}/"
    page = amara.get(place).content.decode()
    assert "has no column that is plainly the score" in page and "Import 2 rows" not in page
    form = {"table": "feedback", "col-score": "a", "col-date": "when", "col-customer": "-", "source": "Till"}
    answer = amara.post(f"{place}start", form, follow=True)
    assert "Read again with what you changed" in answer.content.decode() and "Import 2 rows" in answer.content.decode()
    form |= {"scale": "0-10", "detractors": "0-6", "promoters": "9-10", "zone": "Europe/Lisbon"}
    amara.post(f"{place}start", form)
    run_due()
    run.refresh_from_db()
    assert (run.state, run.new, run.source.name) == ("published", 2, "Till")


def test_several_files_at_once(cast: Cast, amara: Client) -> None:
    one = SimpleUploadedFile("answers.csv", ANSWERS.encode())
    two = SimpleUploadedFile("customers.csv", b"customer,name\nC1,Ada\nC2,Bo\n")
    answer = amara.post(f"{PLACE}upload", {"files": [one, two]})
    assert answer["Location"] == PLACE
    assert amara.get(f"{PLACE}moving").status_code == 200
    run_due()
    assert "Import all 2" in amara.get(PLACE).content.decode()
    amara.post(f"{PLACE}all")
    run_due()
    assert sorted(SyncRun.objects.filter(state="published").values_list("table", "new")) == [("customers", 2), ("feedback", 2)]  # fmt: skip
    assert amara.get(f"{PLACE}moving")["HX-Refresh"] == "true"


def test_too_large_a_file_leaves_nothing(cast: Cast, amara: Client, home: Path, settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 20
    answer = amara.post(f"{PLACE}upload", {"files": SimpleUploadedFile("a.csv", ANSWERS.encode())}, follow=True)
    assert "a.csv is larger than 0 MiB" in answer.content.decode()
    assert left_in(home, cast.larkspur) == [] and not SyncRun.objects.exists()
    assert "No file came with that" in amara.post(f"{PLACE}upload", {}, follow=True).content.decode()


def test_an_upload_without_its_token_leaves_nothing(cast: Cast, home: Path) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people["amara"])
    answer = client.post(f"{PLACE}upload", {"files": SimpleUploadedFile("a.csv", ANSWERS.encode())})
    assert answer.status_code == 403
    assert left_in(home, cast.larkspur) == []


def test_imports_are_for_members_who_see_everything(cast: Cast, rafael: Client) -> None:
    run = uploaded(cast.larkspur, ANSWERS)
    for address in (PLACE, f"{PLACE}{run.pk}/", f"{PLACE}{run.pk}/rejected.csv", f"{PLACE}{run.pk}/progress"):
        assert rafael.get(address).status_code == 403
        assert cast.client("norah").get(address).status_code == 403
        assert cast.client("nell").get(address).status_code == 404
    assert cast.client("nell").get(f"/w/merritt/import/{run.pk}/").status_code == 404


def test_giving_up_a_draft(cast: Cast, amara: Client, home: Path) -> None:
    run = uploaded(cast.larkspur, ANSWERS)
    page = amara.post(f"{PLACE}{run.pk}/cancel", follow=True).content.decode()
    assert "was given up" in page and left_in(home, cast.larkspur) == []


def test_the_same_file_again_is_said(cast: Cast, amara: Client) -> None:
    brought(cast.larkspur, ANSWERS)
    run = give(amara, ANSWERS)
    page = amara.post(f"{PLACE}{run.pk}/start", follow=True).content.decode()
    assert "importing it again would change nothing" in page


def test_lists_run_no_query_a_row(cast: Cast, amara: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for n in range(3):
        brought(cast.larkspur, ANSWERS.replace("P1", f"Q{n}"), source=f"source {n}")
        uploaded(cast.larkspur, ANSWERS.replace("P1", f"R{n}"))
    with django_assert_max_num_queries(9):
        amara.get(PLACE)


def test_answers_of_an_unnamed_survey_would_stand_apart_where_there_are_several(cast: Cast, amara: Client) -> None:
    plain = "score,date\n9,2026-10-01\n0,2026-10-02\n"
    assert "sorts never mix" not in amara.get(f"{PLACE}{give(amara, plain, 'first.csv').pk}/").content.decode()
    both = "score,date,survey\n9,2026-10-01,relationship\n0,2026-10-02,transactional\n"
    assert brought(cast.larkspur, both, "both.csv").state == "published"
    fresh(cast.larkspur)
    run = give(amara, plain, "second.csv")
    page = amara.get(f"{PLACE}{run.pk}/").content.decode()
    assert "Here are relationship and transactional ones, and sorts never mix" in page
    amara.post(f"{PLACE}{run.pk}/read", {"table": "feedback", "survey": "transactional", "col-score": "score"})
    assert "sorts never mix" not in amara.get(f"{PLACE}{run.pk}/").content.decode()


def test_what_answers_are_about_is_told_by_hand(cast: Cast, amara: Client) -> None:
    run = give(amara, "score,date,how\n9,2026-10-01,web\n0,2026-10-02,mail\n")
    amara.post(
        f"{PLACE}{run.pk}/read", {"table": "feedback", "col-score": "score", "col-date": "date", "col-channel": "how"}
    )
    page = amara.get(f"{PLACE}{run.pk}/").content.decode()
    assert '<option value="how" selected>how</option>' in page and "<details" in page
    amara.post(f"{PLACE}{run.pk}/start")
    run_due()
    assert set(Feedback.objects.visible(cast.larkspur).values_list("channel", flat=True)) == {"web", "mail"}
