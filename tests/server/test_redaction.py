from __future__ import annotations

import pytest

from winback.server.redaction import GONE, Person

ANN = Person(1, (1,), (2,), ids=("C-1000", "7"), people=("7",), names=("Ann Zoë", "ann@example.com", "Al"))


@pytest.mark.parametrize(
    "text", ["Ann Zoë", " ann zoë ", "Dear ANN ZOË, hello", "to <ann@example.com>", "case of C-1000.", "c-1000", "Al"]
)
def test_found_in_texts(text: str) -> None:
    assert ANN.in_text(text)


@pytest.mark.parametrize("text", ["", "7", "C-10001", "Joann Zoë", "joann@example.com", "Also", "Ann"])
def test_not_found_where_somebody_else_is_meant(text: str) -> None:
    assert not ANN.in_text(text)


def test_found_and_taken_out_at_any_depth() -> None:
    stored = {"rows": [{"who": "Ann Zoë", "n": 7, "Ann Zoë": None}], "said": "by Ann Zoë (C-1000)"}
    assert ANN.holds(stored) and not ANN.holds({"n": 7, "who": ["Ben"]})
    assert ANN.without(stored) == {"rows": [{"who": GONE, "n": 7, GONE: None}], "said": f"by {GONE} ({GONE})"}
    assert ANN.without(None) is None


def test_needles_are_in_the_encodings_a_file_may_have() -> None:
    needles = ANN.needles()
    for encoding in ("utf-8", "cp1252", "utf-16-le"):
        assert "Ann Zoë".encode(encoding) in needles
    assert b"7" not in needles and b"Al" not in needles
