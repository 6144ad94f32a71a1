from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

import winback as wb
from tests.server.exports.worlds import answer, fresh, known, nps, opened, rows, scoped, told
from tests.server.factories import Cast
from winback.server.customers.models import CustomerPeriod, Departure
from winback.server.exports.opening import Opening
from winback.server.exports.queries import holding
from winback.server.exports.rules import pooled
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import feedback_for
from winback.server.sources.actions import mark_dirty
from winback.server.sources.models import Source, SyncRun
from winback.server.workspaces.access import Access
from winback.server.workspaces.rules import Scope

pytestmark = pytest.mark.django_db


def test_columns_are_typed_and_the_empty_ones_left_out(cast: Cast) -> None:
    told(
        cast.larkspur,
        [
            answer("a", 9, "2026-09-01T23:30:00", customer="C1", comment="fine", money=Decimal("12.3456"), channel="web",
                   attributes={"Plan": "Fibre", "n": "1"}),
            answer("b", None, "2026-09-02", customer="C2", attributes={"Plan": ""}),
        ],
    )  # fmt: skip
    held = opened(cast)
    frame = held.tables.feedback
    types = dict(zip(frame.columns, map(str, frame.types), strict=True))
    assert types == {
        "source": "VARCHAR", "external_id": "VARCHAR", "row_number": "BIGINT", "occurred_at": "TIMESTAMP WITH TIME ZONE",
        "local_date": "DATE", "customer": "VARCHAR", "score": "DOUBLE", "kind": "VARCHAR", "channel": "VARCHAR",
        "comment": "VARCHAR", "money": "DECIMAL(18,4)", "Plan": "VARCHAR", "n": "VARCHAR",
    }  # fmt: skip
    # the day is that of the workspace's zone, Lisbon
    assert rows(frame, "external_id", "local_date", "score", "money", "Plan") == [
        ("a", dt.date(2026, 9, 2), 9.0, Decimal("12.3456"), "Fibre"),
        ("b", dt.date(2026, 9, 2), None, None, None),
    ]
    assert held.attributes == ("Plan", "n", "channel")
    assert held.tables.customers is None and held.tables.zone == "Europe/Lisbon" and held.tables.currency == "EUR"
    assert wb.nps(held.tables, **held.columns).rows()[0]["answers"] == 1


def test_customers_attributes_stand_beside_their_answers(cast: Cast) -> None:
    told(cast.larkspur, [answer("a", 9, customer="C1", attributes={"region": "North"}), answer("b", 1, customer="C2")])
    known(cast.larkspur, "C1", Tier="gold", Region="South")
    known(cast.larkspur, "C9", Tier="lead")
    held = opened(cast)
    assert held.attributes == ("region", "Tier")
    assert rows(held.tables.feedback, "external_id", "Tier", "region") == [("a", "gold", "North"), ("b", None, None)]
    # a customer known from answers only has nothing to be said of it
    assert rows(held.tables.customers, "customer", "Tier", "Region") == [("C1", "gold", "South"), ("C9", "lead", None)]


def test_spellings_that_differ_in_case_are_one_attribute(cast: Cast) -> None:
    told(cast.larkspur, [answer("a", 9, "2026-08-01", attributes={"Region": "North"})])
    told(cast.larkspur, [answer("b", 9, "2026-09-01", attributes={"region": "South"})], source="other")
    held = opened(cast)
    assert held.attributes == ("Region",)
    assert rows(held.tables.feedback, "Region") == [("North",), ("South",)]


def test_names_that_no_engine_takes_for_names(cast: Cast) -> None:
    odd = 'a "b"; DROP\\ `x`, (1)=\n'
    told(cast.larkspur, [answer("a", 9, customer="C1")])
    Feedback.objects.update(attributes={odd: "it's", "score": "x", "source": "y"})
    held = opened(cast)
    assert set(held.attributes) == {odd, "score (column)", "source (column)"}
    table = held.tables.feedback.to_arrow_table().to_pylist()[0]
    assert (table[odd], table["score (column)"], table["score"]) == ("it's", "x", 9.0)
    quoted = Access(cast.larkspur, "member", Scope({odd: ("it's", "\\")}))
    found = holding(quoted)
    assert found is not None and nps(found) == 100.0


def test_a_scope_restricts_answers_customers_and_what_hangs_on_them(cast: Cast) -> None:
    told(
        cast.larkspur,
        [
            answer("1", 10, customer="C1"), answer("2", 0, customer="C2"), answer("3", 10, attributes={"region": "North"}),
            answer("4", 0, customer="C1", attributes={"region": "South"}), answer("5", 0),
        ],
    )  # fmt: skip
    north, south = known(cast.larkspur, "C1", region="North"), known(cast.larkspur, "C2", region="South")
    for profile in (north, south):
        shared = {"workspace": cast.larkspur, "run": profile.run, "customer": profile.customer}
        CustomerPeriod.objects.create(**shared, month=dt.date(2026, 9, 1), revenue="10")
        Departure.objects.create(**shared, kind="cancelled", end_date=dt.date(2026, 11, 1))
    fresh(cast.larkspur)
    held = holding(cast.access("norah"))
    assert held is not None
    # the answer's own region counts before its customer's, as in lists of feedback
    assert rows(held.tables.feedback, "external_id") == [("1",), ("3",)]
    for frame in (held.tables.customers, held.tables.customer_periods, held.tables.departures):
        assert rows(frame, "customer") == [("C1",)]
    everything = holding(cast.access("hanna"))
    assert everything is not None and len(rows(everything.tables.feedback, "external_id")) == 5
    assert scoped(cast, colour=("blue",)) is None
    both = scoped(cast, region=("South", "North"))
    assert both is not None and len(rows(both.tables.feedback, "external_id")) == 4


