"""Which theme stands behind an answer: what people name depends on what happened to them, and on what they gave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winback.datasets import world
from winback.datasets.comments import THEMES, TROUBLES
from winback.datasets.people import Flags, Floats, Ints
from winback.datasets.world import Calendar

APPOINTMENTS, FIRST_BILL, PRICE_RISE, EVENINGS, STORY, ROUTER, WAITING, MOVING, BACKUP, APP = range(len(TROUBLES))
NOTHING = len(THEMES) - 1
_TROUBLE_WEIGHTS = (0.125, 0.150, 0.140, 0.110, 0.135, 0.120, 0.115, 0.035, 0.010, 0.020)
_PRAISE_WEIGHTS = (0.24, 0.11, 0.22, 0.21, 0.13, 0.09)
# What shares of detractors, passives and promoters name a trouble, and something they like; the rest name nothing.
_TROUBLE_SHARES = np.array([0.90, 0.47, 0.07])
_PRAISE_SHARES = np.array([0.02, 0.35, 0.79])
_BLANK_SHARES = np.array([0.24, 0.44, 0.35])
_ORDER, _INSTALLATION, _BILL, _SUPPORT = range(4)


@dataclass(frozen=True)
class Setting:
    """What an answer was given in, one entry an answer; codes as in `world`, `month` counts from the first of the 24."""

    band: Ints
    plan: Ints
    channel: Ints
    touchpoint: Ints
    tenure: Ints
    month: Ints
    in_west: Flags
    flare: Flags
    slow: Flags


def draw_themes(rng: np.random.Generator, setting: Setting) -> tuple[Ints, Flags]:
    """The theme of each answer (a place in `THEMES`), and whether the comment stays blank."""
    size = len(setting.band)
    luck = rng.random((3, size))
    weights = trouble_weights(setting)
    trouble = _pick(weights, luck[0])
    praise = len(TROUBLES) + np.searchsorted(np.cumsum(_PRAISE_WEIGHTS)[:-1], luck[0], side="right")
    named = _TROUBLE_SHARES[setting.band]
    # In the flare-up hardly anybody gives another reason, and the content grumble about it too.
    hit = setting.flare & (luck[2] < np.where(setting.band == 0, world.FLARE_THEME_SHARE, 0.5))
    named = np.where(hit & (setting.band < 2), 1.0, named)
    trouble = np.where(hit, APPOINTMENTS, trouble)
    liked = named + _PRAISE_SHARES[setting.band]
    theme = np.select([luck[1] < named, luck[1] < liked], [trouble, praise], default=NOTHING)
    blank = rng.random(size) < _BLANK_SHARES[setting.band]
    return theme.astype(np.int64), blank


def trouble_weights(setting: Setting) -> Floats:
    """How likely each trouble is the one named, not yet adding up to 1; shape (answers, troubles)."""
    size = len(setting.band)
    weights = np.tile(np.asarray(_TROUBLE_WEIGHTS), (size, 1))
    weights[setting.slow, EVENINGS] *= 5.0
    weights[setting.in_west & ~setting.slow, EVENINGS] *= 0.9
    letter = np.isin(setting.month, (5, 6, 7, 17, 18, 19))
    weights[letter, PRICE_RISE] *= 2.2
    new = setting.tenure < 180
    weights[new, FIRST_BILL] *= 2.0
    weights[new, APPOINTMENTS] *= 1.8
    plus = setting.plan == world.HOME_PLUS
    weights[plus, ROUTER] *= 1.4
    weights[plus, FIRST_BILL] *= 1.5
    weights[setting.channel == world.PHONE, STORY] *= 1.5
    weights[setting.touchpoint == _SUPPORT, STORY] *= 2.0
    weights[setting.touchpoint == _SUPPORT, WAITING] *= 2.0
    weights[setting.touchpoint == _BILL, FIRST_BILL] *= 3.0
    weights[setting.touchpoint == _BILL, PRICE_RISE] *= 2.0
    installing = (setting.touchpoint == _INSTALLATION) | (setting.touchpoint == _ORDER)
    weights[installing, APPOINTMENTS] *= 2.5
    weights[setting.plan < world.BUSINESS, BACKUP] = 0.0  # only companies have a backup line
    return weights


def setting_month(calendar: Calendar, day: Ints) -> Ints:
    """Which of the 24 months a day lies in, from 0."""
    return np.searchsorted(calendar.month_starts, day, side="right") - 1


def _pick(weights: Floats, luck: Floats) -> Ints:
    """A place in each row, by its weights."""
    edges = np.cumsum(weights, axis=1)
    return np.asarray((edges < (luck * edges[:, -1])[:, None]).sum(axis=1), np.int64)
