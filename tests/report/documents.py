"""Report documents for tests: a full one, a small programme's, a bare one and a hostile one.

The figures are computed from counts with the formulas of the conventions, so that intervals, shares and sums agree
as they would in a real report. The names, people and words are invented.
"""

import copy
import math
import random
from decimal import Decimal
from typing import Any

REGIONS = ("North", "East", "South", "West", "Midlands")
PLANS = ("Home", "Home Plus", "Business", "Enterprise")
HOSTILE = "</script><script>alert(1)</script>"
RIGHT_TO_LEFT = "\u202eevil\u202c \u05e9\u05dc\u05d5\u05dd"


def cell(promoters: int, passives: int, detractors: int, minimum: int = 10) -> dict[str, Any]:
    """A CELL with its adjusted-Wald interval; figures are null under the minimum."""
    n = promoters + passives + detractors
    base = {"answers": n, "promoters": promoters, "passives": passives, "detractors": detractors}
    if n < minimum:
        return base | {"nps": None, "low": None, "high": None, "suppressed": True}
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


def full() -> dict[str, Any]:
    """A programme with everything: dates, money, attributes, people, a change between two periods."""
    dice = random.Random(20261119)
    overall = cell(*split(2386, 21))
    shift = {"North": -2, "East": 6, "South": 4, "West": -9, "Midlands": 1}
    lift = {"Home": 4, "Home Plus": 6, "Business": -10, "Enterprise": 3}
    segments = []
    for region in REGIONS:
        n = {"North": 560, "East": 480, "South": 452, "West": 398, "Midlands": 496}[region]
        segments.append(_segment(["region"], [region], n, 21 + shift[region], overall, money=n * 221))
    segments.append(_segment(["region"], [None], 31, 12, overall, money=5120))
    for plan in PLANS:
        n = {"Home": 960, "Home Plus": 700, "Business": 600, "Enterprise": 126}[plan]
        segments.append(_segment(["plan"], [plan], n, 21 + lift[plan], overall, money=n * 190))
    for region in REGIONS:
        for plan in PLANS:
            n = {"Home": 190, "Home Plus": 140, "Business": 118, "Enterprise": 24}[plan] + dice.randrange(-14, 14)
            if (region, plan) == ("West", "Enterprise"):
                n = 7
            nps = 21 + shift[region] + lift[plan] + dice.uniform(-4, 4) - 14 * ((region, plan) == ("North", "Business"))
            segments.append(_segment(["region", "plan"], [region, plan], n, nps, overall, money=n * 210))
    document = _frame()
    document.update(
        overall=overall | {"respondents": 2386, "customers": 2104},
        headline={
            "small": False,
            "sentences": [
                "The score is +21, likely between +18 and +25, from 2,386 answers.",
                "It is a little lower than in the quarter before, perhaps by chance.",
                "West · Business is clearly worse than the rest and holds 6 % of all detractors.",
            ],
        },
        distribution=_distribution(overall),
        segments=segments,
        segments_note="Left out: postcode (1,904 different values).",
        heat=_heat(dice, shift, lift),
        trend=_trend(dice),
        trend_sentence="Between +22 and +27 until October; November is lower so far, which could still be chance.",
        decompose=_decompose(),
        profit=_profit(overall),
        people=_people(),
        themes=_themes(),
        voices=_voices(),
        readiness=_readiness(),
    )
    return document


