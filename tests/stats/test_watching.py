"""A panel watched: fires are found, calm stays calm, and nothing changes when later weeks arrive."""

from __future__ import annotations

import numpy as np

from tests.stats.panels import panel
from winback.stats.families import Share
from winback.stats.watching import COLD, Watched, watch


def _watch(made: dict[str, np.ndarray], **more: object) -> Watched:
    return watch(made["bad"], made["size"], made["times"], family=Share(), cycles=(52.1775,), **more)  # type: ignore[arg-type]


def test_planted_fires_are_found_and_few_others() -> None:
    made = panel(1)
    found = _watch(made, columns=[129])
    assert found.alarm[:10, 0].sum() >= 5
    assert found.alarm[10:, 0].sum() <= 2
    assert (found.began[:10, 0][found.alarm[:10, 0]] <= 6).all()


def test_where_nothing_happens_alarms_are_rare() -> None:
    alarms = [bool(_watch(panel(seed, flares=0), columns=[129], draws=3000).alarm.any()) for seed in range(25)]
    assert sum(alarms) <= 5


def test_a_period_is_decided_once() -> None:
    made = panel(3)
    whole = _watch(made, columns=[125])
    cut = {name: value[..., :126] for name, value in made.items()}
    early = _watch(cut, columns=[125])
    assert np.array_equal(whole.q, early.q)
    assert np.array_equal(whole.alarm, early.alarm)


def test_eight_weeks_are_enough_and_seven_are_not() -> None:
    made = {name: value[..., -9:] for name, value in panel(4, segments=40).items()}
    found = _watch(made)
    assert found.columns.tolist() == [COLD]
    assert np.isfinite(found.score).all()
    cut = {name: value[..., :8] for name, value in made.items()}
    assert _watch(cut).columns.tolist() == []


def test_a_late_start_of_a_segment_is_no_fire() -> None:
    made = panel(5, flares=0)
    made["size"][3, :126], made["bad"][3, :126] = 0, 0
    found = _watch(made, columns=[129])
    assert np.isnan(found.score[3, 0])
    assert not found.alarm[3, 0]


def test_silence_and_gaps_are_no_error_and_no_alarm() -> None:
    made = panel(6, flares=0)
    made["size"][2], made["bad"][2] = 0, 0
    made["size"][:, 90:110], made["bad"][:, 90:110] = 0, 0
    found = _watch(made, columns=[129])
    assert not found.alarm[2, 0]
    assert np.isfinite(found.score[3:, 0]).all()


def test_a_period_whose_answers_may_still_come_alarms_at_a_tenth() -> None:
    made = panel(1)
    sure, early = _watch(made, columns=[129]), _watch(made, columns=[129], provisional=[129])
    assert (early.alarm == (sure.q <= 0.01)).all()
    assert early.alarm.sum() < sure.alarm.sum()


def test_after_an_acknowledged_alarm_the_window_begins_anew() -> None:
    made = panel(1)
    known = np.full(60, -1)
    known[:10] = 128
    assert (_watch(made, columns=[129], acknowledged=known).began[:10, 0] == 1).all()
