"""What is proposed for a codebook and waits for a person: themes that come up, better names, codings of comments.

A proposal is never applied by itself. It says who makes it, and shows its evidence word for word. Accepting one changes the
codebook; refusing takes it away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from winback.errors import UserError

if TYPE_CHECKING:
    from winback.analysis.codebook import Codebook

KINDS = ("theme", "name", "coding")
WINBACK = "winback"


@dataclass(frozen=True)
class Proposal:
    """One thing proposed.

    kind: a "theme" that the codebook lacks, a "name" and definition for one it has, or a "coding" of a comment. by: the
    model that proposes it, or "winback". theme: the key it is about. evidence: customers' own words. text: the comment that
    is coded. centre: the direction of a theme found (as in `Codebook.centres`).
    """

    id: str
    kind: str
    by: str
    theme: str
    name: str = ""
    definition: str = ""
    evidence: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    comments: int = 0
    text: str = ""
    centre: str = ""

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Proposal:
        """Read what stands in a codebook's file. Raises TypeError or ValueError where it is none."""
        one = cls(**{**found, "evidence": tuple(found.get("evidence", ())), "words": tuple(found.get("words", ()))})
        if one.kind not in KINDS:
            raise ValueError(f'a proposal of the kind "{one.kind}"')
        return one


def with_proposals(book: Codebook, proposals: Collection[Proposal]) -> Codebook:
    """The codebook with these proposals beside those that wait already; the later one of the same id counts."""
    known = {one.id: one for one in (*book.proposals, *proposals)}
    return replace(book, proposals=tuple(known.values()))


def decide(book: Codebook, *, accept: Collection[str] = (), refuse: Collection[str] = ()) -> Codebook:
    """The codebook after a person accepted and refused proposals by id; the others go on waiting.

    Raises UserError for an id that does not wait, or that is both accepted and refused.
    """
    waiting = {one.id: one for one in book.proposals}
    if strange := [one for one in (*accept, *refuse) if one not in waiting]:
        raise UserError(f'No proposal "{strange[0]}" waits in this codebook. There are: {", ".join(list(waiting)[:20]) or "none"}.')  # fmt: skip
    if both := sorted(set(accept) & set(refuse)):
        raise UserError(f'The proposal "{both[0]}" is accepted and refused at once; choose one.')
    for one in dict.fromkeys(accept):
        book = _applied(book, waiting[one])
    gone = {*accept, *refuse}
    return replace(book, proposals=tuple(one for one in book.proposals if one.id not in gone))


def _applied(book: Codebook, one: Proposal) -> Codebook:
    from winback.analysis.codebook import PERSON, Theme

    keys = {theme.key for theme in book.themes}
    if one.kind == "theme":
        if one.theme in keys:
            raise UserError(f'The codebook has a theme "{one.theme}" already; refuse the proposal "{one.id}".')
        theme = Theme(one.theme, one.name, one.definition, None, one.evidence, one.words, PERSON, one.comments)
        centres = {**book.centres, **({one.theme: one.centre} if one.centre else {})}
        return replace(book, themes=(*book.themes, theme), centres=centres)
    if one.theme not in keys:
        raise UserError(f'The codebook has no theme "{one.theme}" any more; refuse the proposal "{one.id}".')
    if one.kind == "name":
        themes = [
            replace(theme, name=one.name, definition=one.definition, origin=PERSON) if theme.key == one.theme else theme
            for theme in book.themes
        ]
        return replace(book, themes=tuple(themes))
    so_far = dict(book.learned).get(one.text, ())
    return book.with_learned([(one.text, [*so_far, one.theme])])


def emerged(found: Codebook) -> list[Proposal]:
    """The themes of `winback.analysis.codebook.emerging` as proposals of winback's own."""
    return [
        Proposal(
            id=f"new-{theme.key}", kind="theme", by=WINBACK, theme=theme.key, name=theme.name, definition=theme.definition,
            evidence=theme.examples, words=theme.words, comments=theme.comments, centre=found.centres.get(theme.key, ""),
        )
        for theme in found.leaves()
    ]  # fmt: skip
