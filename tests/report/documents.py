"""Report documents for tests: a full one, a small programme's, a bare one and a hostile one."""

import copy
import random
from typing import Any

from tests.report.figures import (
    PLANS,
    REGIONS,
    cell,
    decompose,
    distribution,
    heat,
    period,
    profit,
    segment,
    split,
    trend,
)
from tests.report.words import frame, people, readiness, themes, voices

HOSTILE = "</script><script>alert(1)</script>"
RIGHT_TO_LEFT = "\u202eevil\u202c \u05e9\u05dc\u05d5\u05dd"


def full() -> dict[str, Any]:
    """A programme with everything: dates, money, attributes, people, a change between two periods."""
    dice = random.Random(20261119)
    overall = cell(*split(2386, 21))
    shift = {"North": -2, "East": 6, "South": 4, "West": -9, "Midlands": 1}
    lift = {"Home": 4, "Home Plus": 6, "Business": -10, "Enterprise": 3}
    segments = []
    for region in REGIONS:
        n = {"North": 560, "East": 480, "South": 452, "West": 398, "Midlands": 496}[region]
        segments.append(segment(["region"], [region], n, 21 + shift[region], overall, money=n * 221))
    segments.append(segment(["region"], [None], 31, 12, overall, money=5120))
    for plan in PLANS:
        n = {"Home": 960, "Home Plus": 700, "Business": 600, "Enterprise": 126}[plan]
        segments.append(segment(["plan"], [plan], n, 21 + lift[plan], overall, money=n * 190))
    for region in REGIONS:
        for plan in PLANS:
            n = {"Home": 190, "Home Plus": 140, "Business": 118, "Enterprise": 24}[plan] + dice.randrange(-14, 14)
            if (region, plan) == ("West", "Enterprise"):
                n = 7
            nps = 21 + shift[region] + lift[plan] + dice.uniform(-4, 4) - 14 * ((region, plan) == ("North", "Business"))
            segments.append(segment(["region", "plan"], [region, plan], n, nps, overall, money=n * 210))
    document = frame()
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
        distribution=distribution(overall),
        segments=segments,
        segments_note="Left out: postcode (1,904 different values).",
        heat=heat(dice, shift, lift),
        trend=trend(dice),
        trend_sentence="Between +22 and +27 until October; November is lower so far, which could still be chance.",
        decompose=decompose(),
        profit=profit(overall),
        people=people(),
        themes=themes(),
        voices=voices(),
        readiness=readiness(),
    )
    return document


def small() -> dict[str, Any]:
    """A software firm with 17 answers: names and words come first."""
    document = full()
    overall = cell(7, 5, 5)
    segments = [
        segment(["plan"], ["Team"], 11, 10, overall, money=3100),
        segment(["plan"], ["Scale"], 6, 20, overall, money=7200),
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
            period("month", "2026-10-01", "2026-10-31", cell(4, 3, 3)),
            period("month", "2026-11-01", "2026-11-30", cell(3, 2, 2), partial=True),
        ],
        trend_sentence="Too few answers a month to say how the score moves.",
        decompose=None,
        people=people()[:5],
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
            segments.append(segment([f"attribute_{group}"], values, 12 + row, (row % 70) - 30, overall, money=900))
    document["segments"] = segments
    return document


def everything() -> dict[str, dict[str, Any]]:
    """Each document under its name."""
    return {"full": full(), "small": small(), "bare": bare(), "hostile": hostile()}


def copy_of(document: dict[str, Any]) -> dict[str, Any]:
    """A copy to change."""
    return copy.deepcopy(document)
