"""A process ends with the one that started it."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pytest

START = """
import subprocess, sys, os
print(subprocess.Popen([sys.executable, "-c", sys.argv[1], str(os.getpid())], stdout=subprocess.PIPE).pid, flush=True)
import time; time.sleep(60)
"""
TIED = "import sys, time; from winback.server.processes.tie import end_with_parent; end_with_parent(int(sys.argv[1])); time.sleep(60)"
WATCHING = "import sys; from winback.server.processes.tie import watch; watch(int(sys.argv[1]), every=0.05)"


@pytest.mark.parametrize("code", [TIED, WATCHING], ids=["by the kernel", "by watching"])
def test_a_child_ends_when_its_parent_is_killed(code: str) -> None:
    with subprocess.Popen([sys.executable, "-c", START, code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        gone, _ = psutil.wait_procs([child], timeout=120)
    assert gone == [child]


def test_a_child_whose_parent_is_gone_already_ends_at_once() -> None:
    ran = subprocess.run([sys.executable, "-c", TIED, str(os.getppid())], timeout=120)
    assert ran.returncode == 1
