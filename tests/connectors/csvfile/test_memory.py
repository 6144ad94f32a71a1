"""Large files in bounded memory: a process of its own reads one, and says what it took.

The files are small enough for every day, and so are the limits; WINBACK_LARGE=2000 reads one of 2,000 MB as it comes.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
LARGE = int(os.environ.get("WINBACK_LARGE", "0"))
SIZE = LARGE or 24  # MB

PROGRAM = """
import json, resource, sys, tempfile
import duckdb, pyarrow, pyarrow.compute, pyarrow.parquet, python_calamine
from winback.connectors.csvfile import Columns, Options, read_feedback, shelf
from winback.errors import UserError
from winback.connectors.reading import write_rejected
said = json.loads(sys.argv[1])
for name, value in said["limits"].items():
    setattr(shelf, name, value)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    reading = read_feedback(said["path"], Columns(**said.get("columns", {})), Options(scale="0-10"))
    answers = reading.tables.feedback.query("f", "SELECT count(*) FROM f GROUP BY ALL").fetchall()[0][0]
    found = {"rows": reading.rows, "answers": answers, "rejected": dict(reading.rejected)}
    if said.get("save"):
        found["saved"] = write_rejected(reading, said["save"])
except UserError as error:
    found = {"refused": str(error)}
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps({**found, "MB": grown // 1024}))
"""


def report_of(path: Path, *, memory: str = "100MB", in_memory: int = 4 << 20, **said: Any) -> dict[str, Any]:
    """What a process of its own says of reading the file, among it by how many MB it grew."""
    limits = {} if LARGE else {"IN_MEMORY": in_memory, "ROW_GROUP": 4 << 20}
    environment = {**os.environ, "WINBACK_MEMORY": "1200MB" if LARGE else memory, "PYTHONPATH": str(ROOT / "src")}
    words = [sys.executable, "-c", PROGRAM, json.dumps({"path": str(path), "limits": limits, **said})]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, timeout=800 if not LARGE else 3000)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def rows_of_text(count: int) -> bytes:
    rng = random.Random(1)
    words = [
        "the",
        "service",
        "was",
        "slow",
        "and",
        "nobody",
        "answered",
        "my",
        "call",
        "but",
        "the",
        "technician",
        "who",
        "came",
        "was",
        "kind",
    ]
    return "".join(
        f"C{rng.randrange(10**6):07},2026-0{1 + n % 9}-1{n % 10} 10:00:00,{n % 11},{['north', 'south'][n % 2]},"
        f'"{" ".join(rng.choices(words, k=12))}{", and a break" + chr(10) if n % 9 == 0 else ""}"\n'
        for n in range(count)
    ).encode()  # fmt: skip


def large_file(folder: Path, block: bytes, name: str = "large.csv") -> tuple[Path, int]:
    """The block again and again, below a header, to the size wanted; and how often it stands there."""
    path, times = folder / name, (SIZE << 20) // len(block) + 1
    with path.open("wb") as file:
        file.write(b"customer,date,score,region,comment\n")
        for _ in range(times):
            file.write(block)
    return path, times


def test_a_large_csv_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path, times = large_file(tmp_path, rows_of_text(10_000))
    said = report_of(path)
    assert (said["rows"], said["answers"], said["rejected"]) == (10_000 * times, 10_000 * times, {})
    # Besides the engine's share there is a chunk of Python's strings; nothing that grows with the file.
    assert said["MB"] < (1500 if LARGE else 280), said


def test_a_large_file_of_rejected_rows_is_read_and_saved_in_bounded_memory(tmp_path: Path) -> None:
    block = rows_of_text(5000).replace(b",south,", b",south,x,").replace(b" 10:00:00,7,", b" 10:00:00,seven,")
    path, times = large_file(tmp_path, block)
    said = report_of(path, save=str(tmp_path / "rejected.csv"))
    assert said["rejected"]["ragged_row"] == 2500 * times
    assert said["rejected"]["score_not_a_number"] > 0
    assert said["MB"] < (2000 if LARGE else 400), said


def test_a_bomb_in_gzip_ends_early(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(b"score,comment\n")
        for _ in range(100):
            file.write((b"9," + b"spam " * 200 + b"\n") * 1000)
    assert path.stat().st_size < 1 << 20
    said = report_of(path)
    assert "bomb.csv.gz unpacks to more than 200 times its size" in said["refused"]
    assert said["MB"] < 280


@pytest.mark.parametrize("name", ["line.csv", "line.csv.gz", "line.jsonl"])
def test_one_line_of_a_hundred_megabytes_ends_early(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with gzip.open(path, "wb", compresslevel=1) if name.endswith(".gz") else path.open("wb") as file:
        file.write(b'{"score": "' if "json" in name else b"score,comment\n9,")
        for _ in range(100):
            file.write(b"x y" * 350_000)
    said = report_of(path)
    assert "is longer than 4 million characters" in said["refused"]
    assert said["MB"] < 120, said


def test_a_quote_that_is_never_closed_does_not_gather_the_file(tmp_path: Path) -> None:
    path, times = large_file(tmp_path, b"C1,2026-01-01,9,north,fine\n" * 5000)
    with path.open("r+b") as file:
        file.seek(35)
        file.write(b'"')
    said = report_of(path)
    assert said["rejected"] == {"open_quote": 1}
    assert said["rows"] == 5000 * times
    assert said["MB"] < 280, said
