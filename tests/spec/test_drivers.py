"""Drivers of the score, on every engine: figures by hand, who counts, blanks, segments, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import winback as wb
from tests.peers.engines import Backend
from tests.stats.worlds import ratings
from winback.stats.relative_importance import lmg

NAMES = ["support", "billing", "network"]


def answers(number: int = 240, *, holes: float = 0.0, seed: int = 1) -> pa.Table:
    rng = np.random.default_rng(seed)
    values = ratings(number, 3, rng)
    columns = {name: pa.array(values[:, place], mask=rng.random(number) < holes) for place, name in enumerate(NAMES)}
    plans = np.array(["Home", "Work"])[rng.integers(0, 2, number)]
    return pa.table({**columns, "plan": pa.array(plans.tolist()), "score": pa.array(values[:, 3])})


ANSWERS, HOLED = answers(), answers(holes=0.3)


def by_driver(found: Any) -> dict[str, dict[str, Any]]:
    return {row["driver"]: row for row in found.whole()}


def test_importance_is_lmg_of_the_answers() -> None:
    found = wb.drivers(ANSWERS, drivers=NAMES, replicates=100)
    values = np.column_stack([ANSWERS.column(name).to_numpy() for name in (*NAMES, "score")])
    parts = lmg(np.cov(values.T))
    rows = by_driver(found)
    assert [rows[name]["contribution"] for name in NAMES] == pytest.approx(parts.tolist(), abs=1e-9)
    assert sum(row["importance"] for row in rows.values()) == pytest.approx(1.0)
    assert sum(row["relative_weight"] for row in rows.values()) == pytest.approx(1.0)
    model = found.models.to_pylist()[0]
    assert model["r_squared"] == pytest.approx(float(parts.sum()))
    assert model["r_squared_low"] < model["r_squared"] < model["r_squared_high"]
    assert (model["answers"], model["complete"], model["method"]) == (240, 240, "lmg")
    support = rows["support"]
    assert (support["rank"], support["kind"], support["scale"]) == (1, "rating", "0-10")
    assert support["low"] < support["importance"] < support["high"]
    slope = np.cov(values[:, 0], values[:, 3])[0, 1] / values[:, 0].var(ddof=1)
    assert support["slope"] == pytest.approx(slope)
    assert support["dissatisfied"] == pytest.approx((values[:, 0] <= 6).mean())
    assert support["mean"] == pytest.approx(values[:, 0].mean())
    assert support["priority"] == pytest.approx(support["importance"] * support["dissatisfied"])


def test_the_same_on_every_engine_with_blanks_and_segments(backend: Backend) -> None:
    there = wb.drivers(backend(HOLED, "answers"), drivers=[*NAMES, "plan"], by=["plan"], replicates=60)
    here = wb.drivers(HOLED, drivers=[*NAMES, "plan"], by=["plan"], replicates=60)
    for one, other in zip(there.rows(), here.rows(), strict=True):
        assert one.keys() == other.keys()
        for name, value in one.items():
            assert value == (pytest.approx(other[name], abs=1e-6) if isinstance(value, float) else other[name]), name


def test_a_person_counts_once_by_the_latest_answer(backend: Backend) -> None:
    old = ANSWERS.set_column(4, "score", pa.array(np.zeros(240)))
    both = pa.concat_tables([old, ANSWERS])
    both = both.append_column("respondent", [[f"P{number}" for number in range(240)] * 2])
    both = both.append_column("local_date", [[dt.date(2026, 1, 1)] * 240 + [dt.date(2026, 2, 1)] * 240])
    found = wb.drivers(backend(both, "answers"), drivers=NAMES, replicates=50)
    again = wb.drivers(ANSWERS, drivers=NAMES, replicates=50)
    assert found.models.to_pylist()[0]["answers"] == 240
    assert by_driver(found)["support"]["importance"] == pytest.approx(by_driver(again)["support"]["importance"])


# ---- one engine is enough -----------------------------------------------------------------------------------------


def test_no_row_is_thrown_away() -> None:
    full, holed = wb.drivers(answers(3000), drivers=NAMES), wb.drivers(answers(3000, holes=0.4), drivers=NAMES)
    model = holed.models.to_pylist()[0]
    assert model["answers"] == 3000
    assert model["complete"] < 0.3 * 3000
    for name in NAMES:
        assert by_driver(holed)[name]["importance"] == pytest.approx(by_driver(full)[name]["importance"], abs=0.03)
        assert by_driver(holed)[name]["blank_share"] == pytest.approx(0.4, abs=0.03)
    assert holed.notes == ()


def test_a_category_counts_as_one_driver() -> None:
    table = answers(400).append_column("colour", [["red", "green", "blue", "grey"] * 100])
    score = table.column("score").to_numpy() + np.array([2.0, 0.0, 0.0, 0.0] * 100)
    table = table.set_column(table.column_names.index("score"), "score", pa.array(np.clip(score, 0, 10)))
    found = by_driver(wb.drivers(table, drivers=["support", "colour"], replicates=50))
    assert found["colour"]["kind"] == "category"
    assert found["colour"]["importance"] > 0.05
    assert (found["colour"]["slope"], found["colour"]["mean"], found["colour"]["dissatisfied"]) == (None, None, None)


def test_a_driver_that_does_not_vary_is_listed_without_a_figure() -> None:
    table = ANSWERS.append_column("same", [["x"] * 240])
    found = by_driver(wb.drivers(table, drivers=["support", "same"], replicates=50))
    assert (found["same"]["kind"], found["same"]["importance"], found["same"]["answered"]) == ("constant", None, 240)
    assert found["support"]["importance"] == pytest.approx(1.0)


def test_drivers_of_which_none_varies_are_no_word_on_the_score() -> None:
    table = ANSWERS.append_column("same", [["x"] * 240]).append_column("blank", [pa.nulls(240, pa.string())])
    assert wb.drivers(table, drivers=["same", "blank"]).summary() == "No driver varies: nothing can be said of them."


def test_a_score_that_does_not_vary_has_no_drivers() -> None:
    table = ANSWERS.set_column(4, "score", pa.array([9.0] * 240))
    found = wb.drivers(table, drivers=NAMES)
    assert found.summary() == "The score does not vary: nothing goes with it."
    assert found.models.to_pylist()[0]["r_squared"] is None


def test_where_one_is_best_better_is_still_more() -> None:
    table = ANSWERS.set_column(4, "score", pa.array(np.round(5 - ANSWERS.column("score").to_numpy() * 0.4)))
    found = by_driver(wb.drivers(table, drivers=["support"], scale="5-1", replicates=50))
    assert found["support"]["slope"] > 0


def test_drivers_where_one_is_best_are_turned_round() -> None:
    table = ANSWERS.set_column(0, "support", pa.array(np.round(5 - ANSWERS.column("support").to_numpy() * 0.4)))
    found = by_driver(wb.drivers(table, drivers=["support"], driver_scale="5-1", replicates=50))
    assert found["support"]["slope"] > 0
    assert found["support"]["scale"] == "5-1"
    assert found["support"]["dissatisfied"] == pytest.approx(float((table.column("support").to_numpy() >= 3).mean()))


def test_a_value_may_mean_no_answer() -> None:
    values = np.where(np.arange(240) % 4 == 0, 99.0, ANSWERS.column("support").to_numpy())
    table = ANSWERS.set_column(0, "support", pa.array(values))
    found = by_driver(wb.drivers(table, drivers=["support", "billing"], blank=["99"], replicates=50))
    assert (found["support"]["answered"], found["support"]["kind"]) == (180, "rating")


def test_weights_count(monkeypatch: pytest.MonkeyPatch) -> None:
    times = np.random.default_rng(3).integers(1, 4, 240)
    weighted = ANSWERS.append_column("w", pa.array(times.astype(float)))
    repeated = ANSWERS.take(pa.array(np.repeat(np.arange(240), times)))
    first = by_driver(wb.drivers(weighted, drivers=NAMES, weight="w", replicates=50))
    second = by_driver(wb.drivers(repeated, drivers=NAMES, replicates=50))
    for name in NAMES:
        assert first[name]["importance"] == pytest.approx(second[name]["importance"], abs=1e-9)
    monkeypatch.setattr("winback.analysis.drivers.MOST_ROWS", 10)  # equal rows are then taken together
    together = by_driver(wb.drivers(repeated, drivers=NAMES, replicates=50))
    assert together["support"]["importance"] == pytest.approx(second["support"]["importance"], abs=1e-9)


def test_blanks_that_go_with_the_score_are_told() -> None:
    table = answers(600)
    asked = table.column("score").to_numpy() < 7  # only who was unhappy was asked
    table = table.set_column(1, "billing", pa.array(table.column("billing").to_numpy(), mask=~asked))
    found = wb.drivers(table, drivers=NAMES, replicates=50)
    assert len(found.notes) == 1
    assert found.notes[0].startswith("Those who left “billing” blank score ")
    assert "better than those who answered it" in found.notes[0]
    nested = wb.drivers(table, drivers=NAMES, nested=["billing"], replicates=50)
    assert nested.notes == ()
    assert by_driver(nested)["billing"]["nested"] is True
    assert by_driver(nested)["billing"]["importance"] > by_driver(found)["billing"]["importance"]


def test_more_than_fifteen_drivers_go_by_relative_weights() -> None:
    values = ratings(900, 17, np.random.default_rng(5))
    table = pa.table({**{f"d{place}": values[:, place] for place in range(17)}, "score": values[:, 17]})
    found = wb.drivers(table, drivers=[f"d{place}" for place in range(17)], replicates=50)
    assert found.models.to_pylist()[0]["method"] == "relative_weights"
    assert [row["driver"] for row in found.whole()][:2] == ["d0", "d1"]
    assert found.whole()[0]["importance"] == pytest.approx(found.whole()[0]["relative_weight"])


def test_small_segments_have_no_figures() -> None:
    plans = pa.array(["Home"] * 200 + ["Work"] * 20 + [None] * 20)
    table = ANSWERS.set_column(3, "plan", plans)
    found = wb.drivers(table, drivers=NAMES, by="plan", replicates=50)
    models = {row["segment"][0] if row["by"] else "all": row["suppressed"] for row in found.models.to_pylist()}
    assert models == {"all": False, "Home": False, "Work": True, None: True}
    assert found.notes == ("2 segments have too few answers for these drivers and no figures.",)
    assert {tuple(row["segment"]) for row in found.rows()} == {(), ("Home",)}


def test_what_it_says() -> None:
    found = wb.drivers(HOLED, drivers=NAMES, replicates=50)
    assert found.summary().endswith("Association, not cause.")
    assert "of the differences in score go with these 3 drivers; most with support (" in found.summary()
    one = wb.drivers(HOLED, drivers="support", replicates=50)
    assert "go with this driver. Association" in one.summary()
    lines = str(found).split("\n")
    assert lines[0] == "Drivers of the score (association, not cause)"
    assert lines[2].split()[:2] == ["driver", "importance"]
    assert found.chart().description.startswith("Part of the explained score of 3 drivers")
    assert found.room_chart().description.startswith("Importance against dissatisfied of 3 ratings")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"drivers": []}, "at least one driver"),
        ({"drivers": ["colour"]}, 'has no column "colour"'),
        ({"drivers": ["score"]}, "cannot be its own driver"),
        ({"drivers": ["support"], "nested": ["app"]}, '"app" is said to be nested'),
        ({"drivers": ["support"], "driver_scale": "high"}, '--driver-scale "high" is not a range'),
        ({"drivers": ["support"], "since": dt.date(2026, 1, 1)}, "needs a date"),
    ],
)
def test_refusals(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(wb.UserError, match=says):
        wb.drivers(ANSWERS, **arguments)


def test_too_few_answers_are_refused() -> None:
    with pytest.raises(wb.UserError, match="25 answers are too few for 3 columns of drivers; 30 are needed"):
        wb.drivers(ANSWERS.slice(0, 25), drivers=NAMES)
    with pytest.raises(wb.UserError, match="1 answer is too few for 1 column of drivers; 10 are needed"):
        wb.drivers(ANSWERS.slice(0, 1), drivers=NAMES[:1])
    with pytest.raises(wb.UserError, match="No row has a score: "):
        wb.drivers(ANSWERS.slice(0, 0), drivers=NAMES)
    apart = ANSWERS.set_column(0, "support", pa.array(ANSWERS.column("support").to_numpy(), mask=np.arange(240) < 120))
    apart = apart.set_column(1, "billing", pa.array(apart.column("billing").to_numpy(), mask=np.arange(240) >= 125))
    with pytest.raises(wb.UserError, match='"support" and "billing" were answered together by 5'):
        wb.drivers(apart, drivers=["support", "billing"])
    rare = ANSWERS.set_column(0, "support", pa.array(ANSWERS.column("support").to_numpy(), mask=np.arange(240) > 5))
    with pytest.raises(wb.UserError, match='"support" was answered by 6'):
        wb.drivers(rare, drivers=NAMES)


def test_a_negative_weight_is_refused() -> None:
    weighted = ANSWERS.append_column("w", pa.array([-1.0] + [1.0] * 239))
    with pytest.raises(wb.UserError, match='weight "w" is negative'):
        wb.drivers(weighted, drivers=NAMES, weight="w")
