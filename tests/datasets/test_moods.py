from __future__ import annotations

import numpy as np
import pytest

from winback.datasets import world
from winback.datasets.cast import Cast
from winback.datasets.moods import band_of, detractor_chance, expected_nps, give, odds_ratio, shift_for_odds
from winback.datasets.world import Calendar
from winback.scales import Bands


@pytest.fixture(scope="module")
def cast() -> Cast:
    return Cast.gather(1, 2000, Calendar())


def test_bands_are_those_of_the_usual_scale() -> None:
    scores = np.arange(11)
    assert band_of(scores).tolist() == Bands().classify(scores).tolist()


def test_the_chances_are_those_of_the_scores_given() -> None:
    mood = np.full(200_000, -0.3)
    scores = give(np.random.default_rng(1), mood)
    assert scores.min() == 0
    assert scores.max() == 10
    assert (scores <= 6).mean() == pytest.approx(detractor_chance(mood)[0], abs=0.004)
    assert 100 * ((scores >= 9).mean() - (scores <= 6).mean()) == pytest.approx(expected_nps(mood), abs=0.8)


def test_the_shift_multiplies_the_odds() -> None:
    rng = np.random.default_rng(2)
    mood, weight = rng.standard_normal(500), rng.random(500)
    shift = shift_for_odds(mood, weight, 3.0)
    shares = [float(np.average(detractor_chance(m), weights=weight)) for m in (mood + shift, mood)]
    assert shift < 0
    assert odds_ratio(*shares) == pytest.approx(3.0, abs=1e-9)
    assert shift_for_odds(mood[:0], weight[:0], 3.0) == 0.0


def test_what_is_planted_reaches_its_segment_and_nobody_else(cast: Cast) -> None:
    calendar, everybody = cast.calendar, np.arange(len(cast.persons))
    plan, region = cast.accounts.plan[cast.persons.customer], cast.accounts.region[cast.persons.customer]
    late = np.full(len(everybody), calendar.flare)
    mood, flare, slow = cast.moods.on(everybody, late)
    assert (
        flare == ((plan == world.BUSINESS) & (region == world.NORTH) & (cast.persons.channel == world.PARTNER))
    ).all()
    assert not slow.any()
    before, calm, _ = cast.moods.on(everybody, late - 1)
    assert not calm.any()
    season = calendar.season[calendar.flare] - calendar.season[calendar.flare - 1]
    assert mood - before == pytest.approx(season + np.where(flare, cast.moods.flare_shift, 0.0))
    _, _, slow = cast.moods.on(everybody, np.full(len(everybody), calendar.fix - 1))
    assert (slow == (region == world.WEST)).all()


def test_a_silent_segment_answers_a_quarter_as_often(cast: Cast) -> None:
    everybody = np.arange(len(cast.persons))
    days = np.full(len(everybody), cast.calendar.silence)
    ratio = cast.moods.reply_chance(everybody, days) / cast.moods.reply_chance(everybody, days - 1)
    assert ratio == pytest.approx(np.where(cast.moods.in_silent_cell, 0.25, 1.0))
    assert cast.moods.in_silent_cell.any()
