"""Is 1 the best? Where comments of low scores sound more content than those of high ones, it is asked, never assumed.

The mood of a comment is that of `winback.text.sentiment`, in the languages it has words for. Comments without any such word
say nothing either way. The rule is `winback.stats.turning`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from winback.scales import Bands, plain
from winback.stats.turning import FEWEST, turned
from winback.surfaces import option

DRAWN = 2_000  # answers looked at, drawn by their rows: enough to be sure, and quick with a million
LONGEST = 2_000  # characters of a comment that are looked at


def scale_turned(feedback: Any, bands: Bands) -> str | None:
    """A sentence that asks whether the scale is read the wrong way round; None where nothing points to that.

    feedback is a relation of the engine with the canonical `score`, `comment` and `row_number`.
    """
    if not {"comment", "score", "row_number"} <= set(feedback.columns):
        return None
    drawn = feedback.query(
        "f",
        f"SELECT score, left(comment, {LONGEST}) FROM f WHERE score IS NOT NULL AND comment IS NOT NULL "  # noqa: S608 (numbers)
        f"ORDER BY hash(row_number), row_number LIMIT {DRAWN}",
    ).fetchall()
    scale = bands.scale
    if not sounds_turned(drawn, reversed_=scale.reversed):
        return None
    ((low, high),) = feedback.query("f", "SELECT min(score), max(score) FROM f").fetchall()
    if (low, high) == (scale.low, scale.high):
        use = option("--scale", f"{plain(scale.best)}-{plain(scale.worst)}")
    else:  # which steps there are is told by nobody, only which occur
        use = (
            f"{option('--scale')} with the worst value first, such as {option('--scale', '5-1')}, and {option('--blank')} "
            "for values that mean no answer"
        )
    worse, better, best = ("high", "low", high) if scale.reversed else ("low", "high", low)
    return (
        f"Comments of {worse} scores sound more content than those of {better} ones: is {plain(best)} the best? "
        f"If so, use {use}."
    )


def sounds_turned(drawn: Iterable[tuple[float, str]], *, reversed_: bool = False) -> bool:
    """Whether comments sound the more content the worse their scores are. The same words with the same score count once."""
    from winback.text.languages import UNDERSTOOD, language_of
    from winback.text.sentiment import sentiment_of

    scores, moods = [], []
    for score, comment in dict.fromkeys(drawn):
        language = language_of(comment)
        mood = sentiment_of(comment, language) if language is None or language in UNDERSTOOD else None
        if mood:
            scores.append(-score if reversed_ else score)
            moods.append(mood)
    if len(scores) < FEWEST:
        return False
    return turned(np.asarray(scores, dtype=np.float64), np.asarray(moods, dtype=np.float64))
