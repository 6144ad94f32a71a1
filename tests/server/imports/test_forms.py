from __future__ import annotations

from django.http import QueryDict

from winback.server.imports import forms
from winback.server.imports.asked import Asked

ACCOUNT = {
    "table": "feedback",
    "columns": [{"name": "S", "values": ["9", "0"]}, {"name": "K", "values": []}],
    "columns_read": {"score": "S", "date": "-", "by": ["K"], "text": ["-"]},
    "detected": ["score"],
}


def test_lines_show_the_column_and_its_first_values() -> None:
    lines = {line.name: line for line in forms.roles(ACCOUNT, Asked("a.csv"))}
    assert (lines["score"].column, lines["score"].values, lines["score"].detected) == ("S", ("9", "0"), True)
    assert lines["channel"].further and not lines["score"].further
    assert lines["date"].column == "" and "derived" not in lines
    assert forms.ticked(ACCOUNT, Asked("a.csv"), "by") == ["K"] and forms.ticked(ACCOUNT, Asked("a.csv"), "text") == []
    assert next(name for name, _ in forms.tables()) == "feedback" and "benchmark" in forms.surveys()
    periods = {line.name for line in forms.roles({"table": "customer_periods", "columns": []}, Asked("a.csv"))}
    assert periods == {"customer", "month", "revenue", "cost", "discounts", "margin"}


def test_what_the_form_says() -> None:
    post = QueryDict(
        "table=feedback&col-score=S&col-date=-&col-by=K&col-by=L&blank=11, 12&date_order=xyz&survey=benchmark&zone=UTC"
    )
    asked = forms.said(post, Asked("a.csv"), ACCOUNT)
    assert asked.columns == {"score": "S", "date": "-", "by": ["K", "L"], "text": ["-"]}
    assert (asked.blank, asked.date_order, asked.survey) == (("11", "12"), "", "benchmark")
    assert forms.said(QueryDict("table=customers&col-score=S"), Asked("a.csv"), ACCOUNT).columns == {}
    assert forms.same(asked, {**asked.stored(), "columns": {"score": "S", "by": ["L", "K"]}})
    assert not forms.same(asked, {**asked.stored(), "scale": "1-5"}) and not forms.same(asked, None)
