"""Lists of whom not to contact: how they come in, and whom they bar."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from tests.server.factories import Cast, make_contact
from tests.server.waiting import second_waits
from winback.errors import UserError
from winback.server.customers.contacting import may_contact
from winback.server.customers.models import SuppressedAddress, SuppressionList
from winback.server.customers.suppression import address_digest, load_suppression_list

NOW = dt.datetime(2026, 11, 19, 14, 5, tzinfo=dt.UTC)


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


@pytest.mark.django_db(transaction=True)
def test_two_who_load_a_list_at_once_leave_the_later_one(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time")

    def load(address: str) -> None:
        load_suppression_list(
            access=cast.access("hanna"), name="do not call", channel="", screened_on=NOW.date(), lines=[address]
        )

    second_waits(lambda: load("first@example.com"), lambda: load("second@example.com"))
    assert SuppressionList.objects.count() == 1
    assert SuppressedAddress.objects.get().digest == address_digest("second@example.com")
