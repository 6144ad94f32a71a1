"""A jump between two windows of answers: localised, or said to be in none of the attributes."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.analysis.fires import END, answers
from winback.analysis.localise import localise
from winback.errors import UserError

BY = ["region", "plan"]
AFTER = (END - dt.timedelta(days=20), END)
BEFORE = (END - dt.timedelta(days=400), END - dt.timedelta(days=21))


def test_a_planted_fire_is_localised() -> None:
    found = localise(answers(1), by=BY, before=BEFORE, after=AFTER)
    (finding,) = found.findings()
    assert finding["attributes"] == {"region": "North", "plan": "Business"}
    assert finding["bad"] > finding["expected"]
    assert finding["odds_ratio"] == pytest.approx(4.0, rel=0.5)
    assert 0.5 < finding["share_explained"] < 2
    assert finding["p"] <= 0.05
    assert found.spelled({"region": "Gebiet"}).findings()[0]["attributes"] == {"Gebiet": "North", "plan": "Business"}
    assert "rose from" in found.summary() and "region North and plan Business" in found.summary()


def test_the_way_back_is_localised_too() -> None:
    (finding,) = localise(answers(1), by=BY, before=AFTER, after=BEFORE).findings()
    assert finding["attributes"] == {"region": "North", "plan": "Business"}
    assert finding["bad"] < finding["expected"]
    assert finding["odds_ratio"] < 1


def test_calm_is_said_to_be_in_no_attribute() -> None:
    found = localise(answers(2, burning=0), by=BY, before=BEFORE, after=AFTER)
    assert found.findings() == []
    assert found.cases[0]["external"]
    assert "nothing in these attributes explains it" in found.summary()


def test_a_column_takes_the_place_of_detractors() -> None:
    found = localise(answers(3, odds=8.0), by=BY, before=BEFORE, after=AFTER, bad="late")
    assert found.findings()[0]["attributes"] == {"region": "North", "plan": "Business"}


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(UserError, match="name at least one"):
        localise(answers(1), by=[], before=BEFORE, after=AFTER)
    with pytest.raises(UserError, match="window before .* has 0 answers"):
        localise(answers(1), by=BY, before=(dt.date(2001, 1, 1), dt.date(2001, 2, 1)), after=AFTER)
