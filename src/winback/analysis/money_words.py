"""Money in sentences: what is so, then how sure, each under its own name."""

from __future__ import annotations

from typing import Any

import numpy as np

from winback.analysis.leaving import RULE, AtRisk
from winback.analysis.segments import money_text
from winback.analysis.tiers import NEGATIVE, Standing, counts_of, tiers_of
from winback.charts.labels import interval, money, signed
from winback.scales import DETRACTOR
from winback.stats.intervals import difference_interval, nps_interval, score_of, share_interval

_NAMES = {"margin": "margin", "revenue": "revenue", "estimated_margin": "estimated margin", "value": "order value"}


def answer(standing: Standing, basis: str, *, level: float, minimum: int) -> tuple[str, str]:
    """Are your most profitable customers promoters: "yes", "no" or "unclear", and the sentence that says it."""
    tiers = tiers_of(standing.worth)
    positive = sorted({int(tier) for tier in tiers if tier != NEGATIVE})
    if not positive:
        return "unclear", "No customer brings money, so there are no most profitable ones."
    top = tiers == positive[0]
    best, others = (
        counts_of(standing.band[top], standing.worth[top]),
        counts_of(standing.band[~top], standing.worth[~top]),
    )
    heard, who = int(best.answers[0]), "highest-paying" if basis == "revenue" else "most profitable"
    if heard < minimum:
        return (
            "unclear",
            f"Too early to say: of the {who} customers {heard or 'none'} answered, and {minimum} are needed.",
        )
    promoters = int(best.promoters[0])
    low, high = (float(end[0]) for end in share_interval(best.promoters, best.answers, level=level))
    verdict = "yes" if low > 0.5 else "no" if high < 0.5 else "unclear"
    begin = {"yes": "Yes, most of them", "no": "No, most of them are not", "unclear": "It cannot be told"}[verdict]
    score = float(score_of(best.promoters, best.passives, best.detractors)[0])
    ends = nps_interval(best.promoters, best.passives, best.detractors, level=level)
    counted = f"{promoters:,} of {heard:,}" if heard < 500 else f"{100 * promoters / heard:.0f} %"
    sentence = f"{begin}: {counted} of the {who} customers who answered are promoters; they score {signed(score)} {interval(float(ends[0][0]), float(ends[1][0]))}"
    if int(others.answers[0]) >= minimum:
        rest = float(score_of(others.promoters, others.passives, others.detractors)[0])
        cells = [(c.promoters, c.passives, c.detractors) for c in (others, best)]
        below, above = (float(end[0]) for end in difference_interval(cells[0], cells[1], level=level))
        compared = "worse than" if above < 0 else "better than" if below > 0 else "not clearly different from"
        sentence += f", {compared} the other customers ({signed(rest)})"
    return verdict, sentence + "."


def from_detractors(standing: Standing, basis: str, currency: str, *, months: int | None) -> dict[str, Any]:
    """What customers whose latest answer is a detractor's bring: a sum, and its share of that of all who answered."""
    kind = "value" if basis == "value" else "revenue" if standing.revenue is not None else "margin"
    amounts = standing.revenue if standing.revenue is not None else standing.worth
    theirs, heard = standing.band == DETRACTOR, standing.heard()
    total, whole = int(amounts[theirs].sum()), int(amounts[heard].sum())
    share = total / whole if whole > 0 else None
    number = int(theirs.sum())
    time = "" if basis == "value" else " a year" if months in (None, 12) else f" in the last {months} months"
    # Answers without a customer stand for themselves.
    whom = ("answer" if basis == "value" else "customer") + ("" if number == 1 else "s")
    part = "" if share is None else f", {100 * share:.0f} % of that of all who answered"
    found = {
        "money": money_text(total), "kind": kind, "share": share, "customers": number,
        "sentence": f"{money(money_text(total), currency)} of {_NAMES[kind]}{time} comes from detractors{part} ({number:,} {whom}).",
    }  # fmt: skip
    if kind == "revenue" and basis != "revenue":
        margin = int(standing.worth[theirs].sum())
        found |= {"margin": money_text(margin)}
    return found


def at_risk_sentence(risk: AtRisk, currency: str, basis: str = "margin") -> str:
    """Revenue at risk in words: measured with its interval, assumed by the user, or what is missing."""
    if risk.status == "missing" or risk.amount is None:
        more = f" About {risk.months_missing} more months of data are needed." if risk.months_missing else ""
        return f"Revenue at risk cannot be told: {risk.reason}.{more}"
    if risk.reason:
        return f"At risk: nothing, because {risk.reason}."
    amount = money(money_text(round(risk.amount * 10_000)), currency)
    if risk.status == "assumed":
        return (
            f"At risk: {amount} of {_NAMES[basis]} a year, assuming, as entered, that {100 * (risk.leave_detractor or 0):.0f} % of detractors leave in a year "
            f"where {100 * (risk.leave_passive or 0):.0f} % of passives do. This is an assumption, not a measurement."
        )
    ends = ", ".join(money(money_text(round(end * 10_000)), currency) for end in (risk.low or 0.0, risk.high or 0.0))
    known = risk.times is not None and np.isfinite(risk.times)
    often = (
        f", because a detractor leaves {risk.times:.1f} times as often as the same customer as a passive"
        if known
        else ""
    )
    rule = f" Departures are derived: {RULE}." if risk.derived else ""
    chance = " That could be chance." if (risk.low or 0.0) <= 0 <= (risk.high or 0.0) else ""
    return f"At risk: about {amount} [{ends}] of {_NAMES[basis]} a year{often}.{chance}{rule}"
