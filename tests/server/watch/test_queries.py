"""Who sees which alarms, in which order, and how many proved real."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from tests.server.factories import Cast, make_feedback
from tests.server.watch.worlds import an_alarm
from winback.server.watch import queries
from winback.server.watch.models import Alarm, SegmentOwner, TellingChoice, Watch
from winback.server.workspaces.access import Access
from winback.server.workspaces.rules import Scope

pytestmark = pytest.mark.django_db
OVER = {"state": "ended", "ended_at": dt.datetime(2026, 10, 1, tzinfo=dt.UTC), "ending": "cooled"}


def own_cases(cast: Cast) -> Access:
    hanna = cast.access("hanna")
    return Access(hanna.workspace, "manager", Scope(own=True), hanna.user, hanna.label)


def test_one_sees_alarms_of_one_s_scope_and_workspace(cast: Cast) -> None:
    north, south, _all = (
        an_alarm(cast.larkspur, region="North"),
        an_alarm(cast.larkspur, region="South"),
        an_alarm(cast.larkspur),
    )
    theirs = an_alarm(cast.merritt, region="North")
    assert len(queries.alarms_for(cast.access("rafael"))) == 3
    assert [one.pk for one in queries.alarms_for(cast.access("norah"))] == [north.pk]
    assert queries.alarms_for(own_cases(cast)) == []
    for person, pk in (("norah", south.pk), ("hanna", theirs.pk), ("hanna", 0)):
        with pytest.raises(Http404):
            queries.alarm_for(cast.access(person), pk)
    assert queries.alarm_for(cast.access("norah"), north.pk) == north


def test_most_money_first_snoozed_ones_last(cast: Cast) -> None:
    def fire(region: str, **more: Any) -> Alarm:
        return an_alarm(cast.larkspur, region=region, more=more)

    little, much = fire("a", revenue=Decimal(10)), fire("b", revenue=Decimal("90.5"), state="acknowledged")
    strong, unknown = fire("c", score=20.0), fire("d", score=3.0)
    later = fire("e", revenue=Decimal(500), state="snoozed", snoozed_until=dt.date(2027, 1, 1))
    beside = fire("f", beside=much.pk)
    fire("g", **OVER)
    fire("h", state="dismissed", reason="chance")
    access = cast.access("rafael")
    assert [one.pk for one in queries.burning(access)] == [much.pk, little.pk, strong.pk, unknown.pk, later.pk]
    assert [one.pk for one in queries.pressing(access)] == [much.pk, little.pk, strong.pk, unknown.pk], "it waits"
    assert queries.also(access, queries.burning(access)) == {much.pk: [beside]}
    Alarm.objects.filter(pk=much.pk).update(**OVER)
    assert beside.pk in [one.pk for one in queries.burning(access)], "what it stood beside is over"


def test_who_may_not_see_the_wider_alarm_sees_hers_beside_it(cast: Cast) -> None:
    wide = an_alarm(cast.larkspur)
    hers = an_alarm(cast.larkspur, region="North", more={"beside": wide.pk})
    assert [one.pk for one in queries.burning(cast.access("rafael"))] == [wide.pk]
    assert [one.pk for one in queries.burning(cast.access("norah"))] == [hers.pk]


def test_watches_are_listed_with_detractors_first_and_themes_last(cast: Cast) -> None:
    for measure, sort, segments in (
        ("themes", "a", 900),
        ("score", "a", 5),
        ("detractors", "a", 5),
        ("detractors", "b", 7),
    ):
        Watch.objects.create(
            workspace=cast.larkspur, sort=sort, title=sort, measure=measure, version="v", segments=segments
        )
    found = [(one.measure, one.sort) for one in queries.watches(cast.access("rafael"))]
    assert found == [("detractors", "b"), ("detractors", "a"), ("score", "a"), ("themes", "a")]


def test_what_was_a_page_at_a_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "HISTORY", 2)
    made = [an_alarm(cast.larkspur, region=region, more=OVER).pk for region in ("North", "South", "North")]
    access = cast.access("rafael")
    first, more = queries.past(access)
    assert [one.pk for one in first] == [made[2], made[1]] and more == made[1]
    assert [
        [one.pk for one in part] if isinstance(part, list) else part for part in queries.past(access, before=more)
    ] == [[made[0]], None]
    assert [one.pk for one in queries.past(cast.access("norah"))[0]] == [made[2]]


def test_how_many_proved_real_with_the_interval(cast: Cast) -> None:
    access = cast.access("hanna")
    assert queries.proved(access).share is None
    for verdict in ("real", "real", "real", "not real", "can't tell", ""):
        an_alarm(cast.larkspur, region="South", more={"verdict": verdict})
    found = queries.proved(access)
    assert (found.real, found.not_real, found.cannot_tell, found.unsaid, found.share) == (3, 1, 1, 1, 0.75)
    assert (found.low, found.high) == (pytest.approx(0.3006, abs=1e-4), pytest.approx(0.9544, abs=1e-4)), (
        "Wilson of 3 in 4"
    )
    assert queries.proved(cast.access("norah")).share is None, "nothing of her part"
    assert queries.proved(own_cases(cast)).unsaid == 0


def test_watched_segments_are_those_of_one_s_scope(cast: Cast) -> None:
    watch = Watch.objects.create(
        workspace=cast.larkspur, sort="all", title="All answers", measure="detractors", version="v", segments=3,
        listed=[[[], [], 80.0, 1.5, 0.25, None], [["region"], ["North"], 40.0, 2.5, 0.2, None], [["region"], ["South"], 40.0, None, None, None]],
    )  # fmt: skip
    assert queries.watches(cast.access("norah")) == [watch]
    assert [row["segment"] for row in queries.listed(cast.access("rafael"), watch)] == [[], ["North"], ["South"]]
    assert queries.listed(cast.access("norah"), watch) == [
        {
            "by": ["region"],
            "segment": ["North"],
            "answers": 40.0,
            "noticeable": 2.5,
            "expected_share": 0.2,
            "theme": None,
        }
    ]


def test_why_nothing_is_watched(cast: Cast) -> None:
    access = cast.access("hanna")

    def watch(trouble: str, **more: Any) -> Watch:
        return Watch(workspace=cast.larkspur, sort=trouble, measure="detractors", trouble=trouble, **more)

    assert queries.nothing_watched(access, []) == "empty"
    make_feedback(cast.larkspur, "F1")
    assert queries.nothing_watched(access, []) == "waiting"
    assert queries.nothing_watched(access, [watch("no dates")]) == "no dates"
    assert queries.nothing_watched(access, [watch("no dates"), watch("too little")]) == "too little"
    assert queries.nothing_watched(access, [watch("too little"), watch("")]) == ""
    assert queries.nothing_watched(own_cases(cast), []) == "own"
    assert [queries.weeks_more(watch("too little", periods=weeks)) for weeks in (1, 5, 8)] == [8, 4, 1]


def test_needed_is_what_the_analysis_needs() -> None:
    from winback.server.watch import looking

    assert queries.NEEDED == looking.NEEDED


def test_people_around_an_alarm(cast: Cast) -> None:
    north, south = an_alarm(cast.larkspur, region="North"), an_alarm(cast.larkspur, region="South")
    access = cast.access("hanna")
    assert [user.email.split("@")[0] for user in queries.colleagues(access, north)] == [
        "amara",
        "hanna",
        "ingrid",
        "norah",
    ]
    assert cast.people["norah"] not in queries.colleagues(access, south)
    SegmentOwner.objects.create(workspace=cast.larkspur, user=cast.people["amara"], attribute="region", value="North")
    assert [owner.user for owner in queries.owners(access)] == [cast.people["amara"]]
    assert queries.owners(cast.access("nell")) == []
    assert queries.telling_of(access) == "at once"
    TellingChoice.objects.create(workspace=cast.larkspur, user=cast.people["hanna"], how="never")
    assert queries.telling_of(access) == "never"
    assert queries.plan_for(access) is None and queries.events_of(north) == []
