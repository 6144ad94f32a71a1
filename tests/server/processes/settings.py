"""The settings of installations that tests start: real ones, with the tests' own tasks and quick passwords."""

from __future__ import annotations

from winback.server.settings import *  # noqa: F403

TASKS_MODULE = "tests.server.jobs.tasks"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
