"""Files of real surveys, which lie beside the repository: what their makers publish comes out of the reader."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from tests.connectors.making import column, engine_of_tests, read, taken
from winback.connectors.csvfile.tabular import read_table
from winback.connectors.reading import Reading


def nps(reading: Reading) -> tuple[int, float]:
    """Answers and score, counted here by hand; weights are left aside."""
    bands, scores = reading.tables.bands, [score for score in column(reading) if score is not None]
    found = bands.classify(scores)
    return len(scores), 100 * float((found == 2).sum() - (found == 0).sum()) / len(scores)


def test_sfo_airport_2017(shared_data: Path) -> None:
    reading = read(shared_data / "sfo_survey" / "sfo_2017.csv.gz", score="NETPRO", scale="0-10", blanks=("11",))
    assert (reading.rows, reading.blank, reading.rejected) == (2831, 85, {})
    answers, score = nps(reading)
    assert answers == 2746
    assert round(score, 1) == 39.8
    assert reading.mapping["weight"] is None  # there is a column WEIGHT: a weight is never detected
    weighted = read(
        shared_data / "sfo_survey" / "sfo_2017.csv.gz", score="NETPRO", scale="0-10", blanks=("11",), weight="weight"
    )
    assert (weighted.mapping["weight"], weighted.rejected) == ("WEIGHT", {})
    assert sum(column(weighted, "weight")) > 0


def test_nhs_friends_and_family(shared_data: Path) -> None:
    path = shared_data / "nhs_fft" / "nhs_fft_comments.csv.gz"
    reading = read(path, scale="5-1", blanks=("6", "7"))
    assert (reading.rows, reading.blank, reading.rejected) == (5384, 410, {})
    assert reading.mapping["score"] == "fft_code"
    assert (reading.mapping["respondent"], reading.mapping["id"], reading.mapping["text"]) == (
        "respondent_id",
        "comment_id",
        ("text",),
    )
    assert reading.tables.bands.describe() == {"scale": "5-1", "detractors": "3-5", "passives": "2", "promoters": "1"}
    days = column(reading, "local_date")
    assert (min(days), max(days), reading.without_date) == (dt.date(2021, 1, 11), dt.date(2022, 4, 30), 0)
    assert nps(reading)[0] == 4974


def test_olist_reviews(shared_data: Path) -> None:
    reading = read(shared_data / "olist_reasons" / "olist_reasons.csv.gz", scale="1-5", money="order_products_value")
    assert (reading.rows, reading.blank, reading.rejected) == (2870, 0, {})
    assert reading.mapping["date"] == "review_answer_timestamp"
    assert reading.mapping["text"] == ("review_comment_message",)
    assert sorted(set(column(reading))) == [1, 2, 3, 4, 5]
    assert all(isinstance(amount, Decimal) and amount > 0 for amount in column(reading, "money"))
    assert max(column(reading, "local_date")) == dt.date(2018, 3, 7)


def test_drug_reviews_have_line_breaks_in_their_fields(shared_data: Path) -> None:
    reading = read(shared_data / "drug_reviews" / "druglib_reviews.csv.gz", scale="1-10")
    assert (reading.rows, taken(reading), reading.rejected) == (2901, 2901, {})
    assert reading.mapping["text"] == ("benefitsReview", "sideEffectsReview", "commentsReview")
    assert max(column(reading, "row_number")) > 2902  # lines of the file, not rows
    assert reading.attributes == ("effectiveness", "sideEffects")


def test_telco_customers(shared_data: Path) -> None:
    file = read_table(shared_data / "telco_base" / "telco_base.csv.gz", "customers", connection=engine_of_tests(),
                      given={"margin": "TotalCharges"})  # fmt: skip
    assert (file.rows, file.rejected, file.mapping["customer"], file.mapping["revenue"]) == (
        7043,
        {},
        "customerID",
        "MonthlyCharges",
    )
    blank, total = file.frame.query("f", "SELECT count(*) - count(margin), sum(revenue) FROM f").fetchall()[0]
    assert blank == 11  # written as a space
    assert total == Decimal("456116.6000")
    assert file.warnings == ()
    assert {"Contract", "Churn", "InternetService"} <= set(file.attributes)
