"""The order and the width of the page's boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

USUAL_ORDER = (
    "score",
    "trend",
    "moved",
    "gave",
    "flareups",
    "segments",
    "heat",
    "profit",
    "money",
    "themes",
    "people",
    "voices",
)
SMALL_FIRST = (
    "people",
    "voices",
    "themes",
    "segments",
    "profit",
    "money",
    "score",
    "trend",
    "moved",
    "gave",
    "flareups",
    "heat",
)
WHOLE = ("segments", "heat", "flareups", "themes")
NARROW = ("score", "gave", "money", "voices")
TITLES = {
    "score": "Score", "trend": "How it moves", "moved": "What moved", "gave": "What they gave", "segments": "Segments",
    "heat": "Over time", "profit": "Profit", "money": "Money", "people": "Whom to call", "voices": "What they say",
    "flareups": "Flare-ups", "themes": "Why", "readiness": "What the data allow", "made": "How it was made",
}  # fmt: skip


def parts(known: Mapping[str, bool], *, small: bool, titles: Mapping[str, str]) -> list[dict[str, str]]:
    """The boxes in their order and width.

    A small programme begins with people and words; its score comes late. A box without data does not take the
    place of one that has some: it comes after them, small, and says what would open it. `known` tells which have.
    """
    titles = {**TITLES, **titles}
    order = SMALL_FIRST if small else USUAL_ORDER
    shown = _in_rows([name for name in order if known[name]])
    absent = _small_ones(
        [name for name in order if not known[name] and name not in ("heat", "money", "flareups", "themes")]
    )
    ending = [("readiness", "c5"), ("made", "c7")] if known["readiness"] else [("made", "c12")]
    return [{"name": name, "size": size, "title": titles[name]} for name, size in [*shown, *absent, *ending]]


def _in_rows(names: Sequence[str]) -> list[tuple[str, str]]:
    """Widths: whole boxes fill a row, halves go in pairs, and a half that is left alone fills its row."""
    placed: list[tuple[str, str]] = []
    waiting: str | None = None
    for name in names:
        if name in WHOLE:
            placed += [(waiting, "c12")] if waiting else []
            placed.append((name, "c12"))
            waiting = None
        elif waiting is None:
            waiting = name
        else:
            first = "c5" if waiting in NARROW else "c7"
            placed += [(waiting, first), (name, "c7" if first == "c5" else "c5")]
            waiting = None
    return placed + ([(waiting, "c12")] if waiting else [])


def _small_ones(names: Sequence[str]) -> list[tuple[str, str]]:
    """Boxes without data, three in a row; what does not divide by three ends in rows of two."""
    count = len(names)
    if count == 1:
        return [(names[0], "c12 off")]
    pairs = {0: 0, 1: 4, 2: 2}[count % 3]
    return [(name, "c4 off" if place < count - pairs else "c6 off") for place, name in enumerate(names)]
