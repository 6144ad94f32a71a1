"""An alarm in words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.server.watch.worlds import CAUSE, caused
from winback.server.watch import saying
from winback.server.watch.models import Alarm
from winback.server.workspaces.models import Workspace


def alarm(**more: object) -> Alarm:
    said = {
        "measure": "detractors", "by": ["region", "plan"], "segment": ["North", "Business"], "since": dt.date(2026, 10, 19),
        "until": dt.date(2026, 11, 15), "answers": 58, "bad": 27.0, "expected": 14.1, "share": 27 / 58,
        "expected_share": 0.243, "effect": 2.6, "low": 1.5, "high": 4.5, "q": 0.02,
    }  # fmt: skip
    return Alarm(**{**said, **more})


def test_a_rise_of_detractors() -> None:
    assert saying.headline(alarm()) == "Twice as many detractors in North · Business"
    assert saying.sentence(alarm()) == (
        "Since Mon 19 Oct 2026, 27 of 58 answers are detractors’ where 14 were expected: "
        "+21 points of share [+8, +35]. Of 100 alarms this strong about 2 would be false."
    )


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.3, "More detractors than usual"),
        (0.36, "One and a half times as many detractors"),
        (0.75, "3 times as many detractors"),
    ],
)
def test_how_many_times(share: float, words: str) -> None:
    assert saying.headline(alarm(share=share)) == f"{words} in North · Business"


def test_the_whole_and_the_other_measures() -> None:
    assert saying.headline(alarm(by=[], segment=[])) == "Twice as many detractors everywhere"
    silent = alarm(
        measure="silence", share=None, expected_share=None, answers=3, expected=20.4, effect=0.2, low=0.1, high=0.5
    )
    assert saying.headline(silent) == "Answers stay out in North · Business"
    assert "3 answers where 20 were expected." in saying.sentence(silent)
    assert saying.effect(silent) == "0.2 times as many [0.1, 0.5]"
    many = alarm(measure="volume", share=None, expected_share=None, effect=2.44)
    assert saying.headline(many) == "2.4 times as many answers as usual in North · Business"
    fell = alarm(measure="score", effect=-31.2, low=-44.0, high=-18.0)
    assert saying.headline(fell) == "The score fell by 31 points in North · Business"
    assert "the score is 31 points lower than expected, likely between 18 and 44." in saying.sentence(fell)
    assert saying.effect(fell) == "−31 points [−44, −18]"


def test_how_sure() -> None:
    assert saying.sure(alarm(q=0.0001)) == "Of 100 alarms this strong fewer than 1 would be false."
    assert saying.name(alarm(by=[], segment=[])) == "everybody"


def test_every_state_has_its_words() -> None:
    from winback.server.watch.models import ENDINGS, MEASURES, REASONS

    assert set(saying.REASONS) == set(REASONS)
    assert set(saying.ENDINGS) == set(ENDINGS)
    assert set(saying.MEASURES) == set(MEASURES)


def test_where_exactly_in_words() -> None:
    calm, hot = {"bad": 3.0, "answers": 15.0, "expected": 4.0}, {"bad": 12.0, "answers": 15.0, "expected": 4.0}
    said = {
        "": {}, "It is North · partner. Without them North is about as always.": caused(CAUSE, rest=calm),
        "It is North · partner. The rest of North is raised too.": caused(CAUSE, rest=hot),
        "It is North as a whole: nothing narrower within it stands out.": caused(),
        "It is exactly North: nothing narrower, and nothing around it.": caused({**CAUSE, "by": ["region"], "segment": ["North"]}),
        "It rose in all segments alike: nothing in these attributes explains it.": caused(everywhere=True),
        "Most of it burns in partner. Without them North is about as always.": caused({**CAUSE, "by": ["channel"], "segment": ["partner"]}, rest=calm),
    }  # fmt: skip
    for words, causes in said.items():
        assert saying.where(alarm(by=["region"], segment=["North"], causes=causes)) == words


def test_whom_it_touches_and_what_they_bring() -> None:
    larkspur = Workspace(currency="EUR")
    assert saying.concerned(alarm()) == ""
    assert saying.concerned(alarm(customers=1, workspace=larkspur)) == "1 customer answered."
    assert saying.concerned(alarm(customers=34, revenue=Decimal(12400), money_kind="margin", workspace=larkspur)) == (
        "34 customers answered, with €12,400 of margin a year."
    )
    assert saying.concerned(alarm(customers=3, measure="themes", workspace=larkspur)) == "3 customers name it."
