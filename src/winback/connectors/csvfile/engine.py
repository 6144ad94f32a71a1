"""The engine that rows are read on: DuckDB in memory, in UTC, bounded, on its own; and text that is safe in its SQL.

Every name and every value that comes from a file passes `identifier` or `literal` on its way into SQL. Columns of a
file are called c0, c1, … on the engine, so that no name of a user's is ever a name of the engine's.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback.connectors.csvfile.opening import Facts
from winback.errors import UserError

if TYPE_CHECKING:
    import duckdb

MEMORY = "1200MB"  # the engine's, unless WINBACK_MEMORY says otherwise


def literal(text: str) -> str:
    """A text as a literal of DuckDB's SQL, where a quote is doubled and nothing else means anything."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    return ", ".join(literal(text) for text in texts)


def identifier(name: str) -> str:
    """A name as an identifier of DuckDB's SQL."""
    return '"' + name.replace('"', '""') + '"'


AWARE = ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS")
_FIRST, _LAST = -62135510400000000, 253402214400000000  # microseconds, a day within the years 1 to 9999


def within_calendar(time: str, *, aware: bool) -> str:
    """A time, moved to the calendar's end where it lies beyond: the engine dies of turning such a time into text."""
    made = "make_timestamptz" if aware else "make_timestamp"
    return f"CASE WHEN {time} IS NOT NULL THEN {made}(greatest(least(epoch_us({time}), {_LAST}), {_FIRST})) END"


def as_text(column: str, type_: str) -> str:
    """A column of any type as text."""
    if type_ == "VARCHAR":
        return column
    if not type_.startswith("TIMESTAMP"):
        return f"CAST({column} AS VARCHAR)"
    aware = type_ in AWARE
    time = f"TRY_CAST({column} AS {'TIMESTAMPTZ' if aware else 'TIMESTAMP'})"
    return f"CAST({within_calendar(time, aware=aware)} AS VARCHAR)"


def connect() -> duckdb.DuckDBPyConnection:
    """An engine of its own. Raises UserError where WINBACK_MEMORY is no size."""
    import duckdb

    memory = os.environ.get("WINBACK_MEMORY", "").strip() or MEMORY
    if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", memory, re.IGNORECASE):
        raise UserError(f'WINBACK_MEMORY is "{memory}", which is no size; write it like 1200MB or 2GB.')
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    # A progress bar would go to standard output, where a report may be going; a notebook has its own, and refuses.
    with contextlib.suppress(duckdb.Error):
        connection.execute("SET enable_progress_bar = false")
    connection.execute(f"SET temp_directory = {literal(str(folder_of(connection) / 'spill'))}")
    return connection


_folders: weakref.WeakKeyDictionary[Any, Path] = weakref.WeakKeyDictionary()


def folder_of(connection: duckdb.DuckDBPyConnection) -> Path:
    """The engine's own folder for what does not fit in memory. It goes when the engine goes, or at exit."""
    if connection not in _folders:
        folder = tempfile.mkdtemp(prefix="winback-")
        weakref.finalize(connection, shutil.rmtree, folder, ignore_errors=True)
        _folders[connection] = Path(folder)
    return _folders[connection]


def over(relation: duckdb.DuckDBPyRelation, query: str, name: str = "it") -> duckdb.DuckDBPyRelation:
    """A query over a relation, which is called `it`, as another lazy relation."""
    found = relation.query(name, query)
    assert found is not None, "the query is no SELECT"
    return found


def fetch(
    connection: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, query: str, name: str = "it"
) -> list[tuple[Any, ...]]:
    """The rows of a query over a relation, at a third of what it takes to make another relation of it."""
    rows = connection.execute(f"WITH {name} AS NOT MATERIALIZED ({relation.sql_query()}) {query}").fetchall()
    return list(rows)


@contextmanager
def trouble_as_sentence(facts: Facts) -> Iterator[None]:
    """Turn what only the user can mend (no memory, no room, a damaged file) into a UserError."""
    import duckdb
    import pyarrow as pa

    name = facts.name
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise UserError(
            f"{name} needs more memory than the engine may use ({os.environ.get('WINBACK_MEMORY') or MEMORY}); "
            "set WINBACK_MEMORY higher, or give a smaller file."
        ) from None
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        if facts.format == "parquet":
            said = str(error).partition("\n")[0][:200]
            raise UserError(f"{name} is damaged or was cut short ({said}); export it again.") from None
        if isinstance(error, (duckdb.IOException, OSError)):
            said = getattr(error, "strerror", None) or str(error).partition("\n")[0][:200]
            raise UserError(
                f"{name} could not be read to its end ({said}); look at the disk, and at the room in the temporary "
                "folder (TMPDIR)."
            ) from None
        raise
