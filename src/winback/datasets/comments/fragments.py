"""What a customer may say about one theme: hand-written pieces, sorted by how people talk.

Every piece is a sentence, or a few, that stands on its own, so that pieces of one theme follow one another without
contradiction. A name in braces ({day}, {euro}, …) is filled in by `slots`, which also takes one way of each
[this|or that]. Pieces say nothing about how many times
something happened where another piece of the same theme could say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """The pieces of one theme in one language.

    `name` is the theme's name in the codebook, the same in every language. `short` are words without a sentence,
    `angry`, `polite`, `dry` (ironic) and `facts` (a list of what happened) are ways to say it in full. `mild` is what
    somebody says who is content on the whole. `after` may follow any of these; `home` only from a household,
    `work` only from a company. `reasons` is what is said of it when giving notice.
    """

    name: str
    short: tuple[str, ...]
    plain: tuple[str, ...]
    angry: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()
    dry: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    mild: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """The words round a theme in one language: how people begin, join and end, by how they feel.

    `one_word` are whole comments. Keys of the mappings are "low", "middle" and "high": what the person gave.
    """

    polite_start: tuple[str, ...]
    polite_end: tuple[str, ...]
    ramble_start: tuple[str, ...]
    ramble_join: tuple[str, ...]
    ramble_aside: tuple[str, ...]
    angry_end: tuple[str, ...]
    praise_but: tuple[str, ...]
    end: dict[str, tuple[str, ...]]
    nothing: dict[str, tuple[str, ...]]
    one_word: dict[str, tuple[str, ...]]
    price_reasons: tuple[str, ...]
    life_reasons: tuple[str, ...]
