"""Every task has a name that people understand."""

from __future__ import annotations

from winback.server import tasks
from winback.server.operations.rules import TITLES, title


def test_every_task_has_a_title_and_every_title_a_task() -> None:
    assert set(TITLES) == set(tasks.TASKS)


def test_a_task_of_another_version_is_shown_by_its_name() -> None:
    assert title("issues.open_gate") == "issues: open gate"
