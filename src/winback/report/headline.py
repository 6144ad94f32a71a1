"""What a tired person should read first: three sentences, or in a small programme names and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from winback.charts.labels import interval, money, segment, signed


def write(doc: Mapping[str, Any], *, small: bool) -> dict[str, Any]:
    """The headline: whether the programme is small, and its sentences."""
    return {"small": small, "sentences": _few(doc) if small else _many(doc)}


def _many(doc: Mapping[str, Any]) -> list[str]:
    whole = doc["overall"]
    sentences = []
    if whole["nps"] is not None:
        likely = interval(whole["low"], whole["high"]).strip("[]").replace(", ", " and ")
        sentences.append(
            f"The score is {signed(whole['nps'])}, likely between {likely}, from {whole['answers']:,} answers{_since(doc)}."
        )
    else:
        sentences.append(f"{whole['answers']:,} answers are too few to show a score ({doc['minimum']} needed).")
    worst = _worst(doc)
    if worst:
        name = segment(worst["segment"], worst["by"])
        share = f"{100 * worst['share_of_detractors']:.0f} % of all detractors"
        sentences.append(
            f"{name} ({' · '.join(worst['by'])}) stands lowest: {signed(worst['nps'])} {interval(worst['low'], worst['high'])}, with {share}."
        )
    elif doc["segments"]:
        sentences.append("No group is clearly worse than the rest.")
    if doc["decompose"]:
        sentences.append(doc["decompose"]["summary"].replace("The score went", f"{_recently(doc)} the score went", 1))
    told = doc["profit"].get("from_detractors")
    if told:
        sentences.append(told["sentence"])
    return sentences


def _since(doc: Mapping[str, Any]) -> str:
    first, last = doc["window"]["first"], doc["window"]["last"]
    return f" since {_day(first)}" if first and last and first[:7] != last[:7] else ""


def _recently(doc: Mapping[str, Any]) -> str:
    """What was compared: the last quarter, or the last month, with the one before."""
    after = doc["decompose"]["after"]
    months = (
        (int(after["until"][:4]) - int(after["since"][:4])) * 12
        + int(after["until"][5:7])
        - int(after["since"][5:7])
        + 1
    )
    return f"In the {'quarter' if months == 3 else 'month'} to {_day(after['until'])}"


def _day(iso: str) -> str:
    date = dt.date.fromisoformat(iso)
    return f"{date.day} {date:%b %Y}"


def _worst(doc: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The group most surely worse than the rest, if any is surely worse."""
    sure = [
        row for row in doc["segments"] if row["p_worse"] is not None and row["p_worse"] > 0.95 and len(row["by"]) == 1
    ]
    sure = sure or [row for row in doc["segments"] if row["p_worse"] is not None and row["p_worse"] > 0.99]
    return min(sure, key=lambda row: float(row["shrunk_nps"])) if sure else None


def _few(doc: Mapping[str, Any]) -> list[str]:
    whole, people = doc["overall"], doc["people"]
    answers = f"{whole['answers']} customer{'s' if whole['answers'] != 1 else ''} answered"
    mixture = [
        f"{whole[name]} {label}"
        for name, label in (
            ("detractors", "gave a low score"),
            ("passives", "gave a middling one"),
            ("promoters", "would recommend you"),
        )
        if whole[name]
    ]
    sentences = [f"{answers}: {', '.join(mixture)}. That is few enough to read every one and to call every one."]
    if people:
        first = people[0]
        worth = f", worth {money(first['worth'], doc['currency'])} a year" if first["worth"] else ""
        said = f": “{first['comment']}”" if first["comment"] else ""
        sentences.append(f"Begin with {first['who']}{worth}, who gave {first['score']:g}{said}")
    if whole["nps"] is not None:
        likely = interval(whole["low"], whole["high"]).strip("[]").replace(", ", " and ")
        sentences.append(
            f"A score of {signed(whole['nps'])} from so few says little: anything between {likely} would fit."
        )
    return sentences
