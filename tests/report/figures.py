"""Figures of the reports' test documents, computed from counts with the formulas of the conventions.

So intervals, shares and sums agree as they would in a real report.
"""

import math
import random
from decimal import Decimal
from typing import Any

REGIONS = ("North", "East", "South", "West", "Midlands")
PLANS = ("Home", "Home Plus", "Business", "Enterprise")


def cell(promoters: int, passives: int, detractors: int, minimum: int = 10) -> dict[str, Any]:
    """A CELL with its adjusted-Wald interval; figures are null under the minimum."""
    n = promoters + passives + detractors
    base = {"answers": n, "promoters": promoters, "passives": passives, "detractors": detractors}
    if n < minimum:
        return {
            "answers": n,
            **dict.fromkeys(("promoters", "passives", "detractors", "nps", "low", "high")),
            "suppressed": True,
        }
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    reach = 1.959964 * math.sqrt((p + d - (p - d) ** 2) / (n + 3))
    nps = 100 * (promoters - detractors) / n
    low, high = max(-100.0, 100 * (p - d - reach)), min(100.0, 100 * (p - d + reach))
    return base | {"nps": nps, "low": low, "high": high, "suppressed": False}


def split(n: int, nps: float, passive_share: float = 0.33) -> tuple[int, int, int]:
    """Counts of promoters, passives and detractors that come near a score."""
    passives = round(n * passive_share)
    promoters = max(0, min(n - passives, round((n - passives + n * nps / 100) / 2)))
    return promoters, passives, n - passives - promoters


