"""A winback of its own, in a folder of its own, run by its commands as a user would."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.peers import processes

ROOT = Path(__file__).resolve().parents[3]
WINBACK = Path(sys.executable).parent / "winback"
PASSWORD = "correct horse battery staple"


@dataclass
class Installation:
    """A home folder, and where its database is (empty: SQLite in the home)."""

    home: Path
    database: str = ""
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("WINBACK_")}
        environ |= {"WINBACK_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "tests.server.processes.settings"}
        environ |= {"PYTHONPATH": str(ROOT), "DATABASE_URL": self.database, "WINBACK_LOG": "warning", **self.more}
        return environ

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """A command of winback, to its end."""
        return subprocess.run(
            [WINBACK, *words], env=self.environ, input=stdin, capture_output=True, text=True, timeout=400
        )

    def init(self) -> None:
        ran = self.run(
            "init", "--email", "ingrid@larkspur.example", "--name", "Ingrid Solheim",
            "--workspace", "Larkspur Broadband", "--password-stdin", stdin=f"{PASSWORD}\n",
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr

    def python(self, code: str, *arguments: Any) -> Any:
        """Run code that knows this installation's database; what it prints, read as JSON."""
        ran = self.code(code, *arguments)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout) if ran.stdout else None

    def code(self, code: str, *arguments: Any) -> subprocess.CompletedProcess[str]:
        """The same, however it ends."""
        begin = "import json, sys\nfrom winback.server.start import django_ready\ndjango_ready()\n"
        words = [sys.executable, "-c", begin + code, *map(str, arguments)]
        return subprocess.run(words, env=self.environ, capture_output=True, text=True, timeout=400)

    def enqueue(self, task: str, times: int = 1, **arguments: Any) -> None:
        self.python(
            "from winback.server.jobs.actions import enqueue\n"
            "for _ in range(int(sys.argv[2])): enqueue(task=sys.argv[1], **json.loads(sys.argv[3]))",
            task, times, json.dumps(arguments),
        )  # fmt: skip

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers, asked past Django, since a process that knows Django takes a second to start."""
        if self.database:
            with psycopg.connect(self.database) as postgres:
                found = postgres.execute(query)  # type: ignore[call-overload]  # a literal of a test
                return list(found.fetchall()) if found.description else []
        with closing(sqlite3.connect(self.home / "winback.sqlite3", timeout=20)) as sqlite, sqlite:
            return list(sqlite.execute(query).fetchall())

    def jobs(self, columns: str, task: str) -> list[tuple[Any, ...]]:
        """These columns of the jobs of a task, oldest first."""
        return self.sql(f"SELECT {columns} FROM winback_job WHERE task = '{task}' ORDER BY id")

    def copy(self, to: Path) -> Installation:
        shutil.copytree(self.home, to, ignore=shutil.ignore_patterns("run"))
        return Installation(to, self.database, dict(self.more))

    @contextmanager
    def running(self, *words: str, says: str) -> Iterator[Running]:
        """A command of winback that goes on, once it has said so; killed at the end if it still runs."""
        log = self.home.parent / f"{words[0]}-{time.monotonic_ns()}.log"
        running = Running(processes.start([str(WINBACK), *words], log=log, env=self.environ), log)
        try:
            running.wait_for(says)
            yield running
        finally:
            processes.stop(running.process, patience=60)


@dataclass
class Running:
    """A winback that runs, and what it has said so far."""

    process: subprocess.Popen[Any]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, words: str) -> None:
        until(lambda: words in self.said or self.process.poll() is not None, told=lambda: self.said)
        assert words in self.said, self.said

    def family(self) -> list[psutil.Process]:
        """Every process below the one that was started."""
        return psutil.Process(self.process.pid).children(recursive=True)


def until(true: Callable[[], Any], *, told: Callable[[], str] = str, patience: float = 400) -> None:
    """Wait until something is true."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, told()
        time.sleep(0.05)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def lines(path: Path) -> list[str]:
    """The first words of the lines of a file that tasks write into."""
    return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []
