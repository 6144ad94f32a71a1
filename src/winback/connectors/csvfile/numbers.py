"""Numbers and money written as text, in the ways people and exports write them.

What a column's values look like is decided once, on its distinct values, in Python; the engine then reads every row
by a plain expression. A column is read with one decimal sign, never value by value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

BLANKS = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "-", "--", ".", "#n/a", "(blank)", "missing"})

_LABELLED = re.compile(
    r"^([+-]?\d+(?:[.,]\d+)?)"  # the number, then nothing, "/10", "stars", "- Extremely likely" or "(Very poor)"
    r"(?:\s*/\s*\d+|\s*(?:stars?|points?|punkte?)|(?:\s+[-–—:=|]|\s*[:=(])\s*[^\W\d].*)?$",  # noqa: RUF001
    re.IGNORECASE,
)
_CURRENCY_SIGNS = {"€": "EUR", "£": "GBP", "R$": "BRL", "US$": "USD", "$": "USD", "¥": "JPY", "zł": "PLN", "₹": "INR"}
_MONEY = re.compile(
    r"^\(?\s*(?P<before>[A-Z]{3}|R\$|US\$|[€£$¥₹])?\s*(?P<number>[+-]?[\d.,'\u00a0\u202f ]*\d[\d.,]*)\s*"
    r"(?P<after>[A-Z]{3}|[€£$¥₹]|zł|kr)?\s*\)?$"
)


def is_blank(text: str | None) -> bool:
    """Whether a cell says nothing: empty, or one of the words that exports write for nothing."""
    return text is None or text.strip().lower() in BLANKS


def score_of(text: str) -> float | None:
    """The number a score cell stands for: "9", "9,5", "10 - Extremely likely", "8/10", "4 stars"; None for words."""
    found = _LABELLED.match(text.strip())
    return float(found.group(1).replace(",", ".")) if found else None


@dataclass(frozen=True)
class NumberFormat:
    """How the numbers of a column are written: their decimal sign, and the currency seen beside them."""

    decimal: str = "."
    currency: str = ""

    def sql(self, column: str) -> str:
        """An expression that reads a text column as DECIMAL(18, 4); NULL where it is no number."""
        keep = "0-9,+()-" if self.decimal == "," else "0-9.+()-"
        number = f"regexp_replace(regexp_replace({column}, '^\\(.*\\)$', '-\\0'), '[^{keep}]|[()]', '', 'g')"
        if self.decimal == ",":
            number = f"replace({number}, ',', '.')"
        # Words hold digits too ("see note 4"): only what looks like money is read.
        looks = f"regexp_matches(trim({column}), '^[(]?[^0-9A-Za-z+-]*([A-Z]{{3}}|R[$]|US[$])?[^0-9A-Za-z+-]*[+-]?[0-9][^A-Za-z]*([A-Z]{{3}}|zł|kr)?[)]?$')"
        return f"CASE WHEN {looks} THEN TRY_CAST({number} AS DECIMAL(18, 4)) END"


def number_format(values: Iterable[str]) -> NumberFormat | None:
    """The format under which nearly all values (9 of 10) are numbers; None where they are not.

    "1.234,56" and "12,5" mean a decimal comma, "1,234.56" a point; a comma before exactly three digits is a
    thousands sign unless some value says otherwise.
    """
    commas, points, good, total = 0, 0, 0, 0
    currencies: dict[str, int] = {}
    for text in values:
        if is_blank(text):
            continue
        total += 1
        found = _MONEY.match(text.strip())
        if not found:
            continue
        good += 1
        sign = found.group("before") or found.group("after") or ""
        if sign:
            currencies[sign] = currencies.get(sign, 0) + 1
        number = found.group("number").strip()
        if "," in number and "." in number:
            commas, points = (commas + 1, points) if number.rindex(",") > number.rindex(".") else (commas, points + 1)
        elif "," in number:
            commas += number.count(",") == 1 and not re.fullmatch(r"[+-]?\d{1,3},\d{3}", number)
        elif "." in number:
            points += number.count(".") == 1 and not re.fullmatch(r"[+-]?\d{1,3}\.\d{3}", number)
            commas += number.count(".") > 1
    if total == 0 or good < 0.9 * total:
        return None
    seen = max(currencies, key=lambda sign: currencies[sign]) if currencies else ""
    return NumberFormat(
        decimal="," if commas > points else ".", currency=_CURRENCY_SIGNS.get(seen, seen if len(seen) == 3 else "")
    )
