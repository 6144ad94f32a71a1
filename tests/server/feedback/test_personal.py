from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.factories import Cast, make_customer, make_feedback
from winback.server.feedback.models import Feedback
from winback.server.feedback.personal import erase, export, forget
from winback.server.redaction import Person
from winback.server.sources.models import DirtyDay

pytestmark = pytest.mark.django_db


def test_words_go_and_what_many_share_stays(cast: Cast) -> None:
    customer = make_customer(cast.larkspur, "C-1000")
    for n in range(5):
        make_feedback(cast.larkspur, f"F{n}", 9, attributes={"plan": "Fibre", "rare": f"only {n}"})
    hers = make_feedback(
        cast.larkspur, "~C-1000", 2, customer="C-1000", respondent="C-1000", comment="late",
        attributes={"plan": "Fibre", "rare": "hers", "who": "Ann Zoë"},
    )  # fmt: skip
    DirtyDay.objects.all().delete()
    ann = Person(cast.larkspur.pk, (customer.pk,), (), ("C-1000",), (), ("Ann Zoë",), token="t")
    assert export(person=ann)["answers"][0]["comment"] == "late"
    assert erase(person=ann) == {"answers": 1}
    hers.refresh_from_db()
    assert (hers.score, hers.comment, hers.attributes) == (2, "", {"plan": "Fibre"})
    assert (hers.external_id, hers.respondent) == ("erased-t-0", "erased-t")
    assert list(DirtyDay.objects.values_list("table", "day")) == [("feedback", hers.local_date)]


def test_what_one_person_said_at_another_customer_is_theirs_too(cast: Cast) -> None:
    make_feedback(cast.larkspur, "F1", customer="C-1", respondent="P-1000", comment="late")
    make_feedback(cast.larkspur, "F2", customer="C-1", respondent="P-2000", comment="fine")
    ann = Person(cast.larkspur.pk, (), (5,), ("P-1000",), ("P-1000",), (), token="t")
    assert erase(person=ann) == {"answers": 1}
    assert sorted(Feedback.objects.values_list("comment", flat=True)) == ["", "fine"]


def test_old_words_are_forgotten(cast: Cast) -> None:
    make_feedback(cast.larkspur, "F1", comment="late")
    day = timezone.now().date() + dt.timedelta(days=1)
    assert forget(workspace_id=cast.larkspur.pk, before=dt.date(2026, 1, 1), most=5) == 0
    assert forget(workspace_id=cast.larkspur.pk, before=day, most=5) == 1
    assert forget(workspace_id=cast.larkspur.pk, before=day, most=5) == 0


def test_old_words_without_a_day_are_as_old_as_their_file(cast: Cast) -> None:
    row = make_feedback(cast.larkspur, "F1", comment="late")
    Feedback.objects.update(local_date=None, occurred_at=None)
    today = row.run.created_at.date()
    assert forget(workspace_id=cast.larkspur.pk, before=today, most=5) == 0
    DirtyDay.objects.all().delete()
    assert forget(workspace_id=cast.larkspur.pk, before=today + dt.timedelta(days=1), most=5) == 1
    assert list(DirtyDay.objects.values_list("table", "day")) == [("feedback", None)]
