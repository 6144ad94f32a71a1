"""How a clause is meant, from -1 to 1, by VADER's lexicon (English; MIT). Other languages have no figure, not a guess.

Reference: C. Hutto and E. Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis", ICWSM 2014.
"""

from __future__ import annotations

import functools
import re
from typing import Any

_WORD = re.compile(r"[\w'’]+|[^\w\s]+")


def sentiment_of(text: str, language: str | None) -> float | None:
    """VADER's sum of valences with negations and boosters, brought to -1..1. None where the language is another."""
    if language not in (None, "en"):
        return None
    lexicon, boosters, negations = _vader()
    words = _WORD.findall(text.casefold().replace("’", "'"))
    total = 0.0
    for place, word in enumerate(words):
        valence = lexicon.get(word)
        if valence is None or word in boosters:
            continue
        for back in range(1, min(3, place) + 1):
            before = words[place - back]
            if before in boosters:
                valence += (1 if valence > 0 else -1) * boosters[before] * (1, 0.95, 0.9)[back - 1]
            if before in negations or before.endswith("n't"):
                valence *= -0.74
        total += valence
    return round(float(total / (total * total + 15) ** 0.5), 4)


@functools.lru_cache(maxsize=1)
def _vader() -> tuple[dict[str, float], dict[str, float], frozenset[str]]:
    from vaderSentiment import vaderSentiment as vader  # noqa: N813 - its own name

    made: Any = vader.SentimentIntensityAnalyzer()
    return dict(made.lexicon), dict(vader.BOOSTER_DICT), frozenset(vader.NEGATE)
