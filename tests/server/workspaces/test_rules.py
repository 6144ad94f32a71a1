from __future__ import annotations

import pytest

from winback.server.workspaces.models import Workspace
from winback.server.workspaces.rules import Scope, at_least, may_grant, phone_regions, scope_from, worded, zones

NORTH = Scope({"region": ("North",)})
COASTS = Scope({"region": ("North", "South")})


def test_roles_stand_in_a_row() -> None:
    assert at_least("admin", "manager")
    assert at_least("manager", "manager")
    assert not at_least("viewer", "member")


def test_time_zones_stand_in_the_order_of_their_names() -> None:
    assert {"Europe/Lisbon", "UTC", "Pacific/Auckland"} <= set(zones()) and list(zones()) == sorted(zones())


def test_telephone_numbers_are_of_the_zones_country_until_others_are_set() -> None:
    assert phone_regions(Workspace(zone="Europe/Lisbon")) == ("PT",)
    assert phone_regions(Workspace(zone="Europe/Lisbon", phone_regions="GB DE")) == ("GB", "DE")
    assert phone_regions(Workspace(zone="UTC")) == ()


def test_a_scope_is_stored_and_read_again() -> None:
    scope = Scope({"region": ("North", "South")}, ("Retention",), own=True)
    assert Scope.of(scope.stored()) == scope
    assert Scope().stored() == {}
    assert str(scope) == "region: North, South; teams: Retention; own calls and cases"


@pytest.mark.parametrize(
    ("narrow", "wide", "within"),
    [
        (NORTH, Scope(), True),
        (Scope(), NORTH, False),
        (NORTH, COASTS, True),
        (COASTS, NORTH, False),
        (Scope({"region": ("North",), "plan": ("Fibre",)}), NORTH, True),
        (Scope({"plan": ("Fibre",)}), NORTH, False),
        (Scope(teams=("A",)), Scope(teams=("A", "B")), True),
        (Scope(), Scope(teams=("A",)), False),
        (Scope(own=True), Scope(own=True), True),
        (NORTH, Scope(own=True), False),
    ],
)
def test_within(narrow: Scope, wide: Scope, within: bool) -> None:
    assert narrow.within(wide) == within


def test_nobody_gives_more_than_they_have() -> None:
    assert may_grant("admin", Scope(), "admin", Scope()) == ""
    assert "manager here" in may_grant("manager", Scope(), "admin", Scope())
    assert "You see region: North here" in may_grant("admin", NORTH, "viewer", Scope())
    assert "not a role" in may_grant("admin", Scope(), "owner", Scope())


def test_a_scope_from_a_form() -> None:
    scope = scope_from(
        [("region", "North, South"), ("plan", ""), ("", "lost"), ("region", 'South\n"Lisbon, centre"')],
        teams="A, B, A",
        own=True,
    )
    assert scope == Scope({"region": ("North", "South", "Lisbon, centre")}, ("A", "B"), own=True)


@pytest.mark.parametrize("values", [["North", "South"], ["Lisbon, centre", 'the "old" town'], ["a"], []])
def test_words_come_back_as_they_were(values: list[str]) -> None:
    assert list(scope_from([("region", worded(values))]).segments.get("region", ())) == values
