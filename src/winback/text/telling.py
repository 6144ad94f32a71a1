"""What tells a group of comments from the others: its words.

A word is weighed by its part in the divergence of the group from all comments: what is said often here and as often
elsewhere tells nothing. Forms of one word count as one, names of people do not count at all. A word is shown as customers
mostly write it: with the word beside it where both mostly stand together ("side effects"), and with its "no" or "not" where it
is mostly denied ("no complaints", "não recebi").

Reference: S. Kullback and R. Leibler, "On Information and Sufficiency", Annals of Mathematical Statistics 22, 1951.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from winback.text.denials import denied_at
from winback.text.reading import Said, read
from winback.text.words import Word

RARE = 0.02  # share of a group's texts below which a word does not tell it
SHORT = 40  # characters of a comment that can be a name as it is
TOGETHER = 0.5  # share of the rarer word's texts in which two words stand beside each other, from which on they are one
BOTH = 0.25  # and of the more frequent one's
DENIED = 0.5  # share of a word's texts in which it is denied, from which on it is shown so
PARTICLES = frozenset(["up", "off", "out", "down"])

Pairs = Mapping[tuple[str, str], Counter[str]]


def telling_words(groups: Sequence[Sequence[str]], number: int = 8) -> list[tuple[str, ...]]:
    """The most telling words of each group of texts, the most telling first. A word counts once a text."""
    return told_of(read(groups), groups, number)


def told_of(said: Sequence[Said], groups: Sequence[Sequence[str]], number: int = 8) -> list[tuple[str, ...]]:
    """As `telling_words`, of groups that were read; further ones read beside them are only told from."""
    sizes = sum(max(one.size, 1) for one in said)
    whole: defaultdict[str, float] = defaultdict(float)
    for one in said:
        for word, share in one.shares.items():
            whole[word] += share * max(one.size, 1) / sizes
    return [_told(one, whole, number) or _as_it_is(texts) for one, texts in zip(said, groups, strict=False)]


def least(one: Said) -> float:
    """How many texts of a group a word has to be in to tell it."""
    return max(2 if len(one.texts) > 3 else 1, RARE * len(one.texts))


def _told(one: Said, whole: Mapping[str, float], number: int) -> tuple[str, ...]:
    enough = least(one)
    weighed = {
        word: (share * math.log(share / whole[word]), share)
        for word, share in one.shares.items()
        if one.counts[word] >= enough
    }
    order = sorted(weighed, key=lambda word: (-weighed[word][0], -weighed[word][1], word))[: 2 * number]
    return _shown(one, order)[:number]


def _shown(one: Said, order: Sequence[str]) -> tuple[str, ...]:
    """The families as customers write them, each word in one phrase only."""
    wanted = frozenset(order)
    denied: dict[str, Counter[str]] = {word: Counter() for word in order}
    pairs: dict[tuple[str, str], Counter[str]] = {}
    for words in one.texts:
        met: set[tuple[str, str]] = set()
        for place, word in enumerate(words):
            family = one.kin.get(word.plain)
            if family not in wanted:
                continue
            reach = denied_at(words, place, one.language)
            if reach and (family, "") not in met:
                met.add((family, ""))
                denied[family][" ".join(part.plain for part in words[reach[0] : reach[1] + 1])] += 1
            for pair, said in _beside(one, words, place, wanted):
                if pair not in met:
                    met.add(pair)
                    pairs.setdefault(pair, Counter())[said] += 1
    found: list[str] = []
    used: set[str] = set()
    for family in order:
        if family in used:
            continue
        phrase, taken = _phrase(one, family, denied, pairs, used)
        shown = one.written(phrase)
        used |= taken
        if not any(f" {shown} " in f" {told} " for told in found):
            found = [shown if f" {told} " in f" {shown} " else told for told in found]
            found += [shown] if shown not in found else []
    return tuple(found)


def _beside(
    one: Said, words: Sequence[Word], place: int, wanted: Collection[str]
) -> Iterator[tuple[tuple[str, str], str]]:
    """A word with the telling one before it, or with the particle behind it ("top up"): families and words."""
    word, family = words[place], one.kin[words[place].plain]
    before = one.kin.get(words[place - 1].plain) if place and word.beside else None
    if before in wanted and before != family:
        yield (str(before), family), f"{words[place - 1].plain} {word.plain}"
    behind = words[place + 1] if place + 1 < len(words) else None
    if behind is not None and behind.beside and behind.plain in PARTICLES and one.language in (None, "en"):
        yield (family, behind.plain), f"{word.plain} {behind.plain}"


def _phrase(
    one: Said, word: str, denied: Mapping[str, Counter[str]], pairs: Pairs, used: set[str]
) -> tuple[str, set[str]]:
    """What the word is shown as, and the families in it."""
    if denied[word].total() >= max(2, DENIED * one.counts[word]):
        # A shorter phrase says it, where one is not much rarer: "no complaints" rather than "no real complaints".
        phrase, _ = min(denied[word].items(), key=lambda said: (-said[1] / len(said[0].split()) ** 2, said[0]))
        return phrase, {word, *(one.kin[part] for part in phrase.split() if part in one.kin)}
    best, most = (one.forms[word], {word}), 1
    for (first, second), said in sorted(pairs.items()):
        if word not in (first, second) or {first, second} & used:
            continue
        rarer, other = sorted((one.counts[first], one.counts.get(second, one.counts[first])))
        times = said.total()
        if times > most and times >= TOGETHER * rarer and times >= BOTH * other:
            best, most = (said.most_common(1)[0][0], {first, second}), times
    return best


def _as_it_is(texts: Sequence[str]) -> tuple[str, ...]:
    """Where no word tells anything (pictures, a script without spaces): what is said most, if it is short."""
    said, _ = max(sorted(Counter(texts).items()), key=lambda one: one[1], default=("", 0))
    return (said,) if 0 < len(said) <= SHORT else ()
