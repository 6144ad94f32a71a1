from __future__ import annotations

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.test_theming import basis_of
from tests.server.themes.worlds import guessed, themes
from winback.server.feedback.models import Feedback
from winback.server.insights.hearing import heard_of

pytestmark = pytest.mark.django_db


def test_interviews_say_how_much_was_heard_and_answers_where_there_are_none(cast: Cast) -> None:
    late, rude, slow = themes(cast, "Late", "Rude", "Slow")
    told(cast.larkspur, [answer(f"F{n}", 2, comment="x", kind="survey") for n in range(8)])
    for row in Feedback.objects.all():
        guessed(row, [late])
    fresh(cast.larkspur)
    found = heard_of(basis_of(cast))
    assert found is not None
    assert (found["interviews"], found["count"], found["themes"], found["coverage"]) == (False, 8, 1, 1.0)
    told(cast.larkspur, [answer(f"C{n}", 2, comment="y", kind="call") for n in range(6)])
    for row in Feedback.objects.filter(kind="call"):
        guessed(row, {"C5": [slow], "C4": [late]}.get(row.external_id, [rude]))
    fresh(cast.larkspur)
    found = heard_of(basis_of(cast))
    assert found is not None
    assert (found["interviews"], found["count"], found["themes"]) == (True, 6, 3)
    assert 0.5 < found["coverage"] < 1, "two themes were named once only"


def test_too_few_say_nothing(cast: Cast) -> None:
    told(cast.larkspur, [answer("1", 2, comment="x")])
    fresh(cast.larkspur)
    assert heard_of(basis_of(cast)) is None
