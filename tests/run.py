"""What `./winback test` runs once .venv is there: system packages, then every check in order.

`./winback test` runs ruff, mypy, import-linter, the server's tests on PostgreSQL and then all of pytest, where the
server's tests run on SQLite; it stops at the first that fails.
`./winback test ARGS` runs pytest alone, with these arguments, from the folder you are in.
With CI=true a missing system package is a failure; elsewhere it is said, and the tests that need it are skipped.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI") == "true"

CHECKS = (
    ("ruff check", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("import-linter", ["lint-imports", "--no-logo"]),
)
PYTEST = ["pytest", "-n", "2", "--dist", "loadgroup"]
# the tests of processes start installations on both databases by themselves; Spark reads Parquet, whatever wrote it
ON_POSTGRES = [*PYTEST, "tests/server", "--ignore", "tests/server/processes", "-m", "not spark", "-q"]


@dataclass(frozen=True)
class Piece:
    """A program of the system that some tests need, and the Debian packages that bring it."""

    name: str
    packages: tuple[str, ...]
    here: Callable[[], bool]


def has_chromium() -> bool:
    return shutil.which("chromium") is not None


def has_dejavu() -> bool:
    return Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").exists()


def has_libatomic() -> bool:
    """Whether the Node that comes with Playwright can start: a bare Debian lacks this one library."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def has_java() -> bool:
    """Whether `java` is 17 or later, which Spark 4 needs."""
    home = os.environ.get("JAVA_HOME")
    java = f"{home}/bin/java" if home else "java"
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return False
    version = re.search(r'version "(\d+)', said)
    return version is not None and int(version.group(1)) >= 17


def has_postgres() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb") is not None


PIECES = (
    Piece("Chromium, for the browser tests", ("chromium",), has_chromium),
    Piece("the DejaVu fonts, for the browser tests", ("fonts-dejavu-core",), has_dejavu),
    Piece("libatomic, for the browser tests", ("libatomic1",), has_libatomic),
    Piece("Java 17, for the Spark tests", ("openjdk-17-jre-headless",), has_java),
    Piece("PostgreSQL, for the server's tests", ("postgresql", "postgresql-client"), has_postgres),
)


def missing() -> list[Piece]:
    return [piece for piece in PIECES if not piece.here()]


def may_install() -> list[str] | None:
    """The words to put before apt-get where this user may install packages without being asked, else None."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "--non-interactive"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0:
        return sudo
    return None


def provide_system_packages() -> None:
    """Install what is missing where we may; say what is missing where we may not, and fail if this is CI."""
    if not (gone := missing()):
        return
    packages = [package for piece in gone for package in piece.packages]
    prefix = may_install()
    if prefix is not None:
        heading(f"installing {' '.join(packages)}")
        # Debian's packages ask questions unless told not to; /usr/bin/env carries the word through sudo
        apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
        subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL, check=False)
        install = [*apt, "install", "--yes", "--no-install-recommends", *packages]
        subprocess.run(install, stdout=subprocess.DEVNULL, check=False)
        gone = missing()
    if gone:
        packages = [package for piece in gone for package in piece.packages]
        print(
            f"winback: missing: {'; '.join(piece.name for piece in gone)}.\n"
            f"winback: install what is missing (apt install {' '.join(packages)}), then run this again.",
            file=sys.stderr,
        )
    if gone and IN_CI:
        sys.exit(1)
    if gone:
        print("winback: until then, tests that need it are skipped.", file=sys.stderr)


def heading(text: str) -> None:
    print(f"== {text}", flush=True)


def command(words: list[str]) -> list[str]:
    """The command with its program taken from the venv this runs in."""
    return [str(BIN / words[0]), *words[1:]]


def check() -> None:
    """Run every check before pytest, in order, and stop at the first that fails."""
    for name, words in CHECKS:
        run(name, words)


def check_on_postgres() -> None:
    """Run the server's tests on a PostgreSQL of their own, where there is one: DATABASE_URL says where."""
    if not has_postgres():
        return
    sys.path.insert(0, str(ROOT))  # this file is a program, and tests.peers is beside it
    from tests.peers.postgres import Server

    with Server() as server:
        run("pytest tests/server on PostgreSQL", ON_POSTGRES, DATABASE_URL=server.url)


def run(name: str, words: list[str], **environ: str) -> None:
    """Run one check under its name, and end with its status if it fails."""
    heading(name)
    began = time.monotonic()
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    ran = subprocess.run(command(words), cwd=ROOT, env={**os.environ, "PATH": path, **environ}, check=False)
    print(f"   {'passed' if ran.returncode == 0 else 'FAILED'} after {time.monotonic() - began:.1f} s", flush=True)
    if ran.returncode != 0:
        sys.exit(ran.returncode)


def become_pytest(arguments: list[str]) -> None:
    """Replace this process, so that pytest's closing line is the last and Ctrl-C reaches it alone."""
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    words = command(["pytest", *arguments] if arguments else PYTEST)
    os.execv(words[0], words)


def main(arguments: list[str]) -> None:
    if not (arguments and Path.cwd().is_relative_to(ROOT)):
        os.chdir(ROOT)
    provide_system_packages()
    if not arguments:
        check()
        check_on_postgres()
        heading("pytest")
    become_pytest(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
