"""The gate over the database: what is on record decides, and every question is in the log."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.server.factories import Cast, make_contact
from winback.server.customers.contacting import ask_to_contact, may_contact, may_contact_many
from winback.server.customers.models import ContactLog, Invitation, OpenComplaint, OptOut, StopReason
from winback.server.customers.queries import blocked_by_reason
from winback.server.sources.actions import ensure_source, live_run
from winback.server.sources.models import SyncRun

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


def test_two_who_ask_at_once_with_clocks_a_little_apart_are_not_both_the_last(cast: Cast) -> None:
    contact = make_contact(cast.larkspur, "P1", email="ann@example.com")
    asked = [
        ask_to_contact(contact=contact, touch="survey", purpose="research", channel="mail", at=at)
        for at in (NOW + dt.timedelta(seconds=2), NOW)
    ]
    assert [decision.allowed for decision in asked] == [True, False]


def test_a_clock_that_was_set_back_forgets_no_refusal_and_no_touch(cast: Cast) -> None:
    before = NOW - dt.timedelta(hours=5)
    ann, bob = (make_contact(cast.larkspur, name, email=f"{name}@example.com") for name in ("ann", "bob"))
    OptOut.objects.create(contact=ann, since=NOW)
    assert may_contact(ann, "service", "mail", before).reason == "opt-out"
    for _ in range(4):
        assert ask_to_contact(contact=bob, touch="survey", purpose="service", channel="mail", at=NOW, owed=True)
    assert may_contact(bob, "service", "mail", before).reason == "cap"
    assert may_contact(bob, "research", "mail", before, touch="survey").reason == "rest period"


def test_a_stop_reason_holds_on_the_days_of_the_workspace(cast: Cast) -> None:
    """At noon in London it is the next day in Auckland, where somebody noted the reason as of today."""
    contact = make_contact(cast.larkspur, "P1", customer="C1", email="ann@example.com")
    contact.workspace.zone = "Pacific/Auckland"
    customer = contact.profiles.get().customer
    StopReason.objects.create(
        workspace=cast.larkspur,
        customer=customer,
        reason="fraud",
        since=dt.date(2026, 9, 29),
        until=dt.date(2026, 9, 29),
    )
    midnight = dt.datetime(2026, 9, 28, 11, tzinfo=dt.UTC)
    hour = dt.timedelta(hours=1)
    asked = {
        hours: may_contact(contact, "service", "mail", midnight + hours * hour).reason for hours in (-1, 0, 23, 24)
    }
    assert asked == {-1: "", 0: "stop reason", 23: "stop reason", 24: ""}


def test_many_are_asked_about_at_once_by_channel(cast: Cast) -> None:
    ann, bob = (
        make_contact(cast.larkspur, "P1", email="a@example.com"),
        make_contact(cast.larkspur, "P2", phone="+351 2"),
    )
    OptOut.objects.create(contact=bob, purpose="research", since=NOW)
    found = may_contact_many(
        [ann, bob], workspace=cast.larkspur, purpose="research", channels=["mail", "phone"], at=NOW
    )
    assert {key: decision.reason for key, decision in found.items()} == {
        (ann.pk, "mail"): "", (ann.pk, "phone"): "no address",
        (bob.pk, "mail"): "no address", (bob.pk, "phone"): "opt-out",
    }  # fmt: skip
    with pytest.raises(ValueError, match="channel 'pigeon'"):
        may_contact_many([ann], workspace=cast.larkspur, purpose="research", channels=["pigeon"], at=NOW)


def test_what_another_tool_sent_counts_as_what_we_sent(cast: Cast) -> None:
    """Imported invitations start the rest period and fill the cap, where they went out and came through."""
    contact = make_contact(cast.larkspur, "P1", email="ann@example.com")
    run = live_run(source=ensure_source(workspace=cast.larkspur, name="mailer", kind="api", table="invitations"))

    def asked(days: int, **more: Any) -> None:
        given = {"contact": "P1", "survey": "relationship", "sent_at": NOW - dt.timedelta(days=days), **more}
        Invitation.objects.create(
            workspace=cast.larkspur, run=run, external_id=f"I{Invitation.objects.count()}", **given
        )

    def survey(sort: str = "relationship") -> str:
        return may_contact(contact, "research", "mail", NOW, touch="survey", survey=sort).reason

    asked(10, bounced=True)
    asked(10, delivered=False)
    asked(10, reason_not_sent="rest period")
    asked(10, contact="P2")
    asked(91)
    asked(-1)
    assert survey() == ""
    asked(89, delivered=True, bounced=False)
    assert (survey(), survey("transactional")) == ("rest period", "")
    for days in (29, 20, 10):
        asked(days, survey="transactional")
    assert survey("transactional") == "rest period"
    assert may_contact(contact, "service", "mail", NOW)
    asked(2, survey="")
    assert may_contact(contact, "service", "mail", NOW).reason == "cap"
    assert may_contact(contact, "complaint", "mail", NOW, owed=True)


def test_an_import_that_was_undone_starts_no_rest(cast: Cast) -> None:
    contact = make_contact(cast.larkspur, "P1", email="ann@example.com")
    source = ensure_source(workspace=cast.larkspur, name="a.csv", kind="file", table="invitations")
    run = SyncRun.objects.create(
        workspace=cast.larkspur, source=source, table="invitations", state="published", published_at=NOW
    )
    Invitation.objects.create(workspace=cast.larkspur, run=run, external_id="I1", contact="P1", sent_at=NOW)
    assert may_contact(contact, "research", "mail", NOW, touch="survey").reason == "rest period"
    SyncRun.objects.filter(pk=run.pk).update(state="undone", undone_at=NOW)
    assert may_contact(contact, "research", "mail", NOW, touch="survey")


def test_a_rest_of_two_years_holds_for_two_years(cast: Cast) -> None:
    contact = make_contact(cast.larkspur, "P1", email="ann@example.com")
    contact.workspace.rest_days_relationship = 730
    with_survey = {"touch": "survey", "purpose": "research", "channel": "mail", "survey": "relationship"}
    assert ask_to_contact(contact=contact, at=NOW - dt.timedelta(days=729), **with_survey)  # type: ignore[arg-type]
    assert may_contact(contact, "research", "mail", NOW, touch="survey", survey="relationship").reason == "rest period"
