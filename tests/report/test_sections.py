"""What the boxes are given: groups, rounded parts, facts."""

from typing import Any

import pytest

from tests.report import documents
from tests.report.figures import cell
from winback.report import sections, words


@pytest.mark.parametrize("name", documents.everything())
def test_every_document_has_a_view(name: str) -> None:
    view = sections.context(documents.everything()[name])
    assert view["as_of"] == "Thu 19 Nov 2026, 13:05"


def test_segments_are_ranked_by_the_steadied_score_and_few_answers_come_last() -> None:
    pairs = sections.groups(documents.full()["segments"], 21.0)[2]
    assert pairs["title"] == "region × plan"
    steadied = [row["shrunk_nps"] for row in pairs["rows"] if row["shrunk_nps"] is not None]
    assert steadied == sorted(steadied)
    assert pairs["rows"][-1]["suppressed"]


def test_long_groups_are_cut_and_say_so() -> None:
    group = sections.groups(documents.many(1, 90)["segments"], 21.0)[0]
    assert (len(group["rows"]), group["all"], group["left"]) == (60, 90, 30)


def test_the_change_adds_up_as_it_is_written() -> None:
    moved = sections.moved(documents.full()["decompose"])
    assert moved is not None
    *rows, whole = moved["rows"]
    assert whole["sum"] and words.signed(whole["total"], 1) == "−3.0"
    for name in ("rate", "mix", "total"):
        assert sum(row[name] for row in rows) == pytest.approx(whole[name], abs=1e-9)
    for row in rows:
        assert row["rate"] + row["mix"] == pytest.approx(row["total"], abs=1e-9)
    assert rows[-1]["label"] == "The other 6 segments"


def test_no_change_no_box() -> None:
    assert sections.moved(None) is None


def test_trend_has_a_figure_for_each_unit() -> None:
    doc = documents.full()
    weeks = [dict(row, unit="week") for row in doc["trend"][:3]]
    figures = sections.trend_figures(doc | {"trend": doc["trend"] + weeks})
    assert [figure["title"] for figure in figures] == ["Month by month", "Week by week"]
    assert figures[0]["rows"][0]["partial"]
    assert figures[0]["caption"].startswith("The latest answer of each person in the month. The open point is")


def test_one_period_is_told_but_not_drawn() -> None:
    figure = sections.trend_figures(documents.small())[0]
    assert figure["drawn"] is False


def test_row_facts() -> None:
    rows = documents.full()["rows"]
    assert (
        sections.rows_line(rows)
        == "2,471 rows read: 41 without a score, 4 rejected, 40 earlier answers of the same person"
    )
    clean: dict[str, int] = dict.fromkeys(rows, 0) | {"read": 5, "answers": 5}
    assert sections.rows_line(clean) == "5 rows read, all counted"


def test_file_line() -> None:
    file: dict[str, Any] = {"name": "a", "format": "csv", "encoding": "utf-8", "delimiter": ";", "compressed": True}
    assert sections.file_line(file) == "CSV, utf-8, parted by semicolons, compressed"


def test_heat_is_left_out_without_a_whole_to_compare_with() -> None:
    doc = documents.full()
    doc["overall"]["nps"] = None
    assert sections.heat(doc) is None


def test_tables_as_deep_share_an_axis() -> None:
    region, plan, pairs = sections.groups(documents.full()["segments"], 21.0)
    assert region["axis"] is plan["axis"] and pairs["axis"] is not plan["axis"]


def test_pairs_of_many_attributes_are_for_the_screen() -> None:
    rows = documents.full()["segments"]
    assert not any(group["pair"] for group in sections.groups(rows, 21.0))  # few tables: all are printed
    more = [{**row, "by": [f"{name}{n}" for name in row["by"]]} for n in range(3) for row in rows]
    assert [len(group["by"]) for group in sections.groups(more, 21.0) if group["pair"]] == [2, 2, 2]


def test_heat_draws_the_segments_that_have_scores() -> None:
    doc = documents.full()
    few = cell(1, 1, 1)
    for n in range(20):
        doc["heat"]["rows"] += [{"segment": [f"Small {n}", "Home"], "period": "2026-10-01", **few}]
    figure = sections.heat(doc)
    assert figure is not None and figure["left"] == 20 and len(figure["rows"]) == 35
    assert len({row["segment"] for row in figure["chart"]["data"]["values"]}) == 15


def test_sensitivity_turns_cases_into_columns() -> None:
    rows = sections.sensitivity(documents.full()["profit"]["sensitivity"])
    assert len(rows) == 6 and len(rows[0]["cells"]) == 3


def test_absent_uses_the_words_of_readiness() -> None:
    states = sections.context(documents.bare())["states"]
    assert states["trend"]["opens"] == "a date column: --date COL"
    assert states["profit"]["sentence"] == "No money was found."
    happy = documents.bare()
    happy["overall"]["detractors"] = 0
    assert sections.context(happy)["states"]["people"]["good"]
