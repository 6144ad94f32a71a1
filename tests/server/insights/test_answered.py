"""Answers in memory: whose latest counts in which window, what they name, and how their attributes come."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.test_theming import basis_of
from tests.server.themes.worlds import guessed, themes
from winback.server.feedback.models import Feedback
from winback.server.insights.answered import UNKNOWN, Answered, answered, sorted_places
from winback.server.insights.basis import Basis
from winback.server.insights.queries import opened
from winback.server.insights.rules import Window
from winback.server.themes.actions import merge

pytestmark = pytest.mark.django_db

SEPTEMBER = Window(dt.date(2026, 9, 1), dt.date(2026, 9, 30))


def world(cast: Cast) -> None:
    """Ann answers in August, twice in September and in October; Ben once; somebody without a name twice."""
    rows = [
        answer("a3", 4, "2026-09-20", comment="rude", respondent="ann", attributes={"region": "North"}),
        answer("a1", 1, "2026-08-02", comment="late", respondent="ann", attributes={"region": "North"}),
        answer("a2", 2, "2026-09-03", comment="late", respondent="ann", attributes={"region": "North"}),
        answer("a4", 9, "2026-10-01", respondent="ann", attributes={"region": "North"}),
        answer("b1", 3, "2026-09-10", comment="late, and rude", respondent="ben", kind="call", attributes={"region": "South"}),
        answer("x1", 5, "2026-09-11", comment="  "),
        answer("x2", 10, "2026-09-12", comment="fine"),
    ]  # fmt: skip
    told(cast.larkspur, rows)
    cast.larkspur.attributes = ["region"]
    cast.larkspur.save()
    late, rude = themes(cast, "Late", "Rude")
    for name, found in {"a1": [late], "a2": [late], "a3": [rude], "b1": [late, rude], "x2": []}.items():
        guessed(Feedback.objects.get(external_id=name), found)
    fresh(cast.larkspur)


def ids(every: Answered, window: Window, *, once: bool = True) -> set[str]:
    chosen = every.within(window, once=once)
    return {one for one, there in zip(every.external_id.to_pylist(), chosen, strict=True) if there}


def test_each_persons_latest_in_the_window_counts_and_who_has_no_name_each_time(cast: Cast) -> None:
    world(cast)
    every = answered(basis_of(cast))
    assert ids(every, Window()) == {"a4", "b1", "x1", "x2"}
    assert ids(every, SEPTEMBER) == {"a3", "b1", "x1", "x2"}
    assert ids(every, Window(None, dt.date(2026, 9, 3))) == {"a2"}
    assert ids(every, Window(dt.date(2026, 9, 20), None)) == {"a4"}
    assert ids(every, SEPTEMBER, once=False) == {"a2", "a3", "b1", "x1", "x2"}
    assert ids(every, Window(dt.date(2027, 1, 1), None)) == set()


def test_what_an_answer_names_and_whether_it_says_anything(cast: Cast) -> None:
    world(cast)
    every = answered(basis_of(cast))
    assert every.keys == ("Late", "Rude")
    chosen = every.within(SEPTEMBER, once=True)
    told_ = dict(zip(every.external_id.filter(chosen).to_pylist(), every.matrix(chosen).tolist(), strict=True))
    assert told_ == {"a3": [False, True], "b1": [True, True], "x1": [False, False], "x2": [False, False]}
    said = dict(zip(every.external_id.to_pylist(), every.said.tolist(), strict=True))
    assert {name for name, words in said.items() if not words} == {"a4", "x1"}, "spaces say nothing"
    assert [name for name, call in zip(said, every.call.tolist(), strict=True) if call] == ["b1"]


def test_an_attribute_comes_in_the_order_of_the_answers(cast: Cast) -> None:
    world(cast)
    every = answered(basis_of(cast))
    codes, values = every.group("region")
    shown = [values[code] if code != UNKNOWN else None for code in codes]
    assert dict(zip(every.external_id.to_pylist(), shown, strict=True)) == {
        "a1": "North", "a2": "North", "a3": "North", "a4": "North", "b1": "South", "x1": None, "x2": None,
    }  # fmt: skip
    assert every.group("region")[0] is codes, "read once"


def test_read_once_for_every_window_and_again_for_other_filters_and_another_codebook(cast: Cast) -> None:
    world(cast)
    every = answered(basis_of(cast))
    assert answered(windowed(cast)) is every
    south = opened(cast.access("hanna"), {"region": ["South"]})
    assert south is not None
    assert ids(answered(south), Window()) == {"b1"}
    late, rude = cast.larkspur.themes.order_by("id")
    merge(access=cast.access("hanna"), pk=rude.pk, into=late.pk)
    merged = answered(basis_of(cast))
    assert merged.keys == ("Late",) and len(merged.row) == 4, "who named both names one"


def windowed(cast: Cast) -> Basis:
    found = opened(cast.access("hanna"), {"since": ["2026-09-01"], "until": ["2026-09-30"]})
    assert found is not None
    return found


def test_where_nobody_is_named_each_answer_counts(cast: Cast) -> None:
    told(cast.larkspur, [answer("1", 2, comment="late"), answer("2", 3, comment="late")])
    (late,) = themes(cast, "Late")
    for row in Feedback.objects.all():
        guessed(row, [late])
    fresh(cast.larkspur)
    every = answered(basis_of(cast))
    assert every.person is None and ids(every, Window()) == {"1", "2"}
    assert every.nbytes > 0


def test_answers_of_two_sources_under_one_id_are_two(cast: Cast) -> None:
    for source, score, themes_named in (("api", 1, 1), ("other", 3, 0)):
        told(cast.larkspur, [answer("1", score, comment="late")], source=source)
        if themes_named:
            (late,) = themes(cast, "Late")
            guessed(Feedback.objects.get(source__name=source), [late])
    fresh(cast.larkspur)
    every = answered(basis_of(cast))
    named = dict(zip(every.source.to_pylist(), every.matrix(every.within(Window(), once=False)).tolist(), strict=True))
    assert named == {"api": [True], "other": [False]}


def test_rows_are_sorted_by_the_first_column_and_what_it_leaves_equal_by_the_others() -> None:
    keys = pa.table({"at": [3, None, 1, 3, None, 1, 2], "id": ["b", "y", "d", "a", "x", None, "z"]})
    assert sorted_places(keys).tolist() == [4, 1, 5, 2, 6, 3, 0], "nulls first"
    assert sorted_places(keys.select(["at"])).tolist() == [1, 4, 2, 5, 6, 0, 3], "as they came, where nothing tells"
    assert sorted_places(keys.select(["id"])).tolist() == [5, 3, 0, 2, 4, 1, 6]
    assert sorted_places(keys.slice(0, 0)).tolist() == []
