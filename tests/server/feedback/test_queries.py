"""Reads of feedback: filters, bands of every scale, pages by key, and what leaves as a file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.server.factories import Cast, make_customer, make_feedback
from winback.scales import Bands
from winback.server.feedback.actions import record
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import (
    Choice,
    attribute_names,
    band_name,
    bands_of,
    chosen,
    exported,
    feedback_for,
    names_of,
    newest_first,
)
from winback.server.feedback.rules import NewFeedback
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import Source


def at(day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


def ids(rows: object) -> list[str]:
    return sorted(row.external_id for row in rows)  # type: ignore[attr-defined]


@pytest.fixture
def said(cast: Cast) -> Cast:
    make_customer(cast.larkspur, "C1", name="Alder", attributes={"region": "North", "plan": "Home"})
    make_feedback(cast.larkspur, "low", 3, occurred_at=at(1), customer="C1", comment="No bill", touchpoint="bill")
    make_feedback(cast.larkspur, "mid", 7, occurred_at=at(2), attributes={"region": "South"})
    make_feedback(cast.larkspur, "top", 10, occurred_at=at(3), customer="C1", attributes={"region": "South"})
    make_feedback(cast.larkspur, "none", None, occurred_at=at(4), comment="Bill again")
    return cast


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), ["low", "mid", "none", "top"]),
        (Choice(band="detractor"), ["low"]),
        (Choice(band="passive"), ["mid"]),
        (Choice(band="promoter"), ["top"]),
        (Choice(text="bill"), ["low", "none"]),
        (Choice(text="mid"), ["mid"]),
        (Choice(since=dt.date(2026, 11, 2), until=dt.date(2026, 11, 3)), ["mid", "top"]),
        (Choice(commented=True), ["low", "none"]),
        (Choice(fields={"touchpoint": "bill"}), ["low"]),
        (Choice(attributes={"plan": "Home"}), ["low", "top"]),  # the customer's
        (Choice(attributes={"region": "North"}), ["low"]),  # the answer's own stands before the customer's
        (Choice(attributes={"region": "South"}), ["mid", "top"]),
        (Choice(attributes={"no such": "thing"}), []),
        (Choice(attributes={"region": ""}), ["none"]),  # neither the answer nor its customer has one
        (Choice(attributes={"plan": ""}), ["mid", "none"]),
        (Choice(fields={"touchpoint": ""}), ["mid", "none", "top"]),
    ],
)
def test_filters(said: Cast, choice: Choice, expected: list[str]) -> None:
    assert ids(chosen(said.access("hanna"), choice)) == expected


def test_every_source_reads_its_own_scale(cast: Cast) -> None:
    stars = ensure_source(workspace=cast.larkspur, name="stars", kind="api")
    Source.objects.filter(pk=stars.pk).update(scale="5-1", detractors="3-5", promoters="1")
    stars.refresh_from_db()
    record(workspace=cast.larkspur, source=stars, rows=[NewFeedback(str(n), score=n) for n in range(1, 6)])
    make_feedback(cast.larkspur, "nine", 9)
    access = cast.access("hanna")
    assert ids(chosen(access, Choice(band="promoter"))) == ["1", "nine"]
    assert ids(chosen(access, Choice(band="passive"))) == ["2"]
    assert ids(chosen(access, Choice(band="detractor"))) == ["3", "4", "5"]
    assert band_name(2, bands_of(stars)) == "passive"
    assert band_name(None, Bands()) == ""


def test_pages_by_key_with_equal_times_and_rows_without_one(cast: Cast) -> None:
    for n in range(4):
        make_feedback(cast.larkspur, f"same {n}", occurred_at=at(1))
    make_feedback(cast.larkspur, "late", occurred_at=at(2))
    undated = make_feedback(cast.larkspur, "undated")
    Feedback.objects.filter(pk=undated.pk).update(occurred_at=None, local_date=None)
    seen, place = [], None
    for _ in range(3):
        rows, place = newest_first(feedback_for(cast.access("hanna")), before=place, size=2)
        seen += [row.external_id for row in rows]
    assert seen == ["late", "same 3", "same 2", "same 1", "same 0", "undated"]
    assert place is None
    rows, _ = newest_first(feedback_for(cast.access("hanna")), before=(None, undated.pk + 1), size=2)
    assert [row.external_id for row in rows] == ["undated"]


def test_teams_and_ones_own_cases_show_no_feedback_here(said: Cast) -> None:
    from dataclasses import replace

    from winback.server.workspaces.rules import Scope

    for scope in (Scope(own=True), Scope(teams=("Retention",))):
        assert feedback_for(replace(said.access("amara"), scope=scope)).count() == 0


def test_what_leaves_as_a_file(said: Cast) -> None:
    make_feedback(said.larkspur, "money", 5, occurred_at=at(5), money=Decimal("1.5"), attributes={"shop": "Lisbon"})
    rows = list(exported(said.access("hanna"), Choice()))
    assert [row["external_id"] for row in rows] == ["low", "mid", "top", "none", "money"]
    assert (rows[0]["band"], rows[0]["customer"], rows[0]["score"], rows[3]["score"], rows[3]["band"]) == (
        "detractor",
        "C1",
        "3",
        "",
        "",
    )
    assert (rows[4]["money"], rows[4]["shop"]) == ("1.5000", "Lisbon")


def test_attributes_to_choose_from(said: Cast) -> None:
    access = said.access("hanna")
    assert attribute_names(access) == ["plan", "region"]
    make_customer(said.larkspur, "C9", attributes={"region": "South", "told in the South": "yes"})
    assert attribute_names(said.access("norah")) == ["plan", "region"]


def test_what_to_call_customers(said: Cast) -> None:
    make_feedback(said.larkspur, "x", customer="C2")
    rows = {row.customer_id: row for row in feedback_for(said.access("hanna")) if row.customer_id}
    assert sorted(names_of(said.access("hanna"), list(rows)).values()) == ["Alder", "C2"]
