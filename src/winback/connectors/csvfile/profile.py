"""What the columns of a file look like: how many values, of which sort, on a sample of its rows.

Only the choice of columns rests on the sample; scale, bands and rejected rows are always told from every row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from winback.connectors.csvfile.dates import share_of_dates
from winback.connectors.csvfile.numbers import is_blank, score_of
from winback.connectors.csvfile.staging import Staged

_WORDS = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}")  # two words beside each other

SAMPLE = 20_000  # rows looked at
DISTINCT = 400  # distinct values looked at in each column

_DATES = ("DATE", "TIMESTAMP")
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


@dataclass(frozen=True)
class Profile:
    """One column of the sample: shares are of its values that are not blank."""

    name: str
    filled: float  # share of rows with a value
    distinct: int  # distinct values, exact up to DISTINCT, approximate above
    rows: int  # rows of the sample
    numeric: float
    dates: float
    length: float  # mean length of the distinct values
    values: tuple[str, ...]  # up to DISTINCT distinct values

    @property
    def is_unique(self) -> bool:
        return self.filled > 0.99 and self.distinct >= 0.97 * self.rows

    @property
    def is_prose(self) -> bool:
        """Free text: long, varied, with spaces in it."""
        spaced = sum(bool(_WORDS.search(value)) for value in self.values)
        return self.numeric < 0.5 and self.dates < 0.5 and self.length > 20 and spaced > 0.5 * len(self.values)

    def is_attribute(self, most: int = 30) -> bool:
        """A few short names that repeat: something customers can be split by."""
        repeats = self.distinct <= max(self.rows * self.filled / 4, 3)
        return 2 <= self.distinct <= most and repeats and self.length <= 40 and self.numeric < 0.5 and self.dates < 0.5


def profile(staged: Staged) -> Mapping[str, Profile]:
    """A profile of every column, by its name in the file."""
    import duckdb

    sample = staged.sql(f"SELECT * FROM raw LIMIT {SAMPLE}").to_arrow_table()
    connection = duckdb.connect()
    connection.register("sample", sample)
    columns = [f"c{place}" for place in range(len(staged.names))]
    counted = ", ".join(f"count({c}), approx_count_distinct({c})" for c in columns)
    counts = connection.execute(f"SELECT {counted} FROM sample").fetchone()
    assert counts is not None
    found = {}
    for place, (name, type_) in enumerate(zip(staged.names, staged.types, strict=True)):
        distinct = connection.execute(
            f"SELECT CAST({columns[place]} AS VARCHAR) v, count(*) n FROM sample WHERE v IS NOT NULL "
            f"GROUP BY v ORDER BY n DESC, v LIMIT {DISTINCT + 1}"
        ).fetchall()
        values = {value: count for value, count in distinct if not is_blank(value)}
        blank_rows = sum(count for value, count in distinct if is_blank(value))
        texts = tuple(values)[:DISTINCT]
        some = max(len(texts), 1)
        number = type_ in _NUMBERS or type_.startswith(("DECIMAL", "FLOAT", "DOUBLE"))
        found[name] = Profile(
            name=name,
            filled=(counts[2 * place] - blank_rows) / max(sample.num_rows, 1),
            distinct=len(values) if len(distinct) <= DISTINCT else max(counts[2 * place + 1], DISTINCT),
            rows=sample.num_rows,
            numeric=1.0 if number else sum(score_of(value) is not None for value in texts) / some,
            dates=1.0 if type_.startswith(_DATES) else 0.0 if number else share_of_dates(texts[:200]),
            length=sum(len(value) for value in texts) / some,
            values=texts,
        )
    return found
