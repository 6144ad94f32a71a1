"""A file's rows as they stand, on the engine: nothing typed yet, nothing lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from winback.connectors.csvfile import engine
from winback.connectors.csvfile.opening import Facts
from winback.connectors.csvfile.records import Rejected
from winback.connectors.csvfile.shelf import Shelf

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

KEPT, KEPT_CHARACTERS = 100_000, 64 << 20  # rejected records kept word for word; beyond it they are counted only


@dataclass
class Rejects:
    """Records that could not be rows: counted for each reason, and kept while they are not too many."""

    counts: dict[str, int] = field(default_factory=dict)
    kept: list[Rejected] = field(default_factory=list)
    characters: int = 0

    def add(self, rejected: Rejected) -> None:
        self.counts[rejected.reason] = self.counts.get(rejected.reason, 0) + 1
        if len(self.kept) < KEPT and self.characters < KEPT_CHARACTERS:
            self.kept.append(rejected)
            self.characters += sum(map(len, rejected.fields))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def forgotten(self) -> int:
        return self.total - len(self.kept)


@dataclass(frozen=True)
class Staged:
    """A file on the engine: relation `raw` with `line` and one column a field, c0, c1, …

    `types` are the engine's names of their types ("VARCHAR" for all text); `names` the user's names. `sample` holds
    the same columns, all as text, for rows from all over the file. `spaces` is the white space beside " " that stands
    around a column's values; `tidy` names columns of text where no value is blank or begins with white space.
    """

    facts: Facts
    names: tuple[str, ...]
    types: tuple[str, ...]
    raw: duckdb.DuckDBPyRelation
    connection: duckdb.DuckDBPyConnection
    rows: int
    rejects: Rejects
    sample: pa.Table
    warnings: Sequence[str] = ()
    spaces: Mapping[str, str] = field(default_factory=dict)
    tidy: frozenset[str] = frozenset()

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def column(self, name: str) -> str:
        """The engine's name of a user's column: c0, c1, …"""
        return f"c{self._places[name]}"

    def type_of(self, name: str) -> str:
        return self.types[self._places[name]]

    def is_text(self, name: str) -> bool:
        return self.type_of(name) == "VARCHAR"

    def as_text(self, name: str) -> str:
        """An expression: a user's column as text, whatever its type."""
        return engine.as_text(self.column(name), self.type_of(name))

    @property
    def is_lazy(self) -> bool:
        """Whether the engine reads the file where it lies, each time anew: cheap, for its values have types."""
        return self.facts.format == "parquet"

    def one(self, query: str) -> tuple[Any, ...]:
        """The first row of a query over `raw`."""
        return self.all(query)[0]

    def values_of(self, name: str, most: int) -> list[str | None] | None:
        """The distinct values of a column of text; None where there are more than `most`."""
        found = self.all(f"SELECT DISTINCT {self.column(name)} FROM raw LIMIT {most + 1}")
        return [row[0] for row in found] if len(found) <= most else None

    def all(self, query: str) -> list[tuple[Any, ...]]:
        """Every row of a query over `raw`."""
        return engine.fetch(self.connection, self.raw, query, "raw")

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """A lazy relation in which `raw` names this file's rows."""
        return engine.over(self.raw, query, "raw")

    def kept(self, query: str, *, dear: bool = False) -> duckdb.DuckDBPyRelation:
        """A query over `raw`, reckoned once where that is dear: text is read into types a single time."""
        relation = self.sql(query)
        return relation if self.is_lazy and not dear else self.put_away(relation)

    def put_away(self, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """A relation over the same rows, reckoned now."""
        return self.shelve(relation).relation()

    def shelve(self, relation: duckdb.DuckDBPyRelation) -> Shelf:
        """The rows of a relation, reckoned now and put away."""
        import pyarrow as pa

        batches = relation.to_arrow_reader(100_000)
        with Shelf(self.connection, batches.schema) as shelf:
            for batch in batches:
                shelf.put(pa.Table.from_batches([batch]))
        return shelf


def nothing_in(facts: Facts, names: Sequence[str], rejects: Rejects) -> str:
    """What to say of a file without a single row."""
    if rejects.kept:
        return f"No row of {facts.name} could be read. The first: {rejects.kept[0].message}."
    return (
        f"{facts.name} has a header ({', '.join(names[:5])}{', …' if len(names) > 5 else ''}) and no rows; "
        "export it again with its rows."
    )
