"""What the detractors of a fire name beside before, in customers; and the words behind it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.watch.worlds import an_alarm, named, read
from winback.server.themes.models import CodebookVersion, Theme
from winback.server.watch.naming import Theme as Named
from winback.server.watch.naming import themes_of, words_of
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def test_themes_of_the_detractors_now_and_before(cast: Cast) -> None:
    themes = named(cast.larkspur)
    window = {"since": dt.date(2026, 9, 14), "until": dt.date(2026, 9, 27)}
    alarm = an_alarm(cast.larkspur, region="North", more=window)
    # Detractors are customers 0, 4, 8, 12, 16 of each week. Of these, 0, 4, 8 and 12 name the queue in the window, and
    # customer 0 before; customer 16 names the bill in every other week. Each counts once.
    queue, bill = Named("Queue", 4, 5, 1, 5, cross=(4, 5, 1, 5)), Named("Bill", 1, 5, 1, 5)
    assert themes_of(cast.access("hanna"), alarm) == [queue], "one who names it is nobody’s theme"
    assert not queue.more and not queue.praise and Named("Queue", 30, 40, 4, 80, cross=(30, 40, 4, 80)).more
    assert (bill.share_now, bill.share_before, Named("Bill", 1, 5, 0, 0).share_before) == (0.2, 0.2, None)
    assert themes_of(cast.access("norah"), an_alarm(cast.larkspur, region="South", more=window)) == [], (
        "not in her scope"
    )

    said = words_of(cast.access("hanna"), alarm).values_list("external_id", flat=True)
    assert sorted(said)[:2] == ["15-North-0", "15-North-12"] and len(said) == 10
    theirs = an_alarm(cast.larkspur, region="North", more={**window, "measure": "themes", "theme": themes["Bill"]})
    assert sorted(words_of(cast.access("hanna"), theirs).values_list("external_id", flat=True)) == [
        *(f"15-North-{i}" for i in (16, 17, 18, 19)), *(f"16-North-{i}" for i in (17, 18, 19)),
    ]  # fmt: skip


WINDOW = {"since": dt.date(2026, 9, 14), "until": dt.date(2026, 9, 27)}


def said(workspace: Workspace, words: str, score: int = 2) -> None:
    """Thirty customers say so in the window and name their staff; in the weeks before it thirty spoke of something else."""
    CodebookVersion.objects.create(workspace=workspace, number=1, model="test 1")
    staff = Theme.objects.create(workspace=workspace, key="staff", name="Staff", state="accepted")
    rows = [answer(f"now-{i}", score, "2026-09-15", customer=f"c-{i}", respondent=f"c-{i}", comment=f"{words} ({i})",
                   attributes={"region": "North"}) for i in range(30)]  # fmt: skip
    rows += [answer(f"then-{i}", 2, "2026-08-15", customer=f"d-{i}", respondent=f"d-{i}", comment="The line is slow",
                    attributes={"region": "North"}) for i in range(30)]  # fmt: skip
    told(workspace, rows)
    read(workspace, {f"now-{i}": [staff] for i in range(30)} | {f"then-{i}": [] for i in range(30)})
    workspace.attributes = ["region"]
    workspace.save()
    fresh(workspace)


@pytest.mark.parametrize(
    ("words", "more", "praise"),
    [
        ("The staff were rude and unhelpful", True, False), ("The staff never came", True, False),
        ("The staff were friendly and helpful", False, True), ("Das Personal war leider immer unfreundlich", True, False),
        ("Das Personal war sehr freundlich", False, True),
    ],
)  # fmt: skip
def test_what_detractors_praise_is_not_named_more_than_before(cast: Cast, words: str, more: bool, praise: bool) -> None:
    said(cast.larkspur, words)
    (found,) = themes_of(cast.access("hanna"), an_alarm(cast.larkspur, region="North", more=WINDOW))
    assert (found.name, found.now, found.of_now, found.before, found.of_before) == ("Staff", 30, 30, 0, 30)
    assert (found.more, found.praise) == (more, praise)


def test_in_another_language_what_more_promoters_name_is_praise(cast: Cast) -> None:
    said(cast.larkspur, "De monteur was heel vriendelijk en snel")
    alarm = an_alarm(cast.larkspur, region="North", more=WINDOW)
    assert themes_of(cast.access("hanna"), alarm)[0].more, "no word tells it"
    happy = [f"happy-{i}" for i in range(31)]
    told(cast.larkspur, [answer(key, 10, "2026-09-16", customer=key, respondent=key, comment="De monteur was heel vriendelijk",
                                attributes={"region": "North"}) for key in happy])  # fmt: skip
    read(cast.larkspur, {key: [Theme.objects.get(key="staff")] for key in happy})
    fresh(cast.larkspur)
    (found,) = themes_of(cast.access("hanna"), alarm)
    assert not found.more and found.praise


def test_the_newest_comments_are_read_for_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winback.server.watch.naming.READ", 10)
    said(cast.larkspur, "The staff were rude")
    (found,) = themes_of(cast.access("hanna"), an_alarm(cast.larkspur, region="North", more=WINDOW))
    assert (found.now, found.of_now, found.cross) == (30, 30, (10, 10, 0, 10))
