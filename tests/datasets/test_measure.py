"""The planted truths, found again in the tables as an analyst would, without a look at the model."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from numpy.typing import NDArray

from winback.analysis.flareups import flareups
from winback.analysis.localise import localise
from winback.datasets import Truths
from winback.datasets.moods import odds_ratio
from winback.tables import Tables

LOW, MIDDLE, HIGH = 0, 1, 2


class Answers:
    """Scored feedback as arrays."""

    def __init__(self, feedback: pa.Table) -> None:
        scored = feedback.filter(feedback["score"].is_valid())
        self.id, self.customer = self._words(scored, "external_id"), self._words(scored, "customer")
        self.respondent, self.channel = self._words(scored, "respondent"), self._words(scored, "channel")
        self.region, self.plan = self._words(scored, "region"), self._words(scored, "plan")
        self.day = scored["local_date"].to_numpy().astype("datetime64[D]")
        self.at = scored["occurred_at"].to_numpy()
        self.score = scored["score"].to_numpy()
        self.band = (self.score >= 7).astype(int) + (self.score >= 9)
        self.comment = self._words(scored, "comment")

    @staticmethod
    def _words(table: pa.Table, name: str) -> NDArray[np.object_]:
        return np.array(table[name].to_pylist(), dtype=object)

    def nps(self, rows: NDArray[np.bool_]) -> float:
        return float(100 * ((self.band[rows] == HIGH).mean() - (self.band[rows] == LOW).mean()))


@pytest.fixture(scope="module")
def answers(tables: Tables) -> Answers:
    return Answers(tables.feedback)


def days(date: dt.date) -> np.datetime64:
    return np.datetime64(date, "D")


def test_flare_up(answers: Answers, truths: Truths) -> None:
    flare = truths.flare
    cell = (answers.region == "North") & (answers.plan == "Business") & (answers.channel == "partner")
    during = cell & (answers.day >= days(flare.start))
    assert during.sum() == flare.answers
    assert 380 < flare.answers < 450, "60 a week at least"
    assert odds_ratio(flare.share, flare.expected_share) == pytest.approx(3.0, abs=0.1)
    seen = (answers.band[during] == LOW).mean()
    assert seen == pytest.approx(flare.share, abs=2 * np.sqrt(0.25 / during.sum()))
    year_before = cell & (answers.day < days(flare.start)) & (answers.day >= days(flare.start) - 364)
    usual = (answers.band[year_before] == LOW).mean()
    assert usual == pytest.approx(flare.expected_share, abs=0.06)
    assert 1.8 < odds_ratio(seen, usual) < 5
    # The rest of North x Business is as it always was.
    rest = (answers.region == "North") & (answers.plan == "Business") & ~cell & (answers.day >= days(flare.start))
    assert (answers.band[rest] == LOW).mean() < 0.33


def test_flare_up_is_about_appointments(answers: Answers, truths: Truths) -> None:
    themes = dict(zip(*(truths.themes[name].to_pylist() for name in ("external_id", "theme")), strict=True))
    cell = (answers.region == "North") & (answers.plan == "Business") & (answers.channel == "partner")
    low = cell & (answers.band == LOW) & np.array([text is not None for text in answers.comment])
    during = answers.day >= days(truths.flare.start)
    named = np.array([themes.get(key) == truths.flare.theme for key in answers.id])
    assert named[low & during].mean() > 0.7
    assert named[low & ~during].mean() < 0.3
    # The words say it: told or not, an outsider reads the same.
    words = (
        "fitter",
        "engineer",
        "installer",
        "appointment",
        "install",
        "visit",
        "turned up",
        "nobody came",
        "slot",
        "no show",
    )
    said = [any(word in text.lower() for word in words) for text in answers.comment[low & during & named]]
    assert np.mean(said) > 0.75


def test_the_fix_that_worked_and_the_one_that_did_not(answers: Answers, truths: Truths) -> None:
    worked, idle = truths.fixes
    assert (worked.worked, idle.worked) == (True, False)
    effects = []
    for fix, here in ((worked, answers.region == "West"), (idle, answers.plan == "Home Plus")):
        since = answers.day >= days(fix.effective)
        rise = answers.nps(here & since) - answers.nps(here & ~since)
        # A change of mix and the season move everybody: set against all others.
        calm = ~((answers.region == "North") & (answers.plan == "Business")) & ~here
        effects.append(rise - (answers.nps(calm & since) - answers.nps(calm & ~since)))
    assert worked.effect == pytest.approx(18.7, abs=1.5)
    assert effects[0] == pytest.approx(worked.effect, abs=9)
    assert abs(effects[1]) < 9
    assert worked.share_before > 3 * worked.share_since
    assert abs(idle.share_since - idle.share_before) < 0.08


def test_profitable_detractors(answers: Answers, tables: Tables, truths: Truths) -> None:
    periods = tables.customer_periods
    recent = periods.filter(pc.greater_equal(periods["month"], dt.date(2025, 11, 1)))
    sums = recent.group_by("customer").aggregate([("margin", "sum")])
    margin = dict(zip(sums["customer"].to_pylist(), (float(m) for m in sums["margin_sum"].to_pylist()), strict=True))
    edge = np.quantile(np.array(list(margin.values())), 0.8)
    top = np.array([margin.get(customer, 0) > edge for customer in answers.customer])
    year = answers.day >= days(dt.date(2025, 11, 1))
    low = answers.band == LOW
    business = answers.plan == "Business"
    planted = truths.profitable
    assert low[top & year & business].mean() == pytest.approx(planted.share, abs=0.03)
    assert low[top & year & ~business].mean() == pytest.approx(planted.share_elsewhere, abs=0.035)
    assert low[~top & year & business].mean() == pytest.approx(planted.share_below, abs=0.04)
    assert 1.7 < planted.odds_ratio < 2.9


def test_detractors_leave_more_often(answers: Answers, tables: Tables, truths: Truths) -> None:
    """Months at risk by the band of the latest answer before the month; Mantel-Haenszel over plan and tenure."""
    months, leavers = exposure(answers, tables, truths)
    ratios = {}
    for band in (LOW, HIGH):
        above = below = 0.0
        for key in {key[1:] for key in months}:
            ours, theirs = months.get((band, *key), 0), months.get((MIDDLE, *key), 0)
            if ours + theirs:
                above += leavers.get((band, *key), 0) * theirs / (ours + theirs)
                below += leavers.get((MIDDLE, *key), 0) * ours / (ours + theirs)
        ratios[band] = above / below
    assert sum(leavers.values()) > 300
    assert ratios[LOW] == pytest.approx(truths.leaving.ratio, abs=0.55)
    assert ratios[HIGH] == pytest.approx(truths.leaving.promoter_ratio, abs=0.25)


def exposure(answers: Answers, tables: Tables, truths: Truths) -> tuple[dict[tuple[object, ...], int], ...]:
    customers = tables.customers
    since = dict(zip(customers["customer"].to_pylist(), customers["since_date"].to_pylist(), strict=True))
    plans = dict(zip(customers["customer"].to_pylist(), customers["plan"].to_pylist(), strict=True))
    left: dict[str, tuple[dt.date, str]] = {}
    for row in tables.departures.to_pylist():
        if row["departure_kind"] != "downgraded":
            left[row["customer"]] = (row["notice_date"] or row["end_date"], row["departure_kind"])
    order = np.argsort(answers.at, kind="stable")
    heard: dict[str, list[tuple[dt.date, int]]] = {}
    for place in order:
        heard.setdefault(answers.customer[place], []).append((answers.day[place].item(), int(answers.band[place])))
    months: dict[tuple[object, ...], int] = {}
    leavers: dict[tuple[object, ...], int] = {}
    firsts = [dt.date(2024 + (10 + m) // 12, (10 + m) % 12 + 1, 1) for m in range(25)]
    for customer, told in heard.items():
        gone, kind = left.get(customer, (dt.date(9999, 1, 1), ""))
        place, band = 0, None
        for first, after in pairwise(firsts):
            while place < len(told) and told[place][0] < first:
                band, place = told[place][1], place + 1
            if band is None or gone < first:
                continue
            tenure = (first - since[customer]).days
            key = (band, plans[customer], tenure < 365, tenure < 1095)
            months[key] = months.get(key, 0) + 1
            if gone < after and kind in truths.leaving.kinds:
                leavers[key] = leavers.get(key, 0) + 1
    return months, leavers


def test_revenue_at_risk_is_the_contrast(tables: Tables, truths: Truths) -> None:
    leaving = truths.leaving
    rows = leaving.customers.to_pylist()
    counted = [r for r in rows if r["spoken"] and r["band"] == LOW and r["last_answer"] >= dt.date(2025, 11, 1)]
    assert len(counted) == leaving.detractors
    extra = [r["leave_if_detractor"] - r["leave_if_passive"] for r in counted]
    for name, contrast, plain in (
        ("margin", leaving.margin_at_risk, leaving.margin_of_detractors),
        ("revenue", leaving.revenue_at_risk, leaving.revenue_of_detractors),
    ):
        money = [r[name] for r in counted]
        assert sum(money) == plain
        assert float(contrast) == pytest.approx(sum(float(m) * e for m, e in zip(money, extra, strict=True)), abs=0.01)
        # The plain sum is no figure of risk: it is a dozen times too large.
        assert plain > 10 * contrast
    assert all(r["leave"] == r[f"leave_if_{('detractor', 'passive', 'promoter')[r['band']]}"] for r in rows)
    ratio = np.array([r["leave_if_detractor"] / r["leave_if_passive"] for r in rows])
    assert (ratio < 2.3).all() and (ratio > 1.9).all()
    # The money is that of the last twelve months of the periods.
    periods = tables.customer_periods
    recent = periods.filter(pc.greater_equal(periods["month"], dt.date(2025, 11, 1)))
    sums = recent.group_by("customer").aggregate([("revenue", "sum"), ("margin", "sum")]).to_pylist()
    booked = {r["customer"]: (r["revenue_sum"], r["margin_sum"]) for r in sums}
    assert all(booked.get(r["customer"], (0, 0)) == (r["revenue"], r["margin"]) for r in rows)
    gone = {r["customer"] for r in tables.departures.to_pylist() if r["departure_kind"] != "downgraded"}
    assert not gone & {r["customer"] for r in rows}
    assert len(gone) + len(rows) == 4000


def test_a_change_of_mix_moves_the_score(answers: Answers, truths: Truths) -> None:
    mix = truths.mix
    since, web = answers.day >= days(mix.start), answers.channel == mix.channel
    assert web[~since].mean() == pytest.approx(mix.share_before, abs=1e-9)
    assert web[since].mean() == pytest.approx(mix.share_since, abs=1e-9)
    assert mix.share_since > 2 * mix.share_before
    # Kitagawa's mix term, with the rates of both years as seen.
    effect = 0.0
    for channel in sorted(set(answers.channel)):
        here = answers.channel == channel
        effect += (here[since].mean() - here[~since].mean()) * answers.nps(here)
    assert effect == pytest.approx(mix.effect, abs=0.6)
    assert mix.effect == pytest.approx((mix.share_since - mix.share_before) * mix.gap, abs=0.8)
    # Nobody feels different: people asked both before and since, on the web and elsewhere, give what they gave.
    both = set(answers.respondent[web & since]) & set(answers.respondent[web & ~since])
    again = web & np.isin(answers.respondent, list(both)) & (answers.region != "West")
    assert answers.nps(again & since) == pytest.approx(answers.nps(again & ~since), abs=12)


def test_a_segment_goes_silent(tables: Tables, truths: Truths) -> None:
    silent, start = truths.silent_segment, truths.silent_segment.start
    cell = {
        row["customer"]
        for row in tables.customers.select(["customer", "region", "plan"]).to_pylist()
        if (row["region"], row["plan"]) == ("South", "Enterprise")
    }
    counts = {"before": [0, 0], "since": [0, 0]}
    for row in tables.invitations.filter(tables.invitations["delivered"]).to_pylist():
        day = row["sent_at"].date()
        if row["customer"] in cell and day >= start - dt.timedelta(days=91):
            when = counts["since" if day >= start else "before"]
            when[0] += 1
            when[1] += row["answered_at"] is not None
    assert [counts["before"][1], counts["since"][1]] == [silent.answers_before, silent.answers_since]
    assert counts["before"][1] / counts["before"][0] == pytest.approx(silent.answered_before, abs=0.08)
    assert counts["since"][1] / counts["since"][0] == pytest.approx(silent.answered_since, abs=0.05)
    assert silent.answered_since == pytest.approx(silent.answered_before / 4, rel=0.1)


def test_who_answers_is_no_chance(tables: Tables, truths: Truths) -> None:
    sent = tables.invitations.filter(tables.invitations["sent_at"].is_valid())
    assert 1 - sent["answered_at"].null_count / sent.num_rows == pytest.approx(truths.silent.answered, abs=1e-9)
    assert truths.silent.answered == pytest.approx(0.39, abs=0.015)
    assert truths.silent.nps_of_answers - truths.silent.nps_of_asked > 8
    assert 0.05 < truths.silent.detractors_of_silent - truths.silent.detractors_of_answers < 0.15


def test_repeat_answers_regress_to_the_mean(answers: Answers, truths: Truths) -> None:
    order = np.lexsort((answers.at, answers.respondent))
    person, score, band = answers.respondent[order], answers.score[order], answers.band[order]
    again = person[1:] == person[:-1]
    retest = np.corrcoef(score[:-1][again], score[1:][again])[0, 1]
    assert retest == pytest.approx(truths.retest, abs=0.005)
    assert retest == pytest.approx(0.60, abs=0.04)
    recovered = band[1:][again & (band[:-1] == LOW)] != LOW
    assert 0.35 < recovered.mean() < 0.55


def test_unit_costs(truths: Truths) -> None:
    assert dict(truths.unit_costs) == {
        "calls": Decimal("6.5"), "tickets": Decimal(9), "visits": Decimal(78), "returns": Decimal(22), "credits": 0,
    }  # fmt: skip


def test_the_flare_up_is_found_within_two_weeks_and_localised_exactly(tables: Tables, truths: Truths) -> None:
    planted, by = truths.flare, ["region", "plan", "industry", "channel", "touchpoint"]
    # Sorts of survey never mix; who was asked after a visit says most.
    sort = tables.feedback.filter(pc.equal(tables.feedback["survey"], "transactional"))
    asked, second = replace(tables, feedback=sort), planted.start + dt.timedelta(days=13)
    (one,) = flareups(asked, by=by, until=second, revenue=False).rows()
    assert dict(zip(one["by"], one["segment"], strict=True)) == dict(planted.segments)
    assert one["since"] == str(planted.start) and one["answers"] > 100
    before = planted.start - dt.timedelta(weeks=12), planted.start - dt.timedelta(days=1)
    (cause,) = localise(sort, by=by, before=before, after=(planted.start, second)).findings()
    assert cause["attributes"] == dict(planted.segments)
