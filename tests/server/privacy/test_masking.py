"""Comments that were here before masking was switched on."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.server.factories import Cast, make_contact, make_feedback
from tests.server.imports.bringing import brought
from tests.server.themes.worlds import guessed, said, standing, themes
from winback.server.exports.actions import behind, refresh
from winback.server.feedback.masking import Masking
from winback.server.feedback.models import Feedback
from winback.server.imports.undoing import begin
from winback.server.jobs.actions import run_due
from winback.server.privacy import masking
from winback.server.sources.models import RejectedRow
from winback.server.themes.models import Coding, Reading
from winback.server.themes.rules import words_digest
from winback.server.workspaces.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_counted_first_then_masked_in_all_versions_and_in_rejected_rows(cast: Cast) -> None:
    text = 'id,date,customer,score,comment\n1,2026-10-01,C1,2,"ring 912 345 678"\n2,2026-10-02,C1,11,a@b.pt\n'
    brought(cast.larkspur, text, scale="0-10", source="survey")
    second = brought(cast.larkspur, text.replace("ring", "please ring"), scale="0-10", source="survey")
    refresh(workspace=cast.larkspur)
    assert masking.comments_of(cast.larkspur).count() == 2
    before = list(Feedback.objects.order_by("id").values_list("comment", "updated_at"))
    admin = cast.access("ingrid")
    counted = masking.ask(by=admin, write=False)
    run_due()
    counted.refresh_from_db()
    assert (counted.state, counted.note, counted.done) == ("done", "2 comments: phone 2", 2)
    assert list(Feedback.objects.order_by("id").values_list("comment", "updated_at")) == before
    assert not behind(cast.larkspur)
    masking.ask(by=admin, write=True)
    run_due()
    assert list(Feedback.objects.order_by("id").values_list("comment", flat=True)) == [
        "ring [phone]",
        "please ring [phone]",
    ]
    assert set(RejectedRow.objects.values_list("row__comment", flat=True)) == {"[mail]"}
    detail = AuditEvent.objects.get(verb="comments masked").detail
    assert detail == {"looked_at": 2, "comments": 2, "phone": 2}
    begin(run=second, by=admin)
    run_due()
    assert Feedback.objects.visible(cast.larkspur).get().comment == "ring [phone]"


def test_sentences_beside_the_comment_are_masked_and_counted_too(cast: Cast) -> None:
    text = 'id,date,score,comment,better,desk\n1,2026-10-01,2,slow,"ring me on 912 345 678",912 345 678\n2,2026-10-02,3,,North,\n'
    brought(cast.larkspur, text, scale="0-10", source="survey", columns={"by": ["better", "desk"]})
    job = masking.ask(by=cast.access("ingrid"), write=True)
    run_due()
    job.refresh_from_db()
    assert (job.note, job.done) == ("1 comment: phone 1", 1)
    assert Feedback.objects.get(external_id="1").attributes == {"better": "ring me on [phone]", "desk": "912 345 678"}
    assert Feedback.objects.get(external_id="2").attributes == {"better": "North"}


def test_what_was_found_in_a_comment_stays_found_at_its_place(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    row = said(cast, "a", "a@b.pt says: nobody came, ring 912 345 678")
    reading = guessed(row, [late])
    Coding.objects.filter(reading=reading).update(start=13, end=25)
    at = {"source": row.source_id, "external_id": "a", "start": 13, "end": 25}
    whole = {"source": row.source_id, "external_id": "a"}
    late.examples = [at, {**at, "external_id": "b"}, whole]
    late.suggestion = {"by": "m", "name": "Nobody comes", "definition": "", "places": [at]}
    late.save()
    came = masking.some(workspace=cast.larkspur, masking=Masking(cast.larkspur), came=masking.Came(), write=True)
    assert came is not None and came.counts == {"comments": 1, "mail": 1, "phone": 1}
    row.refresh_from_db()
    reading = Reading.objects.get()
    coding = Coding.objects.get()
    assert row.comment == "[mail] says: nobody came, ring [phone]"
    assert row.comment[coding.start : coding.end] == "nobody came,"
    late.refresh_from_db()
    now = {**at, "start": coding.start, "end": coding.end}
    assert (late.examples, late.suggestion["places"]) == ([now, {**at, "external_id": "b"}, whole], [now])
    assert (reading.digest, reading.seen) == (words_digest(row.comment), row.updated_at)
    assert standing(row) == ("model", {"Late"})
    assert masking.some(workspace=cast.larkspur, masking=Masking(cast.larkspur), came=came, write=True) is None


def test_names_of_people_at_the_customer_and_other_workspaces_stay(cast: Cast) -> None:
    make_contact(cast.larkspur, "P1", customer="C1", name="Ana Reis")
    make_feedback(cast.larkspur, "F1", customer="C1", comment="Ana here")
    make_feedback(cast.merritt, "F2", comment="ring +351 912 345 678")
    masking.ask(by=cast.access("ingrid"), write=True)
    run_due()
    assert dict(Feedback.objects.values_list("external_id", "comment")) == {
        "F1": "[name] here",
        "F2": "ring +351 912 345 678",
    }
    assert masking.rejected(workspace=cast.larkspur, masking=Masking(cast.larkspur)) == 0


def test_the_page_counts_asks_and_tells(cast: Cast, ingrid: Client) -> None:
    place = "/w/larkspur/settings/masking/"
    assert "No comments here" in ingrid.get(place).content.decode()
    make_feedback(cast.larkspur, "F1", comment="ring 912 345 678")
    assert "1 comment is here" in ingrid.get(place).content.decode()
    refused = ingrid.post(place, {"mask": "yes"})
    assert "Count what would be masked first" in refused.content.decode()
    ingrid.post(place, {"count": "yes"})
    assert "Being counted" in ingrid.get(place).content.decode()
    run_due()
    assert "1 comment: phone 1" in ingrid.get(place).content.decode()
    ingrid.post(place, {"mask": "yes"})
    run_due()
    assert "Masked, of 1 looked at" in ingrid.get(place).content.decode()
    assert Feedback.objects.get().comment == "ring [phone]"


def test_counts_in_words() -> None:
    assert masking.worded({"comments": 1200, "name": 4, "phone": 9}) == "1,200 comments: phone 9, name 4"
    assert masking.worded({}) == "0 comments"