def test_ties_end_as_in_a_file(cast: Cast) -> None:
    """Of two answers at one moment the later row counts: by its place, or where places come twice, by its arrival."""
    told(cast.larkspur, [answer("z", 10, respondent="P1"), answer("a", 0, respondent="P1")])
    held = opened(cast)
    assert held.columns["one_source"] is True and nps(held) == -100.0
    Feedback.objects.filter(external_id="z").update(row_number=2)
    Feedback.objects.filter(external_id="a").update(row_number=1)
    mark_dirty(workspace=cast.larkspur, table="feedback", days=[dt.date(2026, 9, 1)])
    assert nps(opened(cast)) == 100.0
    # two files of one source both have a first row
    second = SyncRun.objects.create(
        workspace=cast.larkspur,
        source=Source.objects.get(),
        table="feedback",
        state="published",
        published_at=timezone.now(),
    )
    Feedback.objects.filter(external_id="a").update(run=second, row_number=2)
    mark_dirty(workspace=cast.larkspur, table="feedback", days=[dt.date(2026, 9, 1)])
    assert nps(opened(cast)) == -100.0


def test_weights_count_where_a_source_has_them(cast: Cast) -> None:
    told(cast.larkspur, [answer("1", 10, weight=3.0), answer("2", 0, weight=1.0)])
    assert nps(opened(cast)) == 50.0
    told(cast.larkspur, [answer("3", 0)], source="unweighted")
    assert nps(opened(cast)) == 20.0


def test_answers_that_name_no_customer_stand_beside_customers_with_attributes(cast: Cast) -> None:
    told(cast.larkspur, [answer("a", 9, attributes={"plan": "Fibre"})])
    known(cast.larkspur, "C9", Tier="lead")
    held = opened(cast)
    assert held.attributes == ("plan",) and rows(held.tables.feedback, "external_id", "plan") == [("a", "Fibre")]
    assert scoped(cast, Tier=("lead",)) is None


def test_a_scope_over_how_and_about_what_was_asked(cast: Cast) -> None:
    """The column of that name counts before the attribute of its customer; in lists too."""
    told(
        cast.larkspur,
        [
            answer("1", 10, channel="web"), answer("2", 0, channel="shop", customer="C1"),
            answer("3", 10, customer="C1"), answer("4", 9),
        ],
    )  # fmt: skip
    known(cast.larkspur, "C1", channel="web")
    fresh(cast.larkspur)
    access = Access(cast.larkspur, "member", Scope({"channel": ("web",)}))
    held = holding(access)
    assert held is not None and rows(held.tables.feedback, "external_id") == [("1",), ("3",)]
    assert sorted(feedback_for(access).values_list("external_id", flat=True)) == ["1", "3"]


def test_an_attribute_left_blank_says_nothing(cast: Cast) -> None:
    told(cast.larkspur, [answer("1", 10, customer="C1", attributes={"region": ""}), answer("2", 0)])
    known(cast.larkspur, "C1", region="North")
    held, listed = opened(cast, "norah"), feedback_for(cast.access("norah"))
    assert rows(held.tables.feedback, "external_id") == [("1",)] == list(listed.values_list("external_id"))


def test_answers_are_counted_within_the_scope(cast: Cast) -> None:
    told(
        cast.larkspur,
        [
            answer("1", 10, customer="C1", survey="relationship"), answer("2", 0, attributes={"region": "North"}),
            answer("3", None, customer="C1", survey="transactional"), answer("4", 0, customer="C2", survey="transactional"),
            answer("5", 7, customer="C1", survey="relationship"),
        ],
    )  # fmt: skip
    told(cast.larkspur, [answer("6", 5, customer="C2")], source="second")
    known(cast.larkspur, "C1", region="North")
    known(cast.larkspur, "C2", region="South")
    manifest = fresh(cast.larkspur)
    _, filled = pooled(file.stats for file in manifest.of("feedback"))
    counted = {
        region: Opening(Access(cast.larkspur, "member", Scope({"region": (region,)})), manifest, filled, None).counted()
        for region in ("North", "South", "West")
    }
    assert counted["North"] == {"api": {"relationship": 2, "": 1, "transactional": 0}}
    assert counted["South"] == {"api": {"transactional": 1}, "second": {"": 1}}
    assert counted["West"] == {}
