"""What a language model suggests, asked where an administrator allows it, applied by people: names and definitions for themes,
and codings of the comment on somebody's desk.

A suggestion is kept beside its theme: by which model, the name, the definition, and the places in comments that it quotes,
never the words. It is checked word for word (`winback.analysis.proposing`) before it is kept.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import feedback_for
from winback.server.jobs.actions import enqueue
from winback.server.jobs.models import Job
from winback.server.themes import actions
from winback.server.themes.models import Theme
from winback.server.themes.queries import choices
from winback.server.themes.rules import definition_of, place_of
from winback.server.themes.words import Key, comments_of, rows_of
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace
from winback.text.endpoint_embedding import configured_endpoint
from winback.text.endpoints import Endpoint

SECONDS = 20.0  # for one answer: a chunk of a job stays under its lease
MOST_PROPOSED = 5  # themes for one comment


@dataclass(frozen=True)
class Suggestion:
    """What is suggested for a theme, with the customers' words that this access may read."""

    theme: Theme
    by: str
    name: str
    definition: str
    quotations: tuple[str, ...]


@dataclass(frozen=True)
class Proposed:
    """A theme that a language model finds in a comment, and the words of it that it quotes."""

    theme: Theme
    by: str
    words: str


def language_model() -> Endpoint | None:
    """The language model that the operator has set up; None where there is none."""
    if not os.environ.get("WINBACK_LANGUAGE_MODEL_URL", "").strip():
        return None
    return configured_endpoint("LANGUAGE_MODEL")


def allowed(workspace: Workspace) -> bool:
    """Whether comments of this workspace may be sent: an administrator said so, and there is somewhere to send them."""
    return workspace.language_model and bool(os.environ.get("WINBACK_LANGUAGE_MODEL_URL", "").strip())


def ask(*, access: Access) -> Job:
    """Have names suggested in the background for the themes that winback found. Raises UserError where it is not allowed."""
    model = language_model()
    if model is None or not access.workspace.language_model:
        raise UserError("No language model is asked here: the operator sets one up (WINBACK_LANGUAGE_MODEL_URL), and an administrator allows it in the settings.")  # fmt: skip
    workspace = access.workspace
    with atomic():
        # those that came to nothing, or were refused, are asked for again
        Theme.objects.filter(workspace=workspace, suggestion__name="").update(suggestion=None)
        audit.record(
            verb="language model asked",
            target="codebook",
            by=access,
            model=model.model,
            themes=_waiting(workspace).count(),
        )
        return enqueue(task="themes.suggest", workspace_id=workspace.pk, key=str(workspace.pk), workspace=workspace.pk)


def suggest_chunk(*, workspace: Workspace, seconds: float) -> bool:
    """Ask for one theme after the other for so long; return whether all are done. Raises EndpointError."""
    from winback.analysis.codebook import Theme as Found
    from winback.analysis.proposing import ask_for_names
    from winback.text.endpoints import EndpointError

    model = language_model()
    until = time.monotonic() + seconds
    while model is not None and allowed(workspace):
        theme = _waiting(workspace).first()
        if theme is None:
            return True
        words = _examples(workspace, theme)
        quick = Endpoint(model.url, model.model, model.key, seconds=SECONDS, attempts=1)
        asked = ask_for_names(
            quick, [Found(theme.key, theme.name, examples=tuple(words.values()), words=tuple(theme.words))]
        )
        if asked.trouble:
            raise EndpointError(asked.trouble)
        kept: dict[str, Any] = {"by": model.model, "name": "", "definition": "", "places": []}
        for one in asked.proposals:
            places = [place for quote in one.evidence for place in _places(quote, words)]
            kept |= {"name": one.name, "definition": one.definition, "places": places}
        with atomic():
            actions.lock(workspace)
            now = Theme.objects.filter(pk=theme.pk).first()
            if now is None or _examples(workspace, now) != words:
                continue  # somebody was erased meanwhile: it is asked again without their words
            # a workspace that forbade it meanwhile, or a theme that was decided on, keeps nothing
            Theme.objects.filter(pk=theme.pk, suggestion__isnull=True, workspace__language_model=True).update(
                suggestion=kept
            )
        if time.monotonic() > until:
            return not _waiting(workspace).exists()
    return True


