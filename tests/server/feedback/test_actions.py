"""The door for single rows: made once, changed in place, refused one by one, and marked for the warehouse."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from tests.server.factories import Cast
from tests.server.waiting import second_waits
from winback.server.customers.models import CustomerProfile
from winback.server.feedback.actions import record
from winback.server.feedback.models import Feedback
from winback.server.feedback.rules import NewFeedback
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import DirtyDay, Source
from winback.server.workspaces.models import AuditEvent

NOON = dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)


@pytest.fixture
def api(cast: Cast) -> Source:
    return ensure_source(workspace=cast.larkspur, name="api", kind="api")


def said(external_id: str, score: float | None = 3, **more: object) -> NewFeedback:
    return NewFeedback(external_id=external_id, score=score, occurred_at=NOON, **more)  # type: ignore[arg-type]


def test_the_same_twice_changes_nothing(cast: Cast, api: Source) -> None:
    rows = [said("a", 9, customer="C1"), said("b", None)]
    first = record(workspace=cast.larkspur, source=api, rows=rows)
    again = record(workspace=cast.larkspur, source=api, rows=rows)
    assert (first.new, first.changed, first.same) == (2, 0, 0)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert Feedback.objects.visible(cast.larkspur).count() == 2


def test_a_corrected_row_is_changed_in_place(cast: Cast, api: Source) -> None:
    record(workspace=cast.larkspur, source=api, rows=[said("a", 9, money=Decimal("12.34"))])
    result = record(workspace=cast.larkspur, source=api, rows=[said("a", 2, money=Decimal("12.35"))])
    row = Feedback.objects.visible(cast.larkspur).get()
    assert (result.changed, row.score, row.money) == (1, 2, Decimal("12.3500"))


def test_bad_rows_cost_the_good_ones_nothing(cast: Cast, api: Source) -> None:
    result = record(workspace=cast.larkspur, source=api, rows=[said("a", 11), said(""), said("c", 0)])
    assert result.new == 1
    assert result.refused[0] == (
        0,
        "score 11 is outside 0-10; leave it out where the question was not answered, or set another scale for the source.",
    )
    assert result.refused[1][0] == 1


def test_the_day_is_the_workspaces(cast: Cast, api: Source) -> None:
    cast.larkspur.zone = "Asia/Tokyo"
    late = NewFeedback(external_id="a", score=1, occurred_at=dt.datetime(2026, 11, 19, 16, tzinfo=dt.UTC))
    record(workspace=cast.larkspur, source=api, rows=[late])
    assert Feedback.objects.get().local_date == dt.date(2026, 11, 20)
    assert list(DirtyDay.objects.filter(table="feedback").values_list("day", flat=True)) == [dt.date(2026, 11, 20)]


def test_a_moved_answer_makes_both_days_dirty(cast: Cast, api: Source) -> None:
    record(workspace=cast.larkspur, source=api, rows=[said("a")])
    DirtyDay.objects.all().delete()
    moved = NewFeedback(external_id="a", score=3, occurred_at=NOON + dt.timedelta(days=2))
    record(workspace=cast.larkspur, source=api, rows=[moved])
    days = DirtyDay.objects.filter(table="feedback").order_by("day").values_list("day", flat=True)
    assert list(days) == [dt.date(2026, 11, 19), dt.date(2026, 11, 21)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("there", [True, False])
def test_of_two_who_move_one_answer_at_once_the_later_marks_where_the_other_put_it(cast: Cast, there: bool) -> None:
    """Else an export between the two leaves the answer in both days: nobody would write the first again."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time")
    api = ensure_source(workspace=cast.larkspur, name="api", kind="api")
    record(workspace=cast.larkspur, source=api, rows=[said("a" if there else "another")])

    def move(days: int) -> None:
        row = NewFeedback(external_id="a", score=3, occurred_at=NOON + dt.timedelta(days=days))
        record(workspace=cast.larkspur, source=api, rows=[row])

    def moved_and_exported() -> None:
        move(1)
        DirtyDay.objects.all().delete()  # as an export would right after the first of them

    second_waits(moved_and_exported, lambda: move(2))
    marked = set(DirtyDay.objects.filter(table="feedback").values_list("day", flat=True))
    assert marked == {NOON.date() + dt.timedelta(days=1), NOON.date() + dt.timedelta(days=2)}
    assert Feedback.objects.get(external_id="a").local_date == NOON.date() + dt.timedelta(days=2)


def test_a_customer_known_from_feedback_only_has_a_bare_profile(cast: Cast, api: Source) -> None:
    record(workspace=cast.larkspur, source=api, rows=[said("a", customer="C1"), said("b", customer="C1")])
    profile = CustomerProfile.objects.visible(cast.larkspur).get()
    assert (profile.customer.external_id, profile.bare) == ("C1", True)
    assert Feedback.objects.filter(customer=profile.customer).count() == 2


def test_one_audit_event_a_batch_and_none_for_one_row(cast: Cast, api: Source) -> None:
    record(workspace=cast.larkspur, source=api, rows=[said("a"), said("b")])
    record(workspace=cast.larkspur, source=api, rows=[said("c")])
    event = AuditEvent.objects.get(verb="feedback recorded")
    assert event.detail == {"new": 2, "changed": 0, "same": 0, "refused": 0}


@pytest.mark.parametrize(("items", "most"), [(1, 16), (3, 17)])  # a batch writes its audit event
def test_three_rows_take_no_more_queries_than_one(
    cast: Cast, api: Source, items: int, most: int, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(most):  # type: ignore[operator]
        record(workspace=cast.larkspur, source=api, rows=[said(str(n), customer=f"C{n}") for n in range(items)])
