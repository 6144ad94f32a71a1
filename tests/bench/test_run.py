"""The benchmark runs and its contenders agree; how long they take decides nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_contenders_agree_on_a_small_file() -> None:
    command = [
        sys.executable,
        str(ROOT / "bench" / "run.py"),
        "--rows",
        "3000",
        "--times",
        "1",
        "score",
        "month",
        "latest",
        "once",
    ]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert found.stdout.count("| winback |") == 4
    assert "does not agree" not in found.stderr
