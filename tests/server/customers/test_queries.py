"""Reads of customers: within the scope, by name, by key, with their money."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.http import Http404

from tests.server.factories import Cast, make_customer
from winback.server.customers.models import CustomerPeriod
from winback.server.customers.queries import customer_for, customers_for, found, money_of, page_by_name, profiles_for
from winback.server.sources.actions import ensure_source, live_run
from winback.server.workspaces.rules import Scope


def names(profiles: object) -> list[str]:
    return [profile.name for profile in profiles]  # type: ignore[attr-defined]


def test_within_the_scope(cast: Cast) -> None:
    for external_id, name, region in (("C1", "Alder", "North"), ("C2", "Birch", "South"), ("C3", "Cedar", None)):
        make_customer(cast.larkspur, external_id, name=name, attributes={"region": region} if region else {})
    everyone, north = cast.access("hanna"), cast.access("norah")
    assert sorted(names(profiles_for(everyone))) == ["Alder", "Birch", "Cedar"]
    assert names(profiles_for(north)) == ["Alder"]
    assert customers_for(north).count() == 1
    south = customers_for(everyone).get(external_id="C2")
    with pytest.raises(Http404):
        customer_for(north, south.pk)


def test_every_attribute_of_a_scope_has_to_fit_and_ones_own_shows_none(cast: Cast) -> None:
    from winback.server.customers.queries import within_scope

    make_customer(cast.larkspur, "C1", name="Alder", attributes={"region": "North", "size of firm": "it's big"})
    rows = profiles_for(cast.access("hanna"))
    assert names(within_scope(rows, Scope({"region": ("North",), "size of firm": ("it's big",)}))) == ["Alder"]
    assert names(within_scope(rows, Scope({"region": ("North",), "size of firm": ("small",)}))) == []
    assert names(within_scope(rows, Scope(own=True))) == []
    assert names(within_scope(rows, Scope(teams=("Retention",)))) == []


def test_found_by_name_or_id(cast: Cast) -> None:
    make_customer(cast.larkspur, "C-17", name="Alder & Sons")
    make_customer(cast.larkspur, "C-18", name="Birch")
    rows = profiles_for(cast.access("hanna"))
    assert names(found(rows, cast.larkspur, "alder")) == ["Alder & Sons"]
    assert names(found(rows, cast.larkspur, "-18")) == ["Birch"]
    assert sorted(names(found(rows, cast.larkspur, " "))) == ["Alder & Sons", "Birch"]
    assert names(found(rows, cast.larkspur, "%")) == []


def test_many_who_are_alike_and_names_of_other_workspaces(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(4):
        make_customer(cast.larkspur, f"C-{n}", name=f"Alder {n}", attributes={"region": "North" if n else "South"})
    make_customer(cast.merritt, "C-9", name="Alder 9")
    rows, norths = profiles_for(cast.access("hanna")), profiles_for(cast.access("norah"))
    for rare in (2000, 3):
        monkeypatch.setattr("winback.server.customers.queries.RARE", rare)
        assert sorted(names(found(rows, cast.larkspur, "ALDER"))) == [f"Alder {n}" for n in range(4)]
        assert sorted(names(found(norths, cast.larkspur, "c-"))) == [f"Alder {n}" for n in range(1, 4)]
        assert names(found(rows, cast.larkspur, "9")) == []


def test_pages_go_on_where_the_last_ended_even_among_equal_names(cast: Cast) -> None:
    for n in range(5):
        make_customer(cast.larkspur, f"C{n}", name="Same")
    rows = profiles_for(cast.access("hanna"))
    seen, place = [], None
    for _ in range(3):
        page, place = page_by_name(rows, after=place, size=2)
        seen += [profile.customer.external_id for profile in page]
    assert (sorted(seen), place) == (["C0", "C1", "C2", "C3", "C4"], None)


def test_money_of_twelve_months(cast: Cast) -> None:
    customer = make_customer(cast.larkspur, "C1")
    run = live_run(source=ensure_source(workspace=cast.larkspur, name="billing", kind="api"))
    for month, revenue in ((dt.date(2025, 11, 1), 100), (dt.date(2025, 12, 1), "1.10"), (dt.date(2026, 11, 1), "2.20")):
        CustomerPeriod.objects.create(
            workspace=cast.larkspur, run=run, customer=customer, month=month, revenue=Decimal(revenue)
        )
    told = money_of(cast.larkspur, [customer.pk], until=dt.date(2026, 11, 19))
    assert told == {customer.pk: {"revenue": Decimal("3.30"), "margin": None}}
