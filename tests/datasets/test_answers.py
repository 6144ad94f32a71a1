from __future__ import annotations

from zoneinfo import ZoneInfo

import pyarrow.compute as pc

from winback.datasets import Truths, world
from winback.tables import Tables


def test_the_local_date_is_that_of_dublin(tables: Tables) -> None:
    zone = ZoneInfo("Europe/Dublin")
    rows = tables.feedback.select(["occurred_at", "local_date"]).slice(0, 12_000).to_pylist()
    assert all(row["occurred_at"].astimezone(zone).date() == row["local_date"] for row in rows)
    hours = {row["occurred_at"].astimezone(zone).hour for row in rows}
    assert min(hours) >= 7
    assert max(hours) <= 22


def test_rows_are_numbered_by_time(tables: Tables) -> None:
    feedback = tables.feedback
    assert feedback["row_number"].to_pylist() == list(range(1, feedback.num_rows + 1))
    at = feedback["occurred_at"].to_numpy()
    assert (at[1:] >= at[:-1]).all()
    assert feedback["external_id"].to_pylist()[:2] == ["F-0000001", "F-0000002"]


def test_a_skipped_question_has_neither_score_nor_comment(tables: Tables) -> None:
    skipped = tables.feedback.filter(tables.feedback["score"].is_null())
    assert 0.01 < skipped.num_rows / tables.feedback.num_rows < 0.02
    assert skipped["comment"].null_count == skipped.num_rows


def test_the_channel_of_a_person_stays(tables: Tables) -> None:
    pairs = tables.feedback.group_by(["respondent", "channel"]).aggregate([])
    assert pairs.num_rows == len(tables.feedback["respondent"].unique())


def test_touchpoints_stand_with_transactional_surveys_only(tables: Tables) -> None:
    feedback = tables.feedback
    about = pc.equal(feedback["survey"], "transactional")
    assert pc.all(pc.equal(about, feedback["touchpoint"].is_valid())).as_py()
    assert set(feedback["touchpoint"].drop_null().unique().to_pylist()) == set(world.TOUCHPOINTS)
    assert set(feedback["journey_stage"].unique().to_pylist()) == set(world.JOURNEY)
    home = feedback.filter(pc.equal(feedback["plan"], "Home"))
    assert set(home["product"].unique().to_pylist()) == {"Fibre 150", "Fibre 500"}


def test_every_comment_has_a_theme_and_no_blank_has(tables: Tables, truths: Truths) -> None:
    written = tables.feedback.filter(tables.feedback["comment"].is_valid())
    assert written["external_id"].to_pylist() == truths.themes["external_id"].to_pylist()
    assert pc.all(pc.equal(written["language"].is_valid(), True)).as_py()


def test_a_comment_names_the_score_that_was_given(tables: Tables) -> None:
    rows = tables.feedback.filter(
        pc.match_substring_regex(tables.feedback["comment"], r"^Hence the \d|Hence the \d+\.$")
    )
    assert rows.num_rows > 20
    assert all(f"Hence the {int(row['score'])}" in row["comment"] for row in rows.to_pylist())
