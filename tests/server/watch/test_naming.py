"""What the detractors of a fire name beside before, in customers; and the words behind it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast
from tests.server.watch.worlds import an_alarm, named
from winback.server.watch.naming import Theme, themes_of, words_of

pytestmark = pytest.mark.django_db


def test_themes_of_the_detractors_now_and_before(cast: Cast) -> None:
    themes = named(cast.larkspur)
    window = {"since": dt.date(2026, 9, 14), "until": dt.date(2026, 9, 27)}
    alarm = an_alarm(cast.larkspur, region="North", more=window)
    # Detractors are customers 0, 4, 8, 12, 16 of each week. Of these, 0, 4, 8 and 12 name the queue in the window, and
    # customer 0 before; customer 16 names the bill in every other week. Each counts once.
    queue, bill = Theme("Queue", 4, 5, 1, 5), Theme("Bill", 1, 5, 1, 5)
    assert themes_of(cast.access("hanna"), alarm) == [queue], "one who names it is nobody’s theme"
    assert not queue.more and Theme("Queue", 30, 40, 4, 80).more
    assert (bill.share_now, bill.share_before, Theme("Bill", 1, 5, 0, 0).share_before) == (0.2, 0.2, None)
    assert themes_of(cast.access("norah"), an_alarm(cast.larkspur, region="South", more=window)) == [], (
        "not in her scope"
    )

    said = words_of(cast.access("hanna"), alarm).values_list("external_id", flat=True)
    assert sorted(said)[:2] == ["15-North-0", "15-North-12"] and len(said) == 10
    theirs = an_alarm(cast.larkspur, region="North", more={**window, "measure": "themes", "theme": themes["Bill"]})
    assert sorted(words_of(cast.access("hanna"), theirs).values_list("external_id", flat=True)) == [
        *(f"15-North-{i}" for i in (16, 17, 18, 19)), *(f"16-North-{i}" for i in (17, 18, 19)),
    ]  # fmt: skip