def decide(*, access: Access, pk: int, take: bool, seen: str | None = None) -> Theme:
    """Accept a suggestion, which renames and defines its theme as a person would, or refuse it.

    `seen`: the name that the person saw suggested. Raises UserError where it is suggested no more.
    """
    with atomic():
        actions.lock(access.workspace)
        theme = actions.active(access, pk)
        found = theme.suggestion or {}
        if not found.get("name") or (seen is not None and seen != found["name"]):
            raise UserError(f'Nothing is suggested for "{theme.name}" any more.')
        if take:
            actions.change(access=access, pk=pk, name=found["name"], definition=definition_of(found["definition"]))
        Theme.objects.filter(pk=pk).update(suggestion={**found, "name": ""})
        verb = "suggestion accepted" if take else "suggestion refused"
        audit.record(verb=verb, target=f"theme {pk}", by=access, model=found["by"])
    return Theme.objects.get(pk=pk)


def propose_codings(*, access: Access, row: Feedback) -> list[Proposed]:
    """Themes that the language model finds in one comment, for the person at whose desk it lies; nothing of it is kept.

    Raises UserError where it may not be asked, or does not answer.
    """
    from winback.analysis.codebook import Codebook
    from winback.analysis.codebook import Theme as Choice
    from winback.analysis.proposing import ask_for_codings
    from winback.text.endpoints import EndpointError

    model = language_model()
    if model is None or not allowed(access.workspace):
        raise UserError("No language model is asked here: an administrator allows it in the settings.")
    themes = [theme for top, below in choices(access) for theme in (below or [top])]
    book = Codebook(tuple(Choice(theme.key, theme.name, theme.definition) for theme in themes))
    with atomic():
        audit.record(verb="language model asked", target=f"feedback {row.pk}", by=access, model=model.model)
    asked = ask_for_codings(
        Endpoint(model.url, model.model, model.key, seconds=SECONDS, attempts=1), book, [row.comment]
    )
    if asked.trouble:
        raise EndpointError(asked.trouble)
    keys = {theme.key: theme for theme in themes}
    return [Proposed(keys[one.theme], one.by, one.evidence[0]) for one in asked.proposals[:MOST_PROPOSED]]


def shown(access: Access) -> list[Suggestion]:
    """What waits for a person. Quotations that this access may not see are left out."""
    themes = list(
        Theme.objects.filter(workspace=access.workspace, merged_into=None, suggestion__isnull=False)
        .exclude(state="retired")
        .order_by("name")
    )
    places = [place for theme in themes for place in (theme.suggestion or {})["places"]]
    keys: set[Key] = {(place["source"], place["external_id"]) for place in places}
    rows = rows_of(feedback_for(access), keys, "comment") if keys else ()
    words = {(row["source_id"], row["external_id"]): row["comment"] or "" for row in rows}
    return [
        Suggestion(theme, found["by"], found["name"], found["definition"], tuple(
            said for place in found["places"]
            if (said := words.get((place["source"], place["external_id"]), "")[place["start"] : place["end"]])
        ))
        for theme in themes if (found := theme.suggestion) and found["name"]
    ]  # fmt: skip


def _waiting(workspace: Workspace) -> Any:
    """Themes that winback named and that have words of customers to be named from."""
    rows = Theme.objects.filter(
        workspace=workspace, origin__in=("found", "emerging"), merged_into=None, suggestion__isnull=True
    )
    return rows.exclude(state="retired").exclude(examples=[]).order_by("id")


def _examples(workspace: Workspace, theme: Theme) -> dict[tuple[int, str, int], str]:
    """The theme's quotations by where they stand."""
    there = {(one["source"], one["external_id"]) for one in theme.examples}
    comments = comments_of(workspace, there)
    found = {}
    for one in theme.examples:
        said = comments.get((one["source"], one["external_id"]), "")[one["start"] : one["end"]]
        if said:
            found[one["source"], one["external_id"], one["start"]] = said
    return found


def _places(quote: str, words: Mapping[tuple[int, str, int], str]) -> list[dict[str, Any]]:
    for (source, external_id, start), said in words.items():
        if (place := place_of(quote, said)) is not None:
            return [{"source": source, "external_id": external_id, "start": start + place[0], "end": start + place[1]}]
    return []
