"""A codebook that is damaged, foreign or of a newer version is refused in a sentence."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from winback.analysis.codebook_checks import check_schema, check_vectors
from winback.errors import UserError

SCHEMA = "winback.codebook/1"


def halves(*values: float) -> str:
    return base64.b64encode(np.array(values, dtype="<f2").tobytes()).decode()


WHOLE: dict[str, Any] = {
    "middle": halves(0, 1), "middles": {"de": halves(1, 0)}, "centres": {"late": halves(0.5, 0.5)}, "metric": halves(1, 0, 1),
    "landmarks": base64.b64encode(bytes([1, 2, 3, 4])).decode(),
}  # fmt: skip


def test_what_is_whole_passes() -> None:
    check_vectors(WHOLE)
    check_vectors({})
    check_vectors({"middle": "", "centres": {}, "metric": "", "landmarks": ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("middle", "@@@"), ("middle", 5), ("centres", "x"), ("centres", {"late": ""}), ("centres", {"late": 5}), ("centres", {"late": "AAA"}),
        ("centres", {"late": halves(float("nan"), 1)}), ("metric", "AAAA"), ("metric", halves(1, 0)), ("landmarks", "AAA"),
        ("landmarks", base64.b64encode(bytes([1, 2, 3])).decode()),
    ],
)  # fmt: skip
def test_what_is_damaged_is_named(name: str, value: object) -> None:
    with pytest.raises(UserError, match=f'its "{name}" are no vectors'):
        check_vectors({**WHOLE, name: value})


def test_vectors_are_of_one_length() -> None:
    with pytest.raises(UserError, match="not all of one length"):
        check_vectors({**WHOLE, "centres": {"late": halves(1, 2, 3)}})


@pytest.mark.parametrize("told", [None, 1, "", "winback.report/1", "winback.codebook/x"])
def test_another_file_is_no_codebook(told: object) -> None:
    with pytest.raises(UserError, match="no codebook of winback"):
        check_schema(told, SCHEMA)


def test_a_newer_one_says_so() -> None:
    check_schema(SCHEMA, SCHEMA)
    with pytest.raises(UserError, match="written by a newer winback"):
        check_schema("winback.codebook/2", SCHEMA)
