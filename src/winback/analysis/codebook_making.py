"""Make a codebook from what comments say."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from winback.analysis.codebook import FOUND, PERSON, Codebook, Theme
from winback.analysis.middles import Middles, decoded, encoded
from winback.errors import UserError
from winback.stats.familiarity import familiarity, least_familiar
from winback.stats.grouping import Groups, group
from winback.stats.landmarks import landmarks
from winback.stats.telling_apart import metric, turning
from winback.text.clauses import split_clauses
from winback.text.cleaning import has_words
from winback.text.embedding import Embedder, embedder, languages_of, unit
from winback.text.languages import language_of, understood
from winback.text.naming import name_of, names
from winback.text.nothing import says_nothing
from winback.text.quoting import quotations
from winback.text.reading import read
from winback.text.telling import told_of

Floats = NDArray[np.float32]
OTHERS = 2_000  # comments that themes that come up are named against, at most twice as many
MARGIN = 0.001  # of cosine, by which vectors kept in fewer digits may differ
SHORT = 200  # characters of a comment that is taken whole: it mostly gives one reason


def make(
    comments: Sequence[str | None], *, seed: int, themes: int | None, model: str | Embedder | None, split: bool
) -> Codebook:
    """As `winback.analysis.codebook.make_codebook`, of comments that nobody has coded."""
    if themes is not None and themes < 1:
        raise UserError("A codebook has at least one theme.")
    by = embedder(model)
    texts = units(readable(comments, by), split=split)
    if not texts:
        raise UserError("No comment says anything: there is nothing to make themes of.")
    unique = list(dict.fromkeys(texts))  # the same message many times is one message here
    rows = by.embed(unique)
    middles = Middles.of(unique, rows)
    rows = middles.off(unique, rows)
    found = group(rows, number=themes, seed=seed)
    made = book_of(unique, rows, found, by, middles, seed, said=len(texts), taken=set())
    return placed(made, unique, rows, encoded_metric(metric(rows, found.labels)), seed=seed)


def placed(book: Codebook, texts: Sequence[str], rows: Floats, metric: str, *, seed: int) -> Codebook:
    """The book with the places where these texts lie, (n, d) rows, and what lies far from all of them."""
    turn = turning(decoded_metric(metric, rows.shape[1])) if metric else None
    marks = encoded_rows(landmarks(rows, seed=seed))
    least = least_familiar(rows, turn=turn, seed=seed)
    odd = ""
    if least is not None:
        places = decoded_rows(marks, rows.shape[1])
        far = np.flatnonzero(familiarity(rows, places, turn) < least + MARGIN)
        known = sorted({zlib.crc32(texts[at].encode()) for at in far.tolist()})
        odd = base64.b64encode(np.array(known, dtype="<u4").tobytes()).decode()
        least = round(least, 4)
    return replace(book, metric=metric, landmarks=marks, familiar=least, odd=odd)


def beside(
    comments: Sequence[str | None], book: Codebook, *, seed: int, smallest: int, model: str | Embedder | None,
    others: Sequence[str | None] = (),
) -> Codebook:  # fmt: skip
    """As `winback.analysis.codebook.emerging`."""
    by = embedder(model or book.model or None)
    unique = list(dict.fromkeys(units(comments, split=True)))
    if len(unique) < smallest:
        return Codebook((), model=by.name, seed=seed)
    rows = by.embed(unique)
    middles = Middles.kept(book.middle, book.middles) if book.middle else Middles.of(unique, rows)
    rows = middles.off(unique, rows)
    found = group(rows, smallest=smallest, seed=seed)
    some = others[:: max(1, len(others) // OTHERS)]
    known = list(dict.fromkeys(units(some, split=True))) or [said for theme in book.leaves() for said in theme.examples]
    made = book_of(
        unique, rows, found, by, middles, seed, said=len(unique), taken={theme.key for theme in book.themes},
        others=known, called={theme.name for theme in book.themes},
    )  # fmt: skip
    kept = tuple(theme for theme in made.leaves() if theme.comments >= smallest)
    kept = tuple(replace(theme, parent=None) for theme in kept)
    keys = {theme.key for theme in kept}
    return replace(made, themes=kept, centres={key: made.centres[key] for key in made.centres if key in keys})


def taught(book: Codebook, learned: Sequence[tuple[str, Sequence[str]]]) -> Codebook:
    """The book with these codings, by key or name; a name that it lacks becomes a theme given by a person."""
    taken = {theme.key for theme in book.themes}
    new: list[Theme] = []
    pairs = []
    for text, labels in learned:
        keys = []
        for label in labels:
            name = " ".join(label.split())
            if not name:
                continue
            theme = replace(book, themes=(*book.themes, *new)).find(name) if new else book.find(name)
            if theme is None:
                theme = Theme(slug(name, taken), name, origin=PERSON)
                new.append(theme)
            keys.append(theme.key)
        pairs.append((text, keys))
    return replace(book, themes=(*book.themes, *new)).with_learned(pairs)


def readable(comments: Sequence[str | None], by: Embedder, also: Collection[str] = ()) -> Sequence[str | None]:
    """The comments in languages that the embedder reads; all, where more than half are in others: better by words than not."""
    known = languages_of(by)
    if known is None:
        return comments
    read = [one for one in comments if one is None or understood(one, language_of(one), known | frozenset(also))]
    return read if 2 * len(read) >= len(comments) else comments


def units(comments: Sequence[str | None], *, split: bool) -> list[str]:
    """What is grouped: short comments whole, longer ones by clause, without what says nothing."""
    found = []
    for comment in comments:
        if comment is None or says_nothing(comment):
            continue
        clauses = split_clauses(comment)
        if not split or len(comment) <= SHORT:
            whole = " ".join(clause.text for clause in clauses)
            found += [whole] if has_words(whole) else []
        else:
            found += [clause.text for clause in clauses if not says_nothing(clause.text)]
    return found


def encoded_rows(rows: Floats) -> str:
    """Directions as text: base64 of 8-bit whole numbers, each row by its largest."""
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-9) if len(rows) else 1
    return base64.b64encode(np.round(rows / largest * 127).astype(np.int8).tobytes()).decode()


def decoded_rows(text: str, size: int) -> Floats:
    """Directions of this many dimensions, of unit length."""
    return unit(np.frombuffer(base64.b64decode(text), dtype=np.int8).reshape(-1, size).astype(np.float32))


def encoded_metric(found: NDArray[np.float64] | None) -> str:
    return "" if found is None else encoded(found[np.triu_indices(len(found))])


def decoded_metric(text: str, size: int) -> NDArray[np.float64]:
    found = np.zeros((size, size))
    found[np.triu_indices(size)] = decoded(text)
    return found + np.triu(found, 1).T


def slug(name: str, taken: set[str]) -> str:
    """A key that reads like the name and is not taken yet; it is taken from now on."""
    base = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:32] or "theme"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    taken.add(key)
    return key


def book_of(
    texts: list[str], rows: Floats, found: Groups, by: Embedder, middles: Middles, seed: int, *, said: int, taken: set[str],
    others: Sequence[str] = (), called: Collection[str] = (),
) -> Codebook:  # fmt: skip
    """Groups of texts as themes in two levels.

    taken: keys that are not to be given. called: names likewise. others: texts of other themes, that these are told from.
    """
    number = len(found.centres)
    members = [np.flatnonzero(found.labels == place) for place in range(number)]
    order = sorted(range(number), key=lambda place: (-len(members[place]), place))

    def directions(phrases: list[str]) -> Floats:
        return middles.off(phrases, by.embed(phrases))

    def told(
        groups: list[list[str]], centres: Floats, called: Collection[str]
    ) -> list[tuple[str, tuple[str, ...], str]]:
        """The name of each group, its telling words, and both in a sentence."""
        group_words = read([*groups, others] if others else groups)
        words = told_of(group_words, groups)
        phrases = names(group_words, centres, directions, taken=called)
        return [(name_of(one or some), some, _about(one, some)) for one, some in zip(phrases, words, strict=True)]

    below = told([[texts[at] for at in one] for one in members], found.centres, called)
    upper = group(found.centres, number=max(2, round(number**0.5)), smallest=2, seed=seed) if number > 3 else None
    parents: dict[int, str] = {}
    themes: list[Theme] = []
    if upper is not None:
        held = [[place for place in range(number) if upper.labels[place] == one] for one in range(len(upper.centres))]
        together = [[texts[at] for place in places for at in members[place]] for places in held]
        above = told(together, upper.centres, {*called, *(name for name, _, _ in below)})
        for one, (name, words, about) in enumerate(above):
            parents[one] = slug("area " + name, taken)
            at = np.concatenate([members[place] for place in held[one]])
            themes.append(
                Theme(
                    parents[one], name, f"Comments about {about}." if about else "", None,
                    quotations([texts[i] for i in at], rows[at], upper.centres[one]), words, FOUND, len(at),
                )
            )  # fmt: skip
    centres = {}
    for place in order:
        (name, words, about), at = below[place], members[place]
        key = slug(name, taken)
        centres[key] = encoded(found.centres[place])
        themes.append(
            Theme(
                key, name, f"Comments that speak of {about}." if about else "",
                parents[int(upper.labels[place])] if upper is not None else None,
                quotations([texts[i] for i in at], rows[at], found.centres[place]), words, FOUND, len(at),
            )
        )  # fmt: skip
    stability = None if found.stability is None else round(found.stability, 4)
    return Codebook(
        tuple(themes),
        model=by.name,
        seed=seed,
        comments=said,
        stability=stability,
        centres=centres,
        **middles.encoded(),
    )


def _about(phrases: Sequence[str], words: Sequence[str]) -> str:
    """What a theme is about: its name, and what its telling words say more."""
    said = {part for phrase in phrases for part in phrase.casefold().split()}
    more = [word for word in words if not set(word.casefold().split()) <= said]
    return ", ".join([*phrases, *more][:5])
