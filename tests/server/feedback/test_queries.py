"""Reads of feedback: filters, bands of every scale, pages by key, and what leaves as a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.server.factories import Cast, make_customer, make_feedback
from winback.scales import Bands
from winback.server.customers.queries import profiles_for
from winback.server.feedback.actions import record
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import (
    Choice,
    attribute_names,
    band_name,
    bands_of,
    chosen,
    exported,
    exported_names,
    feedback_for,
    names_of,
    newest_first,
)
from winback.server.feedback.rules import NewFeedback
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import Source
from winback.server.workspaces.rules import Scope


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


@pytest.mark.parametrize(
    "name", ["Größe", "2024", "-1", "9" * 20, 'say "so"', "back\\slash", "a.b", "$[0]", "%s", "it's"]
)
def test_an_attribute_may_have_any_name(said: Cast, name: str) -> None:
    """Of an answer and of a customer, in a filter and in a scope; the answer's own stands before the customer's."""
    make_customer(said.larkspur, "C2", attributes={name: "theirs"})
    make_feedback(said.larkspur, "own", customer="C2", attributes={name: "ours"})
    make_feedback(said.larkspur, "their", customer="C2")
    access = said.access("hanna")
    for value, expected in {"ours": ["own"], "theirs": ["their"], "": ["low", "mid", "none", "top"]}.items():
        assert ids(chosen(access, Choice(attributes={name: value}))) == expected
    for value, expected in {"ours": ["own"], "theirs": ["their"]}.items():
        assert ids(feedback_for(replace(access, scope=Scope({name: (value,)})))) == expected
    theirs = profiles_for(replace(access, scope=Scope({name: ("theirs",)})))
    assert [profile.customer.external_id for profile in theirs] == ["C2"]


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

    for scope in (Scope(own=True), Scope(teams=("Retention",))):
        assert feedback_for(replace(said.access("amara"), scope=scope)).count() == 0


def test_what_leaves_as_a_file(said: Cast) -> None:
    make_feedback(
        said.larkspur, "money", 5, occurred_at=at(5), money=Decimal("1.5"), weight=0.25, attributes={"shop": "Lisbon"}
    )
    rows = list(exported(said.access("hanna"), Choice()))
    assert [row["external_id"] for row in rows] == ["low", "mid", "top", "none", "money"]
    assert (rows[0]["band"], rows[0]["customer"], rows[0]["score"], rows[3]["score"], rows[3]["band"]) == (
        "detractor",
        "C1",
        "3",
        "",
        "",
    )
    assert (rows[4]["money"], rows[4]["weight"], rows[4]["shop"]) == ("1.5000", "0.25", "Lisbon")
    assert rows[0]["weight"] == ""


def test_a_file_has_a_column_for_every_attribute_of_any_row_in_it(said: Cast) -> None:
    make_feedback(said.larkspur, "old", 5, occurred_at=at(1) - dt.timedelta(days=900), attributes={"tariff": "gold"})
    make_customer(said.larkspur, "C8", attributes={"size": "large"})
    source = ensure_source(workspace=said.larkspur, name="tool", kind="api")
    newer = [NewFeedback(external_id=str(n), attributes={"region": "North"}) for n in range(201)]
    record(workspace=said.larkspur, source=source, rows=newer)
    access = said.access("hanna")
    assert exported_names(access, Choice())[-3:] == ["weight", "region", "tariff"]
    assert exported_names(access, Choice(since=dt.date(2026, 1, 1)))[-2:] == ["weight", "region"]
    assert exported_names(access, Choice(), [Feedback(attributes={"score": 1, "z": 1})])[-2:] == ["weight", "z"]


def test_a_score_leaves_as_it_came(cast: Cast) -> None:
    make_feedback(cast.larkspur, "a", 7.1234567)
    assert [row["score"] for row in exported(cast.access("hanna"), Choice())] == ["7.1234567"]


def test_attributes_to_choose_from(said: Cast) -> None:
    access = said.access("hanna")
    assert attribute_names(access) == ["plan", "region"]
    make_customer(said.larkspur, "C9", attributes={"region": "South", "told in the South": "yes"})
    assert attribute_names(said.access("norah")) == ["plan", "region"]


def test_what_to_call_customers(said: Cast) -> None:
    make_feedback(said.larkspur, "x", customer="C2")
    rows = {row.customer_id: row for row in feedback_for(said.access("hanna")) if row.customer_id}
    assert sorted(names_of(said.access("hanna"), list(rows)).values()) == ["Alder", "C2"]
