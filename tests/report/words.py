"""Words of the reports' test documents: the file and how it was read, people, what they say. All of it is invented."""

from typing import Any


def frame() -> dict[str, Any]:
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


def people() -> list[dict[str, Any]]:
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


def voices() -> dict[str, list[dict[str, Any]]]:
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


def themes() -> dict[str, Any]:
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


def readiness() -> list[dict[str, Any]]:
    return [
        {"analysis": "segments", "title": "Who the detractors are", "possible": True, "sentence": "2 attributes, 26 segments with enough answers.", "opens": None},
        {"analysis": "trend", "title": "How the score moves", "possible": True, "sentence": "13 months of answers.", "opens": None},
        {"analysis": "decompose", "title": "What moved, and why", "possible": True, "sentence": "Two quarters with enough answers.", "opens": None},
        {"analysis": "profit", "title": "Profitability", "possible": True, "sentence": "Margin of 4,210 customers.", "opens": None},
        {"analysis": "at_risk", "title": "Revenue at risk", "possible": True, "sentence": "212 departures in 12 months.", "opens": None},
        {"analysis": "losses", "title": "Who left, and whether they had told us", "possible": False, "sentence": "Departures have no stated reason.", "opens": "a reason column in the departures' file"},
    ]  # fmt: skip
