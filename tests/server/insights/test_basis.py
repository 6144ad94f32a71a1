from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.worlds import ALL, QUARTER, TODAY, basis, counts, held, paid, year
from winback.analysis.counts import pool
from winback.errors import UserError
from winback.server.insights.basis import choices, filtered, open_basis, values_of
from winback.server.insights.rules import Asked, Window
from winback.tables import Tables

pytestmark = pytest.mark.django_db
D = dt.date.fromisoformat


def score(choice: Asked, cast: Cast, usual: int | None = None) -> dict[str, object]:
    return counts(basis(cast.access("hanna"), choice, usual=usual).score().rows()[0])


def test_the_last_quarter_is_cut_from_all_months(cast: Cast) -> None:
    year(cast.larkspur)
    assert score(Asked(), cast) == ALL
    assert score(Asked(), cast, usual=3) == QUARTER
    found = basis(cast.access("hanna"), usual=3)
    assert (found.window, found.first, found.last) == (
        Window(D("2025-08-01"), D("2025-10-31")),
        D("2025-03-10"),
        D("2025-10-21"),
    )
    assert (found.whole().first, found.whole().last) == (D("2025-08-10"), D("2025-10-21"))
    assert found.whole().cells.num_rows and found.history().answers() == 192


@pytest.mark.parametrize(
    ("since", "until"),
    [("2025-03-01", "2025-05-31"), ("2025-04-01", "2025-04-30"), ("2025-05-01", None), (None, "2025-04-30")],
)
def test_a_person_counts_once_in_a_cut_window_as_in_one_counted_anew(
    cast: Cast, since: str | None, until: str | None
) -> None:
    told(cast.larkspur, [
        answer("1", 0, "2025-03-02", respondent="ann"), answer("2", 9, "2025-04-02", respondent="ann"), answer("3", 0, "2025-04-20", respondent="ann"),
        answer("4", 9, "2025-03-05", respondent="bob"), answer("5", 8, "2025-05-05", respondent="bob"), answer("6", 10, "2025-04-09"),
        answer("7", 3, "2025-06-09", respondent="cy"), answer("8", 7, "2025-06-10", respondent="cy"),
    ])  # fmt: skip
    fresh(cast.larkspur)
    choice = Asked(since=D(since) if since else None, until=D(until) if until else None)
    found = basis(cast.access("hanna"), choice, minimum=1)
    anew = found.columns
    from winback.analysis.tally import tally

    counted = tally(found.holding.tables.feedback, unit="month", **anew)
    one, other = pool(found.whole()), pool(counted)
    assert (one.detractors[0], one.passives[0], one.promoters[0]) == (
        other.detractors[0],
        other.passives[0],
        other.promoters[0],
    )
    assert (found.whole().first, found.whole().last) == (counted.first, counted.last)


def test_days_within_a_month_are_counted_by_themselves(cast: Cast) -> None:
    year(cast.larkspur)
    choice = Asked(since=D("2025-10-10"), until=D("2025-10-15"))  # six of each region: the unhappy ones come first
    assert score(choice, cast) == {"answers": 12, "promoters": 3, "passives": 0, "detractors": 9, "nps": -50.0}


def test_filters_leave_their_answers_only(cast: Cast) -> None:
    year(cast.larkspur)
    assert score(Asked(filters=(("region", "South"),)), cast)["nps"] == 50.0
    assert score(Asked(filters=(("region", "North"), ("plan", "A"))), cast, usual=3)["answers"] == 18
    assert basis(cast.access("hanna"), Asked(filters=(("region", ""),))).answers() == 0


def test_a_scope_is_another_key(cast: Cast) -> None:
    year(cast.larkspur)
    assert basis(cast.access("hanna")).answers() == 192
    assert basis(cast.access("norah")).answers() == 96
    assert basis(cast.access("hanna")).answers() == 192


def test_a_refresh_makes_what_is_kept_stale(cast: Cast) -> None:
    year(cast.larkspur)
    assert basis(cast.access("hanna")).answers() == 192
    told(cast.larkspur, [answer("late", 9, "2025-10-30", attributes={"region": "North"})])
    fresh(cast.larkspur)
    assert basis(cast.access("hanna")).answers() == 193


def test_counted_once_for_many_questions(cast: Cast) -> None:
    year(cast.larkspur)
    found = basis(cast.access("hanna"))
    pair = found.counted(("region", "plan"))
    assert found.counted(("plan",)) is pair and found.counted() is pair
    assert basis(cast.access("hanna")).counted(("region",)) is pair


def test_money_stands_beside_the_latest_answers(cast: Cast) -> None:
    year(cast.larkspur)
    paid(cast.larkspur, [("c-North-0", "1200"), ("c-South-0", "100"), ("c-South-11", "50")])
    found = basis(cast.access("hanna"))
    assert found.has_worth
    by_region = pool(found.counted(("region",), money=True), ("region",))
    assert [str(amount) for amount in by_region.money_detractors] == ["12000000", "1000000"]
    bare = basis(cast.access("norah"))
    assert bare.answers() == 96


def test_a_window_needs_dates(cast: Cast) -> None:
    year(cast.larkspur)
    dated = held(cast.access("hanna"))
    bare = replace(dated, tables=Tables(feedback=dated.tables.feedback.project("score, region, plan")), version="bare")
    asked = {"scope": "{}", "today": TODAY, "level": 0.95, "minimum": 10}
    assert open_basis(bare, Asked(), **asked).answers() == 192
    with pytest.raises(UserError, match="have no dates"):
        open_basis(bare, Asked(since=D("2025-01-01")), **asked)


def test_values_to_filter_by(cast: Cast) -> None:
    year(cast.larkspur, touchpoint="bill")
    found = held(cast.access("hanna"))
    assert choices(found, scope="{}")["region"] == [("North", 96), ("South", 96)], "as many answers: by name"
    assert values_of(found, "touchpoint") == ["bill"] and values_of(found, "journey_stage") == []
    assert len(filtered(found.tables.feedback, Asked(filters=(("plan", "A"),))).project("plan").fetchall()) == 96
