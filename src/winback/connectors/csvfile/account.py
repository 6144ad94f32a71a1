"""The account of a file's rows: taken or rejected, each rejected one with its line, its reason and what to do."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from winback.connectors.csvfile import arrow
from winback.connectors.csvfile.engine import as_text, fetch, identifier, over
from winback.connectors.csvfile.records import Rejected, unique_names
from winback.connectors.csvfile.staged import Staged

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

EXAMPLES = 5  # rejected rows shown for each reason
BATCH = 1_000  # rejected rows handed on together
REASON = "rejected_because"  # no attribute is called so

Sentence = Callable[[str, Mapping[str, str]], str]  # (reason, fields by column) -> what was wrong and what to do


@dataclass(frozen=True)
class Tally:
    """How many rows were rejected, by reason; and of some columns how many rows lack a value and how many have one."""

    rejected: Mapping[str, int]
    lacking: Mapping[str, int]  # of the rows taken
    filled: Mapping[str, int]  # of all rows


@dataclass(frozen=True)
class Judged:
    """A file's rows, each taken or given a reason why not."""

    staged: Staged
    rows: duckdb.DuckDBPyRelation  # the canonical columns and, where `selective`, REASON
    selective: bool  # some row may be rejected
    sentence: Sentence

    def taken(self, *, without: Sequence[str] = ()) -> duckdb.DuckDBPyRelation:
        """The canonical rows, without these columns."""
        left_out = [REASON, *without] if self.selective else list(without)
        fields = f"* EXCLUDE ({', '.join(left_out)})" if left_out else "*"
        return over(self.rows, f"SELECT {fields} FROM it {f'WHERE {REASON} IS NULL' if self.selective else ''}")

    @cached_property
    def _bad(self) -> duckdb.DuckDBPyRelation:
        """Line and reason of every row that was rejected after it had been parsed."""
        where = f"SELECT row_number AS bad_line, {REASON} FROM it WHERE {REASON} IS NOT NULL"
        return self.staged.put_away(over(self.rows, where))

    @cached_property
    def tally(self) -> Tally:
        """What became of the rows, and how many have no score or no day, where there are such columns."""
        columns: list[str] = [column for column in ("score", "local_date") if column in self.rows.columns]
        rejected = dict(self.staged.rejects.counts)
        lacking, filled = dict.fromkeys(columns, 0), dict.fromkeys(columns, 0)
        counted = ", ".join(["count(*)", *(f"count({column})" for column in columns)])
        reason = REASON if self.selective else "NULL"
        query = f"SELECT {reason}, {counted} FROM it GROUP BY 1 ORDER BY 2 DESC, 1"
        for because, rows, *present in fetch(self.staged.connection, self.rows, query):
            if because is not None:
                rejected[because] = rejected.get(because, 0) + rows
            for column, count in zip(columns, present, strict=True):
                filled[column] += count
                lacking[column] += rows - count if because is None else 0
        return Tally(rejected, lacking, filled)

    @property
    def _some_bad(self) -> bool:
        return sum(self.tally.rejected.values()) > self.staged.rejects.total

    def examples(self) -> list[dict[str, Any]]:
        """The first few rejected rows of each reason, by line."""
        seen: dict[str, int] = {}
        found = []
        for rejected in self.staged.rejects.kept:
            seen[rejected.reason] = seen.get(rejected.reason, 0) + 1
            if seen[rejected.reason] <= EXAMPLES:
                found.append(rejected)
        if self._some_bad:
            first = (
                f"SELECT * FROM it QUALIFY row_number() OVER (PARTITION BY {REASON} ORDER BY bad_line) <= {EXAMPLES}"
            )
            found += self._rows_of(self.staged.put_away(over(self._bad, first)))
        return [
            {"line": rejected.line, "reason": rejected.reason, "message": rejected.message}
            for rejected in sorted(found, key=_line)
        ]

    def rejected_batches(self) -> Iterator[pa.RecordBatch]:
        """Every rejected row in batches, by line; at least one batch, if without rows."""
        import pyarrow as pa

        names = unique_names(["line", "reason", "what to do", *self.staged.names])
        schema = pa.schema([(name, pa.string() if place else pa.int64()) for place, name in enumerate(names)])
        rows = heapq.merge(self.staged.rejects.kept, self._rows_of(self._bad) if self._some_bad else (), key=_line)
        width, begun = len(self.staged.names), False
        while (batch := list(islice(rows, BATCH))) or not begun:
            begun = True
            texts = [
                [rejected.reason, rejected.message, *_fitted(rejected.fields, width, self.staged.facts.delimiter)]
                for rejected in batch
            ]
            columns = zip(*texts, strict=True) if texts else [()] * (width + 2)
            lines = arrow.integers([rejected.line for rejected in batch])
            yield pa.RecordBatch.from_arrays([lines, *map(arrow.strings, columns)], schema=schema)

    def _rows_of(self, bad: duckdb.DuckDBPyRelation) -> Iterator[Rejected]:
        """The rows behind these lines, by line, with their fields as text."""
        typed = enumerate(self.staged.types)
        fields = ", ".join(f"{as_text(f'c{place}', type_)} AS c{place}" for place, type_ in typed)
        joined = self.staged.raw.set_alias("r").join(bad.set_alias("b"), "r.line = b.bad_line")
        ordered = over(joined, f"SELECT line, {REASON}, {fields} FROM it ORDER BY line")
        where = f"{self.staged.facts.name} line"
        for batch in self.staged.shelve(ordered).batches(BATCH):
            for line, reason, *cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                texts = ["" if cell is None else cell for cell in cells]
                said = self.sentence(reason, dict(zip(self.staged.names, texts, strict=True)))
                yield Rejected(line, reason, f"{where} {line}: {said}", texts)


