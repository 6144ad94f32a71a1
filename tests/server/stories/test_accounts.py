"""Accounts: coverage with its counts, silence before renewal, split opinions, families."""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from winback.server.customers.models import Customer, CustomerProfile, Departure
from winback.server.exports.actions import place_of, refresh
from winback.server.sources.actions import ensure_source, live_run
from winback.server.stories.accounts import Coverage, accounts, coverage, family, renewing_in_silence, split_opinions
from winback.server.stories.heard import Heard, heard

TODAY = dt.date(2026, 11, 19)


def known(cast: Cast, name: str = "hanna") -> Heard:
    """Who was heard, after the warehouse was made anew."""
    shutil.rmtree(place_of(cast.larkspur), ignore_errors=True)
    refresh(workspace=cast.larkspur)
    return heard(cast.access(name), today=TODAY)


def names(profiles: object) -> list[str]:
    return [profile.customer.external_id for profile in profiles]  # type: ignore[attr-defined]


def test_coverage_of_customers_revenue_and_those_who_decide(cast: Cast) -> None:
    for external_id, revenue in (("C1", 300), ("C2", 100), ("C3", None)):
        make_customer(cast.larkspur, external_id, revenue=None if revenue is None else Decimal(revenue))
    make_contact(cast.larkspur, "P1", customer="C1", role="decision maker")
    make_contact(cast.larkspur, "P2", customer="C1", role="decision maker")
    make_contact(cast.larkspur, "P3", customer="C2", role="user")
    make_feedback(cast.larkspur, "a", 9, customer="C1", respondent="P1")
    make_feedback(
        cast.larkspur, "old", 9, customer="C2", respondent="P3", occurred_at=dt.datetime(2025, 11, 18, tzinfo=dt.UTC)
    )
    make_feedback(cast.larkspur, "skipped", None, customer="C3")
    told = coverage(known(cast))
    assert told == Coverage(3, 1, Decimal(400), Decimal(300), 2, 1)
    assert (told.of_accounts, told.of_revenue, told.of_deciders) == (1 / 3, 0.75, 0.5)


def test_nothing_known_is_no_share() -> None:
    empty = Coverage(0, 0, Decimal(0), Decimal(0), 0, 0)
    assert (empty.of_accounts, empty.of_revenue, empty.of_deciders) == (None, None, None)


def test_silence_before_renewal(cast: Cast) -> None:
    for external_id, days in (
        ("soon", 10),
        ("last day", 120),
        ("later", 121),
        ("past", -1),
        ("heard", 10),
        ("left", 10),
    ):
        make_customer(cast.larkspur, external_id, renewal_date=TODAY + dt.timedelta(days=days))
    make_feedback(cast.larkspur, "a", 9, customer="heard")
    run = live_run(source=ensure_source(workspace=cast.larkspur, name="crm", kind="api"))
    Departure.objects.create(
        workspace=cast.larkspur,
        run=run,
        customer=Customer.objects.get(external_id="left"),
        kind="cancelled",
        end_date=TODAY,
    )
    assert names(renewing_in_silence(cast.access("hanna"), known(cast), today=TODAY)) == ["soon", "last day"]


def test_opinions_are_split_by_the_last_answer_of_each(cast: Cast) -> None:
    def answered(customer: str, respondent: str, score: float, day: int) -> None:
        make_feedback(
            cast.larkspur,
            f"{customer}{respondent}{day}",
            score,
            customer=customer,
            respondent=respondent,
            occurred_at=dt.datetime(2026, 11, day, tzinfo=dt.UTC),
        )

    answered("split", "P1", 2, 1)
    answered("split", "P2", 9, 1)
    answered("made up", "P3", 2, 1)
    answered("made up", "P3", 9, 2)
    answered("made up", "P4", 10, 1)
    answered("alone", "P5", 2, 1)
    found = split_opinions(cast.access("hanna"), known(cast))
    assert [(item["profile"].customer.external_id, item["given"]) for item in found] == [
        ("split", ((2, "detractor"), (9, "promoter")))
    ]


def test_an_account_is_more_than_a_name(cast: Cast) -> None:
    make_customer(cast.larkspur, "plain", name="Plain")
    make_customer(cast.larkspur, "owned", owner_name="Amara")
    make_customer(cast.larkspur, "child", parent="mother")
    make_contact(cast.larkspur, "P1", customer="with people")
    assert sorted(names(accounts(cast.access("hanna")))) == ["child", "mother", "owned", "with people"]


def test_a_family(cast: Cast) -> None:
    make_customer(cast.larkspur, "b", name="B", parent="mother")
    make_customer(cast.larkspur, "a", name="A", parent="mother")
    access = cast.access("hanna")
    visible = CustomerProfile.objects.visible(cast.larkspur)
    mother, child = visible.get(customer__external_id="mother"), visible.get(customer__external_id="a")
    assert names(family(access, mother)["children"]) == ["a", "b"]
    assert family(access, child)["parent"].pk == mother.pk
