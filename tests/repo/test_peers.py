"""Programs that tests start end with the tests, even when those are killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.peers import processes

ROOT = Path(__file__).resolve().parents[2]

STARTER = """
import sys, time
from pathlib import Path
from tests.peers import processes
print(processes.start(["sleep", "60"], log=Path(sys.argv[1])).pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends the children of the killed on Linux only")
def test_a_program_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    words = [sys.executable, "-c", STARTER, str(tmp_path / "log")]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        child = psutil.Process(int(starter.stdout.readline()))
        _wait_until(lambda: child.name() == "sleep")
        starter.kill()
    gone, _ = psutil.wait_procs([child], timeout=120)
    assert gone == [child]


def test_stop_ends_a_program_that_does_not_listen(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    log = tmp_path / "log"
    process = processes.start([sys.executable, "-c", deaf], log=log)
    _wait_until(lambda: log.read_text() == "deaf\n")
    processes.stop(process, patience=0.1)
    assert process.returncode == -9


def _wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