def small() -> dict[str, Any]:
    """A software firm with 17 answers: names and words come first."""
    document = full()
    overall = cell(7, 5, 5)
    segments = [
        _segment(["plan"], ["Team"], 11, 10, overall, money=3100),
        _segment(["plan"], ["Scale"], 6, 20, overall, money=7200),
    ]
    document.update(
        title="Detractor review of answers.xlsx",
        file={"name": "answers.xlsx", "format": "xlsx", "encoding": None, "delimiter": None, "compressed": False},
        overall=overall | {"respondents": None, "customers": 16},
        headline={
            "small": True,
            "sentences": [
                "17 answers are too few for a score to say much: read the words, and call the five who are unhappy.",
                "Between them they bring €18,340 a year.",
            ],
        },
        distribution=[
            {"score": 0.0, "answers": 1, "band": "detractor"},
            {"score": 3.0, "answers": 2, "band": "detractor"},
            {"score": 6.0, "answers": 2, "band": "detractor"},
            {"score": 7.0, "answers": 3, "band": "passive"},
            {"score": 8.0, "answers": 2, "band": "passive"},
            {"score": 9.0, "answers": 4, "band": "promoter"},
            {"score": 10.0, "answers": 3, "band": "promoter"},
        ],
        segments=segments,
        segments_note=None,
        heat=None,
        trend=[
            _period("month", "2026-10-01", "2026-10-31", cell(4, 3, 3)),
            _period("month", "2026-11-01", "2026-11-30", cell(3, 2, 2), partial=True),
        ],
        trend_sentence="Too few answers a month to say how the score moves.",
        decompose=None,
        people=_people()[:5],
        rows={
            "read": 18,
            "answers": 17,
            "blank": 1,
            "rejected": 0,
            "superseded": 0,
            "outside_window": 0,
            "without_date": 0,
        },
        rejected={},
        rejected_examples=[],
        warnings=[],
    )
    document["profit"].update(
        basis=None,
        why_not="No money: name a column with --value, or give the customers' file.",
        answer=None,
        verdict=None,
        tiers=[],
        from_detractors=None,
        at_risk={
            "status": "missing",
            "money": None,
            "low": None,
            "high": None,
            "months": 12,
            "times_as_often": None,
            "times_low": None,
            "times_high": None,
            "months_missing": None,
            "sentence": "Needs departures and 12 months of revenue.",
        },
        mix_cost=None,
        earned_growth=None,
        sensitivity=[],
        unit_costs=None,
    )
    return document


def bare() -> dict[str, Any]:
    """A file with a score column only: no dates, no money, no customers, no words."""
    document = full()
    document.update(
        currency="",
        mapping=dict.fromkeys(document["mapping"]) | {"score": "nps", "text": [], "by": []},
        detected=["score"],
        other_files=[],
        scale_given=False,
        window={"since": None, "until": None, "first": None, "last": None},
        headline={"small": False, "sentences": ["The score is +21, likely between +18 and +25, from 2,386 answers."]},
        overall=document["overall"] | {"respondents": None, "customers": None},
        segments=[],
        segments_note=None,
        heat=None,
        trend=[],
        trend_sentence=None,
        decompose=None,
        people=[],
        themes=None,
        voices={"detractor": [], "passive": [], "promoter": []},
        warnings=[],
        rejected={},
        rejected_examples=[],
        readiness=[
            {
                "analysis": name,
                "title": title,
                "possible": False,
                "sentence": sentence,
                "opens": opens,
            }
            for name, title, sentence, opens in (
                ("segments", "Who the detractors are", "No attribute was found.", "a column to split by: --by COL"),
                ("trend", "How the score moves", "No answer has a date.", "a date column: --date COL"),
                (
                    "decompose",
                    "What moved, and why",
                    "A change needs dates and an attribute.",
                    "--date COL and --by COL",
                ),
                ("profit", "Profitability", "No money was found.", "--value COL, or --customers FILE with revenue"),
                ("people", "Whom to call", "Nobody can be named.", "--customer COL"),
                ("voices", "What they say", "No comments were found.", "--text COL"),
            )
        ],
    )
    document["profit"].update(
        basis=None, why_not="No money was found.", answer=None, verdict=None, customers=0, customers_heard=0,
        tiers=[], from_detractors=None, mix_cost=None, earned_growth=None, sensitivity=[], unit_costs=None,
        at_risk={"status": "missing", "money": None, "low": None, "high": None, "months": 12, "times_as_often": None,
                 "times_low": None, "times_high": None, "months_missing": None,
                 "sentence": "Revenue at risk needs customers, revenue by month and departures."},
    )  # fmt: skip
    document["rows"].update(read=2386, answers=2386, blank=0, rejected=0, superseded=0)
    return document


