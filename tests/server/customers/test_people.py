"""People at customers: recorded, and what they agreed to or refused."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast, make_contact, make_customer
from winback.errors import UserError
from winback.server.customers.models import ContactBasis, ContactProfile, OptOut, StopReason
from winback.server.customers.people import (
    NewContact,
    add_stop_reason,
    end_stop_reason,
    opt_in,
    opt_out,
    record_contacts,
    set_basis,
)
from winback.server.sources.actions import ensure_source
from winback.server.workspaces.models import AuditEvent


def test_a_person_is_merged_and_has_one_visible_profile(cast: Cast) -> None:
    make_contact(cast.larkspur, "P1", customer="C1", name="Niamh", email="n@example.com")
    other = ensure_source(workspace=cast.larkspur, name="crm", kind="api", table="contacts")
    written = record_contacts(workspace=cast.larkspur, source=other, rows=[NewContact("P1", role="user")])
    again = record_contacts(workspace=cast.larkspur, source=other, rows=[NewContact("P1", role="user")])
    seen = ContactProfile.objects.visible(cast.larkspur).get()
    assert (written, again) == (1, 0)
    assert (seen.name, seen.email, seen.role, seen.customer.external_id) == ("Niamh", "n@example.com", "user", "C1")


@pytest.mark.parametrize(
    ("row", "sentence"), [(NewContact("P1", role="boss"), '"boss" is none of'), (NewContact(" "), "is blank")]
)
def test_what_is_refused(cast: Cast, row: NewContact, sentence: str) -> None:
    source = ensure_source(workspace=cast.larkspur, name="crm", kind="api")
    with pytest.raises(UserError, match=sentence):
        record_contacts(workspace=cast.larkspur, source=source, rows=[row])


def test_a_no_said_twice_is_one_no(cast: Cast) -> None:
    person = make_contact(cast.larkspur, "P1")
    for _ in range(2):
        opt_out(contact=person, purpose="research", origin="a mail")
    assert OptOut.objects.count() == AuditEvent.objects.filter(verb="opted out").count() == 1
    with pytest.raises(UserError, match='"spam" is none of'):
        opt_out(contact=person, purpose="spam", origin="x")


def test_a_no_is_taken_back_with_a_word_on_it(cast: Cast) -> None:
    person, access = make_contact(cast.larkspur, "P1"), cast.access("amara")
    opt_out(contact=person, origin="a mail")
    with pytest.raises(UserError, match="Say where and when"):
        opt_in(contact=person, opt_out_id=OptOut.objects.get().pk, origin=" ", by=access)
    opt_in(contact=person, opt_out_id=OptOut.objects.get().pk, origin="on the phone", by=access)
    assert OptOut.objects.count() == 0


def test_a_consent_says_where_it_was_given(cast: Cast) -> None:
    person, access = make_contact(cast.larkspur, "P1"), cast.access("amara")
    with pytest.raises(UserError, match="where and when the consent"):
        set_basis(contact=person, purpose="marketing", basis="consent", origin="", by=access)
    set_basis(contact=person, purpose="marketing", basis="consent", origin="form of 19 Nov", by=access)
    set_basis(contact=person, purpose="marketing", basis="none", origin="", by=access)
    assert ContactBasis.objects.get().basis == "none"


def test_a_reason_ends_and_stays_on_record(cast: Cast) -> None:
    customer, access = make_customer(cast.larkspur, "C1"), cast.access("amara")
    day = dt.date(2026, 11, 19)
    with pytest.raises(UserError, match="before it begins"):
        add_stop_reason(customer=customer, reason="fraud", since=day, until=day - dt.timedelta(days=1), by=access)
    add_stop_reason(customer=customer, reason="fraud", since=day, by=access)
    end_stop_reason(customer=customer, stop_id=StopReason.objects.get().pk, on=day, by=access)
    assert StopReason.objects.get().until == day
    verbs = AuditEvent.objects.filter(target=f"customer {customer.pk}").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["stop reason noted", "stop reason ended"]
