"""What two colleagues found in the sample company's comments."""

from __future__ import annotations

import pyarrow as pa

from winback.datasets.codings import FIRST, SECOND, UNKNOWN, coded


def test_a_quarter_is_coded_every_sixth_by_two_who_do_not_always_agree() -> None:
    ids = [f"r{n}" for n in range(160)]
    feedback = pa.table({"external_id": ids, "comment": [None if n % 2 else "words" for n in range(160)]})
    behind = [
        {0: "Easy app", 1: UNKNOWN, 2: "Nothing in particular"}.get(n // 2 % 16 // 4, "Fast line") for n in range(160)
    ]
    found = coded(feedback, pa.table({"external_id": ids, "theme": behind})).to_pylist()
    first = {row["external_id"]: row["theme"] for row in found if row["coder"] == FIRST}
    second = {row["external_id"]: row["theme"] for row in found if row["coder"] == SECOND}
    assert list(first) == [f"r{n}" for n in range(0, 160, 8)]
    assert [first["r0"], first["r8"], first["r16"], first["r24"]] == ["Easy app", None, None, "Fast line"]
    assert list(second) == ["r0", "r48", "r96", "r144"]
    assert all(first[one] == theme for one, theme in second.items()), "the fifth comment read twice would differ"


def test_the_fifth_comment_read_twice_is_found_differently() -> None:
    ids = [f"r{n}" for n in range(4 * 25)]
    themes = ["Fast line" if n % 8 else "Easy app" for n in range(100)]
    found = coded(
        pa.table({"external_id": ids, "comment": ids}), pa.table({"external_id": ids, "theme": themes})
    ).to_pylist()
    second = [row for row in found if row["coder"] == SECOND]
    first = {row["external_id"]: row["theme"] for row in found if row["coder"] == FIRST}
    assert [row["external_id"] for row in second if first[row["external_id"]] != row["theme"]] == ["r96"]
