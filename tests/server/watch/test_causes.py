"""Where exactly a finding is, and what is left without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.server.watch.test_reduced import leaves, window
from winback.server.watch.causes import causes


def test_where_exactly_and_what_is_left_without_it() -> None:
    since, until = window()
    row = {"by": ["region"], "segment": ["North"], "since": since, "until": until, "expected_share": 0.225}
    found = causes(leaves(), row)
    assert [(one["by"], one["segment"], one["bad"], one["answers"]) for one in found["rows"]] == [
        (["region", "plan"], ["North", "A"], 34.0, 40.0)
    ]
    assert found["rest"] == {"bad": 9.0, "answers": 40.0, "expected": pytest.approx(9.0)}
    assert found["combinations"] == 2 + 2 + 4
    (around,) = found["around"]
    assert (around["by"], around["segment"], around["other"], around["bad"], around["answers"]) == (
        [],
        [],
        "region",
        18.0,
        80.0,
    )
    narrow = causes(leaves(), {**row, "by": ["region", "plan"], "segment": ["North", "A"]})["around"]
    assert [(one["by"], one["segment"], one["other"], one["answers"]) for one in narrow] == [
        (["plan"], ["A"], "region", 40.0), (["region"], ["North"], "plan", 40.0),
    ]  # fmt: skip
    assert narrow[1]["expected"] == pytest.approx(9.0), "4 or 5 of 20 a week, as in the ten weeks before"
    south = causes(leaves(), {**row, "segment": ["South"]})
    assert south["rows"] == [] and south["rest"] is None, "what burns elsewhere is no cause here"


def test_too_few_answers_before_it_are_looked_for_no_causes() -> None:
    found = leaves(3)
    row = {"by": [], "segment": [], "since": found.start(0), "until": found.start(2), "expected_share": 0.2}
    assert causes(found, row) == {}


def test_what_burns_elsewhere_or_bears_another_name() -> None:
    """Two fires in one window: North x A, and South x B; a third attribute says North x A by another name."""
    was = leaves()
    bad = was.bad.copy()
    bad[3, 10:] = 17.0
    code = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    made = replace(was, bad=bad, by=("region", "plan", "line"), values=(*was.values, ("Alpha", "Other")), codes=code)
    since, until = window()
    row = {"by": ["region", "plan"], "since": since, "until": until, "expected_share": 0.225}
    found = causes(made, {**row, "segment": ["South", "B"]})
    assert all("North" not in one["segment"] for one in found["rows"]), "the other fire is no cause of this one"
    made = replace(made, bad=was.bad)
    found = causes(made, {**row, "segment": ["North", "A"]})
    assert [(one["by"], one["segment"]) for one in found["rows"]] == [(["region", "plan"], ["North", "A"])]
