"""Names of columns."""

from __future__ import annotations

import pytest

from winback.connectors.csvfile.naming import either, find_by_name, names_in_frame, resolve, words_of
from winback.errors import UserError


@pytest.mark.parametrize(
    ("name", "words"),
    [("customerID", "customer id"), ("Customer-Id", "customer id"), ("customer_id", "customer id"), ("  NPS  Score ", "nps score"),
     ("Wie wahrscheinlich?", "wie wahrscheinlich"), ("Q1.2", "q1 2"), ("", ""), ("größeWert", "größe wert")],
)  # fmt: skip
def test_names_as_words(name: str, words: str) -> None:
    assert words_of(name) == words


def test_find_by_name_gives_all_that_match_the_strongest_pattern() -> None:
    patterns = {"x": ("a", "b.*")}
    assert find_by_name("x", ["b1", "b2"], patterns) == ["b1", "b2"]
    assert find_by_name("x", ["b1", "A", "a"], patterns) == ["A", "a"]
    assert find_by_name("x", ["c"], patterns) == []


def test_names_in_the_frame() -> None:
    by = ("Region", "region", "source", "Source", "score", "Chan nel", "rejected_because")
    assert names_in_frame(by, ["source", "score", "channel"], {"Chan nel": "channel"}) == {
        "Region": "Region", "region": "region (column)", "source": "source (column)", "Source": "Source (3)",
        "score": "score (column)", "Chan nel": "channel", "rejected_because": "rejected_because (column)",
    }  # fmt: skip


def test_a_column_is_resolved_in_any_spelling_if_only_one_can_be_meant() -> None:
    names = ["Customer ID", "Q 1", "q-1", "NPS"]
    assert resolve("customer_id", names, option="--customer", file="a.csv") == "Customer ID"
    assert resolve(" NPS ", names, option="--score", file="a.csv") == "NPS"
    assert resolve("q-1", names, option="--score", file="a.csv") == "q-1"
    with pytest.raises(
        UserError, match=r'several columns like "Q_1" \(--score\): "Q 1" or "q-1"; write the name exactly'
    ):
        resolve("Q_1", names, option="--score", file="a.csv")
    with pytest.raises(UserError, match=r'a.csv has no column "x" \(--by\); it has Customer ID, Q 1, q-1, NPS.'):
        resolve("x", names, option="--by", file="a.csv")


def test_a_choice_of_names() -> None:
    assert either(["a"]) == '"a"'
    assert either(["a", "b", "c"]) == '"a", "b" or "c"'
