"""What a box says when its data are missing: what is so, and what would open it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_USUAL = {
    "segments": ("Nothing to split by", "No column splits the customers into groups.", "--by COL, such as a region"),
    "trend": ("No dates, so no movement", "Without a date the score cannot be followed.", "a date column: --date COL"),
    "decompose": (
        "No change to explain yet",
        "It takes two periods with enough answers, and a column to split by.",
        None,
    ),
    "profit": (
        "No money yet",
        "Without money nobody can say what detractors bring.",
        "--value COL or --customers FILE",
    ),
    "people": ("Nobody can be named", "The answers name no customer to call.", "a customer column: --customer COL"),
    "voices": ("No words", "Nobody wrote why, or no column holds it.", "a column of comments: --text COL"),
    "distribution": ("No scores", "There is no answer to show.", None),
}

_OTHER_NAMES = {
    "decompose": ("decompose", "moved", "change"),
    "people": ("people", "calls", "call_first"),
    "voices": ("voices", "comments", "words", "text"),
    "distribution": ("nps", "score"),
}


def states(doc: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """For each box: title, sentence and what opens it; the readiness section's own words where it has some."""
    told = {item["analysis"]: item for item in doc["readiness"] if not item["possible"]}
    found: dict[str, dict[str, Any]] = {}
    for name, (title, sentence, opens) in _USUAL.items():
        item = next((told[other] for other in _OTHER_NAMES.get(name, (name,)) if other in told), None)
        found[name] = {
            "title": title,
            "sentence": item["sentence"] if item else sentence,
            "opens": item["opens"] if item else opens,
            "good": False,
        }
    if doc["profit"]["why_not"]:
        found["profit"]["sentence"] = doc["profit"]["why_not"]
    if not doc["overall"]["detractors"] and doc["overall"]["answers"]:
        found["people"] = {
            "title": "No detractor to call",
            "sentence": f"None of {words_of(doc['overall']['answers'])} was a detractor's.",
            "opens": None,
            "good": True,
        }
    return found


def words_of(answers: int) -> str:
    """One answer, or the 2,386 answers."""
    return "one answer" if answers == 1 else f"the {answers:,} answers"
