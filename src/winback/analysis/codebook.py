"""The codebook: the themes that comments are sorted into, as a file that people can read and winback can use again.

A codebook is made from comments (`make_codebook`) or from comments that people have coded (`learned`), frozen when people
accept it, and then used to code new comments (`assign`). What fits no theme month after month is offered as an emerging
theme (`emerging`). The same comments, options and seed give the same codebook, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from winback.analysis.codebook_checks import check_schema, check_vectors
from winback.analysis.proposals import Proposal
from winback.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from winback.text.embedding import Embedder

SCHEMA = "winback.codebook/1"
FOUND, PERSON = "found", "person"
Labelled = tuple[str, tuple[str, ...]]  # a comment and the keys of the themes that a person found in it


@dataclass(frozen=True)
class Theme:
    """One reason customers name.

    key: what codings refer to; it never changes. parent: the key of the theme it belongs to, None on the first level.
    examples: real quotations, the most central first. words: the most telling ones first. origin: "found" by winback,
    or given or accepted by a "person". comments: how many it was made from.
    """

    key: str
    name: str
    definition: str = ""
    parent: str | None = None
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    origin: str = FOUND
    comments: int = 0


@dataclass(frozen=True)
class Codebook:
    """Themes with what is needed to recognise them.

    `model` names the vectors it was made with ("lexical", "static", "wordllama", "minilm", or an endpoint's).
    `centres` hold the direction of each theme found, as text (base64 of 16-bit floats, little-endian), by key. A theme
    without one (made by a person, merged or split) is recognised by its examples, name and words. `learned` are comments
    that people have coded. `proposals` wait for a person and are not applied. `stability`: the adjusted Rand index of
    themes found again in samples of the comments.
    """

    themes: tuple[Theme, ...]
    version: int = 1
    model: str = ""
    seed: int = 0
    comments: int = 0
    stability: float | None = None
    centres: Mapping[str, str] = field(default_factory=dict)
    middle: str = ""  # what is taken off every vector before it is compared
    middles: Mapping[str, str] = field(default_factory=dict)  # the same by language, of those that differ from it
    metric: str = ""  # what tells the themes found apart (base64 of 16-bit floats, the upper triangle row by row)
    landmarks: str = ""  # where comments lie, that coded ones are read by (base64 of 8-bit whole numbers, row by row)
    familiar: float | None = None  # how alike its nearest place a comment is at least that is not strange
    odd: str = ""  # comments it was made of that are less so all the same (base64 of CRC-32, little-endian, in order)
    learned: tuple[Labelled, ...] = ()
    notes: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    def __post_init__(self) -> None:
        """Raises UserError where keys come twice or a parent is not there."""
        keys = [theme.key for theme in self.themes]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise UserError(f'The codebook has two themes with the key "{twice[0]}"; give one another.')
        known = set(keys)
        for theme in self.themes:
            if theme.parent is not None and (theme.parent not in known or theme.parent == theme.key):
                raise UserError(f'The theme "{theme.name}" has the parent "{theme.parent}", which the codebook lacks.')

    def theme(self, key: str) -> Theme:
        """The theme of this key. Raises KeyError."""
        found = next((theme for theme in self.themes if theme.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def find(self, text: str) -> Theme | None:
        """The theme of this key or name, in whatever case; None where there is none."""
        wanted = " ".join(text.split()).casefold()
        exact = (theme for theme in self.themes if theme.key == text)
        return next(exact, next((theme for theme in self.themes if theme.name.casefold() == wanted), None))

    def leaves(self) -> tuple[Theme, ...]:
        """The themes that comments are sorted into: those that no other theme belongs to."""
        parents = {theme.parent for theme in self.themes}
        return tuple(theme for theme in self.themes if theme.key not in parents)

    def with_learned(self, learned: Sequence[tuple[str, Sequence[str]]]) -> Codebook:
        """The codebook with these comments coded by people; a later coding of the same comment replaces the earlier."""
        known = dict(self.learned) | {text: tuple(dict.fromkeys(keys)) for text, keys in learned}
        return replace(self, learned=tuple(known.items()))

    def to_json(self) -> str:
        """The codebook as a file: keys in order, a line break at the end, the same for the same codebook."""
        return json.dumps({"schema": SCHEMA} | asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def read(cls, path: Path) -> Codebook:
        """The codebook in this file. Raises UserError where there is none."""
        try:
            return cls.from_json(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{path} cannot be read: {error}") from None

    @classmethod
    def from_json(cls, text: str) -> Codebook:
        """Read what `to_json` wrote. Raises UserError where it is something else."""
        try:
            found: Any = json.loads(text)
            check_schema(found.pop("schema", None) if isinstance(found, dict) else None, SCHEMA)
            check_vectors(found)
            themes = tuple(
                Theme(**{**one, "examples": tuple(one.get("examples", ())), "words": tuple(one.get("words", ()))})
                for one in found.pop("themes")
            )
            learned = tuple((str(said), tuple(keys)) for said, keys in found.pop("learned", ()))
            waiting = tuple(Proposal.of(one) for one in found.pop("proposals", ()))
            return cls(themes=themes, learned=learned, proposals=waiting, notes=tuple(found.pop("notes", ())), **found)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise UserError(f"The codebook cannot be read: {error}. Was it changed by hand?") from error


def make_codebook(
    comments: Sequence[str | None], *, seed: int = 0, themes: int | None = None, model: str | Embedder | None = None,
    learned: Sequence[tuple[str, Sequence[str]]] = (), split: bool = True,
) -> Codebook:  # fmt: skip
    """A codebook of what these comments say, in two levels.

    themes: how many on the lower level; found by the program unless given. model: "static" (the default), "lexical",
    "wordllama", "minilm", or an embedder such as an endpoint's. learned: comments coded by people, with the names of
    their themes; these themes are in the codebook, and what they do not cover is found beside them. split: comments are
    split into clauses first. Blank comments and those that say nothing ("n/a") are left out.

    Raises UserError where a model is asked for that is not installed, or no comment says anything.
    """
    if learned:
        from winback.analysis.codebook_coded import make_coded

        return make_coded(comments, learned, seed=seed, themes=themes, model=model, split=split)
    from winback.analysis.codebook_making import make

    return make(comments, seed=seed, themes=themes, model=model, split=split)


def assign(
    comments: Sequence[str | None], codebook: Codebook, *, learned: Sequence[tuple[str, Sequence[str]]] = (),
    reject: float | None = None, model: str | Embedder | None = None, split: bool = True,
) -> pa.Table:  # fmt: skip
    """Code comments: a row for each comment and theme named in it, the main theme first.

    Columns: row (place of the comment, from 0), clause (place of the clause that tells it most, from 0), start and end
    (its characters in the comment as it was given), theme (key; null where none fits), confidence (0 to 1), sentiment
    (-1 to 1, of the clause; null in languages it is not known for), language (ISO 639-1, null where too short to tell),
    rank (1 for the main theme; null where there is none), state ("assigned", "rejected": says something that no theme
    fits, or that is unlike all that the codebook was made of, "blank", "nothing": n/a and its kin, or "foreign": in a language that the model does not know). Every comment
    has at least one row.

    learned: comments coded by people, with keys or names of themes, beside those in the codebook; each teaches.
    reject: confidence below which nothing is assigned; set by the program unless given. Given, it alone decides: 0 places
    every comment that says something.
    """
    from winback.analysis.coding import code
    from winback.text.embedding import embedder

    if model is not None and codebook.model and (codebook.centres or codebook.middle):
        model = embedder(model)
        if model.name != codebook.model:
            raise UserError(f'The codebook was made with the vectors "{codebook.model}"; those of "{model.name}" cannot be compared with them. Leave the model out, or make a new codebook.')  # fmt: skip
    return code(comments, codebook, learned=learned, reject=reject, model=model, split=split)


def emerging(
    comments: Sequence[str | None], codebook: Codebook, *, seed: int = 0, smallest: int = 5,
    model: str | Embedder | None = None, others: Sequence[str | None] = (),
) -> Codebook:  # fmt: skip
    """Themes that rejected comments suggest, as a codebook beside the given one: for a person to accept or not.

    comments: those that `assign` rejected (their clauses do as well). smallest: comments that a theme needs. others:
    comments that it assigned: a new theme is named by what is not said there (the book's examples, unless given). Keys
    and names do not clash with the codebook's.
    """
    from winback.analysis.codebook_making import beside

    return beside(comments, codebook, seed=seed, smallest=smallest, model=model, others=others)
