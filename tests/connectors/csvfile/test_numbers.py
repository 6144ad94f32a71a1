"""Numbers and money written as text; what Python decides, the engine reads alike."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.connectors.making import engine_of_tests
from winback.connectors.csvfile.engine import over
from winback.connectors.csvfile.numbers import BLANKS, NumberFormat, is_blank, number_format, score_of


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("9", 9), (" 9 ", 9), ("9.5", 9.5), ("9,5", 9.5), ("-3", -3), ("+3", 3), ("007", 7), ("10 - Extremely likely", 10),
        ("0 – Not at all likely", 0), ("8/10", 8), ("8 / 10", 8), ("8 out of 10", 8), ("8 von 10", 8), ("4 stars", 4),
        ("1 star", 1), ("1 (Very poor)", 1), ("7 = ok", 7), ("7: ok", 7), ("9 | top", 9), ("9\u00a0", 9), ("10 -\nlikely", 10),
    ],
)  # fmt: skip
def test_cells_that_stand_for_a_score(text: str, score: float) -> None:
    assert score_of(text) == score


@pytest.mark.parametrize(
    "text",
    ["", "nine", "n/a", "10 likely", "0-6", "9.", ".5", "1e1", "1_0", "９", "=9", "9%", "2026-01-02", "10:30", "٩", "9 9", "inf", "nan",
     "9" * 16, "10 - 9", "C9"],
)  # fmt: skip
def test_cells_that_do_not(text: str) -> None:
    assert score_of(text) is None


def test_blanks() -> None:
    assert all(is_blank(word) and is_blank(f" {word.upper()}\t") for word in BLANKS)
    assert is_blank(None)
    assert not any(is_blank(word) for word in ("0", "no", "unknown", "nothing"))


def engine_reads(found: NumberFormat, texts: list[str], as_type: str = "DECIMAL(18, 4)") -> list[object]:
    relation = engine_of_tests().from_arrow(pa.table({"t": texts, "n": list(range(len(texts)))}))
    return [row[0] for row in over(relation, f"SELECT {found.sql('trim(t)', as_type)} FROM it ORDER BY n").fetchall()]


@pytest.mark.parametrize(
    ("values", "decimal", "currency", "read"),
    [
        (["1", "2.50", "1,234.56"], ".", "", ["1", "2.5", "1234.56"]),
        (["1", "2,50", "1.234,56"], ",", "", ["1", "2.5", "1234.56"]),
        (["1,234", "2,345"], ".", "", ["1234", "2345"]),
        (["1.234", "2.345"], ".", "", ["1.234", "2.345"]),
        (["1.234", "12,5"], ",", "", ["1234", "12.5"]),
        (["1.234.567", "5"], ",", "", ["1234567", "5"]),
        (["1'234.50", "2 345.00", "12,34,567"], ".", "", ["1234.5", "2345", "1234567"]),
        (["€ 12,50", "3,20 €", "-4,00€", "1.000,00 EUR"], ",", "EUR", ["12.5", "3.2", "-4", "1000"]),
        (["$12.50", "USD 3", "($4.00)", "US$5", "7.5-"], ".", "USD", ["12.5", "3", "-4", "5", "-7.5"]),
        (["R$ 12,50", "R$ 1.000,00"], ",", "BRL", ["12.5", "1000"]),
        (["12,50 zł"], ",", "PLN", ["12.5"]),
        (["12,50 kr", "7"], ",", "", ["12.5", "7"]),
        (["CHF 5", "7 CHF"], ".", "CHF", ["5", "7"]),
        ([".5", "5."], ".", "", ["0.5", "5"]),
    ],
)
def test_money(values: list[str], decimal: str, currency: str, read: list[str]) -> None:
    found = number_format(values)
    assert found is not None
    assert (found.decimal, found.currency) == (decimal, currency)
    assert engine_reads(found, values) == [Decimal(number) for number in read]


def test_what_contradicts_the_column_is_not_read() -> None:
    point = NumberFormat(".", "EUR", ("€", "EUR"))
    texts = [
        "12,50",
        "$5",
        "USD 5",
        "see note 4",
        "1.2.3",
        "",
        "n/a",
        "4 - 5",
        "€",
        "()",
        "12,3456",
        "99999999999999999999",
    ]
    assert engine_reads(point, texts) == [None] * len(texts)
    assert engine_reads(NumberFormat(","), ["12.50", "1,2,3", "€5"]) == [None, None, None]


def test_columns_that_are_no_money() -> None:
    assert number_format([]) is None
    assert number_format(["", "n/a"]) is None
    assert number_format(["north", "5"]) is None
    assert number_format(["€", "$"]) is None
    assert number_format(["5"] * 9 + ["none of it"]) is not None  # nine of ten


def test_the_currency_is_that_of_most_values() -> None:
    found = number_format(["€5", "EUR 6", "$7"] + ["8"] * 30)
    assert found is not None
    assert found.currency == "EUR"
    assert engine_reads(found, ["€5", "EUR 6", "$7", "8"]) == [5, 6, None, 8]


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2), st.sampled_from([",", "."]), st.booleans())
@settings(max_examples=30, deadline=None)
def test_money_written_either_way_is_read_back_exactly(amount: Decimal, decimal: str, grouped: bool) -> None:
    text = f"{amount:{',' if grouped else ''}.2f}"
    if decimal == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    found = number_format([text, f"1{decimal}25"])
    assert found is not None
    assert found.decimal == decimal
    assert engine_reads(found, [text]) == [amount]


@given(st.text(alphabet="0123456789.,-+()€$ EURkr'\u00a0", max_size=12))
@settings(max_examples=50, deadline=None)
def test_python_and_the_engine_agree_on_what_is_a_number(text: str) -> None:
    found = number_format([text])
    read = engine_reads(found or NumberFormat(), [text.strip()], "DOUBLE")
    if found is None:
        assert read == [None]
    elif read == [None]:  # more than one sign, or none of the digits left
        assert not text.strip().replace(" ", "").isdigit()


def test_scores_as_the_engine_casts_them() -> None:
    assert engine_reads(NumberFormat("."), ["0.5", "1,000", "-2"], "DOUBLE") == [0.5, 1000, -2]


def test_what_can_be_read_either_way_follows_the_file() -> None:
    for values, usual, decimal in (
        (["4.200", "3.100", "-120"], ",", ","), (["4.200", "3.100"], ".", "."), (["1,234"], ".", "."), (["4.200", "0.5"], ",", "."),
        (["4.200", "1,5"], ".", ","), (["12", "7"], ".", "."),
    ):  # fmt: skip
        found = number_format(values, usual=usual)
        assert found is not None
        assert found.decimal == decimal, values
