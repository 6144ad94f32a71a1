"""What the codebook holds of a person. Erased, which themes they named stays, as nobody's, so that counts do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q

from winback.server.database import atomic
from winback.server.feedback.personal import erased_ids, of
from winback.server.redaction import Person
from winback.server.sources.actions import mark_dirty
from winback.server.themes.actions import lock
from winback.server.themes.models import (
    CodebookChange,
    CodebookVersion,
    Coding,
    DeskLease,
    MovedCoding,
    Reading,
    Skipped,
    Theme,
)
from winback.server.themes.rules import excerpt
from winback.server.themes.words import Key
from winback.server.workspaces.models import Workspace

MODELS = (CodebookChange, CodebookVersion, Coding, DeskLease, MovedCoding, Reading, Skipped, Theme)
LEAST = 12  # characters of a comment that is looked for in the engine's codebook; fewer, like "Fine.", are anybody's


def erase(*, person: Person) -> dict[str, int]:
    """Take away where in a comment a theme was named, quotations and names; keep the themes under the answer's new id.

    Goes before the answers themselves, which tell whose a reading is.
    """
    return erase_of(person=person, ids=erased_ids(person))


def erase_of(*, person: Person, ids: Mapping[Key, str]) -> dict[str, int]:
    """The same for answers of which it is known what they were called: also once they are called so no longer.

    What came under the old id while the slices were gone through goes with the rest; where somebody's reading is kept under
    the new id already, it is enough.
    """
    workspace = Workspace.objects.get(pk=person.workspace_id)
    with atomic():
        # who changes the codebook, or codes one of these right now, is waited for, as they wait for each other
        lock(workspace)
        list(of(person).order_by("pk").select_for_update(no_key=True).values_list("pk"))
        rows = list(of(person).values_list("comment", "local_date"))
        said = {" ".join(comment.split()) for comment, _ in rows if len(comment.strip()) >= LEAST}
        count = 0
        for (source, external_id), new in ids.items():
            mine = Q(source_id=source, external_id=external_id)
            readings = Reading.objects.filter(mine)
            Coding.objects.filter(reading__in=readings).update(start=None, end=None)
            if new != external_id and Reading.objects.filter(source_id=source, external_id=new).exists():
                readings.delete()
            else:
                count += readings.update(external_id=new, digest=0)
            DeskLease.objects.filter(mine).delete()
            Skipped.objects.filter(mine).delete()
        quotations = _themes(person, ids.keys())
        _changes(person)
        _books(person, said)
        if count:
            mark_dirty(workspace=workspace, table="codings", days={day for _, day in rows})
    return {"readings of comments": count, "quotations in the codebook": quotations}


def _themes(person: Person, keys: Any) -> int:
    gone = 0
    for theme in Theme.objects.filter(workspace_id=person.workspace_id):
        kept = [one for one in theme.examples if (one.get("source"), one.get("external_id")) not in keys]
        told = (person.without(theme.name), person.without(theme.definition), person.without(theme.words), kept)
        suggested = _suggestion(person, theme, keys)
        if (*told, suggested) != (theme.name, theme.definition, theme.words, theme.examples, theme.suggestion):
            gone += len(theme.examples) - len(kept)
            theme.name, theme.definition, theme.words, theme.examples = told
            theme.suggestion = suggested
            theme.save(update_fields=["name", "definition", "words", "examples", "suggestion"])
    return gone


def _suggestion(person: Person, theme: Theme, keys: Any) -> dict[str, Any] | None:
    """What a language model suggests, without this person's name and the places where they said it."""
    if theme.suggestion is None:
        return None
    told: dict[str, Any] = person.without(theme.suggestion)
    return {**told, "places": [one for one in told["places"] if (one["source"], one["external_id"]) not in keys]}


def _changes(person: Person) -> None:
    for noted in CodebookChange.objects.filter(workspace_id=person.workspace_id):
        if person.holds([noted.before, noted.after]):
            CodebookChange.objects.filter(pk=noted.pk).update(
                before=person.without(noted.before), after=person.without(noted.after)
            )


def _books(person: Person, said: set[str]) -> None:
    """Take quotations of theirs out of every codebook of the engine that is kept."""

    def is_theirs(text: str) -> bool:
        told = " ".join(text.split())
        return person.in_text(told) or (len(told) >= LEAST and any(told in one or one in told for one in said))

    for version in CodebookVersion.objects.filter(workspace_id=person.workspace_id):
        cleaned = _without(version.book, is_theirs)
        if json.dumps(cleaned, sort_keys=True) != json.dumps(version.book, sort_keys=True):
            CodebookVersion.objects.filter(pk=version.pk).update(book=cleaned)


def _without(value: Any, is_theirs: Callable[[str], bool]) -> Any:
    """The same with texts of theirs blank, and taken out of lists of texts."""
    if isinstance(value, str):
        return "" if is_theirs(value) else value
    if isinstance(value, dict):
        return {key: _without(one, is_theirs) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, is_theirs) for one in value if not (isinstance(one, str) and is_theirs(one))]
    return value


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Which themes were found in what they said, and by whom."""
    keys = set(of(person).values_list("source_id", "external_id"))
    comments = {(source, external_id): comment for source, external_id, comment in of(person).order_by("id").values_list("source_id", "external_id", "comment")}  # fmt: skip
    found = []
    for source, external_id in sorted(keys):
        rows = Coding.objects.filter(reading__source_id=source, reading__external_id=external_id)
        for row in rows.select_related("reading__coder", "theme").order_by("reading_id", "place"):
            words = excerpt(comments[source, external_id], row.start, row.end)
            by = row.reading.model if row.reading.kind == "model" else "a colleague"
            found.append({"id": external_id, "theme": row.theme.name, "words": words, "found by": by})
    return {"themes of answers": found}
