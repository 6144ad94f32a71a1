"""The door to the database: transactions that join, and money that stays exact."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection, models
from django.db.models import Sum

from tests.server.factories import Cast, make_feedback
from winback.server.database import MoneyField, answers, as_date, atomic, ten_thousandths
from winback.server.feedback.models import Feedback
from winback.server.workspaces.models import Workspace


@pytest.mark.django_db
def test_an_action_in_an_action_joins_it() -> None:
    with pytest.raises(RuntimeError), atomic():
        Workspace.objects.create(slug="outer", name="outer")
        with atomic():
            Workspace.objects.create(slug="inner", name="inner")
        raise RuntimeError("the outer one fails after the inner one was done")
    assert Workspace.objects.count() == 0


@pytest.mark.django_db
def test_after_a_failure_the_next_action_stands_alone_again() -> None:
    with pytest.raises(RuntimeError), atomic():
        raise RuntimeError("no")
    with atomic():
        Workspace.objects.create(slug="next", name="next")
    assert connection.get_autocommit() in (True, False)
    assert Workspace.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "stored"), [("12.3456", 123456), (-5, -50000), (Decimal("0.1"), 1000), ("1E+3", 10_000_000)]
)
def test_money_is_whole_ten_thousandths(amount: object, stored: int) -> None:
    assert ten_thousandths(amount) == stored


def test_money_with_five_places_is_refused() -> None:
    with pytest.raises(ValueError, match="more than four places"):
        ten_thousandths("1.00001")


def test_sums_of_money_are_exact(cast: Cast) -> None:
    for n in range(10):
        make_feedback(cast.larkspur, str(n), money=Decimal("0.1"))
    assert Feedback.objects.aggregate(all=Sum("money"))["all"] == Decimal("1.0000")


def test_what_a_form_gives_becomes_money() -> None:
    field: models.Field[Decimal, Decimal] = MoneyField()
    assert [field.to_python(value) for value in ("", None, "1.5", 2)] == [None, None, Decimal("1.5"), Decimal(2)]


def test_days_come_as_text_or_as_days() -> None:
    assert as_date("2026-11-19") == as_date(as_date("2026-11-19"))
    assert as_date(None) is None


@pytest.mark.django_db
def test_several_questions_have_their_answers_in_order() -> None:
    asked = answers(("SELECT 1 WHERE 2 = %s", [2]), ("SELECT 1 WHERE 2 = %s", [3]), ("SELECT 'a', %s", [4]))
    assert asked == [[(1,)], [], [("a", 4)]]
