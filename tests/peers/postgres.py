"""PostgreSQL for tests: a server of their own on a free port of loopback, without a password, ended with the tests.

It keeps its files in one temporary folder and does not care for power failures. PostgreSQL refuses to run as root, so
root starts it as the user that Debian's package makes.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

PACKAGES = ("postgresql", "postgresql-client")
_PATIENCE = 400.0
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=64MB")


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: the newest version that Debian has put in, else wherever initdb is."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


def unavailable() -> str | None:
    """Why PostgreSQL can't run here, as a sentence, or None where it can."""
    if programs() is None:
        return f"PostgreSQL is missing: apt install {' '.join(PACKAGES)}"
    if os.geteuid() == 0 and not _users():
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


class Server:
    """A running PostgreSQL; `url` leads to its empty database `name`."""

    def __init__(self, name: str = "winback") -> None:
        folder = programs()
        assert folder is not None, unavailable()
        self._programs = folder
        self._folder = Path(tempfile.mkdtemp(prefix="winback-postgres-"))
        self._as = _as_somebody(self._folder)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._run("initdb", "-D", "data", "-U", "winback", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = [part for option in _FAST for part in ("-c", option)]
        where = ["-D", "data", "-h", "127.0.0.1", "-p", str(self.port), "-k", str(self._folder)]
        self._log = (self._folder / "log").open("wb")
        self._process = subprocess.Popen(
            [*self._as, str(self._programs / "postgres"), *where, *options],
            cwd=self._folder, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            self._wait()
            self.create(name)
        except BaseException:
            self.stop()
            raise
        self.url = self.url_of(name)

    def url_of(self, name: str) -> str:
        return f"postgres://winback@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, *, like: str = "template1") -> str:
        """Make a database, empty or a copy of another that nobody is connected to; its address."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "winback", "-T", like, name)
        return self.url_of(name)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, program: str, *words: str) -> None:
        command = [*self._as, str(self._programs / program), *words]
        ran = subprocess.run(command, cwd=self._folder, capture_output=True, text=True)
        if ran.returncode:
            raise RuntimeError(f"{program} ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}")

    def _wait(self) -> None:
        until = time.monotonic() + _PATIENCE
        ask = [str(self._programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ask).returncode:
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not come up; its log says:\n{(self._folder / 'log').read_text()}")
            time.sleep(0.05)


def _users() -> list[pwd.struct_passwd]:
    return [user for user in pwd.getpwall() if user.pw_name == "postgres"]


def _as_somebody(folder: Path) -> list[str]:
    """The words before a program: it is killed with the one who started it, and is not run by root."""
    words = ["setpriv", "--pdeathsig", "KILL"]
    if os.geteuid() != 0:
        return words
    user = _users()[0]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return [*words, "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
