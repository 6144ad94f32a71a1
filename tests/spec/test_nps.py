"""The score, on every engine: a tiny table in, exact numbers out."""

from __future__ import annotations

import datetime as dt

import pytest

import winback as wb
from tests.peers.engines import Backend
from tests.spec.answers import answers
from winback.analysis.tally import tally
from winback.errors import UserError

TEN = answers("""
    score  region
    10     North
    9      North
    8      North
    7      South
    6      South
    0      South
    .      South
    10     .
    3      .
    9      North
""")


def cell(answers: int, promoters: int, passives: int, detractors: int, nps: float) -> dict[str, object]:
    return {"answers": answers, "promoters": promoters, "passives": passives, "detractors": detractors, "nps": nps}


def without_interval(row: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if key not in ("low", "high", "suppressed")}


def test_the_whole(backend: Backend) -> None:
    # 4 promoters and 3 detractors of 9 answered; the blank is outside N. 100 (1/12 +- 1.95996 sqrt((8.5/12 - 1/144) / 12))
    row = wb.nps(backend(TEN, "ten"), minimum=1).rows()[0]
    assert without_interval(row) == {**cell(9, 4, 2, 3, pytest.approx(100 / 9)), }  # fmt: skip
    assert (row["low"], row["high"]) == (pytest.approx(-39.0512, abs=1e-4), pytest.approx(55.7179, abs=1e-4))


def test_by_an_attribute_with_blanks_as_a_group(backend: Backend) -> None:
    rows = wb.nps(backend(TEN, "ten"), by=["region"], minimum=1).rows()
    assert [without_interval(row) for row in rows] == [
        {"region": "North", **cell(4, 3, 1, 0, 75.0)},
        {"region": "South", **cell(3, 0, 1, 2, pytest.approx(-200 / 3))},
        {"region": None, **cell(2, 1, 0, 1, 0.0)},
    ]


def test_of_a_group_under_the_minimum_only_how_many_answered_is_said(backend: Backend) -> None:
    rows = wb.nps(backend(TEN, "ten"), by=["region"], minimum=4).rows()
    hidden = dict.fromkeys(("promoters", "passives", "detractors", "nps", "low", "high"))
    assert rows[1:] == [
        {"region": "South", "answers": 3, **hidden, "suppressed": True},
        {"region": None, "answers": 2, **hidden, "suppressed": True},
    ]
    assert rows[0]["suppressed"] is False


def test_a_whole_that_small_keeps_its_counts(backend: Backend) -> None:
    row = wb.nps(backend(TEN, "ten")).rows()[0]
    assert (row["answers"], row["promoters"], row["detractors"], row["nps"], row["suppressed"]) == (9, 4, 3, None, True)


PERSONS = answers("""
    score  respondent  local_date  source  external_id  row_number
    0      ann         2026-01-05  s       1            1
    10     ann         2026-02-05  s       2            2
    9      bob         2026-02-01  s       9            3
    2      bob         2026-02-01  s       10           4
    7      cid         2026-02-03  a       5            5
    3      cid         2026-02-03  b       4            6
    8      .           2026-02-09  s       6            7
    8      .           2026-02-09  s       7            8
    1      dan         2026-03-01  s       8            9
    10     dan         2026-03-01  s       8            10
""")


def test_a_person_counts_once_by_the_latest_answer(backend: Backend) -> None:
    # ann: February. bob: ids are text, "9" comes after "10". cid: source b. dan: the last row. Nameless: each.
    row = wb.nps(backend(PERSONS, "persons"), minimum=1).rows()[0]
    assert without_interval(row) == cell(6, 3, 2, 1, pytest.approx(100 / 3))


def test_answers_that_tie_in_all_but_an_attribute_count_alike_on_every_engine(backend: Backend) -> None:
    ties = answers("score  respondent  local_date  region\n" + "\n".join(
        f"5  p{i // 2}  2026-01-01  {('North', 'South')[i % 2]}" for i in range(40)
    ))  # fmt: skip
    once = wb.nps(backend(ties, "ties"), by=["region"], minimum=1).rows()
    assert {row["region"]: row["answers"] for row in once} == {"South": 20}
    monthly = tally(backend(ties, "ties"), by=["region"], unit="month")
    assert {row["region"]: row["answers"] for row in wb.nps(monthly, by=["region"]).rows()} == {"South": 20}


def test_the_latest_answer_is_the_latest_in_the_window(backend: Backend) -> None:
    row = wb.nps(backend(PERSONS, "persons"), until=dt.date(2026, 1, 31), minimum=1).rows()[0]
    assert without_interval(row) == cell(1, 0, 0, 1, -100.0)
    row = wb.nps(backend(PERSONS, "persons"), since=dt.date(2026, 2, 2), until=dt.date(2026, 2, 28), minimum=1).rows()[
        0
    ]
    assert without_interval(row) == cell(4, 1, 2, 1, 0.0)


def test_without_a_person_every_answer_counts(backend: Backend) -> None:
    row = wb.nps(backend(PERSONS, "persons"), respondent=None, minimum=1).rows()[0]
    assert without_interval(row) == cell(10, 3, 3, 4, -10.0)


def test_design_weights(backend: Backend) -> None:
    weighted = answers("""
        score  weight
        10     1
        10     1
        8      4
        0      2
    """)
    row = wb.nps(backend(weighted, "weighted"), weight="weight", minimum=1).rows()[0]
    # (2 - 2) / 8; n_eff = 8^2 / (1 + 1 + 16 + 4)
    assert (row["nps"], row["n_eff"]) == (0.0, pytest.approx(64 / 22))
    assert (row["promoter_share"], row["passive_share"], row["detractor_share"]) == (0.25, 0.5, 0.25)
    assert row["answers"] == 4


def test_a_reversed_scale(backend: Backend) -> None:
    stars = answers("""
        score
        1
        1
        2
        3
        5
    """)
    row = wb.nps(backend(stars, "stars"), scale="5-1", minimum=1).rows()[0]
    assert without_interval(row) == cell(5, 2, 1, 2, 0.0)


def test_how_often_each_score_was_given(backend: Backend) -> None:
    found = wb.nps(backend(TEN, "ten")).distribution()
    assert [(row["score"], row["answers"], row["band"]) for row in found] == [
        (0.0, 1, "detractor"), (3.0, 1, "detractor"), (6.0, 1, "detractor"), (7.0, 1, "passive"), (8.0, 1, "passive"),
        (9.0, 2, "promoter"), (10.0, 2, "promoter"),
    ]  # fmt: skip


def test_a_score_off_the_scale_is_told(backend: Backend) -> None:
    with pytest.raises(UserError, match="The score 0 is outside the scale 1-5"):
        wb.nps(backend(TEN, "ten"), scale="1-5")


def test_a_missing_column_is_told(backend: Backend) -> None:
    with pytest.raises(UserError, match='no column "plan"'):
        wb.nps(backend(TEN, "ten"), by=["plan"])
