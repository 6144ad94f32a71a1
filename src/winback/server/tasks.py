"""Every background task by name, and what runs by the clock. A new task is a line here."""

from __future__ import annotations

from collections.abc import Mapping

# name: "module:function"; the function takes job and its ids as keywords and answers None (done) or jobs.rules.Again
TASKS: Mapping[str, str] = {
    "accounts.reset": "winback.server.workspaces.tasks:send_reset",
    "exports.embed": "winback.server.exports.tasks:embed",
    "exports.refresh": "winback.server.exports.tasks:refresh",
    "exports.watch": "winback.server.exports.tasks:watch",
    "feedback.rezone": "winback.server.feedback.tasks:rezone",
    "feedback.tell": "winback.server.feedback.tasks:tell",
    "imports.look": "winback.server.imports.tasks:look",
    "imports.stage": "winback.server.imports.tasks:stage",
    "imports.sweep": "winback.server.imports.tasks:sweep",
    "imports.tidy": "winback.server.imports.tasks:tidy",
    "imports.undo": "winback.server.imports.tasks:undo",
    "jobs.tidy": "winback.server.jobs.actions:tidy",
    "outbox.send": "winback.server.outbox.tasks:send",
    "privacy.finish": "winback.server.privacy.tasks:finish",
    "privacy.mask": "winback.server.privacy.tasks:mask",
    "privacy.nightly": "winback.server.privacy.tasks:nightly",
    "privacy.retention": "winback.server.privacy.tasks:retention",
    "themes.assign": "winback.server.themes.tasks:assign",
    "themes.learn": "winback.server.themes.tasks:learn",
    "themes.nightly": "winback.server.themes.tasks:nightly",
    "themes.propose": "winback.server.themes.tasks:propose",
    "themes.suggest": "winback.server.themes.tasks:suggest",
    "themes.watch": "winback.server.themes.tasks:watch",
    "watch.look": "winback.server.watch.tasks:look",
    "watch.run": "winback.server.watch.tasks:run",
    "workspaces.remove": "winback.server.workspaces.tasks:remove",
}

# name of the task, seconds between runs
SCHEDULES: tuple[tuple[str, int], ...] = (
    ("exports.watch", 60),
    ("feedback.tell", 60),
    ("imports.tidy", 60),
    ("jobs.tidy", 24 * 3600),
    ("outbox.send", 60),
    ("privacy.nightly", 24 * 3600),
    ("watch.look", 300),
    ("themes.nightly", 24 * 3600),
    ("themes.watch", 120),
)  # fmt: skip
