"""What tells how near a comment is to each theme: what people coded where they did, else the themes found."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winback.analysis.codebook import Codebook, Theme
from winback.analysis.codebook_making import decoded_metric, decoded_rows
from winback.analysis.middles import Middles, decoded
from winback.errors import UserError
from winback.stats.familiarity import familiarity
from winback.stats.grouping import nearest
from winback.stats.landmarks import with_places
from winback.stats.learning import NAME, learn
from winback.stats.telling_apart import turned, turning
from winback.text.embedding import Embedder, languages_of, unit
from winback.text.languages import language_of

REJECT = 0.1  # cosine to the nearest theme found, below which a comment names none
MIDDLE = 2.0  # coded comments that the middle of a theme found counts as
SAME = 0.3  # how much it counts beside what two comments mean that they are of one theme found


class Teacher:
    """Scores of themes: by what people coded where they did, else by how near the themes found are."""

    def __init__(
        self, book: Codebook, learned: Sequence[tuple[str, Sequence[str]]], by: Embedder, reject: float | None,
        groups: NDArray[np.float32] | None = None,
    ) -> None:  # fmt: skip
        self.by, self.reject = by, reject
        self.themes: tuple[Theme, ...] = book.leaves()
        if not self.themes:
            raise UserError("The codebook has no theme; make one first.")
        place = {theme.key: at for at, theme in enumerate(self.themes)}
        # What people coded teaches their language too, and a codebook made of comments in a language knows it by them.
        reads = languages_of(by)
        met = [text for text, _ in (*book.learned, *learned)] + [said for one in self.themes for said in one.examples]
        self.languages = (
            None if reads is None else reads | {one for said in met if (one := language_of(said)) is not None}
        )
        pairs = []
        for text, keys in (*book.learned, *learned):
            themes = [book.find(key) for key in keys]
            pairs.append((text, [place[one.key] for one in themes if one is not None and one.key in place]))
        latest = dict(pairs)  # of two codings of one comment the later counts
        self.exact = {" ".join(text.casefold().split()): found for text, found in latest.items()}
        described = [
            ". ".join(part for part in (one.name, one.definition if one.origin != "found" else "") if part)
            for one in self.themes
        ]
        own = by.embed(described)
        nothing = Middles(np.zeros(own.shape[1], dtype=np.float32))
        self.middles = Middles.kept(book.middle, book.middles) if book.middle else nothing
        if len(self.middles.whole) != own.shape[1]:
            raise UserError(f'The codebook was made with the model "{book.model}"; "{by.name}" does not fit it.')
        self.marks = decoded_rows(book.landmarks, own.shape[1])
        centres = []
        for at, theme in enumerate(self.themes):
            if theme.key in book.centres:
                centres.append(decoded(book.centres[theme.key]))
            else:
                said = self._directions([described[at], *theme.examples])
                centres.append(unit(said.mean(axis=0, keepdims=True))[0])
        self.centres = unit(np.vstack(centres))
        self.turn = turning(decoded_metric(book.metric, own.shape[1])) if book.metric else None
        self.apart = self.centres if self.turn is None else turned(self.centres, self.turn)
        self.found = np.array([one.key in book.centres for one in self.themes])
        self._places = np.vstack([self.marks, self.centres])
        self._familiar = book.familiar if reject is None else None
        self._odd = frozenset(np.frombuffer(base64.b64decode(book.odd), dtype="<u4").tolist())
        self.met = self.open = np.zeros(len(self.themes), dtype=bool)
        self.learned = None
        if latest:
            texts = list(latest)
            named = np.zeros((len(texts), len(self.themes)), dtype=bool)
            for row, found in enumerate(latest.values()):
                named[row, found] = True
            taught = [
                " ".join((one.name, *one.words[:5])) if one.origin == "found" else one.name for one in self.themes
            ]
            name_rows = self._directions(taught)
            name_rows = np.where(self.found[:, None], self.centres, name_rows)
            rows = self._directions(texts)
            # The middle of a theme found stands for many comments. It is believed the less, the more comments that
            # lie nearest to it were coded otherwise.
            near = (rows @ self.centres.T).argmax(axis=1)
            otherwise = near[named.any(axis=1) & ~named[np.arange(len(near)), near]]
            counts = np.where(self.found, MIDDLE, NAME)
            counts = counts / (1 + np.bincount(otherwise, minlength=len(self.themes)))
            self.learned = learn(
                texts, self._placed(rows), named, taught, self._placed(np.asarray(name_rows, dtype=np.float32)), counts,
                None if groups is None else nearest(rows, groups),
            )  # fmt: skip
            self._places = np.vstack([self._places, rows[named.any(axis=1)]])
            if self.turn is not None:
                self.met = np.bincount(self._nearest(rows), minlength=len(self.themes)) > 0
                self.open = self.found & ~named.any(axis=0)

    def likeness(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """How alike each text is to the nearest that was learned from; nothing is where nothing was."""
        if self.learned is None or not texts:
            return np.zeros(len(texts))
        return self.learned.read(texts, self._placed(self._directions(texts)))[1]

    def strange(self, texts: Sequence[str], rows: NDArray[np.float32]) -> NDArray[np.bool_]:
        """(n,) whether each text, of these directions, is unlike all that the codebook was made of and people coded."""
        if self._familiar is None:
            return np.zeros(len(texts), dtype=bool)
        found = familiarity(rows, self._places, self.turn) < self._familiar
        for at in np.flatnonzero(found).tolist():
            found[at] = zlib.crc32(texts[at].encode()) not in self._odd
        return found

    def _directions(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> NDArray[np.float32]:
        return self.middles.off(texts, self.by.embed(texts), languages)

    def _placed(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        placed = with_places(rows, self.marks)
        if self.turn is None:
            return placed
        same = np.zeros((len(rows), len(self.themes)), dtype=np.float32)
        same[np.arange(len(rows)), self._nearest(rows)] = SAME**0.5
        return np.hstack([placed * np.float32((1 - SAME) ** 0.5), same])

    def _nearest(self, rows: NDArray[np.float32]) -> NDArray[np.int64]:
        """The theme found that each of the rows is of, as the codebook was made."""
        assert self.turn is not None
        return np.flatnonzero(self.found)[nearest(turned(rows, self.turn), self.apart[self.found])]

    def _corrected(self, rows: NDArray[np.float32], scores: NDArray[Any]) -> NDArray[Any]:
        """Scores where people corrected themes found: where nobody coded, and where nothing coded fits, these stand."""
        scores[:, self.open] = 0
        own = self._nearest(rows)
        stays = self.open[own] & (~self.met[own] | ~(scores >= self.limits).any(axis=1))
        scores[stays] = 0
        scores[stays, own[stays]] = (rows[stays] * self.centres[own[stays]]).sum(axis=1)
        return scores

    @property
    def limits(self) -> NDArray[Any]:
        """The scores from which on each theme is given."""
        if self.learned is not None and self.reject is None:
            return np.where(self.open, REJECT, self.learned.thresholds)
        return np.full(len(self.themes), REJECT if self.reject is None else self.reject)

    def scores(
        self, texts: Sequence[str], languages: Sequence[str | None] | None = None
    ) -> tuple[NDArray[Any], NDArray[np.float32]]:
        """(texts, themes) scores, and the directions they were told by."""
        if not texts:
            return np.zeros((0, len(self.themes))), np.zeros((0, len(self.middles.whole)), dtype=np.float32)
        rows = self._directions(texts, languages)
        if self.learned is None:
            return rows @ self.centres.T, rows
        learned = self.learned.scores(texts, self._placed(rows))
        return (learned if self.turn is None else self._corrected(rows, learned)), rows

    def preferred(self, scores: NDArray[Any], rows: NDArray[np.float32]) -> NDArray[Any]:
        """(texts, themes) by what the main theme is chosen of those that reach their limits."""
        if self.learned is not None or self.turn is None:
            return scores
        return turned(rows, self.turn) @ self.apart.T
