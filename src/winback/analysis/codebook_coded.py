"""Make a codebook from comments that people have coded, and find beside their themes what these do not cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from winback.analysis.codebook import PERSON, Codebook, Theme
from winback.analysis.codebook_making import book_of, placed, readable, slug, units
from winback.analysis.middles import Middles
from winback.analysis.teacher import Teacher
from winback.errors import UserError
from winback.stats.grouping import Groups, group, nearest
from winback.text.embedding import Embedder, embedder
from winback.text.languages import language_of
from winback.text.telling import telling_words

Floats = NDArray[np.float32]

SELDOM = 0.05  # share of coded comments that are as far from all others as what the coded themes do not cover
SMALLEST = 8  # comments that a theme beside the coded ones needs


def make_coded(
    comments: Sequence[str | None], learned: Sequence[tuple[str, Sequence[str]]], *, seed: int, themes: int | None,
    model: str | Embedder | None, split: bool,
) -> Codebook:  # fmt: skip
    """As `winback.analysis.codebook.make_codebook`, where people have coded some comments."""
    by = embedder(model)
    spoken = {language for text, _ in learned if (language := language_of(text)) is not None}
    texts = units(readable(comments, by, spoken), split=split)
    unique = list(dict.fromkeys([*texts, *units([text for text, _ in learned], split=split)]))
    said = unique or [text for text, _ in learned]
    raw = by.embed(said)
    middles = Middles.of(said, raw)
    rows = middles.off(said, raw)
    book = replace(_of_coded(learned), model=by.name, seed=seed, comments=len(texts), **middles.encoded())
    book = placed(book, said, rows, "", seed=seed)
    wanted = None if themes is None else max(0, themes - len(book.themes))
    kept, part = _not_covered(book, unique, rows, by, middles, wanted, seed) if unique and wanted != 0 else ([], None)
    if part is None:
        return book
    made = book_of(
        [unique[at] for at in kept], rows[kept], part, by, middles, seed,
        said=len(kept), taken={theme.key for theme in book.themes},
        others=[text for text, _ in book.learned], called={theme.name for theme in book.themes},
    )  # fmt: skip
    beside = tuple(replace(theme, parent=None) for theme in made.leaves())
    return replace(book, themes=(*book.themes, *beside), centres=made.centres)


def _not_covered(
    book: Codebook, texts: list[str], rows: Floats, by: Embedder, middles: Middles, wanted: int | None, seed: int
) -> tuple[list[int], Groups | None]:
    """Groups that the coded themes do not cover, and which of the texts they hold; nothing where there are none.

    Such a group holds no coded comment, and either most of it is unlike everything coded, or themes do not reach from one
    group to another here: of most coded comments the theme could not be told without those of their own group.
    """
    found = group(rows, number=wanted and wanted + len(book.themes), smallest=SMALLEST, seed=seed)
    if len(found.centres) < 2:
        return [], None
    teacher = Teacher(book, (), by, None, found.centres)
    told = teacher.learned
    assert told is not None and told.elsewhere is not None  # the book has coded comments
    said = [text for text, _ in book.learned]
    coded = middles.off(said, by.embed(said))
    met = set(nearest(coded, found.centres).tolist())
    least = float(np.quantile(told.apart, SELDOM))
    sizes = np.bincount(found.labels, minlength=len(found.centres))
    order = []
    for at in np.argsort(-sizes, kind="stable").tolist():
        if at in met or sizes[at] < SMALLEST:
            continue
        some = [texts[one] for one in np.flatnonzero(found.labels == at)[:200]]
        if told.elsewhere < 0.5 or (teacher.likeness(some) < least).mean() > 0.5:
            order.append(at)
    if not order[:wanted]:
        return [], None
    places = {label: place for place, label in enumerate(order[:wanted])}
    kept = np.flatnonzero(np.isin(found.labels, list(places)))
    labels = np.array([places[int(found.labels[at])] for at in kept])
    return kept.tolist(), Groups(labels, found.centres[list(places)], None)


def _of_coded(learned: Sequence[tuple[str, Sequence[str]]]) -> Codebook:
    """The themes that people named, each with what they found it in."""
    names: dict[str, str] = {}
    shown: dict[str, str] = {}
    taken: set[str] = set()
    pairs: list[tuple[str, tuple[str, ...]]] = []
    for text, labels in learned:
        keys = []
        for label in labels:
            name = " ".join(label.split())
            if not name:
                continue
            if name.casefold() not in names:
                names[name.casefold()] = slug(name, taken)
            key = names[name.casefold()]
            shown.setdefault(key, name)
            keys.append(key)
        pairs.append((text, tuple(dict.fromkeys(keys))))
    if not taken:
        raise UserError("No comment is coded: name at least one theme for some of them.")
    texts: dict[str, list[str]] = {key: [] for key in shown}
    for text, found in pairs:
        for key in found:
            texts[key].append(text)
    words = dict(zip(texts, telling_words(list(texts.values())), strict=True))
    themes = tuple(
        Theme(
            key, shown[key], f"Comments that speak of {', '.join(words[key][:5])}." if words[key] else "", examples=tuple(dict.fromkeys(texts[key]))[:5], words=words[key], origin=PERSON,
            comments=len(texts[key]),
        )
        for key in sorted(shown, key=lambda key: (-len(texts[key]), key))
    )  # fmt: skip
    return Codebook(themes).with_learned(pairs)
