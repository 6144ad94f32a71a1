"""What a decision rests on is kept as counts, from which it is computed again, number by number."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np

from winback.analysis.flareups_panel import Leaves
from winback.analysis.flareups_themes import NamedLeaves
from winback.server.redaction import Person
from winback.server.watch.reduced import decided, input_hash, restored, restored_named, stored, stored_named


def leaves(periods: int = 12) -> Leaves:
    """Two regions by two plans, 20 answers a week each; in the last two weeks 17 of 20 in North x A, 5 elsewhere."""
    answers = np.full((4, periods), 20.0)
    bad = np.array(
        [
            [17.0 if leaf == 0 and t >= periods - 2 else 4.0 + (t + leaf) % 2 for t in range(periods)]
            for leaf in range(4)
        ]
    )
    answers[3, 1] = bad[3, 1] = 0.0  # nobody there answered that week
    codes = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    return Leaves(
        by=("region", "plan"), values=(("North", "South"), ("A", "B")), codes=codes, answers=answers, bad=bad,
        balance=answers - 2 * bad, first=2900, every="week", last_day=dt.date(2026, 9, 20),
    )  # fmt: skip


def window() -> tuple[dt.date, dt.date]:
    """The last two weeks of `leaves`, in which North x A burns."""
    found = leaves()
    return found.start(10), found.start(11) + dt.timedelta(days=6)


PARAMS = {"measure": "detractors", "last": 1, "depth": 3, "false_rate": 0.1, "today": "2030-01-01", "acknowledged": []}


def test_counts_come_back_as_they_were() -> None:
    was = leaves()
    kept = json.loads(json.dumps(stored(was)))
    now = restored(kept)
    for name in ("codes", "answers", "bad", "balance"):
        assert np.array_equal(getattr(now, name), getattr(was, name)), name
    assert (now.by, now.values, now.first, now.every, now.last_day) == (
        was.by,
        was.values,
        was.first,
        was.every,
        was.last_day,
    )
    assert kept["shape"] == [4, 12]


def test_a_hash_tells_one_input_from_another() -> None:
    kept = stored(leaves())
    assert input_hash(kept) == input_hash(json.loads(json.dumps(kept)))
    assert len({input_hash(kept), input_hash(stored(leaves(13)))}) == 2


def test_the_same_counts_decide_the_same() -> None:
    kept = json.loads(json.dumps(stored(leaves())))
    first = decided(kept, PARAMS)
    assert first.table.num_rows == 1 and first.table.column("segment").to_pylist() == [["North", "A"]]
    assert decided(kept, PARAMS).table.equals(first.table)


def test_an_erasure_takes_names_out_and_leaves_the_counts() -> None:
    kept = stored(leaves())
    for name in ("North", "eda", "78d"):  # pieces that hexadecimal text is full of
        person = Person(1, (), (), (), (), (name,))
        less = person.without(kept)
        assert [less[part] for part in ("codes", "cells", "answers", "bad")] == [
            kept[part] for part in ("codes", "cells", "answers", "bad")
        ]
    less = Person(1, (), (), (), (), ("North",)).without(kept)
    assert less["values"][0] == ["[erased]", "South"]
    assert decided(less, PARAMS).table.column("segment").to_pylist() == [["[erased]", "A"]]


def test_who_names_what_is_kept_in_one_order_whatever_the_engine_s() -> None:
    cells = np.array([[1, 0, 3], [0, 2, 1], [0, 0, 7]])
    named, balance = np.array([4.0, 2.0, 1.0]), np.array([-4.0, 0.0, 1.0])
    first = stored_named(NamedLeaves(leaves(), ("bill", "queue"), cells, named, balance))
    other = stored_named(NamedLeaves(leaves(), ("bill", "queue"), cells[::-1], named[::-1], balance[::-1]))
    assert input_hash(first) == input_hash(other)
    now = restored_named(first)
    assert now.cells.tolist() == [[0, 0, 7], [0, 2, 1], [1, 0, 3]]
    assert (now.named.tolist(), now.balance.tolist()) == ([1.0, 2.0, 4.0], [1.0, 0.0, -4.0])
