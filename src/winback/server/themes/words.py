"""The words behind readings: rows of feedback by source and external id, a few queries for any number."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet

from winback.server.feedback.models import Feedback
from winback.server.workspaces.models import Workspace

Key = tuple[int, str]
CHUNK = 500


def rows_of(rows: QuerySet[Feedback], keys: Collection[Key], *fields: str) -> Iterator[dict[str, Any]]:
    """Those of the rows that have these keys, as dictionaries of the fields with source_id and external_id."""
    wanted = set(keys)
    ids = sorted({external_id for _, external_id in wanted})
    sources = sorted({source for source, _ in wanted})
    for start in range(0, len(ids), CHUNK):
        found = rows.filter(source_id__in=sources, external_id__in=ids[start : start + CHUNK])
        for row in found.values("source_id", "external_id", *fields):
            if (row["source_id"], row["external_id"]) in wanted:
                yield row


def comments_of(workspace: Workspace, keys: Collection[Key]) -> dict[Key, str]:
    """The comments of these keys in the workspace; keys without a visible row are left out."""
    rows = rows_of(Feedback.objects.visible(workspace), keys, "comment")
    return {(row["source_id"], row["external_id"]): row["comment"] for row in rows}
