from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow.compute as pc
import pytest

from winback.datasets.comments import THEMES
from winback.datasets.follow_up import FIX, OTHER_FIX
from winback.tables import Tables


def test_every_answer_was_asked_for(tables: Tables) -> None:
    """An answered invitation and its answer name the same person and moment."""
    asked = tables.invitations.filter(tables.invitations["answered_at"].is_valid())
    assert asked.num_rows == tables.feedback.num_rows
    there = sorted(zip(asked["contact"].to_pylist(), asked["answered_at"].cast("int64").to_pylist(), strict=True))
    here = sorted(
        zip(
            tables.feedback["respondent"].to_pylist(),
            tables.feedback["occurred_at"].cast("int64").to_pylist(),
            strict=True,
        )
    )
    assert there == here


def test_an_invitation_was_sent_or_has_a_reason(tables: Tables) -> None:
    invitations = tables.invitations
    sent = invitations["sent_at"].is_valid()
    assert pc.all(pc.not_equal(sent, invitations["reason_not_sent"].is_valid())).as_py()
    assert pc.all(pc.equal(sent, invitations["delivered"].is_valid())).as_py()
    unsent = invitations.filter(pc.invert(sent))
    assert unsent["answered_at"].null_count == unsent.num_rows
    reasons = set(unsent["reason_not_sent"].unique().to_pylist())
    assert reasons == {"opt-out", "rest period", "quota", "stop reason"}
    delivered = invitations.filter(sent)["delivered"].to_numpy(zero_copy_only=False)
    assert delivered.mean() == pytest.approx(0.985, abs=0.01)
    bounced = invitations.filter(invitations["bounced"].is_valid())
    assert set(bounced["channel"].unique().to_pylist()) == {"email", "web"}


def test_cases_follow_low_marks(tables: Tables) -> None:
    scores = dict(zip(tables.feedback["external_id"].to_pylist(), tables.feedback["score"].to_pylist(), strict=True))
    rows = tables.cases.to_pylist()
    assert 2000 < len(rows) < 4500
    assert all(scores[row["feedback_id"]] <= 6 for row in rows)
    order = {"open": 0, "contacted": 1, "resolved": 2, "closed": 3}
    for row in rows:
        stage = order[row["status"]]
        assert (row["contacted_at"] is not None) == (stage >= 1)
        assert (row["closed_at"] is not None) == (stage == 3)
        assert row["contacted_at"] is None or row["contacted_at"] >= row["opened_at"]
        assert row["closed_at"] is None or row["closed_at"] > row["contacted_at"]
        assert row["root_cause"] is None or row["root_cause"] in THEMES
    assert {row["status"] for row in rows} == set(order)
    hours = [(row["contacted_at"] - row["opened_at"]).total_seconds() / 3600 for row in rows if row["contacted_at"]]
    assert np.median(hours) == pytest.approx(19, abs=2)


def test_cases_change_nothing(tables: Tables) -> None:
    """After a low mark the next one is no better with a case than without: what recovers, recovers by itself."""
    with_case = set(tables.cases["feedback_id"].to_pylist())
    rows = tables.feedback.filter(tables.feedback["score"].is_valid()).to_pylist()
    latest: dict[str, dict[str, object]] = {}
    after: dict[bool, list[float]] = {True: [], False: []}
    for row in rows:
        before = latest.get(row["respondent"])
        if before and before["score"] in (4.0, 5.0, 6.0) and before["local_date"] >= dt.date(2025, 7, 1):  # type: ignore[operator]
            after[before["external_id"] in with_case].append(row["score"])
        latest[row["respondent"]] = row
    assert min(len(scores) for scores in after.values()) > 250
    assert np.mean(after[True]) == pytest.approx(np.mean(after[False]), abs=0.6)


def test_issues_and_changes(tables: Tables) -> None:
    assert tables.issues.num_rows == 5
    assert tables.changes.select(["title", "effective_date", "segments"]).to_pylist() == [
        {"title": FIX, "effective_date": dt.date(2026, 2, 9), "segments": "region=West"},
        {"title": OTHER_FIX, "effective_date": dt.date(2026, 4, 13), "segments": "plan=Home Plus"},
    ]
    accepted = dict(zip(tables.issues["issue"].to_pylist(), tables.issues["accepted_date"].to_pylist(), strict=True))
    for row in tables.changes.to_pylist():
        assert row["effective_date"] - accepted[row["issue"]] == dt.timedelta(days=42)
