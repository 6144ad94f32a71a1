"""Score against money: what is missing is said, never raised."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

import winback as wb
from winback.errors import UserError
from winback.tables import MONEY, Tables

FEEDBACK = pa.table({"score": [9.0, 2.0], "customer": ["a", "b"]})
CUSTOMERS = pa.table({"customer": ["a", "b"], "margin": pa.array([Decimal(5), Decimal(7)], MONEY)})


def test_ids_that_do_not_match_are_told() -> None:
    found = wb.profit(Tables(feedback=FEEDBACK, customers=CUSTOMERS.set_column(0, "customer", pa.array(["x", "y"]))))
    assert found.why_not == "No customer with money has answered: the customer ids of the files do not match."


def test_answers_without_customers_are_told() -> None:
    found = wb.profit(Tables(feedback=FEEDBACK.select(["score"]), customers=CUSTOMERS))
    assert "no answer names its customer" in str(found)


def test_undated_answers_have_no_latest_without_an_order() -> None:
    # in memory the rows themselves are the order
    assert wb.profit(Tables(feedback=FEEDBACK, customers=CUSTOMERS)).heard == 2


def test_money_of_answers_that_is_not_there() -> None:
    with pytest.raises(UserError, match="The answers hold no money"):
        wb.profit(Tables(feedback=FEEDBACK), value="value")


def test_a_customer_whose_money_is_blank_is_in_no_tier() -> None:
    """It is not known what such a customer brings: that is not nothing."""
    money = pa.array([5.0, 0.0, None, None])
    table = pa.table({"score": [9.0, 3.0, 0.0, 0.0], "customer": ["a", "b", "c", None], "money": money})
    found = wb.profit(
        Tables(feedback=table.append_column("local_date", pa.array([dt.date(2026, 1, 1)] * 4))), value="value"
    )
    assert (found.customers, [row["money"] for row in found.rows()]) == (2, ["5.00", "0.00"])


def test_it_prints_and_draws() -> None:
    found = wb.profit(Tables(feedback=FEEDBACK, customers=CUSTOMERS), minimum=1)
    assert "Score against money" in str(found)
    assert found.chart()["$schema"]
