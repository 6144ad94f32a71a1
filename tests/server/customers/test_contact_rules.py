"""Whom we may contact: one reason at a time, then what stands above what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from winback.server.customers.contact_rules import LEFT_OPEN, Decision, Known, PastTouch, ScreenedList, decide
from winback.server.customers.models import STOP_REASONS

NOW = dt.datetime(2026, 11, 19, 14, 5, tzinfo=dt.UTC)
ALL = frozenset({"mail", "phone", "message", "letter"})


def ask(known: Known, touch: str = "survey", purpose: str = "research", channel: str = "mail", **more: Any) -> Decision:
    return decide(known, touch=touch, purpose=purpose, channel=channel, at=NOW, **more)


def ago(days: float, touch: str = "survey", survey: str = "relationship", purpose: str = "research") -> PastTouch:
    return PastTouch(NOW - dt.timedelta(days=days), touch, purpose, survey)


def known(**facts: Any) -> Known:
    return Known(**{"addresses": ALL, **facts})


def test_a_person_of_whom_nothing_speaks_against_it_may_be_asked() -> None:
    assert ask(known())


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"addresses": frozenset({"phone"})}, "no address"),
        ({"stop_reasons": ("deceased",)}, "deceased"),
        ({"stop_reasons": ("in collections",)}, "stop reason"),
        ({"opt_outs": (("research", "mail"),)}, "opt-out"),
        ({"opt_outs": (("", "mail"),)}, "opt-out"),
        ({"opt_outs": (("research", ""),)}, "opt-out"),
        ({"bases": {"research": "none"}}, "no basis"),
        ({"lists": (ScreenedList("robinson", "mail", NOW.date(), True),)}, "suppressed"),
        ({"lists": (ScreenedList("robinson", "", dt.date(2026, 11, 18), False),)}, "list out of date"),
        ({"open_complaint": True}, "open complaint"),
        ({"past": (ago(10),)}, "rest period"),
        ({"past": tuple(ago(n, "call") for n in range(4))}, "cap"),
    ],
)
def test_each_reason(facts: dict[str, Any], reason: str) -> None:
    decision = ask(known(**facts), survey="relationship")
    assert (decision.allowed, decision.reason) == (False, reason)
    assert decision.detail.endswith(".")


@pytest.mark.parametrize(
    "facts",
    [
        {"opt_outs": (("marketing", ""), ("research", "phone"))},
        {"lists": (ScreenedList("robinson", "phone", dt.date(2020, 1, 1), True),)},
        {"past": (ago(10, "call"), ago(11, "thanks"), ago(12, "case mail"))},
        {"past": tuple(ago(31, "call") for _ in range(9))},
    ],
)
def test_what_is_about_something_else_does_not_count(facts: dict[str, Any]) -> None:
    assert ask(known(**facts))


def test_every_sort_of_survey_has_a_clock_and_all_surveys_have_one() -> None:
    assert ask(known(past=(ago(89),)), survey="relationship").reason == "rest period"
    assert ask(known(past=(ago(90),)), survey="relationship")
    assert ask(known(past=(ago(31),)), survey="transactional"), "another sort: the clock over all surveys has run out"
    assert ask(known(past=(ago(29),)), survey="transactional").reason == "rest period"
    assert ask(known(past=(ago(29, survey="transactional"),)), survey="relationship").reason == "rest period"


def test_a_reminder_has_no_clock_of_its_own() -> None:
    assert ask(known(past=(ago(5),)), touch="reminder", survey="relationship")


def test_an_offer_needs_a_basis_on_record() -> None:
    assert ask(known(), touch="offer", purpose="marketing").reason == "no basis"
    assert ask(known(bases={"marketing": "consent"}), touch="offer", purpose="marketing")


def test_what_we_owe_is_not_held_back_by_what_is_only_about_manners() -> None:
    facts = known(
        past=tuple(ago(n) for n in range(9)), open_complaint=True, opt_outs=(("", ""),), stop_reasons=("legal dispute",)
    )
    assert ask(facts, "call", "complaint", "phone", owed=True)
    assert not ask(facts, "call", "complaint", "phone")


def test_a_no_to_the_channel_holds_even_for_what_we_owe() -> None:
    assert ask(known(opt_outs=(("", "phone"),)), "call", "complaint", "phone", owed=True).reason == "opt-out"
    assert ask(known(opt_outs=(("", "phone"),)), "case mail", "complaint", "mail", owed=True)


def test_nobody_writes_to_the_dead() -> None:
    assert ask(known(stop_reasons=("deceased",)), "call", "complaint", "phone", owed=True).reason == "deceased"


def test_every_stop_reason_says_what_it_leaves_open() -> None:
    assert set(LEFT_OPEN) == set(STOP_REASONS)
