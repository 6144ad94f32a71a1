"""A worker process waits while a backup is put back, and ends when told."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.server.processes.installations import Installation, lines, until
from winback.server.processes.work import Stop


def test_it_is_told_by_a_signal() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        stop = Stop()
        assert not stop.told
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_it_waits_while_a_backup_is_put_back(on_sqlite: Installation, tmp_path: Path) -> None:
    ran, flag = tmp_path / "ran", on_sqlite.home / "run" / "restoring"
    flag.parent.mkdir(exist_ok=True)
    flag.write_text("")
    on_sqlite.enqueue("test.write", path=str(ran))
    with on_sqlite.running("worker", says="1 worker") as worker:
        until(lambda: any("processes.work" in " ".join(child.cmdline()) for child in worker.family()))
        assert lines(ran) == []
        flag.unlink()
        until(lambda: lines(ran) == ["ran"], told=lambda: worker.said)


def test_a_task_that_hangs_ends_its_worker_which_says_where_and_the_next_does_it(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    on_sqlite.enqueue("test.hang", path=str(ran))
    code = (
        "import datetime as dt\n"
        "from pathlib import Path\n"
        "from winback.server.jobs import worker\n"
        "worker.LIMIT = dt.timedelta(seconds=1)\n"
        "ran = Path(sys.argv[1])\n"
        "worker.work(name='one', stop=lambda: ran.exists() and 'ended' in ran.read_text())\n"
    )
    first = on_sqlite.code(code, ran)
    assert first.returncode == 1
    assert "Timeout (0:00:01)!" in first.stderr
    assert "in hang" in first.stderr
    assert lines(ran) == ["began"]
    assert on_sqlite.code(code, ran).returncode == 0
    assert lines(ran) == ["began", "began", "ended"]
