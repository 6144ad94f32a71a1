from __future__ import annotations

import pytest

from winback.server.imports.detect import table_of


@pytest.mark.parametrize(
    ("columns", "table"),
    [
        ("Response ID,Answered at,Customer ID,How likely are you to recommend us?,Why?", "feedback"),
        ("Customer ID,Name,Customer since,Acquired by,Parent account,Region", "customers"),
        ("Customer ID,Month,Revenue,Cost to serve", "customer_periods"),
        ("Kunde,Monat,Umsatz", "customer_periods"),
        ("Customer ID,How it ended,Notice given,Last day", "departures"),
        ("Contact ID,Customer ID,Name,Role,Opted out", "contacts"),
        ("e-mail,name", "contacts"),
        ("Invitation ID,Customer ID,Sent at,Delivered", "invitations"),
        ("Case ID,Opened at,Closed at,Root cause", "cases"),
        ("customer,score,date", "feedback"),
        ("a,b", "feedback"),
    ],
)
def test_a_table_is_told_by_its_columns(columns: str, table: str) -> None:
    assert table_of(columns.split(",")) == table