def hostile() -> dict[str, Any]:
    """Every word that comes from a file tries to be something else."""
    document = full()
    document["title"] = f"Detractor review of {HOSTILE}.csv"
    document["file"]["name"] = f"{HOSTILE}\"'.csv"
    document["mapping"]["score"] = "<img src=x onerror=alert(2)>"
    document["mapping"]["by"] = ["region", "$promoter"]
    words = [HOSTILE, "javascript:alert(3)", "\"quoted\" 'twice'", RIGHT_TO_LEFT, "$promoter", "{{ 7 * 7 }}",
             "=HYPERLINK(\"x\")", "a | b\n# c", "<!--<script>", "\u2028line", "__proto__", "[a](javascript:x)"]  # fmt: skip
    for index, row in enumerate(document["segments"]):
        row["segment"] = [words[(index + place) % len(words)] for place in range(len(row["segment"]))]
    for index, row in enumerate(document["heat"]["rows"]):
        row["segment"] = [words[(index // 12) % len(words)]] * len(row["segment"])
    for index, row in enumerate(document["decompose"]["segments"]):
        row["segment"] = [words[index % len(words)]] * len(row["segment"])
    for index, person in enumerate(document["people"]):
        person["who"] = words[index % len(words)]
        person["comment"] = words[(index + 1) % len(words)]
        person["segment"] = {words[(index + 2) % len(words)]: HOSTILE}
    for index, voice in enumerate(v for band in document["voices"].values() for v in band):
        voice["comment"] = words[index % len(words)]
    for index, theme in enumerate(document["themes"]["themes"]):
        theme["name"] = words[index % len(words)]
        theme["quotations"][0]["said"] = words[(index + 3) % len(words)]
    document["themes"]["themes"][0]["most_in"]["segment"] = HOSTILE
    document["themes"]["rising"][0]["name"] = HOSTILE
    document["warnings"] = [f"Something about {HOSTILE}"]
    document["rejected_examples"][0]["message"] = f'line 14: score "{HOSTILE}" is outside 0-10'
    return document


def many(groups: int = 6, rows: int = 120) -> dict[str, Any]:
    """Many attributes with many values each: the page must stay small and quick."""
    document = full()
    overall = document["overall"]
    segments = []
    for group in range(groups):
        for row in range(rows):
            values = [f"Value {row} of a rather long attribute name"]
            segments.append(_segment([f"attribute_{group}"], values, 12 + row, (row % 70) - 30, overall, money=900))
    document["segments"] = segments
    return document


def everything() -> dict[str, dict[str, Any]]:
    """Each document under its name."""
    return {"full": full(), "small": small(), "bare": bare(), "hostile": hostile()}


def _frame() -> dict[str, Any]:
    return {
        "schema": "winback.report/1",
        "version": "0.1.0",
        "title": "Detractor review of feedback.csv",
        "made_at": "2026-11-19T13:05:00Z",
        "time_zone": "Europe/Dublin",
        "currency": "EUR",
        "file": {"name": "feedback.csv", "format": "csv", "encoding": "utf-8", "delimiter": ",", "compressed": False},
        "window": {"since": None, "until": None, "first": "2025-11-01", "last": "2026-11-19"},
        "mapping": {
            "score": "nps_score",
            "date": "answered",
            "customer": "account",
            "respondent": "contact",
            "id": "response_id",
            "weight": None,
            "value": None,
            "text": ["why"],
            "by": ["region", "plan"],
        },
        "detected": ["score", "date", "customer", "text", "by"],
        "other_files": [
            {
                "table": "customers",
                "name": "accounts.csv",
                "rows": 4210,
                "mapping": {"customer": "account", "revenue": "turnover", "margin": "margin_12m"},
            }
        ],
        "bands": {"scale": "0-10", "detractors": "0-6", "passives": "7-8", "promoters": "9-10"},
        "scale_given": True,
        "level": 0.95,
        "minimum": 10,
        "rows": {
            "read": 2471,
            "answers": 2386,
            "blank": 41,
            "rejected": 4,
            "superseded": 40,
            "outside_window": 0,
            "without_date": 0,
        },
        "rejected": {"score_out_of_range": 3, "date_unreadable": 1},
        "rejected_examples": [
            {
                "line": 14,
                "reason": "score_out_of_range",
                "message": 'feedback.csv line 14: score "11" is outside 0-10; map it with --blank 11',
            },
            {
                "line": 220,
                "reason": "date_unreadable",
                "message": 'feedback.csv line 220: date "32.13.2026" is no day',
            },
        ],
        "warnings": ["3 scores are 11. In many surveys 11 means “no answer”: count them as blank with --blank 11."],
        "notes": [
            "The latest answer of each person in the window is counted; 40 earlier ones are not.",
            "Intervals are adjusted Wald at 95 %: what the score would likely be if everyone like them had answered.",
            "Steadied scores are pulled towards the whole, the more so the fewer the answers; segments are ranked by them.",
            "Under 10 answers no score is shown; the answers count in every total.",
        ],
    }


def _segment(
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


def _distribution(overall: dict[str, Any]) -> list[dict[str, Any]]:
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


def _months() -> list[str]:
    return [f"2025-{month:02}-01" for month in (11, 12)] + [f"2026-{month:02}-01" for month in range(1, 12)]


def _period(
    unit: str, start: str, end: str, figures: dict[str, Any], *, quarter: Any = None, partial: bool = False
) -> dict[str, Any]:
    return {"unit": unit, "period": start, "end": end, "partial": partial, **figures, "trailing_quarter": quarter}


def _trend(dice: random.Random) -> list[dict[str, Any]]:
    scores = (23, 25, 24, 24, 27, 26, 24, 26, 25, 23, 24, 22, 17)
    rows = []
    for index, (start, nps) in enumerate(zip(_months(), scores, strict=True)):
        n = 150 if index == 12 else dice.randrange(170, 220)
        quarter = cell(*split(n * 3, sum(scores[index - 2 : index + 1]) / 3)) if index >= 2 else None
        rows.append(
            _period("month", start, start[:8] + "28", cell(*split(n, nps)), quarter=quarter, partial=index == 12)
        )
    return rows


def _heat(dice: random.Random, shift: dict[str, int], lift: dict[str, int]) -> dict[str, Any]:
    rows = []
    for region in REGIONS:
        for plan in PLANS[:3]:
            for index, start in enumerate(_months()[1:]):
                nps = 21 + shift[region] + lift[plan] + dice.uniform(-11, 11)
                if (region, plan) == ("North", "Business") and index >= 10:
                    nps -= 30
                n = dice.randrange(8, 24) if (region, plan) == ("West", "Home Plus") else dice.randrange(20, 60)
                rows.append({"segment": [region, plan], "period": start, **cell(*split(n, nps), minimum=12)})
    return {"by": ["region", "plan"], "unit": "month", "rows": rows}


def _decompose() -> dict[str, Any]:
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


def _profit(overall: dict[str, Any]) -> dict[str, Any]:
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


def _people() -> list[dict[str, Any]]:
    rows = (
        ("Dunmore Cycles", 2, "2026-11-16", "No bill since August and nobody can tell me why. I will not guess what I owe you.", "48200.00", "North", "Business"),
        ("Gallagher Dental", 4, "2026-11-12", "The fitter was promised three times. We shut the practice for two of them.", "31750.00", "West", "Business"),
        ("Pavel Horák", 0, "2026-11-11", "Router se každý večer restartuje. Volal jsem čtyřikrát, pokaždé jsem to vysvětloval znovu.", "22040.00", "East", "Home Plus"),
        ("Keane & Sons Bakery", 6, "2026-11-03", None, "19800.00", "North", "Business"),
        ("Marta Ruiz", 5, "2026-10-30", "It works. It is just dearer than what my neighbour pays for the same thing.", "9120.00", "South", "Home"),
        ("Tarn Outdoor", 3, "2026-10-27", "ok i guess", None, "Midlands", "Business"),
        ("Account 20-7741", 1, None, "Every evening at eight it slows to a crawl.", "640.50", "West", "Home"),
        ("Corrib Veterinary", 6, "2026-10-19", "We were passed from one desk to the next.", "88.40", "North", "Business"),
    )  # fmt: skip
    return [
        {
            "who": who,
            "score": float(score),
            "band": "detractor",
            "date": date,
            "comment": comment,
            "worth": worth,
            "segment": {"region": region, "plan": plan},
        }
        for who, score, date, comment, worth, region, plan in rows
    ]


def _voices() -> dict[str, list[dict[str, Any]]]:
    return {
        "detractor": [
            {"score": 2.0, "comment": "Three appointments missed, and each time I had to ring you.", "who": "Dunmore Cycles", "date": "2026-11-16"},
            {"score": 5.0, "comment": "First bill was double what the shop said.", "who": None, "date": "2026-11-02"},
        ],
        "passive": [
            {"score": 7.0, "comment": "Fine. No complaints, no fireworks.", "who": None, "date": "2026-11-15"},
        ],
        "promoter": [
            {"score": 10.0, "comment": "Amara rang on a Saturday and called again to see that the till worked.", "who": "Niamh Keane", "date": "2026-11-17"},
            {"score": 9.0, "comment": "Quick, friendly, done.", "who": None, "date": None},
        ],
    }  # fmt: skip


def _themes() -> dict[str, Any]:
    figures = (
        "customers",
        "share",
        "low",
        "high",
        "detractor_share",
        "passive_share",
        "promoter_share",
        "lost_share",
        "nps",
        "nps_without",
        "contribution",
        "revenue",
        "sentiment",
    )
    rows = [
        (
            "late",
            "Missed appointments",
            (310, 0.13, 0.117, 0.144, 0.34, 0.11, 0.03, 0.4, -52.0, 30.0, -9.4, "61200.00", -0.4),
            "Three appointments missed.",
            2.0,
            "detractor",
        ),
        (
            "staff",
            "Friendly staff",
            (420, 0.176, 0.161, 0.192, 0.02, 0.1, 0.31, 0.05, 71.0, 11.0, 14.26, "90100.00", 0.6),
            "Amara rang on a Saturday.",
            10.0,
            "promoter",
        ),
    ]
    where = {
        "by": "region",
        "segment": "West",
        "answers": 398,
        "customers": 96,
        "share": 0.24,
        "low": 0.2,
        "high": 0.285,
    }
    none = dict(
        zip(
            figures, (1656, 0.694, None, None, 0.64, 0.79, 0.66, 0.55, 24.0, 15.0, 16.1, "301000.00", None), strict=True
        )
    )
    return {
        "codebook": "made", "model": "static", "made_from": 730, "answers": 2386, "commented": 734,
        "states": {"assigned": 730, "blank": 1652, "nothing": 4}, "summary": "Friendly staff is named most, by 18 % of 2,386 customers.", "score": 20.96,
        "themes": [
            {"theme": key, "name": name, "origin": "found", **dict(zip(figures, values, strict=True)),
             "quotations": [{"said": said, "score": score, "band": band}], "most_in": where if key == "late" else None}
            for key, name, values, said, score, band in rows
        ],
        "no_theme": none, "segments": [{**where, "theme": "late"}], "looked_at": 9,
        "trend": [{"period": month, "theme": key, "answers": 180, "customers": n, "share": n / 180} for month, n in (("2026-09", 20), ("2026-10", 31)) for key in ("late", "staff")],
        "rising": [{"theme": "late", "name": "Missed appointments", "period": "2026-10", "customers": 31, "expected": 19.6, "q": 0.03}],
        "not_understood": [{"language": "nl", "name": "Dutch", "comments": 12}], "notes": [],
    }  # fmt: skip


def _readiness() -> list[dict[str, Any]]:
    return [
        {"analysis": "segments", "title": "Who the detractors are", "possible": True, "sentence": "2 attributes, 26 segments with enough answers.", "opens": None},
        {"analysis": "trend", "title": "How the score moves", "possible": True, "sentence": "13 months of answers.", "opens": None},
        {"analysis": "decompose", "title": "What moved, and why", "possible": True, "sentence": "Two quarters with enough answers.", "opens": None},
        {"analysis": "profit", "title": "Profitability", "possible": True, "sentence": "Margin of 4,210 customers.", "opens": None},
        {"analysis": "at_risk", "title": "Revenue at risk", "possible": True, "sentence": "212 departures in 12 months.", "opens": None},
        {"analysis": "losses", "title": "Who left, and whether they had told us", "possible": False, "sentence": "Departures have no stated reason.", "opens": "a reason column in the departures' file"},
    ]  # fmt: skip


def copy_of(document: dict[str, Any]) -> dict[str, Any]:
    """A copy to change."""
    return copy.deepcopy(document)
