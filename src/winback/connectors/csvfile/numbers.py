"""Numbers and money written as text, in the ways people and exports write them.

What a column's values look like is decided once, on its distinct values, in Python; the engine then reads every row
by a plain expression. A column is read with one decimal sign and one currency, never value by value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from winback.connectors.csvfile.engine import literal
from winback.scales import BLANKS

_LABELLED = re.compile(
    r"([+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?)"  # the number, then nothing, or one of
    r"(?:\s*(?:/|of|out of|von|de|sur)\s*[0-9]+"  # "8/10", "8 out of 10"
    r"|\s*(?:stars?|points?|punkte?)"  # "4 stars"
    r"|(?:\s+[-–—:=|]|\s*[:=(])\s*[^\W\d].*)?",  # "10 - Extremely likely", "1 (Very poor)"
    re.IGNORECASE | re.DOTALL,
)

_SIGNS = {"€": "EUR", "£": "GBP", "R$": "BRL", "US$": "USD", "$": "USD", "¥": "JPY", "zł": "PLN", "₹": "INR"}
_ANY_CURRENCY = "[A-Z]{3}|R[$]|US[$]|[€£$¥₹]|zł|kr"
_GAPS = "'’\u00a0\u202f "  # between thousands, beside the comma or the point


def is_blank(text: str | None) -> bool:
    """Whether a cell says nothing: empty, or one of the words that exports write for nothing."""
    return text is None or text.strip().lower() in BLANKS


def score_of(text: str) -> float | None:
    """The number a score cell stands for: "9", "9,5", "10 - Extremely likely", "8/10", "4 stars"; None for words."""
    found = _LABELLED.fullmatch(text.strip())
    return float(found.group(1).replace(",", ".")) if found else None


def _money(decimal: str, currencies: str) -> str:
    """A pattern of money for Python and the engine alike: groups are the currency in front and behind."""
    grouped = f"[{'.' if decimal == ',' else ','}{_GAPS}]"
    number = f"(?:[0-9]{{1,3}}(?:{grouped}[0-9]{{2,3}})*{grouped}[0-9]{{3}}|[0-9]*)(?:[{decimal}][0-9]*)?"
    return f"[(]? ?[+-]? ?({currencies})? ?[+-]? ?{number} ?({currencies})? ?[)-]?"


_POINT, _COMMA = re.compile(_money(".", _ANY_CURRENCY)), re.compile(_money(",", _ANY_CURRENCY))


@dataclass(frozen=True)
class NumberFormat:
    """How the numbers of a column are written: their decimal sign, and the currency seen beside them.

    `signs` are the ways the currency is written; a value with another one is no value of this column.
    """

    decimal: str = "."
    currency: str = ""
    signs: tuple[str, ...] = ()

    def sql(self, text: str, as_type: str = "DECIMAL(18, 4)") -> str:
        """An expression that reads a trimmed text; NULL where it is no number or has another currency."""
        pattern = _money(self.decimal, "|".join(re.sub(r"\$", "[$]", sign) for sign in self.signs) or "~")
        kept = f"regexp_replace({text}, '[^0-9{self.decimal}]', '', 'g')"
        if self.decimal == ",":
            kept = f"replace({kept}, ',', '.')"
        minus = f"CASE WHEN regexp_matches({text}, '[(-]') THEN '-' ELSE '' END"
        return (
            f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) THEN TRY_CAST({minus} || {kept} AS {as_type}) END"
        )


def number_format(values: Iterable[str], share: float = 0.9, *, usual: str = ".") -> NumberFormat | None:
    """The format under which nearly all values are numbers; None where fewer than this share are.

    "1.234,56" and "12,5" mean a decimal comma, "1,234.56" a point. What can be read either way, such as "1,234", is
    read with the file's `usual` decimal sign unless some value needs the other.
    """
    needs_comma, needs_point, good, total = 0, 0, 0, 0
    signs: Counter[str] = Counter()
    for text in (value.strip() for value in values):
        if is_blank(text):
            continue
        total += 1
        point, comma = _POINT.fullmatch(text), _COMMA.fullmatch(text)
        found = point or comma
        if not found or not re.search("[0-9]", text):
            continue
        good += 1
        needs_comma += point is None
        needs_point += comma is None
        if sign := found.group(1) or found.group(2):
            signs[sign] += 1
    if total == 0 or good < share * total:
        return None
    by_currency: Counter[str] = Counter()
    for sign, count in signs.items():
        by_currency[_SIGNS.get(sign, sign)] += count
    currency = by_currency.most_common(1)[0][0] if by_currency else ""
    same = tuple(sorted(sign for sign in {currency, *signs, *_SIGNS} if sign and _SIGNS.get(sign, sign) == currency))
    return NumberFormat(
        decimal="," if needs_comma > needs_point else "." if needs_point else usual,
        currency=currency if currency != "kr" else "",
        signs=same,
    )
