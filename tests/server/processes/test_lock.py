"""One winback in a home on a machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from winback.errors import UserError
from winback.server.processes import lock

HOLD = """
import sys, time
from pathlib import Path
from winback.server.processes import lock
with lock.hold(Path(sys.argv[1]), "web", address="http://127.0.0.1:8000"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_held_by_one_process_and_falls_with_it(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        assert lock.holder(tmp_path, "web") == {"pid": other.pid, "address": "http://127.0.0.1:8000"}
        with pytest.raises(UserError) as refused, lock.hold(tmp_path, "web"):
            pass
        assert str(refused.value) == (
            f"winback runs in {tmp_path} already (process {other.pid}, http://127.0.0.1:8000). "
            "Stop it first, or set WINBACK_HOME to another folder."
        )
        other.send_signal(signal.SIGKILL)
    assert lock.holder(tmp_path, "web") is None
    with lock.hold(tmp_path, "web"):
        assert lock.holder(tmp_path, "web") == {"pid": os.getpid()}


def test_locks_of_other_things_and_homes_do_not_meet(tmp_path: Path) -> None:
    met = pytest.raises(UserError, match=r"^A worker of winback runs in .* already \(process \d+\)\.")
    one, two = tmp_path / "a", tmp_path / "b"
    with lock.hold(one, "web"), lock.hold(two, "web"), lock.hold(one, "workers"), met, lock.hold(one, "workers"):
        pass


def test_a_home_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"^Cannot write in .*file/home: Not a directory\. Give this user the folder"):
        lock.folder(tmp_path / "file" / "home")


def test_the_identity_of_a_home_stays(tmp_path: Path) -> None:
    one = lock.identity(tmp_path / "a")
    assert lock.identity(tmp_path / "a") == one
    assert lock.identity(tmp_path / "b") != one
    assert not lock.restoring(tmp_path / "a").exists()
