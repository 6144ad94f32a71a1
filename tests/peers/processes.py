"""Programs that a test starts and that end with it, however it ends.

A child is killed by the kernel when the process that started it dies (Linux's PR_SET_PDEATHSIG), so that nothing is
left behind by a test run that was killed, timed out or lost its terminal.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

# Runs in the child before the program itself: a fresh Python, so that no lock of ours is copied by fork.
_TIE = """
import ctypes, os, signal, sys
parent, *words = sys.argv[1:]
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG; exec keeps it
if os.getppid() != int(parent):
    sys.exit("the process that started this is gone already")
os.execvp(words[0], words)
"""


_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have the kernel kill this process when the one that started it dies. Linux only; elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def start(words: list[str], *, log: Path, env: dict[str, str] | None = None) -> subprocess.Popen[Any]:
    """Start a program tied to this process, with its output in a log file.

    Call it from the main thread: the kernel ties the child to the thread that made it.
    """
    tied = [sys.executable, "-I", "-c", _TIE, str(os.getpid()), *words]
    with log.open("wb") as output:
        return subprocess.Popen(
            tied, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})}
        )


def stop(process: subprocess.Popen[Any], *, patience: float = 5.0) -> None:
    """Ask a program to end, and end it."""
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
