"""Reports on the real files beside the repository, with their quirks, against figures counted by hand.

They are read where they lie and never committed; where they are not, these tests say so.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from tests.report.files import document
from winback.report import as_html, as_json, as_markdown
from winback.report.build import Options

VALIDATOR = jsonschema.Draft202012Validator(as_json.schema())


def rows(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@pytest.fixture
def sfo(shared_data: Path) -> Path:
    return shared_data / "sfo_survey" / "sfo_2017.csv.gz"


def test_an_airport(sfo: Path) -> None:
    doc = document(sfo, score="NETPRO", scale="0-10", blank=("11",), by=("BAREA", "LANG"))
    scores = [float(row["NETPRO"]) for row in rows(sfo) if row["NETPRO"] not in ("", "11.0", "11")]
    promoters, detractors = sum(s >= 9 for s in scores), sum(s <= 6 for s in scores)
    assert (doc["overall"]["answers"], doc["overall"]["promoters"], doc["overall"]["detractors"]) == (
        len(scores),
        promoters,
        detractors,
    )
    assert round(doc["overall"]["nps"], 1) == 39.8
    assert doc["rows"]["blank"] == 2831 - len(scores)
    assert list(VALIDATOR.iter_errors(doc)) == []


def test_an_airport_weighted_by_design(sfo: Path) -> None:
    doc = document(sfo, score="NETPRO", scale="0-10", blank=("11",), by=("BAREA",), weight="WEIGHT")
    answered = [
        (float(row["NETPRO"]), float(row["WEIGHT"])) for row in rows(sfo) if row["NETPRO"] not in ("", "11.0", "11")
    ]
    total = sum(w for _, w in answered)
    score = 100 * sum(w * ((s >= 9) - (s <= 6)) for s, w in answered) / total
    assert doc["overall"]["nps"] == pytest.approx(score, abs=1e-6)
    assert doc["overall"]["n_eff"] == pytest.approx(total**2 / sum(w * w for _, w in answered))
    assert doc["overall"]["weighted"] is True


def test_hospitals_on_a_reversed_scale_with_two_rows_a_respondent(shared_data: Path) -> None:
    file = shared_data / "nhs_fft" / "nhs_fft_comments.csv.gz"
    doc = document(file, scale="5-1", blank=("6", "7"))
    assert doc["mapping"]["respondent"] == "respondent_id"
    latest: dict[str, tuple[str, str, str]] = {}
    for row in rows(file):
        if row["fft_code"] in "12345" and row["fft_code"]:
            key = (row["date"], row["comment_id"], row["fft_code"])
            latest[row["respondent_id"]] = max(latest.get(row["respondent_id"], key), key)
    codes = [code for _, _, code in latest.values()]
    assert {name: doc["overall"][name] for name in ("answers", "promoters", "passives", "detractors")} == {
        "answers": len(codes), "promoters": codes.count("1"), "passives": codes.count("2"),
        "detractors": sum(code in "345" for code in codes),
    }  # fmt: skip
    assert doc["bands"] == {"scale": "5-1", "detractors": "3-5", "passives": "2", "promoters": "1"}


def test_a_marketplace_with_order_values(shared_data: Path) -> None:
    file = shared_data / "olist_reasons" / "olist_reasons.csv.gz"
    doc = document(file, Options(minimum=1), scale="1-5", value="order_products_value", by=("customer_state",))
    unhappy = [row for row in rows(file) if int(row["review_score"]) <= 3]
    assert doc["overall"]["detractors"] == len(unhappy)
    cents = sum(round(float(row["order_products_value"]) * 100) for row in unhappy)
    assert doc["profit"]["from_detractors"]["money"] == f"{cents // 100}.{cents % 100:02}"
    assert doc["profit"]["basis"] == "revenue"
    assert sum(row["detractors"] for row in doc["segments"]) == len(unhappy)
    assert all(voice["score"] <= 3 for voice in doc["voices"]["detractor"])


def test_drug_reviews_with_line_breaks_in_fields(shared_data: Path) -> None:
    file = shared_data / "drug_reviews" / "druglib_reviews.csv.gz"
    doc = document(file, scale="1-10")
    ratings = [int(row["rating"]) for row in rows(file)]
    assert (doc["overall"]["answers"], doc["rejected"]) == (len(ratings), {})
    assert doc["overall"]["detractors"] == sum(rating <= 6 for rating in ratings)
    assert doc["mapping"]["text"] == ["benefitsReview", "sideEffectsReview", "commentsReview"]
    assert doc["trend"] == []


def test_every_format_is_written_from_each(shared_data: Path) -> None:
    for name, given in (
        ("drug_reviews/druglib_reviews.csv.gz", {"scale": "1-10"}),
        ("olist_reasons/olist_reasons.csv.gz", {"scale": "1-5"}),
        ("nhs_fft/nhs_fft_comments.csv.gz", {"scale": "5-1", "blank": ("6", "7")}),
    ):
        doc = document(shared_data / name, **given)
        assert list(VALIDATOR.iter_errors(doc)) == []
        assert as_html.render(doc).rstrip().endswith("</html>")
        assert as_markdown.render(doc).startswith("# ")