def _line(rejected: Rejected) -> int:
    return rejected.line


def _fitted(fields: Sequence[str], width: int, delimiter: str | None) -> list[str]:
    """As many fields as there are columns. Those beyond are not lost: they stand in the last column."""
    if len(fields) > width:
        return [*fields[: width - 1], (delimiter or " ").join(fields[width - 1 :])]
    return [*fields, *[""] * (width - len(fields))]


def judge(
    staged: Staged,
    fields: Mapping[str, str],
    reasons: Mapping[str, str],
    sentence: Sentence,
    *,
    helper: str | None = None,
    key: Sequence[str] = (),
    superseded: str = "duplicate_id",
) -> Judged:
    """Give every row its canonical columns and, where the condition of a reason holds, the first such reason.

    `fields` and `reasons` are expressions over `raw`, and over `moment`, which is the `helper`; one of the fields is
    row_number. With a `key`, of the rows with one key the last that is not rejected is taken: it is the same thing,
    corrected. Text is read into types here, once; a Parquet file stays where it is.
    """
    source = f"(SELECT *, {helper} AS moment FROM raw)" if helper else "raw"
    query = f"SELECT {', '.join(f'{sql} AS {identifier(name)}' for name, sql in fields.items())}"
    selective = bool(reasons or key)
    if selective:
        cases = " ".join(f"WHEN {condition} THEN '{reason}'" for reason, condition in reasons.items())
        query += f", {f'CASE {cases} END' if reasons else 'NULL::VARCHAR'} AS {REASON}"
    query += f" FROM {source}"
    if key:
        whole = " AND ".join([f"{REASON} IS NULL", *(f"{column} IS NOT NULL" for column in key)])
        later = f"lead(row_number) OVER (PARTITION BY {whole}, {', '.join(key)} ORDER BY row_number) IS NOT NULL"
        case = f"CASE WHEN {whole} AND {later} THEN '{superseded}' ELSE {REASON} END"
        query = f"SELECT * REPLACE ({case} AS {REASON}) FROM ({query})"
    return Judged(staged, staged.kept(query, dear=bool(key)), selective, sentence)
