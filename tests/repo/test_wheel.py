"""`pip install .` gives the library and the command line whole, and without Django."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.repo.tracked import ROOT, tracked_files

UV = str(Path(sys.executable).parent / "uv")

pytestmark = pytest.mark.xdist_group("wheel")  # built once


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `pip install .` would build it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", str(folder), str(ROOT)], check=True)
    (made,) = folder.glob("*.whl")
    return made


def test_it_holds_every_file_of_the_package(wheel: Path) -> None:
    source = ROOT / "src"
    ours = {path.relative_to(source).as_posix() for path in tracked_files() if path.is_relative_to(source)}
    assert any(name.startswith("winback/report/templates/") for name in ours)
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("winback/")}
    assert held == ours


def test_it_carries_the_licence_and_does_not_ask_for_django(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = message_from_bytes(archive.read(next(n for n in names if n.endswith(".dist-info/METADATA"))))
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert metadata["License-Expression"] == "Apache-2.0"
    needed = [need for need in metadata.get_all("Requires-Dist", []) if "extra ==" not in need]
    assert any(need.startswith("duckdb") for need in needed)
    assert [need for need in needed if re.match(r"(?i)django|granian|psycopg", need)] == []


def test_it_installs_and_runs(wheel: Path, tmp_path: Path) -> None:
    """Into a folder of its own, with this venv's packages behind it."""
    install = [UV, "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path), str(wheel)]
    subprocess.run(install, check=True)
    code = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import winback
assert winback.__file__.startswith({str(tmp_path)!r}), winback.__file__
print(winback.nps.__name__, "django" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "nps False\n"), ran.stderr
    assert "winback.cli.main:run" in next(tmp_path.glob("winback-*.dist-info/entry_points.txt")).read_text()
