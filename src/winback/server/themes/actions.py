"""Writes to the codebook. Each is one change with its audit line, and can be undone exactly.

Nothing here touches codings, but for a splitting: they count for the theme that theirs was merged into, and for none
while theirs is retired.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.themes.models import CodebookChange, Coding, MovedCoding, Theme
from winback.server.themes.rules import MOST_THEMES, Node, definition_of, ends, excerpt, name_of
from winback.server.themes.words import comments_of
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

CHUNK = 2_000


@dataclass(frozen=True)
class Proposal:
    """A theme that an engine found: `parent` is the key of another proposal; `examples` as `Theme.examples`."""

    key: str
    name: str
    definition: str = ""
    parent: str = ""
    words: Sequence[str] = ()
    examples: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def nodes_of(workspace: Workspace) -> list[Node]:
    rows = Theme.objects.filter(workspace=workspace).values_list("pk", "name", "state", "merged_into", "parent")
    return [Node(*row) for row in rows]


def propose(
    *, workspace: Workspace, proposals: Sequence[Proposal], origin: str = "found", by: Access | None = None
) -> list[Theme]:
    """Offer themes to be accepted; keys that are there already stay as they are, taken names get a number."""
    with atomic():
        lock(workspace)
        there = {theme.key: theme for theme in Theme.objects.filter(workspace=workspace)}
        taken = _taken(workspace)
        made: list[Theme] = []
        for one in [p for p in proposals if p.key not in there]:
            name = _free(one.name, taken)
            taken.append(name)
            theme = Theme.objects.create(
                workspace=workspace, key=one.key, name=name, definition=definition_of(one.definition), origin=origin,
                words=list(one.words)[:20], examples=[dict(example) for example in one.examples][:10],
            )  # fmt: skip
            there[one.key] = theme
            made.append(theme)
        for one in proposals:
            if one.parent and there[one.key] in made:
                there[one.key].parent = there[one.parent]
                there[one.key].save(update_fields=["parent"])
        if made:
            states = {str(theme.pk): {"state": "proposed"} for theme in made}
            absent = {pk: {"state": "retired"} for pk in states}
            CodebookChange.objects.create(
                workspace=workspace, verb="proposed", by=by.user if by else None, by_label=by.label if by else "winback",
                theme=made[0] if len(made) == 1 else None, before=absent, after=states,
            )  # fmt: skip
            audit.record(verb="themes proposed", by=by, workspace=workspace, themes=len(made), origin=origin)
    return made


def make(*, access: Access, name: str, definition: str = "", parent: int | None = None) -> Theme:
    """A theme of one's own, accepted at once."""
    workspace = access.workspace
    with atomic():
        lock(access.workspace)
        if Theme.objects.filter(workspace=workspace).exclude(state="retired").count() >= MOST_THEMES:
            raise UserError(f"A codebook of {MOST_THEMES} themes is full: merge or retire some first.")
        theme = Theme.objects.create(
            workspace=workspace, key=f"own-{secrets.token_hex(6)}", name=name_of(name, _taken(workspace)),
            definition=definition_of(definition), state="accepted", parent=_parent(access, parent) if parent else None,
        )  # fmt: skip
        _note(access, "made", theme, {theme.pk: {"state": "retired"}}, {theme.pk: {"state": "accepted"}})
    return theme


def accept(*, access: Access, pks: Collection[int]) -> int:
    """Accept proposals, as one change; what is accepted already stays so. Returns how many were."""
    with atomic():
        lock(access.workspace)
        themes = [theme for pk in pks if (theme := active(access, pk)).state == "proposed"]
        if themes:
            Theme.objects.filter(pk__in=[theme.pk for theme in themes]).update(state="accepted")
            before, after = ({theme.pk: {"state": state} for theme in themes} for state in ("proposed", "accepted"))
            _note(access, "accepted", themes[0] if len(themes) == 1 else None, before, after)
    return len(themes)


