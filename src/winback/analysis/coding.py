"""Code comments by a codebook: which themes each one names, where it says so, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.choosing import Given, by_chances, by_found, most_telling
from winback.analysis.codebook import Codebook
from winback.analysis.codebook_making import SHORT
from winback.analysis.teacher import Teacher
from winback.text.clauses import Clause, split_clauses
from winback.text.embedding import Embedder, embedder
from winback.text.languages import language_of, understood
from winback.text.nothing import says_nothing
from winback.text.sentiment import sentiment_of

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
    unique = list(dict.fromkeys(comments))  # the same message many times is read once
    tables = []
    for start in range(0, len(unique), BLOCK):
        found = _read(unique[start : start + BLOCK], teacher, split=split)
        tables.append(found.set_column(0, SCHEMA.field("row"), pa.array(found.column("row").to_numpy() + start)))
    found = pa.concat_tables(tables) if tables else SCHEMA.empty_table()
    return found if len(unique) == len(comments) else _repeated(found, unique, comments)


def _repeated(found: pa.Table, unique: list[str | None], comments: Sequence[str | None]) -> pa.Table:
    """The rows of each of the comments, from those of the different ones among them."""
    number = {comment: place for place, comment in enumerate(unique)}
    of = np.fromiter((number[comment] for comment in comments), dtype=np.int64, count=len(comments))
    rows = np.bincount(found.column("row").to_numpy(), minlength=len(unique))
    starts, rows = (np.cumsum(rows) - rows)[of], rows[of]
    ends = np.cumsum(rows)
    taken = found.take(pa.array(np.arange(ends[-1]) + np.repeat(starts - ends + rows, rows)))
    return taken.set_column(0, SCHEMA.field("row"), pa.array(np.repeat(np.arange(len(comments)), rows)))


@dataclass(frozen=True)
class _Readable:
    """The comments of a block whose themes can be told; an entry each, their clauses beside each other.

    place: in the block. coded: the themes that people coded the comment with, None where nobody did. texts: all that is
    read, comments and clauses, each with its language; what is alike stands there once, and by its number in the others.
    """

    place: list[int] = field(default_factory=list)
    long: list[bool] = field(default_factory=list)
    coded: list[list[int] | None] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)  # in texts
    number: list[int] = field(default_factory=list)  # of clauses
    clauses: list[Clause] = field(default_factory=list)
    clause: list[int] = field(default_factory=list)  # in texts
    texts: dict[tuple[str, str | None], int] = field(default_factory=dict)

    def add(self, place: int, clauses: list[Clause], said: str, language: str | None, coded: list[int] | None) -> None:
        texts = self.texts
        self.place.append(place)
        self.coded.append(coded)
        self.whole.append(texts.setdefault((said, language), len(texts)))
        self.number.append(len(clauses))
        self.clauses.extend(clauses)
        for clause in clauses:  # a clause is in its comment's language
            self.clause.append(texts.setdefault((clause.text, language), len(texts)))


def _read(comments: Sequence[str | None], teacher: Teacher, *, split: bool) -> pa.Table:
    """What is found in each of the comments, which all differ."""
    read = _Readable()
    unread: list[tuple[int, str, str | None]] = []
    for place, comment in enumerate(comments):
        if comment is None or not comment.strip():
            unread.append((place, "blank", None))
            continue
        coded = teacher.exact.get(" ".join(comment.casefold().split())) if teacher.exact else None
        clauses = split_clauses(comment)
        if coded is None and (not clauses or says_nothing(comment)):
            unread.append((place, "nothing", None))
            continue
        clauses = clauses or [Clause(0, len(comment), comment)]
        said = " ".join([clause.text for clause in clauses])
        language = language_of(said)
        if coded is not None or teacher.languages is None or understood(said, language, teacher.languages):
            read.long.append(split and len(comment) > SHORT)
            read.add(place, clauses, said, language, coded)
        else:
            unread.append((place, "foreign", language))
    row, state, language_told = zip(*unread, strict=True) if unread else ((), (), ())
    found = pa.concat_tables([*_named(read, teacher), _table(row=row, state=state, language=language_told)])
    return found.take(pa.array(np.argsort(found.column("row").to_numpy(), kind="stable")))


def _named(read: _Readable, teacher: Teacher) -> list[pa.Table]:
    """The themes that each comment names, the main one first; and the comments that name none."""
    if not read.place:
        return []
    scores, rows = teacher.scores([text for text, _ in read.texts], [language for _, language in read.texts])
    whole, number, clause = (np.array(one, dtype=np.int64) for one in (read.whole, read.number, read.clause))
    strange = teacher.strange([text for text, _ in read.texts], rows)
    odd = strange[whole]
    first = np.cumsum(number) - number
    total, preferred = scores[whole], teacher.preferred(scores[whole], rows[whole])
    # Long comments are read clause by clause: over a letter's whole length all reasons run together.
    long = np.flatnonzero(np.array(read.long) & (number > 1))
    if len(long):
        of = clause[np.flatnonzero(np.repeat(np.isin(np.arange(len(number)), long), number))]
        starts = np.cumsum(number[long]) - number[long]
        most = np.maximum.reduceat(scores[of], starts)
        # Chances are more than one clause's: the best of many is easily too high.
        total[long] = np.maximum(total[long], most) if teacher.learned is None else (total[long] + most) / 2
        picked = np.maximum.reduceat(teacher.preferred(scores[of], rows[of]), starts)
        preferred[long] = np.maximum(preferred[long], picked)
        odd[long] &= np.logical_and.reduceat(strange[of], starts)  # a letter is familiar where one clause is
    total[odd] = 0
    limits = teacher.limits
    if teacher.learned is None:
        given = by_found(total, preferred, limits, number > 1)
    else:
        given = by_chances(total, limits, forgiven=teacher.learned.forgiven if teacher.reject is None else 1.0)
    sure = np.clip(total[given.comments, given.themes].astype(np.float64), 0, 1)
    if any(one is not None for one in read.coded):
        given, sure = _as_coded(read.coded, given, sure)
    telling = most_telling(given, scores, clause, first, number)
    at = first[given.comments] + telling
    spoken = pa.array([language for _, language in read.texts], pa.string())
    place = np.array(read.place, dtype=np.int64)
    texts, told = list(read.texts), np.full(len(read.texts), np.nan)
    for one in set(clause[at].tolist()):
        said = sentiment_of(*texts[one])
        told[one] = np.nan if said is None else said
    sentiment = told[clause[at]]
    named = _table(
        row=place[given.comments], clause=telling, start=np.array([one.start for one in read.clauses])[at],
        end=np.array([one.end for one in read.clauses])[at], theme=pa.array([one.key for one in teacher.themes]).take(given.themes),
        confidence=sure, sentiment=pa.array(sentiment, mask=np.isnan(sentiment)), language=spoken.take(whole[given.comments]),
        rank=given.ranks, state=["assigned"] * len(at),
    )  # fmt: skip
    none = np.setdiff1d(np.arange(len(place)), given.comments)
    return [named, _table(
        row=place[none], confidence=np.clip(total[none].max(axis=1, initial=0).astype(np.float64), 0, 1),
        language=spoken.take(whole[none]), state=["rejected"] * len(none),
    )]  # fmt: skip


def _as_coded(coded: Sequence[list[int] | None], given: Given, sure: NDArray[Any]) -> tuple[Given, NDArray[Any]]:
    """What is given, with how sure that is, where what people coded stands for what was told of the same comment."""
    by_people = np.array([one is not None for one in coded])
    kept = ~by_people[given.comments]
    more = [(place, key, rank) for place, keys in enumerate(coded) for rank, key in enumerate(keys or (), 1)]
    added = np.array(more, dtype=np.int64).reshape(-1, 3)
    columns = [np.r_[one[kept], other] for one, other in zip(given, added.T, strict=True)]
    order = np.lexsort((columns[2], columns[0]))
    return Given(*(one[order] for one in columns)), np.r_[sure[kept], np.ones(len(added))][order]


def _table(**columns: Any) -> pa.Table:
    """Rows of the table that comments are coded in; what is not given is null."""
    rows = len(columns["row"])
    return pa.table([columns.get(one.name, pa.nulls(rows)) for one in SCHEMA], schema=SCHEMA)
