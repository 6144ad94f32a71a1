"""Every background task by name, and what runs by the clock. A new task is a line here."""

from __future__ import annotations

from collections.abc import Mapping

# name: "module:function"; the function takes job and its ids as keywords and answers None (done) or jobs.rules.Again
TASKS: Mapping[str, str] = {
    "accounts.reset": "winback.server.workspaces.tasks:send_reset",
    "exports.refresh": "winback.server.exports.tasks:refresh",
    "exports.watch": "winback.server.exports.tasks:watch",
    "jobs.tidy": "winback.server.jobs.actions:tidy",
    "outbox.send": "winback.server.outbox.tasks:send",
    "workspaces.remove": "winback.server.workspaces.tasks:remove",
}

# name of the task, seconds between runs
SCHEDULES: tuple[tuple[str, int], ...] = (
    ("exports.watch", 60),
    ("jobs.tidy", 24 * 3600),
    ("outbox.send", 60),
)  # fmt: skip
