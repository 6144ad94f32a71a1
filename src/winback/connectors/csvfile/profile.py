"""What the columns of a file look like: how many values, of which sort, on a sample of its rows.

Only the choice of columns rests on the sample; scale, bands and rejected rows are always told from every row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winback.connectors.csvfile import arrow
from winback.connectors.csvfile.dates import share_of_dates
from winback.connectors.csvfile.numbers import score_of
from winback.connectors.csvfile.staged import Staged
from winback.scales import BLANKS

if TYPE_CHECKING:
    import pyarrow as pa

_WORDS = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}")  # two words beside each other
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")

DISTINCT = 400  # distinct values looked at in each column, the most frequent first


@dataclass(frozen=True)
class Profile:
    """One column of the sample: shares are of its values that are not blank."""

    name: str
    filled: float  # share of rows with a value
    distinct: int  # distinct values
    rows: int  # rows of the sample
    numeric: float
    dates: float
    length: float  # mean length of the distinct values
    values: tuple[str, ...]  # up to DISTINCT distinct values
    blank_words: bool = False  # some value is a word for nothing, or nothing but spaces

    @property
    def is_unique(self) -> bool:
        return self.filled > 0.99 and self.distinct >= 0.97 * self.rows

    @property
    def is_prose(self) -> bool:
        """Free text: long, varied, with spaces in it."""
        if self.numeric >= 0.5 or self.dates >= 0.5 or self.length <= 20:
            return False
        return sum(bool(_WORDS.search(value)) for value in self.values) > 0.5 * len(self.values)

    def is_attribute(self, most: int = 30) -> bool:
        """A few short names that repeat: something customers can be split by."""
        repeats = self.distinct <= max(self.rows * self.filled / 4, 3)
        return 2 <= self.distinct <= most and repeats and self.length <= 40 and self.numeric < 0.5 and self.dates < 0.5


def profile(staged: Staged) -> Mapping[str, Profile]:
    """A profile of every column, by its name in the file."""
    return {
        name: _of_column(name, type_, staged.sample.column(f"c{place}"))
        for place, (name, type_) in enumerate(zip(staged.names, staged.types, strict=True))
    }


def _of_column(name: str, type_: str, sample: pa.ChunkedArray) -> Profile:
    import numpy as np
    import pyarrow.compute as pc

    counted = pc.value_counts(sample.drop_null())
    values, counts = counted.field("values"), arrow.to_numpy(counted.field("counts"))
    blank = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(values)), value_set=arrow.strings(sorted(BLANKS)))
    filled = arrow.to_numpy(pc.indices_nonzero(pc.invert(blank)))
    frequent = filled[np.argsort(-counts[filled], kind="stable")][:DISTINCT]
    texts = tuple(values.take(arrow.integers(frequent)).to_pylist())
    some = max(len(texts), 1)
    number = type_ in _NUMBERS or type_.startswith(("DECIMAL", "FLOAT", "DOUBLE"))
    return Profile(
        name=name,
        filled=float(counts[filled].sum()) / max(len(sample), 1),
        distinct=len(filled),
        rows=len(sample),
        numeric=1.0 if number else sum(score_of(value) is not None for value in texts) / some,
        dates=1.0 if type_.startswith(("DATE", "TIMESTAMP")) else 0.0 if number else share_of_dates(texts),
        length=sum(map(len, texts)) / some,
        values=texts,
        blank_words=len(filled) < len(values),
    )
