"""Code comments by a codebook: which themes each one names, where it says so, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.codebook import Codebook, Theme
from winback.analysis.codebook_making import SHORT, decoded_metric, decoded_rows
from winback.analysis.middles import Middles, decoded
from winback.errors import UserError
from winback.stats.grouping import nearest
from winback.stats.landmarks import with_places
from winback.stats.learning import NAME, learn
from winback.stats.telling_apart import turned
from winback.text.clauses import Clause, split_clauses
from winback.text.embedding import Embedder, embedder, languages_of, unit
from winback.text.languages import language_of, understood
from winback.text.nothing import says_nothing
from winback.text.sentiment import sentiment_of

REJECT = 0.1  # cosine to the nearest theme found, below which a comment names none
FURTHER = 0.15  # how far behind the first a further theme of the same comment may be
MIDDLE = 2.0  # coded comments that the middle of a theme found counts as
SAME = 0.3  # how much it counts beside what two comments mean that they are of one theme found
ALONE = 0.5  # of its limit, from which on the likeliest theme is given where none reaches its own
BLOCK = 20_000  # comments worked on in one go
SCHEMA = pa.schema(
    [("row", pa.int64()), ("clause", pa.int32()), ("start", pa.int32()), ("end", pa.int32()), ("theme", pa.string()),
     ("confidence", pa.float64()), ("sentiment", pa.float64()), ("language", pa.string()), ("rank", pa.int32()), ("state", pa.string())]
)  # fmt: skip


def code(
    comments: Sequence[str | None], book: Codebook, *, learned: Sequence[tuple[str, Sequence[str]]], reject: float | None,
    model: str | Embedder | None, split: bool,
) -> pa.Table:  # fmt: skip
    """As `winback.analysis.codebook.assign`."""
    teacher = Teacher(book, learned, embedder(model or book.model or None), reject)
    known: dict[str, list[dict[str, Any]]] = {}  # the same message many times is read once
    tables, rows = [], []
    for start in range(0, len(comments), BLOCK):
        block = comments[start : start + BLOCK]
        new = list(dict.fromkeys(one for one in block if one is not None and one not in known))
        known |= _read(new, teacher, split=split)
        for place, comment in enumerate(block, start):
            rows += [{**one, "row": place} for one in ([_BLANK] if comment is None else known[comment])]
        tables.append(pa.Table.from_pylist(rows, schema=SCHEMA))
        rows = []
    return pa.concat_tables(tables) if tables else SCHEMA.empty_table()


_NONE: dict[str, Any] = dict.fromkeys(SCHEMA.names)
_BLANK = {**_NONE, "state": "blank"}


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
        self.metric = decoded_metric(book.metric, own.shape[1]) if book.metric else None
        self.apart = self.centres if self.metric is None else turned(self.centres, self.metric)
        self.found = np.array([one.key in book.centres for one in self.themes])
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
            if self.metric is not None:
                self.met = np.bincount(self._nearest(rows), minlength=len(self.themes)) > 0
                self.open = self.found & ~named.any(axis=0)

    def likeness(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """How alike each text is to the nearest that was learned from; nothing is where nothing was."""
        if self.learned is None or not texts:
            return np.zeros(len(texts))
        return self.learned.read(texts, self._placed(self._directions(texts)))[1]

    def _directions(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> NDArray[np.float32]:
        return self.middles.off(texts, self.by.embed(texts), languages)

    def _placed(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        placed = with_places(rows, self.marks)
        if self.metric is None:
            return placed
        same = np.zeros((len(rows), len(self.themes)), dtype=np.float32)
        same[np.arange(len(rows)), self._nearest(rows)] = SAME**0.5
        return np.hstack([placed * np.float32((1 - SAME) ** 0.5), same])

    def _nearest(self, rows: NDArray[np.float32]) -> NDArray[np.int64]:
        """The theme found that each of the rows is of, as the codebook was made."""
        assert self.metric is not None
        return np.flatnonzero(self.found)[nearest(turned(rows, self.metric), self.apart[self.found])]

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
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """(texts, themes) scores, and by what the main theme is chosen of those that reach their limits."""
        if not texts:
            return np.zeros((0, len(self.themes))), np.zeros((0, len(self.themes)))
        rows = self._directions(texts, languages)
        if self.learned is not None:
            learned = self.learned.scores(texts, self._placed(rows))
            learned = learned if self.metric is None else self._corrected(rows, learned)
            return learned, learned
        scores = rows @ self.centres.T
        return scores, scores if self.metric is None else turned(rows, self.metric) @ self.apart.T


def _read(comments: list[str], teacher: Teacher, *, split: bool) -> dict[str, list[dict[str, Any]]]:
    """What is found in each comment: rows without their number."""
    found: dict[str, list[dict[str, Any]]] = {}
    parts: list[tuple[str, list[Clause], str | None]] = []
    for comment in comments:
        clauses = split_clauses(comment)
        taught = " ".join(comment.casefold().split()) in teacher.exact
        if not comment.strip():
            found[comment] = [_BLANK]
        elif (says_nothing(comment) or not clauses) and not taught:
            found[comment] = [{**_NONE, "state": "nothing"}]
        else:
            clauses = clauses or [Clause(0, len(comment), comment)]
            said = " ".join(clause.text for clause in clauses)
            language = language_of(said)
            if taught or teacher.languages is None or understood(said, language, teacher.languages):
                parts.append((comment, clauses, language))
            else:
                found[comment] = [{**_NONE, "language": language, "state": "foreign"}]
    if not parts:
        return found
    whole, chosen = teacher.scores(
        [" ".join(clause.text for clause in clauses) for _, clauses, _ in parts], [language for *_, language in parts]
    )
    flat = [
        (clause.text, language) for _, clauses, language in parts if len(clauses) > 1 for clause in clauses
    ]  # a clause is in its comment's language
    pieces, picked = teacher.scores([text for text, _ in flat], [language for _, language in flat])
    at = 0
    for place, (comment, clauses, language) in enumerate(parts):
        scores, best = whole[place : place + 1], chosen[place]
        if len(clauses) > 1:
            scores = pieces[at : at + len(clauses)]
            if split and len(comment) > SHORT:
                best = np.maximum(best, picked[at : at + len(clauses)].max(axis=0))
            at += len(clauses)
        found[comment] = _rows(comment, clauses, language, whole[place], scores, best, teacher, split=split)
    return found


def _rows(
    comment: str, clauses: list[Clause], language: str | None, whole: NDArray[Any], parts: NDArray[Any],
    chosen: NDArray[Any], teacher: Teacher, *, split: bool,
) -> list[dict[str, Any]]:  # fmt: skip
    limits = teacher.limits
    known = teacher.exact.get(" ".join(comment.casefold().split()))
    # Long comments are read clause by clause: over a letter's whole length all reasons run together.
    total = whole
    if split and len(comment) > SHORT:
        most = parts.max(axis=0)
        # Chances are more than one clause's: the best of many is easily too high.
        total = np.maximum(whole, most) if teacher.learned is None else (whole + most) / 2
    if known is not None:
        given = [(key, 1.0) for key in known]
    elif teacher.learned is not None:
        order = np.argsort(-total, kind="stable")
        given = [(int(key), _sure(float(total[key]))) for key in order if total[key] >= limits[key]]
        if not given and teacher.reject is None and total[order[0]] >= ALONE * limits[order[0]]:
            given = [(int(order[0]), _sure(float(total[order[0]])))]
    else:
        first = int(np.where(total >= limits, chosen, -2.0).argmax())
        near = [first] if total[first] >= limits[first] else []
        if near and len(clauses) > 1:
            least = np.maximum(limits, float(total.max()) - FURTHER)
            others = (int(key) for key in np.argsort(-total, kind="stable")[:3] if total[key] >= least[key])
            near = [*near, *(key for key in others if key != first)][:3]
        given = [(key, _sure(float(total[key]))) for key in near]
    if not given:
        return [{**_NONE, "language": language, "state": "rejected", "confidence": _sure(float(total.max()))}]
    rows = []
    for rank, (key, sure) in enumerate(given, 1):
        number = int(parts[:, key].argmax())
        clause = clauses[number]
        rows.append(
            {"row": 0, "clause": number, "start": clause.start, "end": clause.end, "theme": teacher.themes[key].key, "confidence": sure,
             "sentiment": sentiment_of(clause.text, language), "language": language, "rank": rank, "state": "assigned"}
        )  # fmt: skip
    return rows


def _sure(cosine: float) -> float:
    """A cosine as a confidence: 0 where nothing is alike, 1 where all is."""
    return float(min(max(cosine, 0.0), 1.0))
