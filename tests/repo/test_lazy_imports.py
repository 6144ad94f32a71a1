"""`winback --help` answers at once: what is heavy is imported when it is used.

So nothing is imported but winback, click and Python's own library: a list of what is heavy would forget the next one.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

OURS = {"winback", "click"}

IMPORT = "import winback"
HELP = """
from winback.cli.main import run
sys.argv = ["winback", "--help"]
try:
    run()
except SystemExit as end:
    assert not end.code
"""
COMMAND_HELP = [HELP.replace('"--help"', f'"{name}", "--help"') for name in ("report", "themes", "drivers", "serve")]


@pytest.mark.parametrize("code", [IMPORT, HELP, *COMMAND_HELP], ids=["import", "help", "report", "themes", "drivers", "serve"])  # fmt: skip
def test_nothing_heavy_is_imported(code: str) -> None:
    assert _packages_after(code) <= OURS


def test_a_heavy_import_is_seen() -> None:
    assert "numpy" in _packages_after("import winback; winback.Bands")


def _packages_after(code: str) -> set[str]:
    """The packages that code imports, Python's own library left out."""
    asked = "{name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names"
    whole = f"import sys\nbefore = set(sys.modules)\n{code}\nprint(*({asked}), sep='\\n', file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return set(ran.stderr.split())
