"""The web process: it runs under a watcher, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys

from winback.server.processes.web import THREADS


def test_it_does_not_outlive_whoever_started_it() -> None:
    # a parent that is none: as if it had been killed a moment ago
    words = [sys.executable, "-m", "winback.server.processes.web", str(os.getppid()), "127.0.0.1", "0"]
    assert subprocess.run(words, timeout=200).returncode == 1


def test_it_answers_several_at_once() -> None:
    assert 3 <= THREADS <= 8
