"""The gate over the database: what is on record decides, and every question is in the log."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast, make_contact
from winback.errors import UserError
from winback.server.customers.contacting import address_digest, ask_to_contact, load_suppression_list, may_contact
from winback.server.customers.models import ContactLog, OpenComplaint, OptOut, StopReason
from winback.server.customers.queries import blocked_by_reason

NOW = dt.datetime(2026, 11, 19, 14, 5, tzinfo=dt.UTC)


def test_asking_writes_the_log_and_only_asking_does(cast: Cast) -> None:
    contact = make_contact(cast.larkspur, "P1", email="ann@example.com")
    assert may_contact(contact, "research", "mail", NOW, touch="survey")
    assert ContactLog.objects.count() == 0
    first = ask_to_contact(
        contact=contact, touch="survey", purpose="research", channel="mail", at=NOW, survey="relationship"
    )
    again = ask_to_contact(
        contact=contact, touch="survey", purpose="research", channel="mail", at=NOW, survey="relationship"
    )
    assert (first.allowed, again.allowed, again.reason) == (True, False, "rest period")
    counts = {
        (row["allowed"], row["reason"]): row["count"] for row in blocked_by_reason(cast.access("hanna"), since=NOW)
    }
    assert counts == {(True, ""): 1, (False, "rest period"): 1}


def test_a_person_without_an_address_for_the_channel(cast: Cast) -> None:
    contact = make_contact(cast.larkspur, "P1", email="ann@example.com")
    assert may_contact(contact, "research", "phone", NOW).reason == "no address"


def test_reasons_on_record(cast: Cast) -> None:
    contact = make_contact(cast.larkspur, "P1", customer="C1", email="ann@example.com", phone="+351 912 345 678")
    customer = contact.profiles.get().customer
    assert customer is not None
    OpenComplaint.objects.create(workspace=cast.larkspur, customer=customer, opened_at=NOW - dt.timedelta(days=1))
    assert may_contact(contact, "research", "phone", NOW).reason == "open complaint"
    assert may_contact(contact, "complaint", "phone", NOW, owed=True)
    OpenComplaint.objects.update(closed_at=NOW)
    OptOut.objects.create(contact=contact, channel="phone", since=NOW)
    assert may_contact(contact, "research", "phone", NOW).reason == "opt-out"
    assert may_contact(contact, "research", "mail", NOW)
    stop = StopReason.objects.create(workspace=cast.larkspur, customer=customer, reason="fraud", since=NOW.date())
    assert may_contact(contact, "research", "mail", NOW).reason == "stop reason"
    stop.until = NOW.date() - dt.timedelta(days=1)
    stop.save()
    assert may_contact(contact, "research", "mail", NOW)


def test_a_list_blocks_whom_it_names_however_the_number_is_written(cast: Cast) -> None:
    contact = make_contact(cast.larkspur, "P1", phone="+351 912-345-678")
    held = load_suppression_list(
        access=cast.access("hanna"), name="do not call", channel="phone", screened_on=dt.date(2026, 11, 1),
        lines=["number;since", "00351912345678;2020", "", "00351912345678;2021"],
    )  # fmt: skip
    assert held == 1
    decision = may_contact(contact, "research", "phone", NOW)
    assert (decision.reason, decision.detail) == ("suppressed", "The address stands on the list do not call.")
    assert may_contact(contact, "service", "phone", NOW)


def test_a_list_that_was_not_screened_lately_blocks_everybody_on_its_channel(cast: Cast) -> None:
    contact = make_contact(cast.larkspur, "P1", phone="+351 912 345 678", email="ann@example.com")
    load_suppression_list(
        access=cast.access("hanna"),
        name="do not call",
        channel="phone",
        screened_on=dt.date(2026, 10, 1),
        lines=["+351911111111"],
    )
    assert may_contact(contact, "research", "phone", NOW).reason == "list out of date"
    assert may_contact(contact, "research", "mail", NOW)


@pytest.mark.parametrize(
    ("lines", "day", "sentence"),
    [
        (["name", "x"], dt.date(2026, 11, 1), "No e-mail address and no telephone number"),
        (["+351911111111"], dt.date(2999, 1, 1), "still to come"),
    ],
)
def test_a_list_that_cannot_be_one(cast: Cast, lines: list[str], day: dt.date, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        load_suppression_list(access=cast.access("hanna"), name="x", channel="phone", screened_on=day, lines=lines)


def test_addresses_have_a_normal_form() -> None:
    assert address_digest(" Ann@Example.com ") == address_digest("ann@example.com")
    assert address_digest("+351 (912) 345-678") == address_digest("00351912345678")
    assert address_digest("+351912345678") != address_digest("+351912345679")
    assert address_digest("+49 (0)170 1234567") == address_digest("0049 170 1234567")
    assert address_digest("(0)170 1234567") != address_digest("+49 170 1234567")  # of which country, nobody knows


def test_a_number_written_for_the_country_is_found_in_a_list_written_for_the_world(cast: Cast) -> None:
    """Larkspur lies in Portugal by its time zone, until it says where its customers are."""
    contact = make_contact(cast.larkspur, "P1", phone="912 345 678")
    other = make_contact(cast.larkspur, "P2", phone="020 7946 0018")
    lines = ["+351 912 345 678", "+44 20 7946 0018"]
    load_suppression_list(
        access=cast.access("hanna"), name="do not call", channel="phone", screened_on=NOW.date(), lines=lines
    )
    assert may_contact(contact, "research", "phone", NOW).reason == "suppressed"
    assert may_contact(other, "research", "phone", NOW)
    for one in (contact, other):
        one.workspace.phone_regions = "GB"
    assert may_contact(other, "research", "phone", NOW).reason == "suppressed"
    assert may_contact(contact, "research", "phone", NOW)


def test_a_list_written_for_the_country_bars_who_is_written_so_whatever_the_country(cast: Cast) -> None:
    contact = make_contact(cast.larkspur, "P1", phone="912 345 678")
    load_suppression_list(
        access=cast.access("hanna"), name="do not call", channel="phone", screened_on=NOW.date(), lines=["912345678"]
    )
    contact.workspace.phone_regions = "DE"
    assert may_contact(contact, "research", "phone", NOW).reason == "suppressed"


def test_two_who_ask_at_once_with_clocks_a_little_apart_are_not_both_the_last(cast: Cast) -> None:
    contact = make_contact(cast.larkspur, "P1", email="ann@example.com")
    asked = [
        ask_to_contact(contact=contact, touch="survey", purpose="research", channel="mail", at=at)
        for at in (NOW + dt.timedelta(seconds=2), NOW)
    ]
    assert [decision.allowed for decision in asked] == [True, False]
