"""Unit costs: what one call, ticket, visit, return or credit costs, from a small file."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from winback.connectors.csvfile.engine import trouble_as_sentence
from winback.connectors.csvfile.naming import words_of
from winback.connectors.csvfile.numbers import number_format
from winback.connectors.csvfile.staging import stage
from winback.errors import UserError

UNITS = ("call", "ticket", "visit", "return", "credit")
_ROWS = 20  # rows looked at; a file of unit costs has five


def read_unit_costs(path: str | Path) -> dict[str, Decimal]:
    """Cost of one call, ticket, visit, return or credit, from a file with a column for each or a row for each.

    Keys are call, ticket, visit, return, credit. Raises UserError where a name or a number is not known.
    """
    staged = stage(Path(path))
    file = staged.facts.name
    with trouble_as_sentence(staged.facts):
        cells = ", ".join(f"CAST(c{place} AS VARCHAR)" for place in range(len(staged.names)))
        rows = staged.all(f"SELECT {cells} FROM raw ORDER BY line LIMIT {_ROWS}")
    if any(_unit(name) for name in staged.names) and not (len(staged.names) == 2 and len(rows) > 1):
        pairs = list(zip(staged.names, rows[0], strict=True))
    else:
        pairs = [(str(row[0] or ""), row[1]) for row in rows if len(row) > 1]
    costs = {}
    for name, value in pairs:
        unit = _unit(name)
        if unit is None:
            raise UserError(f'{file} has a unit cost for "{name}"; winback knows {", ".join(UNITS)}.')
        costs[unit] = _cost(value or "", unit, file)
    if not costs:
        raise UserError(f"{file} has no unit costs; give a column each for {', '.join(UNITS)}.")
    return costs


def _unit(name: str) -> str | None:
    words = words_of(name).split()
    return next((unit for unit in UNITS if unit in words or f"{unit}s" in words), None)


def _cost(text: str, unit: str, file: str) -> Decimal:
    found = number_format([text])
    digits = re.sub(f"[^0-9{found.decimal}]", "", text).replace(",", ".") if found else ""
    if not digits or re.search("[(-]", text):
        raise UserError(f'{file}: the cost of one {unit}, "{text[:40]}", is no cost; write it like 4.50.')
    return Decimal(digits)
