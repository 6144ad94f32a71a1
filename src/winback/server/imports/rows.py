"""Canonical rows as the database wants them: texts cut to what fits, times as text, money as whole numbers, one key.

Everything is reckoned on the engine that read the file and written to one Parquet file, which staging reads piece by
piece and goes on in where it stood. A row of feedback is named by the id it has in the file; without one by
who said it and when (and the how manieth of that moment); without these by its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback.connectors.csvfile.engine import fetch, identifier, literal, trouble_as_sentence
from winback.server.feedback.rules import LONGEST
from winback.server.imports.asked import Asked
from winback.tables import DATE, FEEDBACK, FLAG, FLOAT, MONEY, TABLES, TIME

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from winback.connectors.csvfile.staged import Staged
    from winback.connectors.reading import Reading, TableFile

ROW_GROUP = 20_480
LABELS = ("channel", "touchpoint", "journey_stage", "product", "language")
# how long the database lets a text of the other tables be
FITS = {
    "customer": 200, "contact": 200, "parent": 200, "customer_name": 200, "acquired_by": 120, "owner_name": 120,
    "contact_name": 200, "contact_role": 40, "email": 254, "phone": 40, "language": 8, "departure_kind": 20,
    "survey": 13, "channel": 80, "reason_not_sent": 60,
}  # fmt: skip
IDS = ("customer", "contact", "parent", "invitation")


@dataclass
class Form:
    """Rows on the engine as SELECT text over `it`, and what is to be told of them."""

    staged: Staged
    relation: duckdb.DuckDBPyRelation
    select: str
    order: str  # " ORDER BY …", or blank: answers stay as they lie, since sorting them all takes the memory of all
    keys: str  # "id", "person" or "line": what names a row
    taken: int
    rejected_batches: Callable[[], Iterator[pa.RecordBatch]]
    facts: dict[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the rows. Raises UserError where the disk is full."""
        query = f"WITH it AS NOT MATERIALIZED ({self.relation.sql_query()}) {self.select}{self.order}"
        with trouble_as_sentence(self.staged.facts):
            self.staged.connection.execute(
                f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE {ROW_GROUP})"
            )

    def told(self) -> dict[str, Any]:
        return self.facts


def form_of_feedback(reading: Reading, staged: Staged, asked: Asked) -> Form:
    """The rows of a file of answers."""
    frame = reading.tables.feedback
    columns = set(frame.columns)
    packed = _Texts(columns, dirty=staged.facts.format in ("jsonl", "parquet", "xlsx"))
    attributes = [name for name in reading.attributes if name not in FEEDBACK.names]
    moment = _moment("occurred_at") if "occurred_at" in columns else "NULL::VARCHAR"
    key, keys = _key(staged, frame, packed, moment)
    survey = literal(asked.survey)
    fields = {
        "line": "row_number",
        "external_id": key,
        "occurred_at": _as_python(moment),
        "local_date": "CAST(local_date AS VARCHAR)" if "local_date" in columns else "NULL::VARCHAR",
        "customer": packed.id("customer"),
        "respondent": f"coalesce({packed.id('respondent')}, '')",
        "score": "score",
        "kind": "coalesce(kind, 'survey')" if "kind" in columns else "'survey'",
        "survey": f"coalesce(survey, {survey})" if "survey" in columns else survey,
        **{name: packed.label(name, LONGEST[name]) for name in LABELS},
        "comment": f"coalesce({packed.text('comment')}, '')",
        "money": f"{_whole('money')}" if "money" in columns else "NULL::BIGINT",
        "weight": "weight" if "weight" in columns else "NULL::DOUBLE",
        "attributes": _json({name: packed.of(identifier(name)) for name in attributes}),
    }
    select = f"SELECT {_listed(fields)} FROM it"
    told = ", ".join(f"coalesce(CAST({identifier(name)} AS VARCHAR), '')" for name in fields if name != "line")
    select = f"SELECT *, CAST(md5_number_lower(concat_ws(chr(31), {told})) >> 1 AS BIGINT) AS digest FROM ({select})"
    taken, first, last, customers, *cut = fetch(
        staged.connection, frame,
        f"SELECT count(*), {'min(local_date), max(local_date)' if 'local_date' in columns else 'NULL, NULL'}, "
        f"{'count(DISTINCT customer)' if 'customer' in columns else '0'}{packed.counted()} FROM it",
    )[0]  # fmt: skip
    facts = {
        "first_day": first.isoformat() if first else "", "last_day": last.isoformat() if last else "",
        "customers": customers, "attributes": attributes, "has_survey": "survey" in columns,
        "cut": packed.sentences(cut),
    }  # fmt: skip
    return Form(staged, frame, select, "", keys, taken, reading.rejected_batches, facts)


def _key(staged: Staged, frame: duckdb.DuckDBPyRelation, packed: _Texts, moment: str) -> tuple[str, str]:
    """The expression that names a row, and which sort of name most rows have."""
    columns = set(frame.columns)
    given = packed.id("external_id")
    if "external_id" in columns and fetch(staged.connection, frame, "SELECT count(*) - count(external_id) FROM it")[0][0] == 0:  # fmt: skip
        return given, "id"
    people = [packed.id(name) for name in ("respondent", "customer") if name in columns]
    line = "'~line ' || CAST(row_number AS VARCHAR)"
    if not people or "occurred_at" not in columns:
        return f"coalesce({given}, {line})", "id" if "external_id" in columns else "line"
    base = f"'~' || coalesce({', '.join([*people, 'NULL'])}) || ' ' || {moment}"
    nth = f"row_number() OVER (PARTITION BY {base} ORDER BY row_number)"
    whole = f"{base} || CASE WHEN {nth} > 1 THEN ' #' || CAST({nth} AS VARCHAR) ELSE '' END"
    fit = f"CASE WHEN length({whole}) > 200 THEN left({whole}, 160) || md5({whole}) ELSE {whole} END"
    return f"coalesce({given}, {fit}, {line})", "id" if "external_id" in columns else "person"


