"""What the report says of themes: made from the file's own comments, or coded by a codebook that is the same every month.

A codebook is made from at most `DRAWN` different comments, drawn by a fixed seed, and has at most `MOST` themes, so that
a report takes seconds longer and not minutes; all comments are then coded by it. Whoever wants more uses `winback themes`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from winback.analysis.codebook import Codebook, make_codebook
from winback.analysis.tally import AnswerColumns
from winback.analysis.themes import ThemesResult, themes
from winback.errors import UserError
from winback.stats.intervals import quantile_of
from winback.text.languages import LANGUAGES
from winback.text.nothing import says_nothing

FEWEST = 30  # different comments that say something; fewer are read, not counted
DRAWN = 2_000  # comments that a codebook is made from
MOST = 30  # themes of a codebook made for a report
LIMIT = 20_000  # answers with a comment beyond which themes are counted only where asked for: a review comes in seconds
_FIGURES = (
    "theme", "name", "customers", "share", "low", "high", "detractor_share", "passive_share", "promoter_share", "lost_share",
    "nps", "nps_without", "contribution", "revenue", "sentiment",
)  # fmt: skip


def themes_of(
    tables: Any, attributes: Sequence[str], columns: AnswerColumns, *, book: Codebook | None, asked: bool | None,
    level: float, minimum: int,
) -> tuple[dict[str, Any] | None, list[str]]:  # fmt: skip
    """The report's part on themes, and what the report's notes say of it; None where there is nothing to count.

    asked: True counts themes however many comments there are, False never, None where they are not too many or a book is
    given.
    """
    feedback = tables.feedback
    if asked is False or "comment" not in feedback.columns:
        return None, []
    window = [
        f"local_date {sign} '{day.isoformat()}'"
        for sign, day in ((">=", columns.get("since")), ("<=", columns.get("until")))
        if day
    ]
    where = " AND ".join(["comment IS NOT NULL", "score IS NOT NULL", *window])
    if asked is None and book is None:
        ((answers,),) = feedback.query("f", f"SELECT count(*) FROM f WHERE {where}").fetchall()  # noqa: S608 (dates)
        if answers > LIMIT:
            return None, [f"Themes were not counted: {answers:,} comments take a while. Ask for them with --themes."]
    said = feedback.query("f", f"SELECT DISTINCT comment FROM f WHERE {where} ORDER BY 1")  # noqa: S608 (dates, no text)
    texts = [str(text) for (text,) in said.fetchall()]
    telling = [text for text in texts if not says_nothing(text)]
    if book is None and len(telling) < FEWEST:
        few = f"Themes are counted from {FEWEST} comments on that say something; here are {len(telling)}: read them."
        return None, [few] if telling else []
    made = book or _made(telling)
    try:
        found = themes(tables, made, by=attributes, level=level, minimum=minimum, **columns)
    except UserError:
        return None, []
    return _document(found, given=book is not None, drawn=min(len(telling), DRAWN)), []


def parts_by_attribute(themed: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What names an attribute in the part on themes, so that it can be called what the user's file calls it."""
    if themed is None:
        return []
    return [*themed["segments"], *(row["most_in"] for row in themed["themes"] if row["most_in"])]


def _made(texts: list[str]) -> Codebook:
    if len(texts) > DRAWN:
        chosen = np.sort(np.random.default_rng(0).choice(len(texts), DRAWN, replace=False))
        texts = [texts[place] for place in chosen]
    book = make_codebook(texts)
    return book if len(book.leaves()) <= MOST else make_codebook(texts, themes=MOST)


def _document(found: ThemesResult, *, given: bool, drawn: int) -> dict[str, Any]:
    rows = found.rows()
    quotations: dict[str, list[dict[str, Any]]] = {}
    for one in found.quotations.to_pylist():
        quotations.setdefault(one["theme"], []).append({name: one[name] for name in ("said", "score", "band")})
    segments = [row for row in found.segments.to_pylist() if row["customers"] and not row["suppressed"]]
    looked = len({(row["by"], row["segment"]) for row in found.segments.to_pylist() if not row["suppressed"]})
    named = [row for row in rows if row["theme"] is not None]
    where = most_in(segments, {row["theme"]: row for row in named}, found.answers, looked, found.level)
    states = Counter(dict(zip(found.codings.column("row").to_pylist(), found.codings.column("state").to_pylist(), strict=True)).values())  # fmt: skip
    return {
        "codebook": "given" if given else "made",
        "model": found.codebook.model,
        "made_from": None if given else drawn,
        "answers": found.answers,
        "commented": found.commented,
        "states": dict(sorted(states.items())),
        "summary": found.summary(),
        "score": found.score,
        "themes": [
            {name: row[name] for name in _FIGURES}
            | {"origin": found.codebook.theme(row["theme"]).origin, "quotations": quotations.get(row["theme"], []), "most_in": where.get(row["theme"])}
            for row in named
        ],
        "no_theme": next({name: row[name] for name in _FIGURES[2:]} for row in rows if row["theme"] is None),
        "segments": [{name: row[name] for name in ("by", "segment", "theme", "answers", "customers", "share", "low", "high")} for row in segments],
        "looked_at": looked,
        "trend": found.trend.to_pylist(),
        "rising": found.rising.to_pylist(),
        "not_understood": _not_understood(found),
        "notes": list(found.notes),
    }  # fmt: skip


def most_in(
    segments: Sequence[Mapping[str, Any]], themes: Mapping[str, Mapping[str, Any]], answers: int, looked: int, level: float
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """For each theme the segment that names it clearly more often than everybody else, where there is one.

    A segment is compared with the rest. So many are looked at that some would stand out by luck: the level is held for
    all of them together (Bonferroni).
    """
    usual, strict = quantile_of(level), quantile_of(1.0 - (1.0 - level) / max(looked, 1))
    found: dict[str, tuple[float, dict[str, Any]]] = {}
    for row in segments:
        whole, others = themes[row["theme"]], answers - row["answers"]
        if others <= 0 or row["share"] is None or row["by"] == "language":  # a language has comments of its own only
            continue
        rest = min(max((whole["share"] * answers - row["share"] * row["answers"]) / others, 0.0), 1.0)
        error = (((row["share"] - row["low"]) / usual) ** 2 + rest * (1.0 - rest) / others) ** 0.5
        away = (row["share"] - rest) / error if error > 0 else 0.0
        if away > strict and away > found.get(row["theme"], (0.0, {}))[0]:
            shown = {name: row[name] for name in ("by", "segment", "answers", "customers", "share", "low", "high")}
            found[row["theme"]] = (away, shown)
    return {theme: shown for theme, (_, shown) in found.items()}


def _not_understood(found: ThemesResult) -> list[dict[str, Any]]:
    """Languages that the vectors do not read, most comments first; "" where only the script was told."""
    codings = found.codings.select(["row", "state", "language"]).to_pylist()
    counts = Counter({row["row"]: row["language"] or "" for row in codings if row["state"] == "foreign"}.values())
    return [
        {"language": code, "name": LANGUAGES.get(code, code) or "another language", "comments": count}
        for code, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]
