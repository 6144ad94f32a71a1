"""Which version of a row is seen: the heart of publishing and undoing by one switch."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.server.factories import Cast
from winback.server.feedback.models import Feedback
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import SyncRun


def run_of(cast: Cast, state: str, source_name: str = "file") -> SyncRun:
    source = ensure_source(workspace=cast.larkspur, name=source_name, kind="file")
    published = timezone.now() if state == "published" else None
    return SyncRun.objects.create(
        workspace=cast.larkspur, source=source, table="feedback", state=state, published_at=published
    )


def version(cast: Cast, run: SyncRun, score: float) -> Feedback:
    return Feedback.objects.create(workspace=cast.larkspur, source=run.source, run=run, external_id="a", score=score)


@pytest.mark.parametrize(
    ("state", "seen"),
    [("queued", 1), ("staging", 1), ("staged", 1), ("published", 2), ("undone", 1), ("failed", 1), ("cancelled", 1)],
)
def test_a_correction_is_seen_while_its_run_is_published(cast: Cast, state: str, seen: float) -> None:
    first, correction = run_of(cast, "published"), run_of(cast, state)
    old = version(cast, first, 1)
    version(cast, correction, 2)
    old.superseded_by = correction
    old.save()
    assert [row.score for row in Feedback.objects.visible(cast.larkspur)] == [seen]


def test_another_workspace_sees_nothing(cast: Cast) -> None:
    version(cast, run_of(cast, "published"), 1)
    assert Feedback.objects.visible(cast.merritt).count() == 0


def test_one_import_a_workspace_is_staged_at_a_time(cast: Cast) -> None:
    run_of(cast, "staging")
    with pytest.raises(IntegrityError), transaction.atomic():
        run_of(cast, "staged", "another")
    run_of(cast, "queued", "another")


def test_a_published_run_has_its_time(cast: Cast) -> None:
    run = run_of(cast, "queued")
    with pytest.raises(IntegrityError), transaction.atomic():
        SyncRun.objects.filter(pk=run.pk).update(state="published")
    assert SyncRun(rejected={"score_outside": 2, "no_date": 3}).rejected_total == 5
