"""`winback --help` answers at once: what is heavy is imported when it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "altair",
    "django",
    "duckdb",
    "narwhals",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "pyspark",
    "scipy",
    "sklearn",
)

IMPORT = "import winback"
HELP = """
import sys
from winback.cli.main import run
sys.argv = ["winback", "--help"]
try:
    run()
except SystemExit as end:
    assert not end.code
"""
REPORT_HELP = HELP.replace('"--help"', '"report", "--help"')


@pytest.mark.parametrize("code", [IMPORT, HELP, REPORT_HELP], ids=["import", "help", "report --help"])
def test_nothing_heavy_is_imported(code: str) -> None:
    assert _heavy_modules_after(code) == []


def test_a_heavy_import_is_seen() -> None:
    assert "numpy" in _heavy_modules_after("import winback; winback.Bands")


def _heavy_modules_after(code: str) -> list[str]:
    ask = f"{code}\nimport sys\nprint('\\n'.join(m for m in {HEAVY!r} if m in sys.modules), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stderr.split()
