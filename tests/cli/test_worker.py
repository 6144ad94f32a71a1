"""`winback worker --once`: what is due, and whether it went well. Workers that go on are tested in tests/server/processes."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from winback.cli.worker import worker


@pytest.mark.django_db
def test_once_does_what_is_due_and_tells(settings: Any) -> None:
    from winback.server.jobs.actions import enqueue

    settings.TASKS_MODULE = "tests.server.jobs.tasks"
    enqueue(task="test.count", up_to=2)
    done = CliRunner().invoke(worker, ["--once"])
    assert (done.exit_code, done.stderr) == (0, "3 done\n")  # two chunks, and what is scheduled
    enqueue(task="test.refuse")
    failed = CliRunner().invoke(worker, ["--once"])
    assert (failed.exit_code, failed.stderr) == (1, "1 done, 1 of them failed\n")
