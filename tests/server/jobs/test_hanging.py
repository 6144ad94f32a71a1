"""The watchdog: how long it waits, and that it watches nobody but a worker at work."""

from __future__ import annotations

import datetime as dt
import faulthandler
from typing import Any

import pytest

from winback.server.jobs.hanging import ended_after, not_before


def test_what_cannot_be_divided_is_given_longer_and_nobody_is_watched_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(faulthandler, "dump_traceback_later", lambda seconds, exit, file: told.append((seconds, exit)))
    monkeypatch.setattr(faulthandler, "cancel_dump_traceback_later", lambda: told.append("over"))
    longer = dt.timedelta(minutes=10)
    not_before(longer)
    assert told == []
    with pytest.raises(KeyError), ended_after(dt.timedelta(seconds=60)):
        not_before(longer)
        raise KeyError
    not_before(longer)
    assert told == [(60.0, True), (600.0, True), "over"]
