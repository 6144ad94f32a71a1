from __future__ import annotations

import numpy as np
import pytest

from winback.datasets.cast import Cast
from winback.datasets.history import NOT_SENT, OPTED_OUT, RELATIONSHIP, REST, TRANSACTIONAL, WAVE, History, live
from winback.datasets.leaving import NEVER
from winback.datasets.moods import band_of
from winback.datasets.world import Calendar


@pytest.fixture(scope="module")
def lived() -> tuple[Cast, History]:
    cast = Cast.gather(4, 1200, Calendar())
    return cast, live(cast)


def gaps(person: np.ndarray, day: np.ndarray) -> np.ndarray:
    order = np.lexsort((day, person))
    person, day = person[order], day[order]
    return np.diff(day)[person[1:] == person[:-1]]


def test_rest_periods_are_kept(lived: tuple[Cast, History]) -> None:
    asked = lived[1].asked
    sent = asked.why_not < 0
    relationship, contact = (asked.only(sent & (asked.survey == sort)) for sort in (RELATIONSHIP, TRANSACTIONAL))
    assert gaps(relationship.person, relationship.sent).min() == WAVE
    assert gaps(contact.person, contact.sent).min() >= 30
    assert (asked.why_not == REST).sum() > 200
    both = asked.only(sent)
    assert gaps(both.person, both.sent).min() >= 14


def test_only_customers_are_asked_and_nobody_on_a_sunday(lived: tuple[Cast, History]) -> None:
    cast, history = lived
    asked, customer = history.asked, cast.persons.customer[history.asked.person]
    sent = asked.why_not < 0
    assert (asked.sent[sent] >= cast.accounts.since[customer[sent]]).all()
    assert (asked.sent[sent] < history.endings.notice[customer[sent]]).all()
    relationship = sent & (asked.survey == RELATIONSHIP)
    weekday = (cast.calendar.start.weekday() + asked.sent[relationship]) % 7
    assert (weekday != 6).all()
    assert not (sent & cast.persons.opted_out[asked.person]).any()
    assert (cast.persons.opted_out[asked.person[asked.why_not == OPTED_OUT]]).all()
    assert set(np.unique(asked.why_not)) == set(range(-1, len(NOT_SENT)))


def test_answers_come_after_the_asking_and_before_the_notice(lived: tuple[Cast, History]) -> None:
    cast, history = lived
    asked = history.asked.only(history.asked.answered)
    assert (asked.day >= asked.sent).all()
    assert (asked.day < cast.calendar.days).all()
    assert (asked.day < history.endings.notice[cast.persons.customer[asked.person]]).all()
    assert (asked.delivered & (asked.why_not < 0)).all()
    assert (asked.second[asked.day == asked.sent] >= 11 * 3600).all()


def test_the_state_is_the_latest_answer(lived: tuple[Cast, History]) -> None:
    cast, history = lived
    told = history.asked.only(history.asked.answered & ~history.asked.skipped)
    order = np.lexsort((told.second, told.day))
    customer = cast.persons.customer[told.person[order]]
    latest = np.full(len(cast.accounts), -1)
    latest[customer] = band_of(told.score[order])
    here = (history.endings.notice == NEVER) & (latest >= 0)
    assert (history.band[here] == latest[here]).all()
    assert (history.spoken[here]).all()
    assert not history.spoken[(history.endings.notice == NEVER) & (latest < 0)].any()


def test_web_invitations_grow_half_way(lived: tuple[Cast, History]) -> None:
    cast, history = lived
    asked = history.asked
    sent = asked.why_not < 0
    web = sent & (cast.persons.channel[asked.person] == 1)
    before = asked.sent < cast.calendar.mix
    assert (web & before).sum() / (sent & before).sum() < 0.5 * (web & ~before).sum() / (sent & ~before).sum()
