"""Tasks for the tests of jobs; a test says TASKS_MODULE = "tests.server.jobs.tasks"."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from winback.errors import UserError
from winback.server.jobs.actions import enqueue, progress
from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again

TASKS = {
    "test.write": "tests.server.jobs.tasks:write",
    "test.count": "tests.server.jobs.tasks:count",
    "test.break": "tests.server.jobs.tasks:break_down",
    "test.refuse": "tests.server.jobs.tasks:refuse",
    "test.ask_again": "tests.server.jobs.tasks:ask_again",
    "test.cancel": "tests.server.jobs.tasks:cancel_itself",
    "test.slow": "tests.server.jobs.tasks:slow",
    "test.killer": "tests.server.jobs.tasks:killer",
    "test.hang": "tests.server.jobs.tasks:hang",
    "test.tick": "tests.server.jobs.tasks:write",
}
SCHEDULES = (("test.tick", 60),)


def write(*, job: Job, path: str = "", text: str = "ran") -> None:
    """Append a line to a file, so that a test sees how often the task ran, in whichever process."""
    if path:
        with Path(path).open("a") as file:
            file.write(f"{text} {os.getpid()}\n")


def count(*, job: Job, up_to: int, at: int = 0) -> Again | None:
    progress(job=job, done=at + 1, total=up_to, note=f"{at + 1} of {up_to}")
    return Again({"at": at + 1}) if at + 1 < up_to else None


def break_down(*, job: Job, words: str = "Mrs Planted said it") -> None:
    raise ValueError(words)


def refuse(*, job: Job) -> None:
    raise UserError("The file is empty; export it again.")


def ask_again(*, job: Job, number: int) -> None:
    if number < 3:
        enqueue(task="test.ask_again", key=job.key, number=number + 1)


def cancel_itself(*, job: Job) -> None:
    from winback.server.jobs.actions import cancel

    cancel(job=job)
    progress(job=job, done=1)
    raise AssertionError("progress should have stopped this")


def slow(*, job: Job, path: str, seconds: float) -> None:
    """Say that it began, wait, say that it ended."""
    write(job=job, path=path, text="began")
    time.sleep(seconds)
    write(job=job, path=path, text="ended")


def killer(*, job: Job, path: str) -> None:
    """Kill the worker it runs in, the first time."""
    write(job=job, path=path, text="began")
    if job.attempts == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    write(job=job, path=path, text="ended")


def hang(*, job: Job, path: str) -> None:
    """Hang, the first time, in code that holds the interpreter's lock."""
    write(job=job, path=path, text="began")
    if job.attempts == 1:
        sum(iter(int, 1))
    write(job=job, path=path, text="ended")
