"""The script ./winback, run against stand-ins for Python's venv, pip and uv, so that it needs no network.

The stand-ins do what the script relies on: `-m venv` makes bin/python, pip makes bin/uv, and uv makes bin/winback.
Everything else, such as locks and versions, is asked of the real Python. A fresh clone with the real ones is set up by
CI itself, whenever it runs `./winback test`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "winback"
TOOLS = [
    "sh",
    "dirname",
    "readlink",
    "sha256sum",
    "cat",
    "cut",
    "rm",
    "mv",
    "find",
    "mkdir",
    "date",
    "sed",
    "env",
    "cp",
    "chmod",
    "sleep",
]

PYTHON = r"""#!/bin/sh
case "$1 $2" in
"-m venv")
    echo "venv" >>"$CALLS"
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    if [ -e "$TROUBLE/venv" ]; then exit 1; fi
    ;;
"-m pip")
    echo "pip $*" >>"$CALLS"
    if [ -e "$TROUBLE/pip" ]; then exit 1; fi
    cp "$STANDINS/uv" "${0%/*}/uv"
    ;;
"-c "* | "--version ") exec "$REAL" "$@" ;;
*) echo "python ${*##*/} in $PWD" ;;
esac
"""

UV = r"""#!/bin/sh
if [ "$1" = --version ]; then exit 0; fi
echo "uv $*" >>"$CALLS"
if [ -e "$TROUBLE/uv hangs" ]; then sleep 20; fi
if [ -e "$TROUBLE/uv is slow" ]; then sleep 1; fi
if [ -e "$TROUBLE/uv fails" ]; then echo "error: no route to host"; exit 2; fi
printf ' + a-package==1.0\nInstalled 1 package\n'
cp "$STANDINS/winback" "$UV_PROJECT_ENVIRONMENT/bin/winback"
"""

WINBACK = """#!/bin/sh
echo "winback $* in $PWD"
if [ "$1" = called ]; then echo "called $WINBACK_COMMAND"; fi
"""

OTHER_PYTHON = """#!/bin/sh
if [ "$1" = --version ]; then echo Python 3.13.2; else exit 1; fi
"""

NO_VENV_PYTHON = """#!/bin/sh
case "$2" in
*ensurepip*) exit 1 ;;
*) exec "$REAL" "$@" ;;
esac
"""


@dataclass
class Machine:
    """A clone with the script in it, and a PATH with what a bare Debian has and the Python given."""

    folder: Path
    clone: Path = field(init=False)

    def __post_init__(self) -> None:
        self.clone = self.folder / "a clone"  # with a space
        for each in (self.clone, self.bin, self.standins, self.trouble):
            each.mkdir()
        shutil.copy(SCRIPT, self.clone / "winback")
        (self.clone / "pyproject.toml").write_text("[project]\n")
        (self.clone / "uv.lock").write_text("version = 1\n")
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (self.bin / tool).symlink_to(found)
        self._program(self.standins / "uv", UV)
        self._program(self.standins / "winback", WINBACK)

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    @property
    def standins(self) -> Path:
        return self.folder / "standins"

    @property
    def trouble(self) -> Path:
        return self.folder / "trouble"

    @property
    def venv(self) -> Path:
        return self.clone / ".venv"

    def python(self, text: str = PYTHON, *, name: str = "python3.11") -> None:
        self._program(self.bin / name, text)

    def calls(self) -> list[str]:
        """What was asked of venv, pip and uv, in order, by its first words."""
        log = self.folder / "calls"
        return [line.split(" --", 1)[0] for line in log.read_text().splitlines()] if log.exists() else []

    def last_sync(self) -> str:
        return (self.folder / "calls").read_text().splitlines()[-1]

    def start(self, *arguments: str, script: str = "", cwd: Path | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [script or str(self.clone / "winback"), *arguments],
            cwd=cwd or self.folder,
            env={
                "PATH": str(self.bin),
                "REAL": sys.executable,
                "CALLS": str(self.folder / "calls"),
                "STANDINS": str(self.standins),
                "TROUBLE": str(self.trouble),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that a test can press Ctrl-C on the script and all it started
        )

    def run(self, *arguments: str, script: str = "", cwd: Path | None = None) -> Ran:
        process = self.start(*arguments, script=script, cwd=cwd)
        out, err = process.communicate(timeout=200)
        return Ran(process.returncode, out, err)

    def _program(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    made.python()
    return made


def test_the_first_run_sets_up_and_later_runs_go_straight_on(machine: Machine) -> None:
    first = machine.run("demo", "--size", "small")
    assert first.status == 0, first.err
    assert first.out == f"winback demo --size small in {machine.folder}\n"
    assert machine.calls() == ["venv", "pip -m pip install", "uv"]
    assert "making .venv with Python 3.11" in first.err
    assert "a-package" not in first.err

    second = machine.run("demo")
    assert (second.out, second.err) == (f"winback demo in {machine.folder}\n", "")
    assert len(machine.calls()) == 3


def test_uv_is_pinned_and_obeys_the_lock(machine: Machine) -> None:
    machine.run("demo")
    log = (machine.folder / "calls").read_text()
    assert "uv==0.13.8" in log
    assert "sync --frozen --no-dev --extra server --inexact" in machine.last_sync()


@pytest.mark.parametrize("how", ["symlink", "relative", "path"])
def test_it_works_from_anywhere(machine: Machine, how: str) -> None:
    elsewhere = machine.folder / "else where"
    elsewhere.mkdir()
    link = elsewhere / "wb"
    link.symlink_to(Path("..") / "a clone" / "winback")
    (machine.bin / "winback").symlink_to(machine.clone / "winback")
    script = {"symlink": str(link), "relative": "../a clone/winback", "path": "winback"}[how]
    words = ["sh", "-c", f'"{script}" report feedback.csv']
    ran = machine.run(*words[1:], script=str(machine.bin / "sh"), cwd=elsewhere)
    assert (ran.status, ran.out) == (0, f"winback report feedback.csv in {elsewhere}\n"), ran.err
    assert sorted(path.name for path in elsewhere.iterdir()) == ["wb"]


def test_arguments_pass_through_as_they_are(machine: Machine) -> None:
    ran = machine.run("report", "a b.csv", "--by", "*")
    assert ran.out == f"winback report a b.csv --by * in {machine.folder}\n"


def test_winback_is_told_how_it_was_called(machine: Machine) -> None:
    ran = machine.run("-c", "./winback called", script=str(machine.bin / "sh"), cwd=machine.clone)
    assert ran.out.splitlines()[1] == "called ./winback", ran.err


def test_without_python_it_says_what_to_install(tmp_path: Path) -> None:
    ran = Machine(tmp_path).run("demo")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == (
        "winback: winback needs Python 3.11; here is no Python. "
        "Install it (on Debian 12: apt install python3 python3-venv), then run this again.\n"
    )


def test_with_another_python_it_says_which(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.python(OTHER_PYTHON, name="python3")
    ran = machine.run("demo")
    assert ran.status == 1
    assert "needs Python 3.11; here is Python 3.13.2. Install it" in ran.err


def test_without_the_venv_module_it_says_what_to_install(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.python(NO_VENV_PYTHON, name="python3")
    ran = machine.run("demo")
    assert (ran.status, ran.out) == (1, "")
    assert "apt install python3-venv" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not machine.venv.exists()


@pytest.mark.parametrize(
    ("trouble", "said", "made_anew"),
    [
        ("venv", "could not make .venv", True),
        ("pip", "could not install uv 0.13.8 with pip", True),
        ("uv fails", "error: no route to host", False),
        ("uv fails", "could not install the packages", False),
    ],
)
def test_a_step_that_fails_says_so_and_can_be_run_again(
    machine: Machine, trouble: str, said: str, *, made_anew: bool
) -> None:
    (machine.trouble / trouble).touch()
    failed = machine.run("demo")
    assert (failed.status, failed.out) == (1, "")
    assert said in failed.err
    assert "run this again" in failed.err

    (machine.trouble / trouble).unlink()
    again = machine.run("demo")
    assert again.status == 0, again.err
    assert machine.calls().count("venv") == (2 if made_anew else 1)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_broken_off_while_packages_go_in_it_begins_anew(machine: Machine, by: signal.Signals) -> None:
    hang = machine.trouble / "uv hangs"
    hang.touch()
    process = machine.start("demo")
    wait_until(lambda: "uv" in machine.calls())
    os.killpg(process.pid, by)
    out, err = process.communicate(timeout=200)
    assert process.returncode != 0
    assert out == ""
    if by is signal.SIGINT:
        assert process.returncode == 130
        assert err.endswith("winback: broken off. Run the same again: it goes on from here.\n")

    hang.unlink()
    again = machine.run("demo")
    assert (again.status, again.out) == (0, f"winback demo in {machine.folder}\n"), again.err
    assert machine.calls().count("venv") == 2


def test_a_half_made_venv_is_made_anew(machine: Machine) -> None:
    """As after a power cut: there is a bin/python and a uv, but no word that they are whole."""
    (machine.venv / "bin").mkdir(parents=True)
    shutil.copy(machine.bin / "python3.11", machine.venv / "bin" / "python")
    shutil.copy(machine.standins / "uv", machine.venv / "bin" / "uv")
    (machine.venv / "half").touch()
    assert machine.run("demo").status == 0
    assert "venv" in machine.calls()
    assert not (machine.venv / "half").exists()


def test_a_clone_that_was_moved_is_set_up_anew(machine: Machine) -> None:
    """Programs in a venv name the folder they were installed in."""
    machine.run("demo")
    machine.clone = machine.clone.rename(machine.folder / "moved")
    assert machine.run("demo").status == 0
    assert machine.calls().count("venv") == 2


@pytest.mark.parametrize("changed", ["uv.lock", "pyproject.toml"])
def test_changed_requirements_are_installed_into_the_same_venv(machine: Machine, changed: str) -> None:
    machine.run("demo")
    with (machine.clone / changed).open("a") as file:
        file.write("# changed\n")
    ran = machine.run("demo")
    assert ran.status == 0
    assert machine.calls() == ["venv", "pip -m pip install", "uv", "uv"]


def test_two_at_once_set_up_once(machine: Machine) -> None:
    (machine.trouble / "uv is slow").touch()
    first = machine.start("demo", "1")
    wait_until(lambda: "uv" in machine.calls())
    second = machine.run("demo", "2")
    assert f"waiting: process {first.pid} is setting up already" in second.err
    assert second.out == f"winback demo 2 in {machine.folder}\n"
    assert first.communicate(timeout=200)[0] == f"winback demo 1 in {machine.folder}\n"
    assert machine.calls() == ["venv", "pip -m pip install", "uv"]


def test_a_lock_left_behind_holds_nobody_up(machine: Machine) -> None:
    machine.venv.mkdir()
    (machine.venv / ".winback-lock").write_text("1\n")  # a process that lives, but sets nothing up
    ran = machine.run("demo")
    assert ran.status == 0
    assert "waiting" not in ran.err


def test_tests_get_their_own_packages_which_later_commands_keep(machine: Machine) -> None:
    machine.run("demo")
    tested = machine.run("test", "-k", "nps")
    assert tested.out == f"python run.py -k nps in {machine.folder}\n"
    assert machine.calls().count("uv") == 2
    assert "--no-dev" not in machine.last_sync()

    machine.run("demo")
    assert machine.run("bench").out == f"python run.py in {machine.folder}\n"
    assert machine.calls().count("uv") == 2


def test_help_on_the_tests_sets_nothing_up(machine: Machine) -> None:
    for asked in ("-h", "--help"):
        ran = machine.run("test", asked)
        assert (ran.status, ran.err, machine.calls()) == (0, "", [])
        assert "./winback test ARGS     pytest alone" in ran.out


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
