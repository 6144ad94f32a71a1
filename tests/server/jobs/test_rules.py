"""How long one waits, and what is told of a failure."""

from __future__ import annotations

import datetime as dt
import errno
import os

import pytest
from django.db import IntegrityError, OperationalError

from winback.errors import UserError
from winback.server.jobs.rules import CHUNK, LEASE, LIMIT, LONGEST, reason, wait_before, worth_another_attempt


@pytest.mark.parametrize(("attempt", "seconds"), [(2, 5), (3, 20), (4, 80), (5, 320), (6, 1280), (7, 3600), (9, 3600)])
def test_waits_grow_fourfold_up_to_an_hour(attempt: int, seconds: int) -> None:
    assert wait_before(attempt) == dt.timedelta(seconds=seconds)


def test_a_lease_outlives_the_limit_and_the_limit_a_chunk() -> None:
    assert CHUNK < LIMIT < LEASE < LONGEST


def test_what_a_person_has_to_mend_is_not_tried_again() -> None:
    assert not worth_another_attempt(UserError("The file is empty."))
    assert worth_another_attempt(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UserError("The file is empty; export it again."), "The file is empty; export it again."),
        (OSError(errno.ENOSPC, "No space left on device", "/home/x"), "The system says: No space left on device."),
        (OperationalError("database or disk is full"), "The database says: database or disk is full."),
        (OperationalError(""), "The database says: not available."),
        (KeyError("Mrs Planted"), "An error winback did not expect: KeyError."),
        (IntegrityError("Key (name)=(Mrs Planted) exists"), "An error winback did not expect: IntegrityError."),
    ],
)
def test_the_reason_quotes_no_row(error: Exception, told: str) -> None:
    assert reason(error) == told


def test_the_place_of_an_error_is_told() -> None:
    try:
        wait_before("Mrs Planted")  # type: ignore[arg-type]
    except TypeError as error:
        assert reason(error).startswith("An error winback did not expect: TypeError at rules.py line ")
        assert reason(error).endswith(" (wait_before).")