def change(
    *,
    access: Access,
    pk: int,
    name: str | None = None,
    definition: str | None = None,
    parent: int | str | None = "same",
) -> list[str]:
    """Rename a theme, define it, or place it under another (`parent`: None for none). Returns what is different now."""
    with atomic():
        lock(access.workspace)
        theme = active(access, pk)
        wanted: dict[str, Any] = {}
        if name is not None:
            wanted["name"] = name_of(name, _taken(access.workspace, but=theme))
        if definition is not None:
            wanted["definition"] = definition_of(definition)
        if parent != "same":
            wanted["parent_id"] = _parent(access, int(parent), of=theme).pk if parent else None
        was = {name: getattr(theme, name) for name in wanted if getattr(theme, name) != wanted[name]}
        if was:
            Theme.objects.filter(pk=theme.pk).update(**wanted)
            verb = {"name": "renamed", "definition": "defined"}.get(next(iter(was)), "placed")
            after = {name: wanted[name] for name in was}
            _note(access, verb if len(was) == 1 else "changed", theme, {theme.pk: was}, {theme.pk: after})
    return [name.removesuffix("_id") for name in was]


def merge(*, access: Access, pk: int, into: int) -> Theme:
    """Have a theme count as another from now on, with every coding it has and will have."""
    with atomic():
        lock(access.workspace)
        theme, target = active(access, pk), active(access, into)
        if theme == target:
            raise UserError("A theme cannot be merged into itself; choose another.")
        Theme.objects.filter(pk=theme.pk).update(merged_into=target)
        _note(
            access, "merged", theme, {theme.pk: {"merged_into_id": None}}, {theme.pk: {"merged_into_id": target.pk}},
            other=target,
        )  # fmt: skip
    return target


def retire(*, access: Access, pk: int) -> Theme:
    """Take a theme, or a proposal, out of the codebook. Its codings are kept and count no longer."""
    with atomic():
        lock(access.workspace)
        theme = active(access, pk)
        was = theme.state
        Theme.objects.filter(pk=theme.pk).update(state="retired")
        _note(access, "retired", theme, {theme.pk: {"state": was}}, {theme.pk: {"state": "retired"}})
    return theme


def split(*, access: Access, pk: int, name: str, definition: str = "", words: str = "") -> tuple[Theme, int]:
    """Make a new theme of a theme's codings whose words hold one of `words` (a line or comma each).

    Returns the new theme and how many codings went to it. Without words the new theme begins empty, and is taught on
    the sorting desk.
    """
    told = [" ".join(word.split()) for word in re.split(r"[\n,]", words) if word.strip()]
    if sum(map(len, told)) > 2000:
        raise UserError("These are too many words; a few that tell the two themes apart are enough.")
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}" for word in told), re.IGNORECASE) if told else None
    with atomic():
        lock(access.workspace)
        theme = active(access, pk)
        new = Theme.objects.create(
            workspace=access.workspace, key=f"own-{secrets.token_hex(6)}",
            name=name_of(name, _taken(access.workspace)), definition=definition_of(definition), state="accepted",
            parent=theme.parent, words=told[:20],
        )  # fmt: skip
        noted = _note(
            access, "split", theme,
            {new.pk: {"state": "retired", "merged_into_id": theme.pk}},
            {new.pk: {"state": "accepted", "merged_into_id": None}}, other=new,
        )  # fmt: skip
        moved = _move(access, noted, theme, new, pattern) if pattern else 0
    return new, moved


def _move(access: Access, noted: CodebookChange, theme: Theme, new: Theme, pattern: re.Pattern[str]) -> int:
    whole = [pk for pk, end in ends(nodes_of(access.workspace)).items() if end == theme.pk]
    moved = after = 0
    while True:
        rows = list(
            Coding.objects.filter(theme_id__in=whole, pk__gt=after).select_related("reading").order_by("pk")[:CHUNK]
        )
        if not rows:
            return moved
        after = rows[-1].pk
        comments = comments_of(access.workspace, {(row.reading.source_id, row.reading.external_id) for row in rows})
        found = []
        for row in rows:
            comment = comments.get((row.reading.source_id, row.reading.external_id), "")
            if pattern.search(excerpt(comment, row.start, row.end) or comment):
                found.append(row)
        MovedCoding.objects.bulk_create(
            [MovedCoding(change=noted, coding=r, theme_before_id=r.theme_id) for r in found]
        )
        Coding.objects.filter(pk__in=[row.pk for row in found]).update(theme=new)
        moved += len(found)


