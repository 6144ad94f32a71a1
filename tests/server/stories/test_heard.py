"""Who was heard: read from the warehouse, within the scope, kept for a state."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from decimal import Decimal

from tests.server.factories import Cast, make_customer, make_feedback
from winback.server.exports.actions import place_of, refresh
from winback.server.stories.heard import Heard, heard
from winback.server.workspaces.rules import Scope

TODAY = dt.date(2026, 11, 19)


def fill(cast: Cast) -> None:
    shutil.rmtree(place_of(cast.larkspur), ignore_errors=True)
    make_customer(cast.larkspur, "C1", revenue=Decimal("10.50"), attributes={"region": "North"})
    make_customer(cast.larkspur, "C2", revenue=Decimal(5), attributes={"region": "South"})
    make_feedback(cast.larkspur, "a", 2, customer="C1", respondent="P1", survey="relationship")
    make_feedback(cast.larkspur, "b", 9, customer="C2", respondent="P2", survey="transactional")
    refresh(workspace=cast.larkspur)


def test_any_survey_counts_as_heard(cast: Cast) -> None:
    fill(cast)
    found = heard(cast.access("hanna"), today=TODAY)
    assert (found.customers, found.persons) == ({"C1", "C2"}, {"P1", "P2"})
    assert found.revenue == {"C1": Decimal("10.5"), "C2": Decimal(5)}
    assert found.as_of is not None


def test_within_the_scope(cast: Cast) -> None:
    fill(cast)
    found = heard(cast.access("norah"), today=TODAY)
    assert (found.everyone, found.customers) == ({"C1"}, {"C1"})


def test_a_state_is_looked_at_once_and_a_new_one_anew(cast: Cast) -> None:
    fill(cast)
    access = cast.access("hanna")
    first = heard(access, today=TODAY)
    assert heard(access, today=TODAY) is first
    make_feedback(cast.larkspur, "c", 5, customer="C3", survey="relationship")
    refresh(workspace=cast.larkspur)
    assert "C3" in heard(access, today=TODAY).customers


def test_before_anything_was_exported_nothing_is_known(cast: Cast) -> None:
    shutil.rmtree(place_of(cast.larkspur), ignore_errors=True)
    assert heard(cast.access("hanna"), today=TODAY) == Heard()


def test_scopes_that_read_alike_are_kept_apart(cast: Cast) -> None:
    fill(cast)
    access = cast.access("norah")
    one, both = (replace(access, scope=Scope({"region": values})) for values in (("North, South",), ("North", "South")))
    assert str(one.scope) == str(both.scope)
    assert (heard(both, today=TODAY).everyone, heard(one, today=TODAY).everyone) == ({"C1", "C2"}, frozenset())
