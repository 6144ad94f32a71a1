"""Who should hear from us first, and what customers say."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from winback.analysis.people import people, voices
from winback.analysis.tally import tally
from winback.analysis.worth import Worth

DAY = dt.date(2026, 3, 1)


def rows(*listed: tuple[float, str | None, str | None, int, str | None]) -> pa.Table:
    score, customer, respondent, days_ago, comment = zip(*listed, strict=True)
    return pa.table(
        {
            "score": score, "customer": pa.array(customer, pa.string()), "respondent": pa.array(respondent, pa.string()),
            "local_date": pa.array([DAY - dt.timedelta(days=days) for days in days_ago]), "comment": pa.array(comment, pa.string()),
            "region": ["North"] * len(listed),
        }
    )  # fmt: skip


TABLE = rows(
    (2.0, "acme", "ann", 5, "Nobody came, twice."),
    (6.0, "beta", "bob", 1, None),
    (3.0, "gamma", "cid", 9, "first"),
    (9.0, "gamma", "cid", 2, "much better now, thank you"),
    (1.0, "delta", "dan", 200, "long ago"),
    (0.0, None, None, 3, "nameless"),
)


def test_most_money_first_and_only_who_is_still_unhappy() -> None:
    worth = Worth(np.array(["acme", "beta", "gamma"], dtype=object), np.array([500, 70_000, 900_000]), None, "margin")
    found = people(TABLE, by=["region"], worth=worth, names={"beta": "Beta Ltd"})
    assert [(row["who"], row["score"], row["worth"], row["date"]) for row in found] == [
        ("Beta Ltd", 6.0, "7.00", "2026-02-28"),
        ("acme", 2.0, "0.05", "2026-02-24"),
    ]
    assert found[1]["segment"] == {"region": "North"}
    assert found[1]["comment"] == "Nobody came, twice."


def test_without_money_the_latest_first() -> None:
    assert [row["who"] for row in people(TABLE)] == ["beta", "acme"]
    assert [row["who"] for row in people(TABLE, recent=None)] == ["beta", "acme", "delta"]


def test_a_tally_spares_a_look_at_all_of_many_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    table = rows(*[(float(i % 10), f"c{i % 40}", f"p{i % 40}", i // 20, None) for i in range(1200)])
    counted = tally(table, unit="month", respondent=None)
    for many in (1, 7, 100, 5000):
        monkeypatch.setattr("winback.analysis.people.MANY", many)
        assert people(table, counted=counted) == people(table)
    assert people(TABLE, counted=tally(TABLE, unit="month")) == people(TABLE)


def test_words_that_say_nothing_are_no_words() -> None:
    found = people(
        rows((2.0, "acme", "ann", 1, "-"), (3.0, "beta", "bob", 2, "n/a"), (4.0, "gamma", "cid", 3, "the bill"))
    )
    assert [(row["who"], row["comment"]) for row in found] == [("acme", None), ("beta", None), ("gamma", "the bill")]


def test_nobody_can_be_named() -> None:
    assert people(TABLE.drop_columns(["customer", "respondent"])) == []


def test_voices_are_the_latest_telling_words_of_each_band() -> None:
    found = voices(TABLE)
    assert [row["comment"] for row in found["detractor"]] == ["Nobody came, twice."]  # "first" says too little
    assert [row["comment"] for row in found["promoter"]] == ["much better now, thank you"]
    assert found["passive"] == []


def test_the_same_sentence_is_read_once() -> None:
    table = rows(*[(0.0, f"c{i}", f"p{i}", i, "Recommended to nobody!") for i in range(9)])
    assert len(voices(table)["detractor"]) == 1


def test_no_comments_no_voices() -> None:
    assert voices(TABLE.drop_columns(["comment"])) == {"detractor": [], "passive": [], "promoter": []}