def segment(
    by: list[str], values: list[Any], n: int, nps: float, overall: dict[str, Any], *, money: int
) -> dict[str, Any]:
    counts = cell(*split(n, nps, 0.33))
    row: dict[str, Any] = {"by": by, "segment": values, **counts}
    if counts["suppressed"]:
        return row | {
            "shrunk_nps": None, "share_of_detractors": None, "p_worse": None, "revenue_from_detractors": None,
        }  # fmt: skip
    weight = n / (n + 60)
    spread = (counts["high"] - counts["low"]) / 3.92
    worse = 0.5 * math.erfc((counts["nps"] - overall["nps"]) / (math.sqrt(2) * spread))
    return row | {
        "shrunk_nps": weight * counts["nps"] + (1 - weight) * overall["nps"],
        "share_of_detractors": counts["detractors"] / max(1, overall["detractors"]),
        "p_worse": worse,
        "revenue_from_detractors": str(Decimal(money * counts["detractors"] // n).quantize(Decimal("0.01"))),
    }


def distribution(overall: dict[str, Any]) -> list[dict[str, Any]]:
    parts = {
        "detractor": ([0, 1, 2, 3, 4, 5, 6], [0.09, 0.05, 0.08, 0.13, 0.12, 0.24, 0.29]),
        "passive": ([7, 8], [0.42, 0.58]),
        "promoter": ([9, 10], [0.55, 0.45]),
    }
    rows = []
    for band, (scores, shares) in parts.items():
        left = overall[f"{band}s"]
        for score, share in zip(scores, shares, strict=True):
            count = left if score == scores[-1] else round(overall[f"{band}s"] * share)
            left -= count
            rows.append({"score": float(score), "answers": count, "band": band})
    return rows


def months() -> list[str]:
    return [f"2025-{month:02}-01" for month in (11, 12)] + [f"2026-{month:02}-01" for month in range(1, 12)]


def period(
    unit: str, start: str, end: str, figures: dict[str, Any], *, quarter: Any = None, partial: bool = False
) -> dict[str, Any]:
    return {"unit": unit, "period": start, "end": end, "partial": partial, **figures, "trailing_quarter": quarter}


def trend(dice: random.Random) -> list[dict[str, Any]]:
    scores = (23, 25, 24, 24, 27, 26, 24, 26, 25, 23, 24, 22, 17)
    rows = []
    for index, (start, nps) in enumerate(zip(months(), scores, strict=True)):
        n = 150 if index == 12 else dice.randrange(170, 220)
        quarter = cell(*split(n * 3, sum(scores[index - 2 : index + 1]) / 3)) if index >= 2 else None
        rows.append(
            period("month", start, start[:8] + "28", cell(*split(n, nps)), quarter=quarter, partial=index == 12)
        )
    return rows


def heat(dice: random.Random, shift: dict[str, int], lift: dict[str, int]) -> dict[str, Any]:
    rows = []
    for region in REGIONS:
        for plan in PLANS[:3]:
            for index, start in enumerate(months()[1:]):
                nps = 21 + shift[region] + lift[plan] + dice.uniform(-11, 11)
                if (region, plan) == ("North", "Business") and index >= 10:
                    nps -= 30
                n = dice.randrange(8, 24) if (region, plan) == ("West", "Home Plus") else dice.randrange(20, 60)
                rows.append({"segment": [region, plan], "period": start, **cell(*split(n, nps), minimum=12)})
    return {"by": ["region", "plan"], "unit": "month", "rows": rows}


def decompose() -> dict[str, Any]:
    raw = {
        ("North", "Business"): (-1.04, -0.31), ("West", "Home Plus"): (-0.33, 0.02), ("West", "Business"): (-0.21, -0.08),
        ("East", "Home"): (-0.22, 0.01), ("West", "Home"): (-0.29, 0.04), ("Midlands", "Business"): (-0.12, -0.07),
        ("South", "Business"): (-0.04, -0.16), ("South", "Home"): (-0.17, 0.03), ("East", "Business"): (-0.05, -0.04),
        ("Midlands", "Home"): (0.17, 0.02), ("North", "Home"): (0.09, -0.02), ("East", "Home Plus"): (-0.16, -0.03),
    }  # fmt: skip
    rows = []
    for (region, plan), (rate, mix) in raw.items():
        before, after = cell(*split(110, 22)), cell(*split(118, 20))
        rows.append(
            {"segment": [region, plan], "before": before, "after": after, "rate": rate, "mix": mix, "total": rate + mix}
        )
    rate, mix = sum(row["rate"] for row in rows), sum(row["mix"] for row in rows)
    return {
        "by": ["region", "plan"],
        "before": cell(*split(2288, 24)) | {"since": "2026-05-24", "until": "2026-08-21"},
        "after": cell(*split(2386, 21)) | {"since": "2026-08-22", "until": "2026-11-19"},
        "change": rate + mix,
        "low": -7.5,
        "high": 1.5,
        "rate": rate,
        "mix": mix,
        "sentence": "Most of it is people feeling worse; the whole could still be chance.",
        "segments": rows,
    }


def profit(overall: dict[str, Any]) -> dict[str, Any]:
    tiers = []
    for tier, (label, money, nps) in enumerate(
        (
            ("1 (most profitable)", 812400, 12),
            ("2", 401300, 18),
            ("3", 251900, 24),
            ("4", 120700, 27),
            ("5 (least profitable)", 41200, 29),
            ("negative", -38600, 9),
        ),
        start=1,
    ):
        heard = 411 if tier < 6 else 49
        figures = cell(*split(heard, nps))
        tiers.append(
            {
                "tier": tier,
                "label": label,
                "customers": 820 if tier < 6 else 110,
                "heard": heard,
                "money": f"{money}.00",
                "share_of_money": money / 1588900,
                **figures,
                "money_from_detractors": f"{money * figures['detractors'] // heard}.00",
            }
        )
    return {
        "basis": "margin",
        "why_not": None,
        "question": "Are your most profitable customers promoters?",
        "answer": "No. The most profitable fifth scores +12 [+4, +20], the least profitable fifth +29 [+21, +37]: "
        "the more they bring, the less they recommend you.",
        "verdict": "no",
        "customers": 4210,
        "customers_heard": 2104,
        "tiers": tiers,
        "from_detractors": {
            "money": "351200.00",
            "kind": "margin",
            "share": 0.221,
            "customers": 539,
            "sentence": "Yearly margin of 539 detractors, 22 % of the margin of all who answered.",
        },
        "at_risk": {
            "status": "measured",
            "money": "61000.00",
            "low": "34000.00",
            "high": "88000.00",
            "months": 12,
            "times_as_often": 2.3,
            "times_low": 1.6,
            "times_high": 3.4,
            "months_missing": None,
            "sentence": "Detractors leave 2.3 times as often as the same customers as passives.",
        },
        "mix_cost": {
            "money": "23900.00",
            "low": "-4100.00",
            "high": "51800.00",
            "sentence": "If the most profitable tier had the mix of the whole, it would keep about this much more a year.",
        },
        "earned_growth": {
            "rate": 0.10,
            "net_revenue_retention": 0.85,
            "earned_new": 0.25,
            "sentence": "85 % kept and grown, 25 % from customers who came by recommendation, less 100 %.",
        },
        "sensitivity": [
            {"unit_costs": name, "tiers": [dict(tier) for tier in tiers]} for name in ("half", "as given", "double")
        ],
        "unit_costs": {"call": "6.50", "ticket": "4.20", "visit": "85.00"},
    }
