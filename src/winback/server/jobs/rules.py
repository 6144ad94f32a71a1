"""What a task may answer, when one that failed is tried again, and what is told of why it failed."""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import OperationalError

from winback.errors import UserError

FIRST_WAIT = dt.timedelta(seconds=5)
LONGEST_WAIT = dt.timedelta(hours=1)
MOST_ATTEMPTS = 6
CHUNK = dt.timedelta(seconds=30)  # a task divides its work so that no chunk takes longer
LIMIT = dt.timedelta(seconds=60)  # a chunk that takes longer hangs, and its worker is ended
LONGEST = dt.timedelta(minutes=10)  # for what cannot be divided, on a machine that is slow or busy (actions.at_length)
LEASE = dt.timedelta(seconds=90)  # how long a claim holds without a sign of life: longer than the limit


@dataclass(frozen=True)
class Again:
    """A task's answer where there is more to do: the next chunk's arguments, and when, if not at once."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    due_at: dt.datetime | None = None


class JobStopped(Exception):  # noqa: N818 (it is no error)
    """Raised by `progress` in a task whose job was cancelled or given to another worker: it ends, and writes no more."""


def wait_before(attempt: int) -> dt.timedelta:
    """How long to wait before attempt 2, 3, …: 5 s, 20 s, 80 s, … never more than an hour."""
    return min(FIRST_WAIT * int(4 ** (attempt - 2)), LONGEST_WAIT)


def worth_another_attempt(error: BaseException) -> bool:
    """Whether trying again may help. What a person has to mend stays as it is until somebody does."""
    return not isinstance(error, UserError)


def reason(error: BaseException) -> str:
    """Why a task failed, for the page, the database and the log: never a customer's words.

    The message of an unexpected error may quote a row, so only its kind and its place are told.
    """
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"The system says: {error.strerror}."
    if isinstance(error, OperationalError):
        return f"The database says: {str(error).strip().splitlines()[0] if str(error).strip() else 'not available'}."
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{Path('winback') / 'server'}" in frame.filename] or frames
    place = f" at {Path(ours[-1].filename).name} line {ours[-1].lineno} ({ours[-1].name})" if ours else ""
    return f"An error winback did not expect: {type(error).__name__}{place}."
