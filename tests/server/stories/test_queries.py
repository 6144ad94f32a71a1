"""A customer's story: everything in one order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.http import Http404

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from winback.server.customers.contacting import ask_to_contact
from winback.server.customers.models import CustomerPeriod, CustomerProfile, Departure
from winback.server.customers.people import add_stop_reason
from winback.server.feedback.models import Feedback
from winback.server.sources.actions import ensure_source, live_run
from winback.server.stories.queries import (
    contact_for,
    last_of_customers,
    months,
    people_at,
    stops_of,
    story,
    with_figures,
)

NOON = dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)


def test_who_has_left_who_will_and_who_only_shrank(cast: Cast) -> None:
    run = live_run(source=ensure_source(workspace=cast.larkspur, name="crm", kind="api", table="departures"))
    for name, kind, day in (("gone", "cancelled", 18), ("going", "cancelled", 23), ("smaller", "downgraded", 1)):
        Departure.objects.create(
            workspace=cast.larkspur, run=run, customer=make_customer(cast.larkspur, name), kind=kind,
            end_date=dt.date(2026, 11, day),
        )  # fmt: skip
    profiles = list(CustomerProfile.objects.visible(cast.larkspur).order_by("id"))
    found = with_figures(cast.access("hanna"), profiles, today=dt.date(2026, 11, 19))
    assert [(item["name"], item["left"], item["leaving"]) for item in found] == [
        ("gone", dt.date(2026, 11, 18), False),
        ("going", dt.date(2026, 11, 23), True),
        ("smaller", None, False),
    ]


def test_everything_in_one_order(cast: Cast) -> None:
    customer = make_customer(cast.larkspur, "C1", since_date=dt.date(2020, 1, 1))
    person = make_contact(cast.larkspur, "P1", customer="C1", name="Niamh", email="n@example.com")
    make_feedback(cast.larkspur, "a", 2, customer="C1", respondent="P1", occurred_at=NOON)
    make_feedback(cast.larkspur, "b", 9, customer="C1", respondent="P9", occurred_at=NOON - dt.timedelta(days=9))
    ask_to_contact(contact=person, touch="call", purpose="service", channel="mail", at=NOON - dt.timedelta(days=3))
    run = live_run(source=ensure_source(workspace=cast.larkspur, name="crm", kind="api"))
    Departure.objects.create(
        workspace=cast.larkspur,
        run=run,
        customer=customer,
        kind="cancelled",
        notice_date=dt.date(2026, 11, 18),
        end_date=dt.date(2026, 12, 31),
    )
    make_feedback(cast.larkspur, "other", customer="C2")
    lines = story(cast.access("hanna"), customer)
    assert [line.what for line in lines] == ["answer", "departure", "touch", "answer", "beginning"]
    assert [(line.more["band"], line.more["who"]) for line in lines if line.what == "answer"] == [
        ("detractor", "Niamh"),
        ("promoter", "P9"),
    ]


def test_months_are_margin_where_it_is_known(cast: Cast) -> None:
    customer = make_customer(cast.larkspur, "C1")
    access = cast.access("hanna")
    assert months(access, customer) is None
    run = live_run(source=ensure_source(workspace=cast.larkspur, name="billing", kind="api"))
    for month, revenue, margin in ((1, 10, 4), (2, 20, -2), (3, 30, None)):
        CustomerPeriod.objects.create(
            workspace=cast.larkspur,
            run=run,
            customer=customer,
            month=dt.date(2026, month, 1),
            revenue=Decimal(revenue),
            margin=margin if margin is None else Decimal(margin),
        )
    found = months(access, customer)
    assert found is not None
    assert (found.measure, [bar["share"] for bar in found.rows]) == ("margin", [1.0, -0.5, 0.0])


def test_people_with_their_last_score(cast: Cast) -> None:
    customer = make_customer(cast.larkspur, "C1")
    make_contact(cast.larkspur, "P1", customer="C1", name="Ann")
    make_contact(cast.larkspur, "P2", customer="C1", name="Bo")
    make_feedback(cast.larkspur, "a", 2, respondent="P1", occurred_at=NOON - dt.timedelta(days=1))
    make_feedback(cast.larkspur, "b", 8, respondent="P1", occurred_at=NOON)
    people = people_at(cast.access("hanna"), [customer.pk])
    assert [(person["profile"].name, person["last"] and person["last"]["score"]) for person in people] == [
        ("Ann", 8),
        ("Bo", None),
    ]


def test_the_last_score_in_a_list_leaves_out_what_was_skipped(cast: Cast) -> None:
    make_customer(cast.larkspur, "C1", revenue=Decimal(7))
    make_feedback(cast.larkspur, "a", 3, customer="C1", occurred_at=NOON)
    make_feedback(cast.larkspur, "b", None, customer="C1", occurred_at=NOON + dt.timedelta(days=1))
    (item,) = with_figures(
        cast.access("hanna"), list(CustomerProfile.objects.visible(cast.larkspur)), today=dt.date(2026, 11, 19)
    )
    assert (item["last"]["score"], item["last"]["band"], item["revenue"], item["left"], item["name"]) == (
        3,
        "detractor",
        Decimal(7),
        None,
        "C1",
    )


def test_reasons_and_people_of_this_customer(cast: Cast) -> None:
    one, two = make_customer(cast.larkspur, "C1"), make_customer(cast.larkspur, "C2")
    person = make_contact(cast.larkspur, "P1", customer="C1")
    add_stop_reason(customer=one, reason="fraud", since=dt.date(2026, 1, 1), by=cast.access("amara"))
    assert [stop.reason for stop in stops_of(one)] == ["fraud"]
    assert stops_of(two) == []
    assert contact_for(cast.access("hanna"), one, person.pk) == person
    with pytest.raises(Http404):
        contact_for(cast.access("hanna"), two, person.pk)


def test_an_answer_without_a_time_is_not_the_last(cast: Cast) -> None:
    customer = make_customer(cast.larkspur, "C1")
    make_contact(cast.larkspur, "P1", customer="C1")
    make_feedback(cast.larkspur, "a", 3, customer="C1", respondent="P1", occurred_at=NOON)
    undated = make_feedback(cast.larkspur, "b", 9, customer="C1", respondent="P1")
    Feedback.objects.filter(pk=undated.pk).update(occurred_at=None, local_date=None)
    access = cast.access("hanna")
    assert last_of_customers(access, [customer.pk])[customer.pk]["score"] == 3
    assert people_at(access, [customer.pk])[0]["last"]["score"] == 3
