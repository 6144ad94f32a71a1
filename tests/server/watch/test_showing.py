"""From alarms to what the templates show."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast
from tests.server.watch.worlds import CAUSE, an_alarm, caused
from winback.server.watch import showing
from winback.server.watch.models import Alarm, Watch
from winback.server.watch.wording import Word

pytestmark = pytest.mark.django_db


def alarm(cast: Cast, **more: object) -> Alarm:
    return an_alarm(cast.larkspur, region="North", more=more)


def test_causes_beside_what_was_expected(cast: Cast) -> None:
    rows = showing.causes(alarm(cast, causes=caused(CAUSE, rest={"bad": 3.0, "answers": 15.0, "expected": 4.0})))
    assert [(row["name"], row["seen"], row["hot"]) for row in rows] == [
        ("North · partner", "18 of 25", True), ("the rest of North", "3 of 15", False),
    ]  # fmt: skip
    assert (rows[0]["dashed"], rows[0]["cell"]["nps"]) == (24.0, 72.0)
    assert rows[0]["cell"]["low"] == pytest.approx(52.4, abs=0.1), "Wilson"
    (row,) = showing.causes(alarm(cast))
    assert (row["name"], row["seen"]) == ("North", "20 of 40")


def test_the_answers_behind_it_are_a_link(cast: Cast) -> None:
    asked = an_alarm(
        cast.larkspur, **{"region (customers)": "North", "channel": "web"}, more={"survey": "relationship"}
    )
    assert showing.answers_query(asked, band="detractor") == (
        "?region=North&channel=web&since=2026-09-07&until=2026-09-20&survey=relationship&band=detractor"
    )


def test_states_in_a_word(cast: Cast) -> None:
    amara = cast.people["amara"]
    day = dt.date(2026, 10, 5)
    for fields, words in (
        ({}, "nobody has it yet"), ({"assigned_to": amara}, "with Amara Diallo"),
        ({"state": "acknowledged", "taken_by": amara}, "Amara Diallo has it"), ({"state": "acknowledged"}, "Somebody has it"),
        ({"state": "snoozed", "snoozed_until": day}, "snoozed until 5 Oct"), ({"state": "dismissed", "reason": "chance"}, "dismissed"),
        ({"state": "ended", "ended_at": dt.datetime(2026, 10, 5, tzinfo=dt.UTC)}, "over"),
    ):  # fmt: skip
        assert showing.chip(alarm(cast, **fields))["text"] == words


def test_how_big_how_sure(cast: Cast) -> None:
    watch = Watch(segments=155)
    facts = {
        name: text
        for name, text, _ in showing.facts(
            alarm(cast, later_answers=20, later_bad=9, customers=31, revenue=33500, money_kind="margin", folded=2),
            watch,
            "EUR",
        )
    }
    assert facts == {
        "Seen": "20 detractors in 40 answers", "Expected": "10.0", "Effect": "+25 points of share [+10, +40]",
        "Since then": "9 of 20 answers since then (45 %)", "Chance": "p 0.0004 by simulation",
        "False alarm": "Of 100 alarms this strong about 2 would be false. (q 0.02)", "Customers": "31 answered",
        "Margin of theirs": "€33,500 a year", "Explains": "2 further alarms of segments it lies in or holds",
        "Survey": "All answers, 0-10", "Watched": "155 segments, by the week",
    }  # fmt: skip
    silent = {name: text for name, text, _ in showing.facts(alarm(cast, measure="silence"), None, "")}
    assert silent["Seen"] == "40 answers" and "Since then" not in silent
    fell = showing.facts(alarm(cast, measure="score"), None, "")
    assert "Expected" not in [name for name, _, _ in fell]


def row(day: str, answers: int, *, burning: bool = False) -> dict[str, object]:
    return {
        "period": day,
        "answers": answers,
        "bad": 1.0,
        "share": 0.1,
        "expected": 0.2,
        "low": 0.0,
        "high": 0.5,
        "burning": burning,
    }


def test_what_changed_in_sentences(cast: Cast) -> None:
    found = alarm(cast, course=[row("2026-08-24", 10), row("2026-08-31", 12), row("2026-09-07", 30, burning=True)])
    said = showing.changed(
        found, [], [{"name": "journey_stage", "value": "using", "now": 0.8, "before": 0.25}], [Word("van", 3, 9, 0, 4)]
    )
    assert said["mix"] == ["journey stage using: 80 % of the answers, 25 % before"]
    assert said["volume"] == "30 answers a week, 11 before"
    assert (
        showing.volume(alarm(cast, course=[row("2026-08-31", 29), row("2026-09-07", 30, burning=True)]))
        == "30 answers a week, about as many as before"
    )
    assert showing.volume(alarm(cast)) == ""


def test_a_card_has_a_chart_where_it_is_drawn(cast: Cast) -> None:
    found = alarm(cast, course=[row("2026-08-31", 29), row("2026-09-07", 30, burning=True)])
    card = showing.card(found, drawn=True)
    assert card["chart"] is not None and "Share of detractors" in card["chart"]["description"]
    assert showing.card(found)["chart"] is None and showing.card(alarm(cast), drawn=True)["chart"] is None
    assert [showing.noun(alarm(cast, measure=name)) for name in ("detractors", "score", "silence")] == [
        "Share of detractors",
        "Score",
        "Answers",
    ]


def test_who_may_do_what_and_when(cast: Cast) -> None:
    def may(who: str, **fields: object) -> set[str]:
        return {name for name, able in showing.acts(cast.access(who), alarm(cast, **fields)).items() if able}

    assert may("rafael") == set()
    assert may("amara") == {"take", "snooze", "judge", "note"}
    assert may("hanna") == {"take", "snooze", "dismiss", "assign", "judge", "note"}
    assert may("hanna", state="acknowledged") == {"snooze", "dismiss", "assign", "judge", "note"}
    assert may("hanna", state="dismissed", reason="chance") == {"judge", "note"}


def test_what_happened_newest_first(cast: Cast) -> None:
    found = alarm(cast)
    for verb, by in (("found", None), ("took it on", cast.people["amara"]), ("cooled", None)):
        found.events.create(verb=verb, by=by)
    told = showing.told(list(found.events.order_by("id")))
    assert [(one["who"], one["did"]) for one in told] == [
        (None, "It has cooled: what came after it is as it always was"), (cast.people["amara"], "took it on"),
        (None, "The watch found it"),
    ]  # fmt: skip


def test_what_could_have_been_missed() -> None:
    assert "2.5 times the odds within four weeks" in showing.typical(Watch(typical=2.5, every="week"))
    assert showing.typical(Watch(every="week")).startswith("No segment has enough answers")
    assert showing.rise(0.25, 3.0) == "25 % to 50 %"
    assert showing.rise(None, 3.0) == showing.rise(0.25, None) == "–"
    assert showing.later(Alarm(measure="detractors", later_answers=0)) == ""


def test_what_lies_around_a_segment_stands_below_it(cast: Cast) -> None:
    around = [
        {"by": ["plan"], "segment": ["Business"], "other": "Region (customers)", "bad": 5.0, "answers": 20.0, "expected": 4.5},
        {"by": [], "segment": [], "other": "journey_stage", "bad": 9.0, "answers": 30.0, "expected": 8.0},
    ]  # fmt: skip
    found = {"answer": "", "everywhere": False, "combinations": 9, "rows": [], "rest": None, "around": around}
    rows = showing.causes(alarm(cast, causes=found))
    assert [(row["name"], row["seen"], row["hot"]) for row in rows[1:]] == [
        ("Business · other region", "5 of 20", False), ("other journey stage", "9 of 30", False),
    ]  # fmt: skip
