"""Arrow columns made from buffers, as Arrow itself would make them, without pandas."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from winback.connectors.csvfile.arrow import integers, spaces_around, strings, to_numpy

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("values", [[], [""], ["a", "", "süd", "日本", "😀", "a\x00b", "x" * 10_000]])
def test_strings(values: list[str]) -> None:
    column = strings(values)
    column.validate(full=True)
    assert column.equals(pa.array(values, pa.string()))


def test_half_of_a_pair_is_no_text() -> None:
    with pytest.raises(UnicodeEncodeError):
        strings(["\ud800"])


def test_integers() -> None:
    assert integers([1, -(2**63), 2**63 - 1]).to_pylist() == [1, -(2**63), 2**63 - 1]
    assert integers(np.array([3, 4])).equals(pa.array([3, 4]))
    assert len(integers([])) == 0


def test_to_numpy_sees_slices() -> None:
    assert list(to_numpy(pa.array([1, 2, 3, 4])[1:3])) == [2, 3]
    assert list(to_numpy(pa.array([2**63], pa.uint64()))) == [2**63]


def test_spaces_other_than_the_space() -> None:
    def around(*values: str) -> set[str]:
        return spaces_around(values, strings(values))

    assert around("a b", " c ", "x\ty", "é\u00a0é") == set()
    assert around("a\t", "\u00a0c", "é", "in\nside") == {"\t", "\u00a0"}
    assert around("\x1c ", " \u3000x \r\n", "\u200b") == {"\x1c", "\u3000", "\r", "\n"}


def test_reading_a_file_imports_no_pandas(tmp_path: Path) -> None:
    # It is installed here, and to import it takes longer than to read the file.
    (tmp_path / "a.csv").write_text("id,score,date,region\n1,9,2026-01-02,north\n2,12,1970-01-01,south\n")
    program = (
        "import sys; from winback.connectors.csvfile import *; "
        f"r = read_feedback({str(tmp_path / 'a.csv')!r}, None, Options(scale='0-10')); r.rejected_rows(); "
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=200).returncode == 0
