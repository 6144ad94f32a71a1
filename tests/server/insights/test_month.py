from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.worlds import TODAY, basis, year
from winback.server.insights.month import answers_by_day, month_of

pytestmark = pytest.mark.django_db


def test_without_answers_this_month_the_last_one_is_shown(cast: Cast) -> None:
    year(cast.larkspur)
    found = month_of(basis(cast.access("hanna")))
    assert (found["month"], found["running"], found["answers"], found["usual"]) == ("2025-10-01", False, 24, 24.0)
    assert (found["cell"]["nps"], found["before"]["nps"], found["change"]) == (0.0, 0.0, 0.0)
    assert found["decompose"]["by"] == ["region"]


def test_a_month_by_name(cast: Cast) -> None:
    year(cast.larkspur)
    found = month_of(basis(cast.access("hanna")), dt.date(2025, 8, 1))
    assert (found["cell"]["nps"], found["before"]["nps"], found["change"]) == (0.0, 25.0, -25.0)
    assert month_of(basis(cast.access("hanna")), dt.date(2025, 3, 1))["usual"] is None


def test_a_running_month_is_compared_by_the_day_it_has_reached(cast: Cast) -> None:
    year(cast.larkspur)
    told(cast.larkspur, [answer("now", 9, "2025-11-02", attributes={"region": "North"})])
    fresh(cast.larkspur)
    at = replace(basis(cast.access("hanna")), today=dt.date(2025, 11, 12))
    found = month_of(at)
    assert (found["month"], found["running"], found["answers"]) == ("2025-11-01", True, 1)
    assert found["usual"] == 6.0  # the 10th, 11th and 12th of both regions
    assert (found["change"], found["low"], found["decompose"]) == (None, None, None)


def test_answers_by_day(cast: Cast) -> None:
    year(cast.larkspur)
    assert answers_by_day(basis(cast.access("hanna")))[dt.date(2025, 3, 10)] == 2
    assert TODAY.year == 2025
