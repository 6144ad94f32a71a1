from __future__ import annotations

import pytest

from tests.server.exports.worlds import answer, fresh, known, nps, opened, rows, scoped, told
from tests.server.factories import Cast
from winback.errors import UserError
from winback.server.exports.queries import holding
from winback.server.workspaces.access import Access
from winback.server.workspaces.rules import Scope

pytestmark = pytest.mark.django_db


def test_nothing_before_there_are_answers(cast: Cast) -> None:
    assert holding(cast.access("hanna")) is None
    told(cast.larkspur, [answer("1", None, kind="ticket")])
    fresh(cast.larkspur)
    assert holding(cast.access("hanna")) is None


def test_sorts_of_survey_never_mix(cast: Cast) -> None:
    told(
        cast.larkspur,
        [
            answer("1", 10, survey="relationship"),
            answer("2", 0, survey="relationship"),
            answer("3", 0, survey="transactional"),
        ],
    )
    told(cast.larkspur, [answer("4", 5)], source="stars", scale="1-5", detractors="1-3", promoters="5")
    held = opened(cast)
    assert [sort.key for sort in held.sorts] == ["relationship.0-10", "all.1-5", "transactional.0-10"]
    assert held.sort.survey == "relationship" and nps(held) == 0.0
    assert nps(opened(cast, sort="transactional.0-10")) == -100.0
    stars = opened(cast, sort="all.1-5")
    assert nps(stars) == 100.0 and str(stars.tables.bands.scale) == "1-5"
    with pytest.raises(UserError, match="no answers of the sort"):
        holding(cast.access("hanna"), sort="benchmark.0-10")


def test_figures_and_lists_agree_on_a_scope(cast: Cast) -> None:
    from winback.server.feedback.queries import feedback_for

    told(
        cast.larkspur,
        [
            answer(str(n), n % 11, customer=f"C{n % 4}", attributes={"region": "North"} if n % 3 else {})
            for n in range(40)
        ],
    )
    for n in range(4):
        known(cast.larkspur, f"C{n}", region="North" if n == 1 else "South")
    held = opened(cast, "norah")
    listed = sorted(feedback_for(cast.access("norah")).values_list("external_id", flat=True))
    assert sorted(key for (key,) in rows(held.tables.feedback, "external_id")) == listed


def test_there_are_no_figures_by_team(cast: Cast) -> None:
    told(cast.larkspur, [answer("1", 10)])
    fresh(cast.larkspur)
    for scope in (Scope(teams=("east",)), Scope(own=True)):
        assert holding(Access(cast.larkspur, "member", scope)) is None


def test_a_version_is_one_state(cast: Cast) -> None:
    told(cast.larkspur, [answer("1", 10)])
    first = opened(cast)
    assert opened(cast).version == first.version
    told(cast.larkspur, [answer("2", 0)])
    second = opened(cast)
    assert second.version != first.version and second.as_of > first.as_of
    assert nps(first) == 100.0 and nps(second) == 0.0  # what is open stays as it was


def test_sorts_of_survey_are_those_of_the_scope(cast: Cast) -> None:
    """Others' answers do not show, not even as a choice; what belongs to a sort stays as in the whole workspace."""
    north, south = {"region": "North"}, {"region": "South"}
    told(
        cast.larkspur,
        [
            *(answer(f"s{n}", 5, survey="relationship", attributes=south) for n in range(3)),
            answer("n1", 10, survey="transactional", attributes=north), answer("n2", 0, survey="transactional", attributes=north),
            answer("n3", 10, survey="relationship", attributes=north), answer("n4", 0, attributes=north),
        ],
    )  # fmt: skip
    told(
        cast.larkspur, [answer("4", 5, attributes=south)], source="stars", scale="1-5", detractors="1-3", promoters="5"
    )
    whole, part = opened(cast), holding(cast.access("norah"))
    assert [(sort.key, sort.answers) for sort in whole.sorts] == [
        ("relationship.0-10", 4), ("transactional.0-10", 2), ("all.1-5", 1), ("unknown.0-10", 1),
    ]  # fmt: skip
    assert part is not None and part.sort.key == "transactional.0-10" and nps(part) == 0.0
    assert [(sort.key, sort.answers) for sort in part.sorts] == [
        ("transactional.0-10", 2), ("relationship.0-10", 1), ("unknown.0-10", 1),
    ]  # fmt: skip
    with pytest.raises(UserError, match=r"no answers of the sort all\.1-5 here"):
        holding(cast.access("norah"), sort="all.1-5")
    assert scoped(cast, region=("West",)) is None and scoped(cast, colour=("blue",)) is None
