"""The engine's codebook as it is kept: frozen in versions, without themes and words, which the workspace keeps itself.

A later version has what the model read be read again: after people have taught it (teaching.py says when), and when themes
were offered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from winback.server import embedders
from winback.server.database import atomic
from winback.server.feedback.models import Feedback
from winback.server.themes.actions import nodes_of
from winback.server.themes.engine import learned_of
from winback.server.themes.models import CodebookVersion, Reading, Theme
from winback.server.themes.rules import ends, words_digest
from winback.server.themes.words import Key, comments_of
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

if TYPE_CHECKING:
    from winback.analysis.codebook import Codebook

MOST_READ = 6_000  # comments that a codebook is made from: half a minute's work
MOST_LETTERS = 4_000_000  # characters of them together, where people write long ones
FIRST = 25  # comments coded by people, from which the model sorts by a codebook that was made by hand
SEED = 1


def latest(workspace: Workspace) -> CodebookVersion | None:
    """The version by which comments are assigned; None before there is one."""
    return CodebookVersion.objects.filter(workspace=workspace).order_by("-number").first()


def sample(workspace: Workspace) -> dict[Key, str]:
    """Comments to make a codebook from: all, or as many as can be read, the same ones in the same order each time."""
    rows = Feedback.objects.visible(workspace).exclude(comment="").order_by("id")
    keys = list(rows.values_list("source_id", "external_id"))
    drawn = sorted(keys, key=lambda key: words_digest(f"{key[0]} {key[1]}"))[:MOST_READ]
    found = comments_of(workspace, drawn)
    letters = accumulate(len(found.get(key, "")) for key in drawn)
    read = {key for key, so_far in zip(drawn, letters, strict=True) if so_far <= MOST_LETTERS and key in found}
    return {key: found[key] for key in (sorted(read) if len(read) < len(keys) else keys) if key in read}


COMPARED_BY = ("middle", "middles", "metric", "landmarks", "familiar", "odd")


def keep(
    *, workspace: Workspace, made: Codebook, centres: Mapping[str, str], comments: int = 0, by: Access | None = None
) -> CodebookVersion:
    """Freeze what the engine knows.

    What vectors are compared by stays that of the first version: by it the themes that are there are recognised. Only
    another model begins anew. `comments`: from how many it was made; those of the version before, where none are given.
    """
    last = latest(workspace)
    bare = json.loads(json.dumps(asdict(replace(made, themes=(), learned=(), centres={}, notes=()))))
    same = last is not None and last.model == made.model and bool(last.book.get("middle"))
    earlier: dict[str, Any] = last.book if last is not None and same else {}
    book = {**bare, "centres": {**earlier.get("centres", {}), **centres}}
    if earlier:
        # All of it or none: the middle of one version and the languages' middles of another do not belong together.
        book |= {"middles": {}, "metric": "", "landmarks": "", "familiar": None, "odd": ""} | {
            name: earlier[name] for name in COMPARED_BY if name in earlier
        }
    return CodebookVersion.objects.create(
        workspace=workspace, number=last.number + 1 if last else 1, made_by=by.user if by else None,
        model=made.model, comments=comments or (last.comments if last else 0), book=book,
    )  # fmt: skip


def coded_since(workspace: Workspace, last: CodebookVersion | None) -> QuerySet[Reading]:
    """What people found since a version, as it stands; without one, all of it."""
    taught = Reading.objects.filter(workspace=workspace, kind__in=("person", "settled"), stands=True)
    return taught if last is None else taught.filter(at__gt=last.made_at)


def may_learn(workspace: Workspace, *, least: int = FIRST) -> bool:
    """Whether people have coded since the version that counts; without one, whether they have coded enough for a first."""
    last = latest(workspace)
    if last is None and not any(ends(nodes_of(workspace)).values()):
        return False
    needed = 1 if last is not None else least
    return coded_since(workspace, last)[:needed].count() >= needed


def learn(*, workspace: Workspace, least: int = FIRST) -> bool:
    """Have what the model read be read again by what people coded since; True where there is something to learn.

    A codebook that people made by hand gets its first version so, from `least` codings on.
    """
    if not may_learn(workspace, least=least):
        return False
    if latest(workspace) is None:
        return _begin(workspace)
    with atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)  # no two make the same version
        last = latest(workspace)
        assert last is not None
        CodebookVersion.objects.create(
            workspace=workspace, number=last.number + 1, model=last.model, comments=last.comments, book=last.book
        )
        # there are many, and what they know is in the new one
        CodebookVersion.objects.filter(workspace=workspace, number__lte=last.number).exclude(book={}).update(book={})
    return True


def _begin(workspace: Workspace) -> bool:
    from winback.analysis.codebook import make_codebook

    names = dict(Theme.objects.filter(workspace=workspace).values_list("key", "name"))
    learned = [(said, [names[key] for key in keys]) for said, keys in learned_of(workspace)]
    if not any(keys for _, keys in learned):
        return False
    comments = list(sample(workspace).values())
    made = make_codebook(comments, seed=SEED, learned=learned, model=embedders.chosen(workspace))
    with atomic():
        keep(workspace=workspace, made=made, centres={}, comments=len(comments))
    return True
