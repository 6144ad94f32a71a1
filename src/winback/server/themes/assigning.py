"""The model's part: a codebook proposed from comments, new comments assigned to it, and themes that come up since.

What people coded teaches each assignment. The engine's codebook is kept without anybody's words: its examples are looked
up where they were said, so that what is erased there is gone here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.feedback.models import Feedback
from winback.server.jobs.actions import enqueue
from winback.server.jobs.models import Job
from winback.server.sources.actions import mark_dirty
from winback.server.themes.actions import Proposal, nodes_of, propose
from winback.server.themes.coding import stand
from winback.server.themes.models import CodebookVersion, Coding, Reading, Theme
from winback.server.themes.rules import ends, place_of, words_digest
from winback.server.themes.words import Key, comments_of
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

if TYPE_CHECKING:
    from winback.analysis.codebook import Codebook

FEWEST = 30  # comments from which a codebook is proposed
MOST_READ = 6_000  # comments that a codebook is made from: a chunk of a job ends within half a minute
MOST_LEARNED = 3_000  # comments coded by people that teach, the latest ones
CHUNK = 1_000  # comments assigned together
LEARNED_ANEW = 25  # codings by people, since a version, from which comments the model read are read again
SEED = 1


def ask_for_proposals(*, access: Access) -> Job:
    """Have a codebook proposed in the background. Raises UserError where there are too few comments to propose from."""
    there = Feedback.objects.visible(access.workspace).exclude(comment="")[:FEWEST].count()
    if there < FEWEST:
        raise UserError(f"There are {there} comments; from {FEWEST} on a codebook can be proposed.")
    with atomic():
        audit.record(verb="codebook asked for", target="codebook", by=access)
        workspace = access.workspace.pk
        return enqueue(task="themes.propose", workspace_id=workspace, key=str(workspace), workspace=workspace)


def state_of(access: Access) -> dict[str, Any]:
    """What the model is at: whether proposals are being made, and how many comments wait to be read (a thousand at most)."""
    jobs = Job.objects.filter(workspace_id=access.workspace.pk, task="themes.propose", state__in=("queued", "running"))
    has_themes = CodebookVersion.objects.filter(workspace=access.workspace).exists()
    waiting = unread(access.workspace)[:1000].count() if has_themes and access.scope.everything else 0
    return {"proposing": jobs.exists(), "waiting": waiting}


def unread(workspace: Workspace) -> QuerySet[Feedback]:
    """Comments nobody has read as they stand now: new ones, and those whose row was written again."""
    read = Reading.objects.filter(
        source=OuterRef("source"), external_id=OuterRef("external_id"), stands=True, seen=OuterRef("updated_at")
    )
    rows: QuerySet[Feedback] = Feedback.objects.visible(workspace)
    return rows.exclude(comment="").filter(~Exists(read))


def propose_codebook(*, workspace: Workspace, by: Access | None = None) -> list[Theme]:
    """Propose themes from the comments at hand, beside those there are; nothing where they suggest no new ones."""
    from winback.analysis.codebook import make_codebook

    rows = _sample(workspace)
    comments = list(rows.values())
    learned = learned_of(workspace)
    names = dict(Theme.objects.filter(workspace=workspace).values_list("key", "name"))
    made = make_codebook(comments, seed=SEED, learned=[(said, [names[key] for key in keys]) for said, keys in learned])
    kept = {name.casefold() for name in names.values()}
    own = {theme.key: _own_key(made, theme.key) for theme in made.themes}
    fresh = [theme for theme in made.themes if theme.name.casefold() not in kept or theme.origin != "person"]
    proposals = [
        Proposal(
            key=own[theme.key], name=theme.name, definition=theme.definition,
            parent=own[theme.parent] if theme.parent in {one.key for one in fresh} and theme.parent else "",
            words=theme.words, examples=_places(theme.examples, rows),
        )
        for theme in fresh
    ]  # fmt: skip
    with atomic():
        themes = propose(workspace=workspace, proposals=proposals, by=by)
        keys = {theme.key for theme in themes}
        centres = {own[key]: centre for key, centre in made.centres.items() if own[key] in keys}
        if themes or not CodebookVersion.objects.filter(workspace=workspace).exists():
            _keep(workspace, made, centres, len(comments), by)
    return themes


def _own_key(made: Codebook, key: str) -> str:
    """A key that no other making of a codebook gives: the same comments give the same."""
    return f"{key[:24]}-{abs(words_digest(made.middle + key)):x}"[:40]


def emerge(*, workspace: Workspace) -> list[Theme]:
    """Propose themes that comments suggest which fit none of the codebook."""
    from winback.analysis.codebook import emerging

    rejected = Reading.objects.filter(workspace=workspace, stands=True, kind="model", outcome="rejected")
    keys = list(rejected.order_by("-at", "-id").values_list("source_id", "external_id")[:MOST_READ])
    rows = comments_of(workspace, keys)
    book = engine_book(workspace)
    if len(rows) < FEWEST or book is None:
        return []
    made = emerging(list(rows.values()), book, seed=SEED)
    known = {theme.key for theme in book.themes}
    new = [theme for theme in made.themes if theme.key not in known]
    own = {theme.key: _own_key(made, theme.key) for theme in new}
    proposals = [
        Proposal(
            key=own[t.key], name=t.name, definition=t.definition, words=t.words, examples=_places(t.examples, rows)
        )
        for t in new
    ]
    with atomic():
        themes = propose(workspace=workspace, proposals=proposals, origin="emerging")
        if themes:
            keys_made = {theme.key for theme in themes}
            centres = {own[k]: centre for k, centre in made.centres.items() if k in own and own[k] in keys_made}
            _keep(workspace, book, {**book.centres, **centres}, len(rows), None)
    return themes


def learn(*, workspace: Workspace) -> bool:
    """Have what the model read be read again where people have taught it enough since; True where they have."""
    version = CodebookVersion.objects.filter(workspace=workspace).order_by("-number").first()
    if version is None:
        return False
    taught = Reading.objects.filter(workspace=workspace, kind__in=("person", "settled"), at__gt=version.made_at)
    if taught.count() < LEARNED_ANEW:
        return False
    with atomic():
        CodebookVersion.objects.create(
            workspace=workspace, number=version.number + 1, model=version.model, comments=version.comments,
            book=version.book,
        )  # fmt: skip
    return True


def assign_chunk(*, workspace: Workspace, seconds: float = 10.0) -> bool:
    """Assign comments that wait to be read to the codebook; True once none waits.

    Comments whose row was written again with the same words keep their reading. What people found is never written over.
    """
    until = time.monotonic() + seconds
    book = engine_book(workspace)
    if book is None or not book.themes:
        return True
    learned = learned_of(workspace)
    while True:
        rows = list(unread(workspace).order_by("-id").values_list(*_FIELDS)[:CHUNK])
        if len(rows) < CHUNK:
            rows += [row for row in _outdated(workspace, book.version, CHUNK - len(rows)) if row not in rows]
        if not rows:
            return True
        _assign(workspace, [Feedback(**dict(zip(_FIELDS, row, strict=True))) for row in rows], book, learned)
        if time.monotonic() >= until:
            return False


_FIELDS = ("id", "workspace_id", "source_id", "external_id", "comment", "local_date", "updated_at")


def _outdated(workspace: Workspace, version: int, most: int) -> list[tuple[Any, ...]]:
    """Comments that the model read by an earlier version of the codebook, and nobody since."""
    old = Reading.objects.filter(workspace=workspace, kind="model", stands=True, version__lt=version)
    keys = list(old.order_by("id").values_list("source_id", "external_id")[:most])
    if not keys:
        return []
    rows = Feedback.objects.visible(workspace).filter(
        source_id__in={source for source, _ in keys}, external_id__in=[external_id for _, external_id in keys]
    )
    found = [row for row in rows.values_list(*_FIELDS) if (row[2], row[3]) in set(keys)]
    gone = set(keys) - {(row[2], row[3]) for row in found}
    for source, external_id in gone:  # of an import that was undone: kept, and read again should it come back
        Reading.objects.filter(source_id=source, external_id=external_id, kind="model").update(version=version)
    return found


def _assign(
    workspace: Workspace, rows: Sequence[Feedback], book: Codebook, learned: Sequence[tuple[str, Sequence[str]]]
) -> None:
    from winback.analysis.codebook import assign

    digests = {row.pk: words_digest(row.comment) for row in rows}
    there = _readings(rows)
    same = [
        row for row in rows
        if any(r.digest == digests[row.pk] and (r.kind != "model" or r.version >= book.version) for r in there.get(_key(row), ()))
    ]  # fmt: skip
    again = {row.pk for row in same}
    new = [row for row in rows if row.pk not in again]
    table = assign([row.comment for row in new], book, learned=learned).to_pylist() if new else []
    found: dict[int, list[dict[str, Any]]] = {}
    for one in table:
        found.setdefault(one["row"], []).append(one)
    themes = dict(Theme.objects.filter(workspace=workspace).values_list("key", "pk"))
    model = f"{book.model or 'lexical'} {book.version}"
    with atomic():
        for row in same:
            Reading.objects.filter(source_id=row.source_id, external_id=row.external_id, digest=digests[row.pk]).update(
                seen=row.updated_at
            )
        gone = [r.pk for row in new for r in there.get(_key(row), ()) if r.kind == "model"]
        Reading.objects.filter(pk__in=gone).delete()
        readings = []
        for place, row in enumerate(new):
            told = sorted(found.get(place, ()), key=lambda one: one["rank"] or 0)
            main = told[0] if told else {}
            outcome = main.get("state") or "nothing"
            readings.append(
                Reading(
                    workspace=workspace, source_id=row.source_id, external_id=row.external_id, kind="model", model=model,
                    digest=digests[row.pk], seen=row.updated_at, confidence=main.get("confidence"), stands=False,
                    outcome="nothing" if outcome == "blank" else outcome, version=book.version,
                )
            )  # fmt: skip
        made = Reading.objects.bulk_create(readings)
        Coding.objects.bulk_create(
            coding for place, (row, reading) in enumerate(zip(new, made, strict=True))
            for coding in _codings(reading, row, found.get(place, ()), themes)
        )  # fmt: skip
        alone = [
            r.pk for row, r in zip(new, made, strict=True) if all(o.kind == "model" for o in there.get(_key(row), ()))
        ]
        Reading.objects.filter(pk__in=alone).update(stands=True)
        for row in rows:
            if any(one.kind != "model" for one in there.get(_key(row), ())):
                stand(row=row, digest=digests[row.pk])
        mark_dirty(workspace=workspace, table="codings", days={row.local_date for row in new})


def _codings(
    reading: Reading, row: Feedback, found: Sequence[Mapping[str, Any]], themes: Mapping[str, int]
) -> list[Coding]:
    codings: dict[int, Coding] = {}
    for one in sorted(found, key=lambda one: one["rank"] or 0):
        pk = themes.get(one["theme"] or "")
        if pk is None or pk in codings:
            continue
        start, end = one["start"], one["end"]
        if start is None or end is None or not 0 <= start < end <= len(row.comment):
            start = end = None
        codings[pk] = Coding(
            reading=reading, theme_id=pk, place=len(codings), start=start, end=end, confidence=one["confidence"]
        )
    return list(codings.values())


def _key(row: Feedback) -> Key:
    return row.source_id, row.external_id


def _readings(rows: Sequence[Feedback]) -> dict[Key, list[Reading]]:
    keys = {_key(row) for row in rows}
    found: dict[Key, list[Reading]] = {}
    there = Reading.objects.filter(
        source_id__in={source for source, _ in keys}, external_id__in=[external_id for _, external_id in keys]
    )
    for reading in there:
        if (key := (reading.source_id, reading.external_id)) in keys:
            found.setdefault(key, []).append(reading)
    return found


def engine_book(workspace: Workspace) -> Codebook | None:
    """The codebook as the engine takes it: every theme that may still take codings, with real words as examples.

    Merged themes are in it as themselves, so that what is sorted to them goes where they went, and comes back with them.
    """
    from winback.analysis.codebook import Codebook
    from winback.analysis.codebook import Theme as EngineTheme

    version = CodebookVersion.objects.filter(workspace=workspace).order_by("-number").first()
    last = ends(nodes_of(workspace))
    themes = [theme for theme in Theme.objects.filter(workspace=workspace).order_by("id") if last[theme.pk] is not None]
    if not themes:
        return None
    keys = {theme.pk: theme.key for theme in themes}
    examples = {theme.pk: theme.examples for theme in themes}
    said = comments_of(workspace, {(one["source"], one["external_id"]) for found in examples.values() for one in found})
    told = [
        EngineTheme(
            key=theme.key, name=theme.name, definition=theme.definition,
            parent=keys.get(theme.parent_id or 0) if theme.parent_id != theme.pk else None,
            examples=tuple(
                words for one in theme.examples if (words := _words(one, said))
            ),
            words=tuple(theme.words), origin="person" if theme.origin == "person" else "found",
        )
        for theme in themes
    ]  # fmt: skip
    kept: dict[str, Any] = version.book if version else {}
    there = set(keys.values())
    return Codebook(
        themes=tuple(told), version=version.number if version else 1, model=kept.get("model", ""), seed=kept.get("seed", 0),
        comments=kept.get("comments", 0), middle=kept.get("middle", ""),
        centres={key: centre for key, centre in kept.get("centres", {}).items() if key in there},
    )  # fmt: skip


def _words(one: Mapping[str, Any], said: Mapping[Key, str]) -> str:
    comment = said.get((one["source"], one["external_id"]), "")
    return comment[one["start"] : one["end"]] if one.get("start") is not None else comment


def learned_of(workspace: Workspace) -> list[tuple[str, list[str]]]:
    """Comments that people coded, with the keys of the themes they found, the latest ones."""
    rows = Reading.objects.filter(workspace=workspace, stands=True, kind__in=("person", "settled"))
    readings = list(rows.prefetch_related("codings").order_by("-at", "-id")[:MOST_LEARNED])
    said = comments_of(workspace, {(one.source_id, one.external_id) for one in readings})
    last = ends(nodes_of(workspace))
    keys = dict(Theme.objects.filter(workspace=workspace).values_list("pk", "key"))
    learned = []
    for reading in readings:
        comment = said.get((reading.source_id, reading.external_id), "")
        if comment.strip() and words_digest(comment) == reading.digest:
            found = [end for coding in reading.codings.all() if (end := last[coding.theme_id]) is not None]
            learned.append((comment, [keys[pk] for pk in dict.fromkeys(found)]))
    return learned


def _sample(workspace: Workspace) -> dict[Key, str]:
    """Comments to make a codebook from: all, or as many as can be read, the same ones each time."""
    rows = Feedback.objects.visible(workspace).exclude(comment="").order_by("id")
    keys = list(rows.values_list("source_id", "external_id"))
    if len(keys) > MOST_READ:
        keys = sorted(sorted(keys, key=lambda key: words_digest(f"{key[0]} {key[1]}"))[:MOST_READ])
    return comments_of(workspace, keys)


def _places(examples: Sequence[str], rows: Mapping[Key, str]) -> list[dict[str, Any]]:
    """Where these words were said; those that stand nowhere word for word are left out."""
    found = []
    for words in examples:
        for (source, external_id), comment in rows.items():
            if (place := place_of(words, comment)) is not None:
                found.append({"source": source, "external_id": external_id, "start": place[0], "end": place[1]})
                break
    return found


def _keep(
    workspace: Workspace, made: Codebook, centres: Mapping[str, str], comments: int, by: Access | None
) -> CodebookVersion:
    """Freeze what the engine knows, without themes and words, which are kept here."""
    last = CodebookVersion.objects.filter(workspace=workspace).order_by("-number").first()
    earlier: dict[str, Any] = last.book if last else {}
    same = earlier.get("model") == made.model and earlier.get("middle") == made.middle
    bare = asdict(replace(made, themes=(), learned=(), centres={}, notes=()))
    return CodebookVersion.objects.create(
        workspace=workspace, number=last.number + 1 if last else 1, made_by=by.user if by else None, made_at=timezone.now(),
        model=made.model or "lexical", comments=comments,
        book=json.loads(json.dumps({**bare, "centres": {**(earlier.get("centres", {}) if same else {}), **centres}})),
    )  # fmt: skip
