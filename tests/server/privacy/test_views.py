from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client
from django.urls import reverse

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from winback.server.customers.models import ContactProfile, Customer, OptOut
from winback.server.privacy.models import AccessExport, Erasure, RetentionRule
from winback.server.workspaces.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(cast: Cast) -> Customer:
    customer = make_customer(cast.larkspur, "C-1000", name="=Ann Other")
    make_contact(cast.larkspur, "P-1000", customer="C-1000", name="Bo Other", email="bo@example.com")
    make_feedback(cast.larkspur, "F1", 4, customer="C-1000", comment="<b>late</b>")
    return customer


def at(name: str, customer: Customer) -> str:
    return reverse(name, args=["larkspur", customer.pk])


def test_what_we_hold_shows_all_of_it_and_is_audited(amara: Client, ann: Customer) -> None:
    page = amara.get(at("privacy_customer", ann)).content.decode()
    for words in ("=Ann Other", "bo@example.com", "&lt;b&gt;late&lt;/b&gt;", "Erasing is for administrators"):
        assert words in page
    assert AuditEvent.objects.filter(verb="personal data read", target=f"customer {ann.pk}").count() == 1


def test_the_copy_is_json_or_csv_and_no_formula(hanna: Client, ann: Customer) -> None:
    answer = hanna.post(at("privacy_export", ann), {"format": "json"})
    assert json.loads(answer.content)["answers"][0]["comment"] == "<b>late</b>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    answer = hanna.post(at("privacy_export", ann), {"format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["kind", "number", "what", "value"]
    assert ["customers", "1", "name", "'=Ann Other"] in rows
    assert hanna.post(at("privacy_export", ann), {"format": "exe"}).status_code == 400
    assert AccessExport.objects.count() == 2


def test_erasing_needs_the_id_typed(ingrid: Client, ann: Customer) -> None:
    page = ingrid.get(at("privacy_erase", ann)).content.decode()
    assert "Type <b>C-1000</b> to erase" in page
    answer = ingrid.post(at("privacy_erase", ann), {"typed": "c-1000"})
    assert (
        answer.status_code == 400 and "nothing was erased" in answer.content.decode() and not Erasure.objects.exists()
    )
    answer = ingrid.post(at("privacy_erase", ann), {"typed": "C-1000"})
    assert answer.headers["Location"] == reverse("customers", args=["larkspur"])
    ann.refresh_from_db()
    assert ann.erased_at is not None
    assert "answers: 1." in ingrid.get(reverse("privacy", args=["larkspur"])).content.decode()


def test_one_person_can_be_erased_alone(ingrid: Client, ann: Customer) -> None:
    contact = ContactProfile.objects.get().contact
    where = f"{at('privacy_erase', ann)}?contact={contact.pk}"
    assert "Erase Bo Other" in ingrid.get(where).content.decode()
    answer = ingrid.post(where, {"typed": "P-1000", "contact": contact.pk})
    assert answer.headers["Location"] == at("customer", ann)
    assert ContactProfile.objects.get().name == "" and ann.profiles.get().name == "=Ann Other"
    assert ingrid.get(f"{at('privacy_erase', ann)}?contact=999999").status_code == 404
    assert ingrid.get(f"{at('privacy_erase', ann)}?contact=x").status_code == 400


def test_an_objection_is_noted(amara: Client, ann: Customer) -> None:
    amara.post(at("privacy_customer", ann))
    assert set(OptOut.objects.values_list("purpose", flat=True)) == {"research", "marketing"}


def test_rules_are_set_and_taken_away(ingrid: Client, cast: Cast) -> None:
    where = reverse("privacy", args=["larkspur"])
    ingrid.post(where, {"what": "comments", "days": "730"})
    assert RetentionRule.objects.get().days == 730
    assert 'value="730"' in ingrid.get(where).content.decode()
    ingrid.post(where, {"what": "comments", "days": ""})
    assert not RetentionRule.objects.exists()
    assert ingrid.post(where, {"what": "comments", "days": "soon"}).status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_runs_no_query_a_row(
    ingrid: Client, cast: Cast, django_assert_max_num_queries: object, rows: int
) -> None:
    for _ in range(rows):
        Erasure.objects.create(workspace=cast.larkspur, digest="d", asked_on="2026-11-22", by=cast.people["ingrid"])
        AccessExport.objects.create(workspace=cast.larkspur, digest="d", format="csv", by=cast.people["ingrid"])
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        ingrid.get(reverse("privacy", args=["larkspur"]))
