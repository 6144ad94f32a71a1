"""The watcher keeps its children, and ends them."""

from __future__ import annotations

import http.server
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from winback.server.processes import watch
from winback.server.processes.watch import Child, Watcher, answers, taken


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of modules that children of these tests run; each start leaves a line in "started"."""
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path.cwd() / 'src'}")
    return tmp_path


def child(folder: Path, body: str) -> Child:
    begin = f"import os, sys, time\nopen({str(folder / 'started')!r}, 'a').write('x')\n"
    (folder / "winback_test_child.py").write_text(begin + body)
    return Child("The child", "winback_test_child")


def starts(folder: Path) -> int:
    path = folder / "started"
    return len(path.read_text()) if path.exists() else 0


def test_a_user_error_of_a_child_ends_everything(program: Path) -> None:
    said: list[str] = []
    watcher = Watcher([child(program, "sys.exit(2)")], environ=os.environ, say=said.append)
    assert watcher.run() == 2
    assert (starts(program), said) == (1, [])


def test_a_child_that_ends_is_started_again_and_given_up_when_that_does_not_help(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "SHORT_LIVES", 2)
    said: list[str] = []
    watcher = Watcher([child(program, "os.kill(os.getpid(), 9)")], environ=os.environ, say=said.append)
    assert watcher.run() == 1
    assert starts(program) == 2
    assert said == [
        "The child ended (killed by SIGKILL); it is started again.",
        "The child ends as soon as it is started; the reason is above.",
    ]


def test_it_stops_when_told_and_kills_what_does_not_listen(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "PATIENCE", 0.3)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)"
    one = child(program, deaf)
    watcher = Watcher([one], environ=os.environ)
    ready: list[bool] = []
    began = time.monotonic()

    def stop() -> None:
        while not ready:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=stop).start()
    assert watcher.run(ready=lambda: starts(program) == 1, when_ready=lambda: ready.append(True)) == 0
    assert not one.alive
    assert time.monotonic() - began < 20


def test_sighup_starts_children_afresh(program: Path) -> None:
    watcher = Watcher([child(program, "time.sleep(60)")], environ=os.environ)
    threading.Thread(target=_hup_then_term, args=(program,)).start()
    assert watcher.run() == 0
    assert starts(program) == 2


def _hup_then_term(folder: Path) -> None:
    _until(lambda: starts(folder) == 1)
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGHUP)
    _until(lambda: starts(folder) == 2)
    os.kill(os.getpid(), signal.SIGTERM)


def _until(true: object) -> None:
    until = time.monotonic() + 120
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.02)


def test_ports() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert taken("127.0.0.1", port) == "Address already in use"
    assert taken("127.0.0.1", port) is None


@pytest.mark.parametrize(("status", "well"), [(200, True), (400, True), (503, False)])
def test_the_web_answers_once_it_answers(status: int, *, well: bool) -> None:
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request).start()
        assert answers("127.0.0.1", server.server_port) is well
    assert not answers("127.0.0.1", server.server_port)
