"""Files beside the answers: customers, months of money, departures, contacts, invitations, cases.

Each becomes its canonical table. Columns are told by their names; `given` overrules. A value that does not fit its
column is left blank, with a warning that counts them; a row without its key is rejected; of rows with the same key
the last is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from winback.connectors.csvfile import moments
from winback.connectors.csvfile.account import Sentence, judge
from winback.connectors.csvfile.canonical import field_of, fits, is_typed
from winback.connectors.csvfile.cells import label_sql, unread_sql
from winback.connectors.csvfile.engine import trouble_as_sentence
from winback.connectors.csvfile.naming import find_by_name, names_in_frame, resolve, words_of
from winback.connectors.csvfile.profile import profile
from winback.connectors.csvfile.staged import Staged
from winback.connectors.csvfile.staging import stage
from winback.connectors.csvfile.synonyms import SYNONYMS
from winback.connectors.csvfile.unitcosts import read_unit_costs
from winback.connectors.reading import TableFile
from winback.errors import UserError
from winback.surfaces import option
from winback.tables import DEPARTURE_KINDS, TABLES, Table

if TYPE_CHECKING:
    import duckdb

__all__ = ["TableFile", "read_table", "read_unit_costs"]


def read_table(
    path: str | Path | Staged,
    table: str,
    *,
    connection: duckdb.DuckDBPyConnection | None = None,
    given: Mapping[str, str] | None = None,
    zone: str = "UTC",
    date_order: str | None = None,
    wanted: Sequence[str] = (),
) -> TableFile:
    """Read a file, or one that is on the engine already, as the canonical table of that name (customers, …).

    `given` maps canonical names to columns where their names do not say it; columns named in `wanted` become
    attributes whatever they look like, and no others do. Raises UserError where the file
    cannot be read or its key columns cannot be told.
    """
    staged = path if isinstance(path, Staged) else stage(Path(path), connection)
    with trouble_as_sentence(staged.facts):
        return _Reader(staged, TABLES[table], moments.check_zone(zone), date_order).read(given or {}, wanted)


class _Reader:
    """One file on its way to a table."""

    def __init__(self, staged: Staged, form: Table, zone: str, date_order: str | None) -> None:
        self.staged, self.form, self.zone, self.date_order = staged, form, zone, date_order
        self.profiles = profile(staged)
        self.warnings = list(staged.warnings)
        self.currency = ""

    def read(self, given: Mapping[str, str], wanted: Sequence[str]) -> TableFile:
        staged, form = self.staged, self.form
        mapping = self._map(given)
        required = [column.name for column in form.columns if column.required]
        if missing := [name for name in required if name not in mapping]:
            raise UserError(
                f"{staged.facts.name} has no column that is plainly the {missing[0]} of {form.name}; name it with "
                f"{option('--map', f'{form.name}.{missing[0]}=COL')}. Its columns: {', '.join(staged.names[:12])}."
            )
        fields = {"row_number": "line"}
        for canonical, column in mapping.items():
            read = field_of(
                staged, form.column(canonical), self.profiles[column], zone=self.zone, order=self.date_order
            )
            fields[canonical] = read.sql
            self.warnings += read.warnings
            self.currency = self.currency or read.currency
        self._warn_of_unread(mapping, fields)
        attributes = self._attributes(mapping, [*form.names, *fields], wanted)
        for column, name in attributes.items():
            fields[name] = label_sql(staged, column, self.profiles[column])
        lacks = " OR ".join(f"({fields[name]}) IS NULL" for name in required)
        judged = judge(
            staged, fields, {"without_key": lacks} if required else {}, _sentence(form, mapping, required),
            key=self._repeated(fields), superseded="duplicate_key",
        )  # fmt: skip
        return TableFile(
            table=form.name,
            name=staged.facts.name,
            frame=judged.taken(without=["row_number"]),
            mapping=mapping,
            rows=staged.rows + staged.rejects.total,
            rejected=judged.tally.rejected,
            warnings=tuple(self.warnings),
            attributes=tuple(attributes.values()),
            currency=self.currency,
            examples=judged.examples(),
            rejected_batches=judged.rejected_batches,
        )

    def _map(self, given: Mapping[str, str]) -> dict[str, str]:
        form, names, mapping = self.form, self.staged.names, dict[str, str]()
        for canonical, name in given.items():
            if canonical not in form.names:
                raise UserError(
                    f"The table {form.name} has no column {canonical} ({option('--map')}); it knows {', '.join(form.names)}."
                )
            said = option("--map", f"{form.name}.{canonical}")
            mapping[canonical] = resolve(name, names, option=said, file=self.staged.facts.name)
        synonyms = SYNONYMS.get(form.name, {})
        for column in form.columns:
            if column.name in mapping or column.name not in synonyms:
                continue
            free = [name for name in names if name not in mapping.values() and fits(self.profiles[name], column)]
            exact = [name for name in free if words_of(name) == column.name.replace("_", " ")]
            if found := exact or find_by_name(column.name, free, synonyms):
                mapping[column.name] = found[0]
        return mapping

    def _warn_of_unread(self, mapping: Mapping[str, str], fields: Mapping[str, str]) -> None:
        """Warn of values that are left blank because they are not what their column holds."""
        staged = self.staged
        unread = {
            name: unread_sql(staged, mapping[name], fields[name])
            for name in mapping
            if is_typed(self.form.column(name))
        }
        if not unread:
            return
        shown = {name: f"min({staged.as_text(mapping[name])}) FILTER ({test})" for name, test in unread.items()}
        tests = ", ".join(f"count(*) FILTER ({test}), {shown[name]}" for name, test in unread.items())
        found = staged.one(f"SELECT {tests} FROM raw")
        for name, count, example in zip(unread, found[::2], found[1::2], strict=True):
            if count:
                kinds = f"; kinds are {', '.join(DEPARTURE_KINDS)}" if name == "departure_kind" else ""
                self.warnings.append(
                    f'{staged.facts.name}: {count:,} values of "{mapping[name]}", such as "{example.strip()[:40]}", '
                    f"cannot be read and are left blank{kinds}."
                )

    def _attributes(self, mapping: Mapping[str, str], taken: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
        """Columns to split customers by, and what they are called in the frame."""
        if not self.form.open:
            return {}
        asked = {words_of(name) for name in wanted}
        found = [
            name
            for name, seen in self.profiles.items()
            if name not in mapping.values()
            and (words_of(name) in asked if wanted else seen.is_attribute() and seen.filled > 0.5)
        ]
        return names_in_frame(found, taken, {})

    def _repeated(self, fields: Mapping[str, str]) -> tuple[str, ...]:
        """The key of the table, if the file has it and some row has the key of another."""
        key = [fields[name] for name in self.form.key if name in fields]
        if len(key) < len(self.form.key):
            return ()
        whole = " AND ".join(f"({sql}) IS NOT NULL" for sql in key)
        rows, distinct = self.staged.one(f"SELECT count(*), count(DISTINCT ({', '.join(key)})) FROM raw WHERE {whole}")
        return self.form.key if distinct < rows else ()


def _sentence(form: Table, mapping: Mapping[str, str], required: Sequence[str]) -> Sentence:
    def sentence(reason: str, fields: Mapping[str, str]) -> str:
        if reason == "without_key":
            names = " and ".join(f'{name} ("{mapping[name]}")' for name in required)
            return f"the row needs its {names}; fill in what is blank or cannot be read"
        key = " and ".join(f'{name} "{fields[mapping[name]][:60]}"' for name in form.key)
        return f"a later row has the same {key} and replaces this one"

    return sentence
