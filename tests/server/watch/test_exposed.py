"""The same boat: who had the exposure and did not answer, and whether they may be contacted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from tests.server.watch.worlds import an_alarm
from winback.server.customers.models import Departure, StopReason
from winback.server.sources.actions import ensure_source, live_run
from winback.server.watch.exposed import HEAD, aboard, rows, silent_customers
from winback.server.watch.models import Alarm

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 9, 28, 9, tzinfo=dt.UTC)


def said(cast: Cast, customer: str, day: str, **more: Any) -> None:
    at = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    make_feedback(cast.larkspur, f"{customer} {day}", customer=customer, occurred_at=at, **more)


@pytest.fixture
def alarm(cast: Cast) -> Alarm:
    """North, 7 to 20 September: six customers there and one in the South."""
    for name in ("answered", "silent", "skipped", "left", "long", "nobody"):
        make_customer(cast.larkspur, name, name=name.title(), attributes={"region": "North"})
    make_customer(cast.larkspur, "south", attributes={"region": "South"})
    said(cast, "answered", "2026-09-10")
    said(cast, "skipped", "2026-09-10", score=None)
    said(cast, "long", "2026-09-06")
    run = live_run(source=ensure_source(workspace=cast.larkspur, name="billing", kind="api", table="departures"))
    from winback.server.customers.models import Customer

    for name, day in (("left", dt.date(2026, 9, 1)), ("long", dt.date(2026, 9, 12))):
        customer = Customer.objects.get(external_id=name)
        Departure.objects.create(workspace=cast.larkspur, run=run, customer=customer, kind="cancelled", end_date=day)
    return an_alarm(cast.larkspur, **{"region (customers)": "North"})


def names(cast: Cast, alarm: Alarm, who: str = "hanna") -> list[str]:
    return sorted(profile.customer.external_id for profile in silent_customers(cast.access(who), alarm))


def test_the_exposed_who_did_not_answer_and_had_not_left(cast: Cast, alarm: Alarm) -> None:
    assert names(cast, alarm) == ["long", "nobody", "silent", "skipped"], "a skipped question is no answer"
    assert names(cast, alarm, "nell") == []


def test_a_scope_sees_its_own_customers(cast: Cast, alarm: Alarm) -> None:
    south = an_alarm(cast.larkspur, region="South")
    assert names(cast, south) == ["south"]
    assert names(cast, south, "norah") == []
    assert names(cast, alarm, "norah") == ["long", "nobody", "silent", "skipped"]


def test_what_only_answers_tell_counts_by_those_of_the_year_before(cast: Cast, alarm: Alarm) -> None:
    for name, day in (("silent", "2026-03-01"), ("nobody", "2025-08-01"), ("answered", "2026-03-01")):
        said(cast, name, day, channel="partner", attributes={"shop": "Main Street"})
    by_channel = an_alarm(cast.larkspur, region="North", channel="partner")
    assert names(cast, by_channel) == ["silent"], "one was longer ago, one has answered"
    assert names(cast, an_alarm(cast.larkspur, shop="Main Street")) == ["silent"]


def test_whom_to_reach_and_why_not(cast: Cast, alarm: Alarm) -> None:
    make_contact(cast.larkspur, "P-1", customer="silent", name="Ann", phone="+351 210 000 000")
    make_contact(cast.larkspur, "P-2", customer="silent", name="Bo", email="bo@example.com")
    gone = make_contact(cast.larkspur, "P-3", customer="skipped", name="Cy", email="cy@example.com")
    StopReason.objects.create(workspace=cast.larkspur, contact=gone, reason="deceased", since=dt.date(2026, 1, 1))
    access = cast.access("hanna")
    found = {one.external_id: one for one in aboard(access, list(silent_customers(access, alarm)), at=AT)}
    silent, skipped, nobody = (found[name] for name in ("silent", "skipped", "nobody"))
    assert (silent.may, silent.person, silent.channel, silent.address) == (True, "Bo", "mail", "bo@example.com")
    assert (skipped.may, skipped.why, skipped.address) == (False, "The person has died.", "")
    assert (nobody.may, nobody.why) == (False, "Nobody is known there.")
    table = list(rows(access, alarm, at=AT))
    assert table[0] == list(HEAD) and len(table) == 5
    assert ["silent", "Silent", "", "Bo", "yes", "mail", "bo@example.com", ""] in table


def test_queries_do_not_grow_with_customers(cast: Cast, alarm: Alarm) -> None:
    access = cast.access("hanna")
    for i in range(4):
        make_contact(
            cast.larkspur, f"P-{i}", customer=("silent", "nobody", "skipped", "long")[i], email=f"p{i}@example.com"
        )
    profiles = list(silent_customers(access, alarm))
    with CaptureQueriesContext(connection) as one:
        aboard(access, profiles[:1], at=AT)
    with CaptureQueriesContext(connection) as four:
        aboard(access, profiles, at=AT)
    assert len(four) == len(one)
