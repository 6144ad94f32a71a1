"""Personal data in a comment, found and replaced by marks that can be read: [mail], [phone], [card], [account], [name].

Found by form: mail addresses, card numbers and IBANs (`winback.text.addresses`), telephone numbers (`winback.text.telephones`).
Found by what is known and by where it stands: names (`winback.text.names_said`).

What is not found: surnames alone in running text, addresses of streets, dates of birth, and what is spelled in words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from winback.text.addresses import accounts_in, cards_in, mails_in
from winback.text.names_said import known_names, placed_names
from winback.text.telephones import phones_in

KINDS = ("mail", "account", "card", "phone", "name")  # of two that overlap the first counts
_DIGITS = re.compile(r"\d(?:[\s\u00a0()./\-–]{0,3}\d){6}")


@dataclass(frozen=True)
class Found:
    """Personal data in a text: its characters from start to end, and what they are (one of KINDS)."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Masked:
    """A text with marks in place of what was found in it, in the order of the text as it was given."""

    text: str
    found: tuple[Found, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(Counter(one.kind for one in self.found))

    def moved(self, place: int, *, end: bool = False) -> int:
        """Where a place of the given text is now; one inside a mark is its beginning, or its end."""
        shift = 0
        for one in self.found:
            if one.end <= place:
                shift += len(mark(one.kind)) - (one.end - one.start)
            elif one.start < place:
                return one.start + shift + (len(mark(one.kind)) if end else 0)
        return place + shift


def mark(kind: str) -> str:
    return f"[{kind}]"


@dataclass(frozen=True)
class Masker:
    """Masks comments. `regions` are countries (ISO 3166, two letters) whose telephone numbers are told without their +."""

    regions: tuple[str, ...] = ()
    _names: dict[tuple[str, ...], re.Pattern[str] | None] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, text: str, *, whole: Sequence[str] = (), people: Sequence[str] = ()) -> Masked:
        """The text masked. `whole` are names looked for as they are; of `people` each part of the name is looked for too."""
        taken: list[Found] = []
        for kind in KINDS:
            for start, end in self._looked(kind, text, tuple(whole), tuple(people)):
                if all(end <= other.start or other.end <= start for other in taken):
                    taken.append(Found(start, end, kind))
        if not taken:
            return Masked(text)
        taken.sort(key=lambda one: one.start)
        pieces, at = [], 0
        for one in taken:
            pieces += [text[at : one.start], mark(one.kind)]
            at = one.end
        return Masked("".join(pieces) + text[at:], tuple(taken))

    def _looked(
        self, kind: str, text: str, whole: tuple[str, ...], people: tuple[str, ...]
    ) -> Iterator[tuple[int, int]]:
        if kind == "name":
            if pattern := self._pattern((*whole, "", *people) if whole or people else ()):
                yield from (found.span() for found in pattern.finditer(text))
            yield from placed_names(text)
        elif kind == "mail":
            yield from mails_in(text)
        elif not _DIGITS.search(text):
            return
        elif kind == "account":
            yield from accounts_in(text)
        elif kind == "card":
            yield from cards_in(text)
        else:
            yield from phones_in(text, self.regions)

    def _pattern(self, names: tuple[str, ...]) -> re.Pattern[str] | None:
        if names not in self._names:
            if len(self._names) >= 50_000:
                self._names.clear()
            cut = names.index("") if "" in names else 0
            self._names[names] = known_names(names[:cut], names[cut + 1 :])
        return self._names[names]


def merged(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Counts by kind, added up."""
    return dict(Counter(counts) + Counter(more))
