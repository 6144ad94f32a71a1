"""What a codebook must be like, and where a theme's codings go: pure rules, no database and no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from winback.errors import UserError

LONGEST_NAME, LONGEST_DEFINITION = 120, 2000
MOST_THEMES = 300


@dataclass(frozen=True)
class Node:
    """A theme as far as it matters where its codings go."""

    pk: int
    name: str
    state: str
    merged_into: int | None = None
    parent: int | None = None


def ends(nodes: Iterable[Node]) -> dict[int, int | None]:
    """For each theme the one its codings count for: itself, the one it was merged into, or None where that is retired."""
    themes = {node.pk: node for node in nodes}

    def end(pk: int) -> int | None:
        seen = set()
        while (into := themes[pk].merged_into) is not None and into in themes and pk not in seen:
            seen.add(pk)
            pk = into
        return None if themes[pk].state == "retired" or pk in seen else pk

    return {pk: end(pk) for pk in themes}


def parents(nodes: Iterable[Node]) -> dict[int, int | None]:
    """For each theme that counts the one it stands under, a merged parent's successor included."""
    themes = {node.pk: node for node in nodes}
    last = ends(themes.values())
    found: dict[int, int | None] = {}
    for pk, node in themes.items():
        if last[pk] == pk:
            above = last.get(node.parent) if node.parent is not None else None
            found[pk] = None if above == pk else above
    # a parent that came to stand under another theme itself would make three levels; two under each other, none
    return {
        pk: above if above is None or (top := found.get(above)) is None else None if top == pk else top
        for pk, above in found.items()
    }


def name_of(text: str, taken: Collection[str] = ()) -> str:
    """A name as it is kept. Raises UserError where it is none, or another theme has it (whatever its case)."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or "\x00" in name:
        raise UserError(f"A theme needs a name of 1 to {LONGEST_NAME} characters.")
    if name.casefold() in {one.casefold() for one in taken}:
        raise UserError(f'There is a theme "{name}" already; choose another name, or merge the two.')
    return name


def definition_of(text: str) -> str:
    """A definition as it is kept. Raises UserError where it is too long."""
    definition = text.replace("\r\n", "\n").strip()
    if len(definition) > LONGEST_DEFINITION or "\x00" in definition:
        raise UserError(f"A definition has at most {LONGEST_DEFINITION} characters.")
    return definition


def words_digest(comment: str) -> int:
    """A signed 64-bit number that tells words that have changed from the same ones."""
    return int.from_bytes(hashlib.blake2b(comment.encode(), digest_size=8).digest(), "big", signed=True)


def is_double(source: int, external_id: str, share: int) -> bool:
    """Whether this comment is one of the `share` percent that two people code: the same ones for everybody, every time."""
    told = hashlib.blake2b(f"{source} {external_id}".encode(), digest_size=4).digest()
    return int.from_bytes(told, "big") % 100 < share


def excerpt(comment: str, start: int | None, end: int | None) -> str:
    """The words that carry a theme; "" where the whole comment does, or the place lies outside it."""
    if start is None or end is None or not 0 <= start < end <= len(comment):
        return ""
    return comment[start:end]


def place_of(words: str, comment: str) -> tuple[int, int] | None:
    """Where these words stand in the comment, word for word; None where they do not."""
    start = comment.find(words) if words else -1
    return None if start < 0 else (start, start + len(words))
