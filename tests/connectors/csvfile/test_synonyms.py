"""What columns are called: every pattern is one, and no canonical column is forgotten."""

from __future__ import annotations

import re

import pytest

from winback.connectors.csvfile.mapping import PLAIN
from winback.connectors.csvfile.synonyms import KIND_WORDS, ROLES, SYNONYMS
from winback.tables import DEPARTURE_KINDS, FEEDBACK, TABLES


def test_every_pattern_is_lower_case_and_compiles() -> None:
    for patterns in (
        *ROLES.values(),
        *(p for table in SYNONYMS.values() for p in table.values()),
        tuple(KIND_WORDS.values()),
    ):
        for pattern in patterns:
            re.compile(pattern)
            assert pattern == pattern.lower()
            assert "_" not in pattern


def test_tables_and_columns_are_canonical() -> None:
    assert set(ROLES) - {"text", "date"} <= set(FEEDBACK.names)
    assert set(PLAIN) <= set(ROLES)
    for table, columns in SYNONYMS.items():
        assert set(columns) <= set(TABLES[table].names), table


def test_every_kind_of_departure_has_its_words() -> None:
    assert set(KIND_WORDS) == set(DEPARTURE_KINDS)


@pytest.mark.parametrize("table", sorted(SYNONYMS))
def test_a_canonical_name_is_found_by_itself(table: str) -> None:
    # Not by its pattern: the reader takes a column that is called as the canonical one first.
    for column in TABLES[table].columns:
        if column.name not in SYNONYMS[table]:
            assert column.name == "derived", f"{table}.{column.name} is not looked for"
