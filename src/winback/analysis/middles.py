"""What is taken off every vector before it is compared: the middle of all comments, of each language its own.

All vectors of a language share a direction. Against one middle of all, comments of the rarer languages are alike by
their language before they are by what they say, and fall into a theme or two of their own.

A language's middle is drawn towards that of all by the positive part of James and Stein's rule, so that a language that
was told by mistake, or of which there are few comments, changes nothing: weight 1 - (spread / n) / distance², at least 0.

Reference: B. Efron and C. Morris, "Stein's Estimation Rule and Its Competitors", JASA 68, 1973.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winback.text.embedding import unit
from winback.text.languages import language_of

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Middles:
    """whole: (d,) the middle of all comments. languages: by ISO 639-1 code, those that differ from it."""

    whole: Floats
    languages: Mapping[str, Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Sequence[str], rows: Floats) -> Middles:
        """Of these texts and their vectors (n, d). Of a single text nothing would be left: its middle is 0."""
        if len(texts) < 2:
            return cls(np.zeros(rows.shape[1], dtype=np.float32))
        whole = rows.mean(axis=0)
        told = np.array([language_of(text) or "" for text in texts])
        found = {}
        for language in sorted(set(told.tolist()) - {""}):
            own = rows[told == language]
            away = own.mean(axis=0) - whole
            spread = float(((own - own.mean(axis=0)) ** 2).sum()) / max(len(own) - 1, 1)
            distance = float((away**2).sum())
            weight = 1 - spread / len(own) / distance if len(own) > 1 and distance > 0 else 0.0
            if weight > 0:
                found[language] = (whole + weight * away).astype(np.float32)
        return cls(whole, found)

    @classmethod
    def kept(cls, whole: str, languages: Mapping[str, str]) -> Middles:
        """As a codebook keeps them."""
        return cls(decoded(whole), {language: decoded(row) for language, row in languages.items()})

    def encoded(self) -> dict[str, Any]:
        """`middle` and `middles` of a codebook."""
        return {
            "middle": encoded(self.whole),
            "middles": {language: encoded(row) for language, row in self.languages.items()},
        }

    def off(self, texts: Sequence[str], rows: Floats, languages: Sequence[str | None] | None = None) -> Floats:
        """(n, d) directions of unit length: vectors of these texts, each without the middle of its language.

        languages: of the texts, where they are known. A language that cannot be told goes by the middle nearest.
        """
        if not self.languages:
            return unit(rows - self.whole)
        told = [language_of(text) for text in texts] if languages is None else languages
        places = {language: at for at, language in enumerate(self.languages)}
        middles = np.vstack([*self.languages.values(), self.whole])
        near = (2 * rows @ middles.T - (middles**2).sum(axis=1)).argmax(axis=1)
        of = [int(near[at]) if one is None else places.get(one, len(places)) for at, one in enumerate(told)]
        return unit(rows - middles[of])


def encoded(row: NDArray[np.floating]) -> str:
    """A direction as text: base64 of 16-bit floats, little-endian."""
    return base64.b64encode(np.asarray(row, dtype="<f2").tobytes()).decode()


def decoded(text: str) -> Floats:
    return np.frombuffer(base64.b64decode(text), dtype="<f2").astype(np.float32)
