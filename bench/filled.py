"""A server with something in it, for the benchmarks of pages and figures: in a folder that goes when it is done."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FIRST = "2024-11-01"


@contextmanager
def server() -> Iterator[Path]:
    """An empty installation on SQLite and its home; this process is its server, so Django may be used inside."""
    with tempfile.TemporaryDirectory(prefix="winback-bench-") as folder:
        os.environ["WINBACK_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "winback.server.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield Path(folder)


def administrator() -> Any:
    """The access of who administers a workspace with nothing in it."""
    from winback.server.workspaces.access import Access
    from winback.server.workspaces.actions import create_user, create_workspace
    from winback.server.workspaces.rules import Scope

    user = create_user(email="bench@example.com", name="Bench")
    return Access(create_workspace(slug="bench", name="Bench", owner=user, currency="EUR"), "admin", Scope(), user)


def fill(rows: int) -> Any:
    """A workspace with so many answers of 24 months, a tenth as many customers, and what they said."""
    from django.db import connection
    from django.utils import timezone

    from winback.server.database import atomic
    from winback.server.sources.actions import ensure_source
    from winback.server.sources.models import SyncRun

    access = administrator()
    workspace = access.workspace
    source = ensure_source(workspace=workspace, name="answers.csv", kind="file")
    run = SyncRun.objects.create(
        workspace=workspace, source=source, table="feedback", state="published", published_at=timezone.now()
    )
    now = timezone.now().replace(tzinfo=None).isoformat(" ")
    customers = max(rows // 10, 1)
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
    attributes = "json_object('region', 'region ' || (i % 7), 'plan', 'plan ' || (i % 5), 'age', (i % 6) || '0s', 'shop', 'shop ' || (i % 97))"
    with atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
            "INSERT INTO winback_customer (workspace_id, external_id, created_at) SELECT %s, 'C' || i, %s FROM n",
            [customers, workspace.pk, now],
        )
        cursor.execute(
            numbers
            + "INSERT INTO winback_feedback (workspace_id, source_id, run_id, updated_at, external_id, row_number, "
            "occurred_at, local_date, customer_id, respondent, score, kind, survey, channel, touchpoint, journey_stage, "
            "product, language, comment, money, weight, attributes, digest) "
            f"SELECT %s, %s, %s, %s, 'A' || i, i, datetime('{FIRST}', (i %% 1064448) || ' minutes'), "
            f"date('{FIRST}', (i %% 1064448) || ' minutes'), (i * 7919) %% {customers} + 1, 'P' || ((i * 31) %% ({customers} * 2)), "
            "(i * 2654435761) %% 11, 'survey', '', CASE i %% 3 WHEN 0 THEN 'web' WHEN 1 THEN 'mail' ELSE 'phone' END, "
            "'', '', '', '', CASE i %% 4 WHEN 0 THEN 'The engineer did not come, and nobody called to say so ' || i ELSE '' END, "
            f"NULL, NULL, {attributes}, i FROM n",
            [workspace.pk, source.pk, run.pk, now],
        )
    return access
