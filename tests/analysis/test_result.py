"""Results print themselves, draw themselves, and hand out plain rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyarrow as pa
import pytest

import winback as wb
from winback.analysis.result import SHOWN, Result
from winback.charts import Chart


@dataclass(frozen=True)
class Plain(Result):
    """A result of our own: the table alone."""

    def chart(self) -> Chart:
        return Chart()


TABLE = pa.table({"score": [10.0] * 12 + [0.0] * 6 + [8.0] * 2, "region": ["North"] * 10 + ["South"] * 10})


def test_a_result_prints_as_a_table() -> None:
    text = str(wb.nps(TABLE, by=["region"]))
    lines = text.splitlines()
    assert lines[0] == "Net Promoter Score"
    assert lines[1].split() == [
        "region",
        "answers",
        "promoters",
        "passives",
        "detractors",
        "nps",
        "low",
        "high",
        "suppressed",
    ]
    assert lines[2].split()[:6] == ["North", "10", "10", "0", "0", "+100.0"]
    assert lines[3].split()[:6] == ["South", "10", "2", "2", "6", "−40.0"]


def test_a_long_result_says_how_much_is_not_shown() -> None:
    found = Plain(table=pa.table({"a": list(range(SHOWN + 3))}))
    assert str(found).endswith("… and 3 more rows in .table")


def test_a_result_has_a_picture() -> None:
    with pytest.raises(TypeError, match="chart"):
        Result(table=TABLE)  # type: ignore[abstract]  # that is what is tested


def test_html_is_escaped() -> None:
    table = pa.table({"score": [9.0], "region": ["<b>x</b>"]})
    shown = wb.nps(table, by=["region"], minimum=1)._repr_html_()
    assert "<b>" not in shown
    assert "&lt;b&gt;x&lt;/b&gt;" in shown


def test_rows_are_plain() -> None:
    found = Plain(
        table=pa.table({"day": [dt.date(2026, 1, 2)], "list": [["a", None]], "inner": [{"day": dt.date(2026, 1, 3)}]})
    )
    assert found.rows() == [{"day": "2026-01-02", "list": ["a", None], "inner": {"day": "2026-01-03"}}]


def test_every_result_draws_itself() -> None:
    dated = TABLE.append_column("local_date", pa.array([dt.date(2026, 1 + i % 3, 5) for i in range(20)]))
    for result in (
        wb.nps(TABLE), wb.segments(TABLE, by=["region"]), wb.trend(dated, minimum=1),
        wb.decompose(dated, by=["region"], before=(dt.date(2026, 1, 1), dt.date(2026, 1, 31)), after=(dt.date(2026, 2, 1), dt.date(2026, 2, 28))),
    ):  # fmt: skip
        assert result.chart()["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


def test_at_a_prompt_a_result_is_one_line() -> None:
    assert repr(wb.nps(TABLE)).startswith("<Nps, 1 row: +30 [")
    assert repr(wb.segments(TABLE, by=["region"])) == "<Segments, 2 rows: Segments, worst first>"
    for result in (wb.profit(TABLE), wb.trend(TABLE.append_column("date", pa.array([dt.date(2026, 1, 5)] * 20)))):
        assert repr(result).startswith(f"<{type(result).__name__}, ") and "\n" not in repr(result)
        assert len(repr(result)) < 250
