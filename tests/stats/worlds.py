"""Simulated companies whose truth is known, for the tests and for `bench/stats.py`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winback.stats.exposure import Exposure, persons_to_exposure

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Segments:
    """S segments: true shares and counts (S, 3) of detractors, passives, promoters, and which are truly worse."""

    shares: Floats
    counts: Floats
    worse: NDArray[np.bool_]

    @property
    def scores(self) -> Floats:
        return 100 * (self.shares[:, 2] - self.shares[:, 0])

    @property
    def raw(self) -> Floats:
        return 100 * (self.counts[:, 2] - self.counts[:, 0]) / self.counts.sum(axis=1)


def segments(number: int, concentration: float, typical: float, rng: np.random.Generator) -> Segments:
    """Segments of `typical` median answers whose shares are spread round (25, 30, 45) %; worse is against the rest."""
    shares = rng.dirichlet(np.array([0.25, 0.3, 0.45]) * concentration, number)
    answers = np.maximum(1, rng.lognormal(np.log(typical), 0.8, number)).astype(int)
    score = shares[:, 2] - shares[:, 0]
    rest = ((answers * score).sum() - answers * score) / (answers.sum() - answers)
    return Segments(shares, rng.multinomial(answers, shares).astype(float), score < rest)


@dataclass(frozen=True)
class Company:
    """Months at risk, today's detractors with their margins and cells, what is truly at risk, and the hazard ratio."""

    exposure: Exposure
    margins: Floats
    cells: NDArray[np.int64]
    truth: float
    ratio: float


def company(
    seed: int,
    *,
    customers: int = 3000,
    cells: int = 12,
    months: int = 24,
    base: float = -4.4,
    effect: tuple[float, float, float] = (0.9, 0.0, -0.5),
) -> Company:
    """A company of cells that differ in risk of leaving, in mood and in margin, all three going together.

    Customers answer every sixth month or so; the band of the latest answer moves the log odds of leaving in a month by
    `effect`. Crude rates mix up mood and cell: the cells with more detractors are those that leave more anyway.
    """
    world, rng = np.random.default_rng(77), np.random.default_rng(seed)
    risk = world.normal(0, 0.5, cells)
    mood, value = 1.6 * risk + world.normal(0, 0.5, cells), np.exp(world.normal(5, 0.6, cells) + risk)
    cell, nature, leave = rng.integers(0, cells, customers), rng.normal(0, 1, customers), np.full(customers, -1)
    band, alive, answers = np.full(customers, -1), np.ones(customers, dtype=bool), []
    for month in range(months):
        logit = base + risk[cell] + np.where(band >= 0, np.array(effect)[band], 0.0)
        gone = alive & (rng.random(customers) < 1 / (1 + np.exp(-logit)))
        leave[gone], alive = month, alive & ~gone
        who = np.flatnonzero(alive & (rng.random(customers) < 1 / 6))
        feeling = -0.3 * mood[cell[who]] + 0.75 * nature[who] + 0.66 * rng.normal(0, 1, len(who))
        band[who] = np.digitize(feeling, [-0.55, 0.3])
        answers.append(np.column_stack([who, np.full(len(who), month), band[who]]))
    rows = np.vstack(answers)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    following = np.where(np.append(rows[1:, 0] == rows[:-1, 0], False), np.append(rows[1:, 1], -1), -1)
    exposure = persons_to_exposure(
        customer=rows[:, 0],
        answer_month=rows[:, 1],
        band=rows[:, 2],
        cell=cell[rows[:, 0]],
        next_answer_month=following,
        leave_month=leave[rows[:, 0]],
        end_month=np.full(len(rows), months - 1),
    )
    book = np.flatnonzero(alive & (band == 0))
    margins = value[cell[book]] * rng.gamma(4, 0.25, len(book))
    monthly = [1 / (1 + np.exp(-(base + risk[cell[book]] + e))) for e in effect[:2]]
    yearly = [1 - (1 - h) ** 12 for h in monthly]
    truth, ratio = float(margins @ (yearly[0] - yearly[1])), float(monthly[0].sum() / monthly[1].sum())
    return Company(exposure, margins, cell[book], truth, ratio)


def zipf(themes: int, exponent: float, mean: float) -> Floats:
    """Shares (themes,) of interviewees who would name each theme: Zipf, `mean` themes an interview, none above 0.75."""
    weights = 1.0 / np.arange(1, themes + 1) ** exponent
    shares = weights / weights.sum() * mean
    for _ in range(50):
        shares = np.minimum(shares * mean / shares.sum(), 0.75)
    return shares


def interviews(shares: Floats, number: int, runs: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """In how many of `number` interviews each theme is named (runs, themes), every theme by itself."""
    return rng.binomial(number, shares, size=(runs, len(shares)))


def ratings(number: int, drivers: int, rng: np.random.Generator) -> Floats:
    """(number, drivers + 1): marks 0-10 with a halo of 0.45, and a score that hangs on the first three by 45, 25, 10."""
    halo = rng.normal(size=(number, 1))
    marks = 7 + 2 * (np.sqrt(0.45) * halo + np.sqrt(0.55) * rng.normal(size=(number, drivers)))
    marks = np.clip(np.round(marks), 0, 10)
    pull = np.zeros(drivers)
    pull[:3] = (0.45, 0.25, 0.1)[:drivers]
    score = np.clip(np.round(1 + marks @ pull + rng.normal(0, 1.3, number)), 0, 10)
    return np.column_stack([marks, score])
