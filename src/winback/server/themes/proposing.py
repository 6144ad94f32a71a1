"""Themes offered to be accepted: a codebook from the comments at hand, and later what comes up that fits none of it.

Their examples are places where something was said, never somebody's words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from winback.errors import UserError
from winback.server import embedders
from winback.server.database import atomic
from winback.server.feedback.models import Feedback
from winback.server.jobs.actions import enqueue
from winback.server.jobs.models import Job
from winback.server.themes.actions import Proposal, propose
from winback.server.themes.engine import engine_book
from winback.server.themes.models import Reading, Theme
from winback.server.themes.rules import place_of, words_digest
from winback.server.themes.versions import MOST_READ, SEED, keep, latest, sample
from winback.server.themes.words import Key, comments_of, rows_of
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

if TYPE_CHECKING:
    from winback.analysis.codebook import Codebook

FEWEST = 30  # comments from which a codebook is proposed
MOST_PROPOSED = 40  # themes on the lower level: more, nobody reads through before accepting them
FEWEST_REJECTED = 10  # comments that fit no theme, from which emerging ones are looked for
MOST_EMERGING = 3  # offered together, those that most comments name
MONTHS = 2  # different months in which an emerging theme has been named
ALIKE = 0.85  # cosine from which a theme found is one that is known, or was turned down


class Gone(Exception):  # noqa: N818 (it reads as what happened)
    """A comment that themes were made from was erased, or its import undone, before they were offered: nothing was."""


def ask_for_proposals(*, access: Access) -> Job:
    """Have a codebook proposed in the background. Raises UserError where there are too few comments to propose from."""
    there = Feedback.objects.visible(access.workspace).exclude(comment="")[:FEWEST].count()
    if there < FEWEST:
        raise UserError(f"There are {there} comments; from {FEWEST} on a codebook can be proposed.")
    with atomic():
        audit.record(verb="codebook asked for", target="codebook", by=access)
        workspace = access.workspace.pk
        return enqueue(task="themes.propose", workspace_id=workspace, key=str(workspace), workspace=workspace)


def propose_codebook(*, workspace: Workspace, by: Access | None = None) -> list[Theme]:
    """Propose themes from the comments at hand, beside those there are; nothing where they suggest no new ones.

    Themes that are there keep what they are recognised by: a codebook that was accepted is frozen. Where another model was
    chosen since, they are recognised by their examples, names and what people coded from now on. Raises Gone.
    """
    from winback.analysis.codebook import make_codebook

    rows = sample(workspace)
    comments = list(rows.values())
    model = embedders.chosen(workspace)
    made = make_codebook(comments, seed=SEED, model=model)
    if len(made.leaves()) > MOST_PROPOSED:
        made = make_codebook(comments, seed=SEED, themes=MOST_PROPOSED, model=model)
    fresh = _unknown(workspace, made)
    return _offer(workspace, made, fresh, rows, origin="found", comments=len(comments), by=by)


def emerge(*, workspace: Workspace) -> list[Theme]:
    """Propose themes that rejected comments of several months suggest, and that are neither there nor were turned down.

    Rejected is what the model found no theme for, and what people said that no theme fits. Raises Gone.
    """
    from winback.analysis.codebook import assign, emerging

    book = engine_book(workspace)
    rejected = Reading.objects.filter(workspace=workspace, stands=True, outcome="rejected").order_by("-at", "-id")
    keys: list[Key] = []
    for rows in (rejected.exclude(kind="model"), rejected.filter(kind="model")):  # people are surer of it
        keys += rows.values_list("source_id", "external_id")[: MOST_READ - len(keys)]
    if len(keys) < FEWEST_REJECTED or book is None:
        return []
    embedders.check(workspace, book.model)
    said, months = _rejected(workspace, keys)
    comments = list(said.values())
    others = [text for key, text in sample(workspace).items() if key not in said]
    made = emerging(comments, book, seed=SEED, others=others)
    if not made.themes:
        return []
    when = list(months.values())
    named: dict[str, set[str]] = {}
    for row in assign(comments, made).to_pylist():
        if row["theme"] is not None:
            named.setdefault(row["theme"], set()).add(when[row["row"]])
    lasting = {theme for theme, found in named.items() if len(found) >= MONTHS}
    fresh = [theme for theme in _unknown(workspace, made, apart=True) if theme.key in lasting]
    fresh.sort(key=lambda theme: (-theme.comments, theme.key))
    with atomic():
        themes = _offer(workspace, made, fresh[:MOST_EMERGING], said, origin="emerging")
        if themes and (now := latest(workspace)) is not None:  # only what was rejected is read again
            done = Reading.objects.filter(workspace=workspace, kind="model", version=now.number - 1)
            done.exclude(outcome="rejected").update(version=now.number)
    return themes


def _unknown(workspace: Workspace, made: Codebook, *, apart: bool = False) -> list[Any]:
    """The themes of a codebook that are neither called like one of the workspace's nor lie where one does, retired ones too.

    `apart`: of several that lie in one place the first counts.
    """
    names = {name.casefold() for name in Theme.objects.filter(workspace=workspace).values_list("name", flat=True)}
    kept = latest(workspace)
    there = (
        [_direction(one) for one in kept.book.get("centres", {}).values()] if kept and kept.model == made.model else []
    )
    fresh = []
    for theme in made.themes:
        mine = _direction(made.centres[theme.key]) if theme.key in made.centres else None
        if theme.name.casefold() in names or (mine is not None and any(float(mine @ one) >= ALIKE for one in there)):
            continue
        fresh.append(theme)
        if apart and mine is not None:
            there.append(mine)
    return fresh


def _direction(centre: str) -> Any:
    import numpy as np

    from winback.analysis.middles import decoded

    row = decoded(centre)
    return row / max(float(np.linalg.norm(row)), 1e-9)


def _offer(
    workspace: Workspace, made: Codebook, fresh: Sequence[Any], rows: Mapping[Key, str], *, origin: str, comments: int = 0,
    by: Access | None = None,
) -> list[Theme]:  # fmt: skip
    own = {theme.key: _own_key(made, theme.key) for theme in made.themes}
    offered = {theme.key for theme in fresh}
    parents = {theme.parent for theme in fresh if theme.parent in offered}
    # an area none of whose themes is new is none either
    areas = {theme.parent for theme in made.themes if theme.parent}
    fresh = [theme for theme in fresh if theme.key not in areas or theme.key in parents]
    proposals = [
        Proposal(
            key=own[theme.key], name=theme.name, definition=theme.definition,
            parent=own[theme.parent] if theme.parent in parents else "", words=theme.words,
            examples=_places(theme.examples, rows),
        )
        for theme in fresh
    ]  # fmt: skip
    with atomic():
        if len(comments_of(workspace, rows)) < len(rows):  # neither their words nor where they stood are kept
            raise Gone
        themes = propose(workspace=workspace, proposals=proposals, origin=origin, by=by)
        keys = {theme.key for theme in themes}
        centres = {own[key]: centre for key, centre in made.centres.items() if own[key] in keys}
        last = latest(workspace)
        if themes or last is None or last.model != made.model:
            keep(workspace=workspace, made=made, centres=centres, comments=comments, by=by)
    return themes


def _own_key(made: Codebook, key: str) -> str:
    """A key that no other making of a codebook gives: the same comments give the same."""
    return f"{key[:24]}-{abs(words_digest(made.middle + key)):x}"[:40]


def _rejected(workspace: Workspace, keys: Sequence[Key]) -> tuple[dict[Key, str], dict[Key, str]]:
    """The comments of these keys, and the month of each, in the order of the keys."""
    rows = rows_of(Feedback.objects.visible(workspace), keys, "comment", "local_date")
    found = {(row["source_id"], row["external_id"]): row for row in rows if row["comment"]}
    there = [key for key in keys if key in found]
    said = {key: found[key]["comment"] for key in there}
    return said, {key: f"{found[key]['local_date']:%Y-%m}" for key in there}


def _places(examples: Sequence[str], rows: Mapping[Key, str]) -> list[dict[str, Any]]:
    """Where these words were said; those that stand nowhere word for word are left out."""
    found = []
    for words in examples:
        for (source, external_id), comment in rows.items():
            if (place := place_of(words, comment)) is not None:
                found.append({"source": source, "external_id": external_id, "start": place[0], "end": place[1]})
                break
    return found
