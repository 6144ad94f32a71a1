"""What `winback serve` and `winback worker` do: settings, lock, check, then the watcher."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from winback.errors import UserError
from winback.server import environment
from winback.server.processes import lock
from winback.server.processes.watch import USER_ERROR, Child, Watcher, answers, taken

WEB = "winback.server.processes.web"
WORK = "winback.server.processes.work"
READY = "winback.server.processes.ready"


def serve(
    *,
    host: str,
    port: int,
    workers: bool = True,
    say: Callable[[str], None],
    when_ready: Callable[[str], None] = lambda address: None,
) -> int:
    """Serve web and workers until told to stop; the exit code. `when_ready` is given the address people type.

    Raises UserError where a setting is wrong, winback runs in this home already, the port is taken, or the database
    does not fit. Call it from the main thread: it takes the signals.
    """
    environ = dict(os.environ)
    given = environment.read(environ)
    home: Path = given["WINBACK_HOME"]
    if not environ.get("WINBACK_BASE_URL"):
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host  # noqa: S104
        environ["WINBACK_BASE_URL"] = f"http://{shown}:{port}"
    address = environ["WINBACK_BASE_URL"]
    near = "127.0.0.1" if host == "0.0.0.0" else "::1" if host == "::" else host  # noqa: S104
    with ExitStack() as locks:
        locks.enter_context(lock.hold(home, "web", address=address))
        children = [Child("The web server", WEB, host, str(port))]
        if workers:
            locks.enter_context(lock.hold(home, "workers"))
            children += _workers(given)
        if why := taken(host, port):
            raise UserError(f"Cannot listen on {host} port {port}: {why}. Choose another with --port.")
        _check(environ)
        if lock.restoring(home).exists():
            say(
                "a backup is being put back, or that was broken off: pages stay closed until `winback restore` ends well"
            )
        watcher = Watcher(children, environ=environ, say=say)
        return watcher.run(ready=lambda: answers(near, port), when_ready=lambda: when_ready(address))


def work(*, say: Callable[[str], None], when_ready: Callable[[int], None] = lambda workers: None) -> int:
    """Run workers alone until told to stop; the exit code. `when_ready` is given how many there are."""
    environ = dict(os.environ)
    given = environment.read(environ)
    with lock.hold(given["WINBACK_HOME"], "workers"):
        _check(environ)
        children = _workers(given)
        return Watcher(children, environ=environ, say=say).run(when_ready=lambda: when_ready(len(children)))


def _workers(given: Mapping[str, object]) -> list[Child]:
    return [Child(f"Worker {number}", WORK, str(number)) for number in range(1, int(str(given["WINBACK_WORKERS"])) + 1)]


def _check(environ: Mapping[str, str]) -> None:
    """Whether the database fits, asked by a process of its own, so that the watcher stays small."""
    ran = subprocess.run([sys.executable, "-P", "-m", READY], env=dict(environ), stderr=subprocess.PIPE, check=False)
    said = ran.stderr.decode(errors="replace").strip()
    if ran.returncode == USER_ERROR:
        raise UserError(said.removeprefix("winback: "))
    if ran.returncode:
        raise RuntimeError(f"the check before starting broke:\n{said}")
