"""The watcher: starts the web and the workers, starts again what ends, and ends them all together."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType
from typing import Any

LOOK = 0.2  # seconds between two looks at the children
PATIENCE = 45.0  # seconds a worker has for its chunk after SIGTERM, before it is killed
SHORT_LIFE = 10.0  # a child that lived less than this many seconds …
SHORT_LIVES = 5  # … so many times in a row has something wrong with it that starting it again does not mend
USER_ERROR = 2  # the exit code of a process that has said in a sentence what is to be mended


class Child:
    """A process of the installation, and how it fared."""

    def __init__(self, name: str, *words: str) -> None:
        self.name = name
        self.words = words
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.short_lives = 0
        self.not_before = 0.0

    def start(self, environ: Mapping[str, str]) -> None:
        module, *arguments = self.words
        # -P: whatever lies in the folder one happens to be in is none of ours
        command = [sys.executable, "-P", "-m", module, str(os.getpid()), *arguments]
        # a group of its own: Ctrl-C reaches the watcher alone
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=dict(environ), process_group=0)
        self.started = time.monotonic()

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Watcher:
    """Keeps children running until told to stop (SIGTERM, Ctrl-C); SIGHUP starts them afresh one after another."""

    def __init__(
        self, children: list[Child], *, environ: Mapping[str, str], say: Callable[[str], None] = lambda text: None
    ) -> None:
        self.children = children
        self.environ = environ
        self.say = say
        self.stopping = False
        self.hurry = False
        self.afresh = False

    def run(self, *, ready: Callable[[], bool] = lambda: True, when_ready: Callable[[], None] = lambda: None) -> int:
        """Until all is stopped; the exit code. `when_ready` is called once, as soon as `ready` answers True."""
        before = {
            number: signal.signal(number, self._told) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        }
        announced = False
        code = 0
        try:
            for child in self.children:
                child.start(self.environ)
            while not self.stopping:
                code = self._look()
                if code:
                    break
                if not announced and ready():
                    announced = True
                    when_ready()
                if self.afresh:
                    self.afresh = False
                    for child in self.children:
                        child.signal(signal.SIGTERM)
                time.sleep(LOOK)
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)
        return code

    def _told(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            self.afresh = True
        else:
            self.hurry, self.stopping = self.stopping, True

    def _look(self) -> int:
        """Start again what has ended. An exit code where it is of no use."""
        for child in self.children:
            if child.alive or child.process is None:
                continue
            code = child.process.returncode
            if code == USER_ERROR:
                return USER_ERROR
            if child.not_before == 0.0:  # just found ended
                short = time.monotonic() - child.started < SHORT_LIFE and code != 0
                child.short_lives = child.short_lives + 1 if short else 0
                if child.short_lives >= SHORT_LIVES:
                    self.say(f"{child.name} ends as soon as it is started; the reason is above.")
                    return 1
                if code not in (0, -signal.SIGTERM):
                    self.say(f"{child.name} ended ({_how(code)}); it is started again.")
                child.not_before = time.monotonic() + (2.0 ** (child.short_lives - 2) if child.short_lives > 1 else 0.0)
            if time.monotonic() >= child.not_before:
                child.not_before = 0.0
                child.start(self.environ)
        return 0

    def _end(self) -> None:
        for child in self.children:
            child.signal(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        while any(child.alive for child in self.children):
            if self.hurry or time.monotonic() > until:
                for child in self.children:
                    child.signal(signal.SIGKILL)
            time.sleep(0.05)


def answers(host: str, port: int) -> bool:
    """Whether the web answers there: Django has been loaded, and whatever it says is no error of ours."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def taken(host: str, port: int) -> str | None:
    """Why one cannot listen there, or None where one can."""
    try:
        found: Any = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], found[1]) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(found[4])
    except OSError as error:
        return error.strerror or str(error)
    return None


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