def form_of_table(file: TableFile, staged: Staged, mapped: tuple[str, ...]) -> Form:
    """The rows of a file that holds no answers: the columns that are mapped, and no others."""
    table = TABLES[file.table]
    packed = _Texts(set(file.frame.columns), dirty=staged.facts.format in ("jsonl", "parquet", "xlsx"))
    fields: dict[str, str] = {}
    counts: dict[str, str] = {}
    for name in mapped:
        column = table.column(name)
        if name.startswith("count_"):
            counts[name.removeprefix("count_")] = name
        elif column.type == MONEY:
            fields[name] = _whole(name)
        elif column.type == DATE:
            fields[name] = f"CAST({name} AS VARCHAR)"
        elif column.type == TIME:
            fields[name] = _as_python(_moment(name))
        elif column.type in (FLOAT, FLAG):
            fields[name] = name
        elif name in IDS:
            fields[name] = packed.id(name)
        elif name in FITS:
            fields[name] = packed.label(name, FITS[name])
        else:
            fields[name] = f"coalesce({packed.text(name)}, '')"
    if file.table == "customers":
        fields["counts"] = _json(counts, numbers=True)
        fields["attributes"] = _json({name: packed.of(identifier(name)) for name in file.attributes})
    keys = [name for name in (*table.key, "notice_date") if name in fields]
    select = f"SELECT {_listed(fields)} FROM it"
    doubles = 0
    if file.table == "departures":
        # the reader knows two rows of one key where the key is whole; a departure may have no end yet
        one = f"row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY {', '.join(keys)}) = 1"
        select = f"SELECT * FROM ({select}) QUALIFY {one}"
    taken, *cut = fetch(staged.connection, file.frame, f"SELECT count(*){packed.counted()} FROM it")[0]
    if file.table == "departures":
        distinct = fetch(staged.connection, file.frame, f"SELECT count(*) FROM ({select})")[0][0]
        doubles, taken = taken - distinct, distinct
    facts = {
        "attributes": list(file.attributes), "counts": sorted(counts), "fields": list(fields), "doubles": doubles,
        "cut": packed.sentences(cut), "customers": 0, "first_day": "", "last_day": "",
    }  # fmt: skip
    return Form(staged, file.frame, select, f" ORDER BY {', '.join(keys)}", "id", taken, file.rejected_batches, facts)


class _Texts:
    """Expressions for texts that fit their columns, counting those that have to be cut."""

    def __init__(self, columns: set[str], *, dirty: bool) -> None:
        self._columns, self._dirty = columns, dirty
        self._limits: dict[str, int] = {}

    def of(self, expression: str) -> str:
        """A text without null characters, which PostgreSQL does not take; CSV never has one."""
        return f"replace({expression}, chr(0), '')" if self._dirty else expression

    def text(self, name: str) -> str:
        return self.of(name) if name in self._columns else "NULL::VARCHAR"

    def id(self, name: str) -> str:
        """An id; a very long one keeps its beginning and tells itself from others by a hash."""
        text = self.text(name)
        if name not in self._columns:
            return text
        return f"CASE WHEN length({text}) > 200 THEN left({text}, 160) || md5({text}) ELSE {text} END"

    def label(self, name: str, most: int) -> str:
        if name not in self._columns:
            return "''"
        self._limits[name] = most
        return f"left(coalesce({self.text(name)}, ''), {most})"

    def counted(self) -> str:
        """Columns of a query that count the texts which are too long."""
        return "".join(f", count(*) FILTER (length({name}) > {most})" for name, most in self._limits.items())

    def sentences(self, counts: list[int]) -> list[str]:
        return [
            f"{count:,} values of {name.replace('_', ' ')} are longer than {most} characters and were cut."
            for (name, most), count in zip(self._limits.items(), counts, strict=True)
            if count
        ]


def _moment(name: str) -> str:
    """A time in UTC, as text."""
    return f"replace(CAST({name} AS VARCHAR), '+00', '')"


def _as_python(moment: str) -> str:
    """As Python writes a time: no fraction of a second, or six digits of it."""
    return f"CASE WHEN contains({moment}, '.') THEN rpad({moment}, 26, '0') ELSE {moment} END"


def _whole(name: str) -> str:
    """Money as whole ten-thousandths."""
    return f"CAST(CAST({name} AS DECIMAL(18, 4)) * 10000 AS BIGINT)"


def _json(values: dict[str, str], *, numbers: bool = False) -> str:
    """A JSON object without blank members, as text."""
    if not values:
        return "'{}'"
    members = ", ".join(
        f"{literal(name)}, {sql if numbers else f'CAST({sql} AS VARCHAR)'}" for name, sql in values.items()
    )
    return f"CAST(json_merge_patch('{{}}', json_object({members})) AS VARCHAR)"


def _listed(fields: dict[str, str]) -> str:
    return ", ".join(f"{sql} AS {name}" for name, sql in fields.items())
