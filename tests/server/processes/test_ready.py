"""Whether the database fits this winback."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from winback.errors import UserError
from winback.server.processes.ready import is_new, require_ready, steps_missing, unreachable

pytestmark = pytest.mark.django_db


def test_a_database_of_this_version_is_ready() -> None:
    assert steps_missing() == []
    assert not is_new()
    require_ready()


def test_a_missing_step_names_the_command() -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    assert steps_missing() == ["sessions.0001_initial"]
    with pytest.raises(
        UserError, match=r"^The database is older than this winback \(1 step to take\)\. Run `winback upgrade`"
    ):
        require_ready()


def test_a_database_of_a_newer_version_is_refused() -> None:
    MigrationRecorder(connection).record_applied("winback", "9999_later")
    with pytest.raises(UserError, match=r"^The database was used by a newer winback \(it knows winback\.9999_later\)"):
        steps_missing()


def test_a_database_that_does_not_answer_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    error = OperationalError("connection refused\nDETAIL: more")
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert unreachable(error) == (
        f"The database in {settings.HOME} cannot be used: connection refused. "
        "Is the disk full, and may this user write there? `winback doctor` looks."
    )
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert unreachable(error) == (
        "The database at DATABASE_URL does not answer: connection refused. Is it running, and is the address right?"
    )
