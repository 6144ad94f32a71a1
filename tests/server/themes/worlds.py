"""Codebooks and readings for tests, made through the actions."""

from __future__ import annotations

from collections.abc import Sequence

from tests.server.factories import Cast, make_feedback
from winback.server.feedback.models import Feedback
from winback.server.themes.actions import make
from winback.server.themes.coding import code
from winback.server.themes.models import Coding, Reading, Theme
from winback.server.themes.rules import words_digest


def themes(cast: Cast, *names: str) -> list[Theme]:
    """Accepted themes of larkspur, made by hanna."""
    return [make(access=cast.access("hanna"), name=name) for name in names]


def said(cast: Cast, external_id: str, comment: str = "", **more: object) -> Feedback:
    return make_feedback(cast.larkspur, external_id, comment=comment or f"words of {external_id}", **more)


def coded(cast: Cast, row: Feedback, chosen: Sequence[Theme], who: str = "amara") -> Reading:
    """What somebody found in a comment."""
    key = (row.source_id, row.external_id)
    pks = [theme.pk for theme in chosen]
    return code(access=cast.access(who), key=key, themes=pks, digest=words_digest(row.comment)).reading


def guessed(row: Feedback, chosen: Sequence[Theme], confidence: float = 0.5) -> Reading:
    """What the model found in a comment nobody has read yet."""
    reading = Reading.objects.create(
        workspace_id=row.workspace_id, source_id=row.source_id, external_id=row.external_id, kind="model",
        model="test 1", digest=words_digest(row.comment), seen=row.updated_at, confidence=confidence,
    )  # fmt: skip
    for place, theme in enumerate(chosen):
        Coding.objects.create(reading=reading, theme=theme, place=place, confidence=confidence)
    return reading


def standing(row: Feedback) -> tuple[str, set[str]] | None:
    """Whose reading of a comment stands, and the names of its themes as they stand in the rows."""
    reading = Reading.objects.filter(source_id=row.source_id, external_id=row.external_id, stands=True).first()
    if reading is None:
        return None
    return reading.kind, set(reading.codings.values_list("theme__name", flat=True))