def undo(*, access: Access, pk: int) -> CodebookChange:
    """Take a change back. Raises UserError where what it changed has been changed again since: undo that first."""
    with atomic():
        lock(access.workspace)
        noted = CodebookChange.objects.filter(workspace=access.workspace, pk=pk).first()
        if noted is None:
            raise Http404("There is no such change.")
        if noted.undoes_id is not None or CodebookChange.objects.filter(undoes=noted).exists():
            raise UserError("This has been undone already.")
        themes = {theme.pk: theme for theme in Theme.objects.filter(workspace=access.workspace)}
        for key, fields in noted.after.items():
            for name, value in fields.items():
                if getattr(themes[int(key)], name) != value:
                    raise UserError(f'"{themes[int(key)].name}" has been changed since; undo that first.')
        for key, fields in noted.before.items():
            theme = themes[int(key)]
            if "name" in fields:
                name_of(fields["name"], _taken(access.workspace, but=theme))
            if (parent := fields.get("parent_id")) is not None:
                _parent(access, parent, of=theme)
            if fields.get("merged_into_id", 1) is None or fields.get("state") in ("proposed", "accepted"):
                name_of(theme.name, _taken(access.workspace, but=theme))
            Theme.objects.filter(pk=theme.pk).update(**fields)
        for moved in noted.moved.select_related("coding").iterator(chunk_size=CHUNK):
            if moved.coding.theme_id == noted.other_id:
                Coding.objects.filter(pk=moved.coding_id).update(theme=moved.theme_before_id)
        undone = CodebookChange.objects.create(
            workspace=access.workspace, by=access.user, by_label=access.label, verb="undone", theme=noted.theme,
            other=noted.other, before=noted.after, after=noted.before, undoes=noted,
        )  # fmt: skip
        audit.record(verb="codebook change undone", target=_target(noted.theme), by=access, change=noted.verb)
    return undone


def active(access: Access, pk: int) -> Theme:
    """A theme that counts. Raises Http404 where there is none, UserError where it was merged or retired."""
    theme = Theme.objects.filter(workspace=access.workspace, pk=pk).select_related("merged_into", "parent").first()
    if theme is None:
        raise Http404("There is no such theme.")
    if theme.merged_into is not None:
        raise UserError(f'"{theme.name}" has been merged into "{theme.merged_into.name}" meanwhile.')
    if theme.state == "retired":
        raise UserError(f'"{theme.name}" has been retired meanwhile; undo that first, in the history.')
    return theme


def _note(
    access: Access, verb: str, theme: Theme | None, before: Mapping[int, Any], after: Mapping[int, Any],
    *, other: Theme | None = None,
) -> CodebookChange:  # fmt: skip
    noted = CodebookChange.objects.create(
        workspace=access.workspace, by=access.user, by_label=access.label, verb=verb, theme=theme, other=other,
        before={str(pk): fields for pk, fields in before.items()}, after={str(pk): fields for pk, fields in after.items()},
    )  # fmt: skip
    audit.record(verb=f"theme {verb}", target=_target(theme), by=access, themes=len(after))
    return noted


def _target(theme: Theme | None) -> str:
    return f"theme {theme.pk}" if theme else "codebook"


def lock(workspace: Workspace) -> None:
    """One change of a codebook at a time: names stay different, and pointers never make a ring."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def _taken(workspace: Workspace, but: Theme | None = None) -> list[str]:
    there = Theme.objects.filter(workspace=workspace, merged_into__isnull=True).exclude(state="retired")
    return list((there.exclude(pk=but.pk) if but else there).values_list("name", flat=True))


def _free(name: str, taken: Collection[str]) -> str:
    """The name, cut to what fits, with a number where it is taken."""
    name = name_of(" ".join(name.split())[:112] or "Theme")
    known = {one.casefold() for one in taken}
    number = 2
    free = name
    while free.casefold() in known:
        free, number = f"{name} {number}", number + 1
    return free


def _parent(access: Access, pk: int, of: Theme | None = None) -> Theme:
    """The theme to stand under. Raises UserError where that would make a third level."""
    above = active(access, pk)
    if of is not None and above == of:
        raise UserError("A theme cannot stand under itself.")
    if above.parent_id is not None:
        raise UserError(f'"{above.name}" stands under another theme itself; there are two levels.')
    below = Theme.objects.filter(parent=of, merged_into__isnull=True).exclude(state="retired") if of else None
    if of is not None and below is not None and below.exists():
        raise UserError(f'Other themes stand under "{of.name}"; there are two levels.')
    return above
