"""Runs what a page shows, in order, in a folder of its own, and compares what comes out with what the page says.

    ```console        lines after "$ " are run, the lines below each are its output
    ```python         run in one namespace a page; a ```text block right below is what it prints
    ```csv NAME.csv   written to that file

In what is shown, … stands for anything within a line, and alone on a line for any lines. A command that ends with 2 is
shown with its sentence ("winback: …"); any other ends with 0. Commands run in this process, so that pages share what
takes long to load; the same command over the same files is run once. A command that serves (`winback demo`, `winback
serve`) is a process of its own on a free port, with fewer customers in the demo; once it says that it is ready it gets
Ctrl-C, and the port it printed is put back to what the page says.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.docs.pages import Block, Page
from tests.peers import processes
from tests.server.processes.installations import WINBACK, free_port, until

READY = "Ctrl-C ends it"
FEWER = 60  # customers of a demo that serves, where the page leaves it at the 4,000 that it makes by itself
SLOW = 2_000_000  # bytes in the folder from which a command's outcome is kept


@dataclass(frozen=True)
class Outcome:
    """How a command ended, what it printed, and the files it left, by path."""

    code: int
    output: str
    files: dict[str, Path]


@dataclass
class Shared:
    """Outcomes of commands, shared between pages."""

    folder: Path
    outcomes: dict[tuple[str, ...], Outcome] = field(default_factory=dict)

    def run(self, words: list[str], folder: Path) -> Outcome:
        """Run the command, or repeat the outcome of the same command over the same files."""
        before = _digests(folder)
        large = words[0] == "demo" or sum(path.stat().st_size for path in _files(folder)) > SLOW
        key = (*words, *(f"{name}:{digest}" for name, digest in before.items()))
        if key not in self.outcomes:
            code, output = (served if serves(words) else winback)(words, folder)
            made = {name: folder / name for name, digest in _digests(folder).items() if before.get(name) != digest}
            if large:
                kept = self.folder / str(len(self.outcomes))
                for name, path in made.items():
                    (kept / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, kept / name)
                made = {name: kept / name for name in made}
                self.outcomes[key] = Outcome(code, output, made)
            return Outcome(code, output, made)
        outcome = self.outcomes[key]
        for name, path in outcome.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
        return outcome


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in _files(folder)
    }


def winback(words: list[str], folder: Path) -> tuple[int, str]:
    """Run `winback` with these words in the folder, as the console script would; its exit code and all it printed."""
    from winback.cli import main

    printed, argv = io.StringIO(), sys.argv
    with _inside(folder), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        sys.argv = ["winback", *words]
        try:
            main.run()
        except SystemExit as end:
            return int(end.code or 0), printed.getvalue()
        finally:
            sys.argv = argv
    raise AssertionError("winback did not end")


def serves(words: list[str]) -> bool:
    """Whether the command goes on until Ctrl-C."""
    return words[0] in ("demo", "serve") and not {"--no-serve", "--help", "-h"} & set(words)


def served(words: list[str], folder: Path) -> tuple[int, str]:
    """Run a command that serves until it is ready and end it with Ctrl-C; its exit code and all it printed."""
    shown = words[words.index("--port") + 1] if "--port" in words else "8000"
    port = str(free_port())
    log = folder.parent / f"{folder.name}-{port}.log"
    asked = [*words, "--port", port] if "--port" not in words else [port if word == shown else word for word in words]
    if words[0] == "demo" and "--size" not in words:
        asked += ["--size", str(FEWER)]
    env = {"DJANGO_SETTINGS_MODULE": "winback.server.settings", "DATABASE_URL": "", "WINBACK_LOG": "warning"}
    env["WINBACK_HOME"] = str(folder / "winback-home")
    started = ["env", "--chdir", str(folder), str(WINBACK), *asked]
    running = processes.start(started, log=log, env=env)

    def said() -> str:
        return log.read_text(encoding="utf-8")

    try:
        until(lambda: READY in said() or running.poll() is not None, told=said, patience=200)
        running.send_signal(signal.SIGINT)
        code = running.wait(60)
    finally:
        processes.stop(running, patience=30)
    told = said().replace(f":{port}", f":{shown}")
    if "--size" in asked and "--size" not in words:
        told = told.replace(f"Making {FEWER} customers", "Making 4,000 customers")
    return code, told


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def run_page(page: Page, folder: Path, shared: Shared) -> None:
    """Run every block of the page. Raises AssertionError naming the page and the line where it is wrong."""
    names: dict[str, Any] = {"__name__": "__main__"}
    blocks = page.blocks
    for place, block in enumerate(blocks):
        where = f"{page.name} line {block.line}"
        if block.language == "console":
            for command, expected in _commands(block, where):
                _run_command(command, expected, folder, shared, where)
        elif block.language == "python":
            printed = _run_python(block, folder, names, where)
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if following is not None and following.language == "text" and _right_below(page, block, following):
                compare(following.text, printed, f"{page.name} line {following.line}")
        elif len(block.info) == 2 and block.language != "sh":
            (folder / block.info[1]).write_text(block.text + "\n", encoding="utf-8")


def _right_below(page: Page, block: Block, following: Block) -> bool:
    between = page.text.split("\n")[block.line + block.text.count("\n") + 2 : following.line - 1]
    return not any(line.strip() for line in between)


def _commands(block: Block, where: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, continued lines joined, with the output shown below it."""
    lines = block.text.split("\n")
    assert lines[0].startswith("$ "), f"{where}: a console block begins with a command"
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        command, place = lines[start][2:], start + 1
        while command.endswith("\\"):
            command, place = command[:-1] + lines[place].strip(), place + 1
        yield command, "\n".join(lines[place:end])


def _run_command(command: str, expected: str, folder: Path, shared: Shared, where: str) -> None:
    words = shlex.split(command)
    if words[0] in ("winback", "./winback"):
        outcome = shared.run(words[1:], folder)
        code, output = outcome.code, outcome.output
    else:
        ran = subprocess.run(
            ["bash", "-c", command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        code, output = ran.returncode, ran.stdout
    wanted = 2 if any(line.startswith(("winback: ", "Error: ")) for line in expected.split("\n")) else 0
    assert code == wanted, f"{where}: `{command}` ended with {code}:\n{output}"
    if expected.strip():
        compare(expected, output, f"{where}, `{command}`")


def _run_python(block: Block, folder: Path, names: dict[str, Any], where: str) -> str:
    printed = io.StringIO()
    source = compile("\n" * block.line + block.text, where.split(maxsplit=1)[0], "exec")
    with _inside(folder), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        try:
            exec(source, names)
        except Exception:
            raise AssertionError(f"{where} fails:\n{traceback.format_exc()}") from None
    return printed.getvalue()


def compare(shown: str, printed: str, where: str) -> None:
    """Raise AssertionError where what is printed is not what the page shows."""
    parts = [_tidy_line(line) for line in shown.strip("\n").split("\n")]
    pattern = ""
    for line in parts:
        if line.strip() == "…":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += "[^\n]*".join(re.escape(part) for part in line.split("…")) + r"\n"
    got = "\n".join(_tidy_line(line) for line in printed.strip("\n").split("\n")) + "\n"
    assert re.fullmatch(pattern, got), f"{where}: the page shows\n{shown}\n--- and what is printed is\n{got}"


def _tidy_line(line: str) -> str:
    return line.rstrip()
