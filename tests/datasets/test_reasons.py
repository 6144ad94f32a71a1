from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from winback.datasets import world
from winback.datasets.comments import THEMES, TROUBLES
from winback.datasets.reasons import (
    APPOINTMENTS,
    BACKUP,
    EVENINGS,
    FIRST_BILL,
    NOTHING,
    Setting,
    draw_themes,
    setting_month,
    trouble_weights,
)
from winback.datasets.world import Calendar


def setting(size: int, band: int) -> Setting:
    nothing, no = np.zeros(size, np.int64), np.zeros(size, bool)
    return Setting(
        band=np.full(size, band), plan=nothing, channel=nothing, touchpoint=nothing - 1, tenure=nothing + 900,
        month=nothing, in_west=no, flare=no, slow=no,
    )  # fmt: skip


def shares(given: Setting) -> np.ndarray:
    theme, _ = draw_themes(np.random.default_rng(1), given)
    return np.bincount(theme, minlength=len(THEMES)) / len(theme)


def test_low_marks_have_a_trouble_behind_them_and_high_marks_hardly() -> None:
    low, high = shares(setting(20_000, 0)), shares(setting(20_000, 2))
    assert low[: len(TROUBLES)].sum() == pytest.approx(0.90, abs=0.01)
    assert high[: len(TROUBLES)].sum() == pytest.approx(0.07, abs=0.01)
    assert low[NOTHING] == pytest.approx(0.08, abs=0.01)


def test_slow_evenings_are_named_while_they_are_slow() -> None:
    calm = setting(20_000, 0)
    slow = replace(calm, slow=~calm.slow, in_west=~calm.in_west)
    mended = replace(calm, in_west=~calm.in_west)
    assert shares(slow)[EVENINGS] > 3 * shares(calm)[EVENINGS]
    assert shares(mended)[EVENINGS] < shares(calm)[EVENINGS]


def test_in_the_flare_up_eight_in_ten_name_the_appointments() -> None:
    calm = setting(20_000, 0)
    hit = shares(replace(calm, flare=~calm.flare))[APPOINTMENTS]
    assert hit == pytest.approx(0.8 + 0.2 * shares(calm)[APPOINTMENTS], abs=0.01)


def test_only_companies_have_a_backup_line() -> None:
    given = setting(2, 0)
    weights = trouble_weights(replace(given, plan=np.array([world.HOME, world.BUSINESS])))
    assert weights[0, BACKUP] == 0
    assert weights[1, BACKUP] > 0
    assert trouble_weights(replace(given, touchpoint=np.array([2, -1])))[:, FIRST_BILL].tolist() == pytest.approx(
        [0.45, 0.15]
    )


def test_a_third_of_the_comments_stays_blank() -> None:
    _, blank = draw_themes(np.random.default_rng(1), setting(20_000, 1))
    assert blank.mean() == pytest.approx(0.44, abs=0.012)


def test_months_are_counted_from_the_first() -> None:
    assert setting_month(Calendar(), np.array([0, 29, 30, 729])).tolist() == [0, 0, 1, 23]
