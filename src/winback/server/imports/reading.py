"""A file in a folder becomes rows as the database wants them, and an account of what was read.

This runs in a process of its own (`python -m winback.server.imports.reading FOLDER [--form]`), so that reading a large file
takes neither the memory nor the time of a worker or of the web. It knows neither Django nor the database: it reads
`upload` and `asked.json` and leaves `rows.parquet`, `rejected.jsonl` and, last, `account.json`.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback.errors import UserError
from winback.server.imports.asked import LABELS, NONE, SEVERAL, SINGLE, Asked
from winback.server.imports.detect import IMPORTED, TITLES, table_of
from winback.server.imports.fields import NAMES
from winback.server.imports.rows import Form, form_of_feedback, form_of_table
from winback.surfaces import on_a_page

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.connectors.csvfile.staged import Staged

UPLOAD, ASKED, KNOWN, ROWS = "upload", "asked.json", "known.json", "rows.parquet"
REJECTED, ACCOUNT = "rejected.jsonl", "account.json"
KEPT = 20_000  # rejected rows that are kept with their fields; those beyond are counted only
LONGEST_FIELD, LONGEST_MESSAGE = 1_000, 500
SHOWN_ROWS, SHOWN_VALUES, LONGEST_SHOWN = 5, 3, 120


def read(folder: Path, *, form: bool = True) -> dict[str, Any]:
    """Read the folder's upload as asked.json says; write the rows and the account, and return the account.

    What to do about what is wrong is said in the words of the `form`, or else of the command line.

    What the reader refuses is in the account as `error`, beside the columns seen so far. Anything else is raised.
    """
    from winback.connectors.csvfile.staging import stage

    asked = Asked.of(json.loads((folder / ASKED).read_text(encoding="utf-8")))
    account: dict[str, Any] = {
        "as_before": "",
        "asked": asked.digest,
        "table": asked.table,
        "error": "",
        "columns": [],
        "sample": [],
    }
    (folder / ROWS).unlink(missing_ok=True)
    with _named(folder, asked.file_name) as path, on_a_page(NAMES) if form else nullcontext():
        try:
            staged = stage(path)
            asked, account["as_before"] = _as_before(asked, staged.names, folder)
            account |= _seen(staged, asked)
            account |= _understood(staged, asked, account["table"], folder)
            account["settled"] = _settled(asked, account)
        except UserError as error:
            account["error"] = str(error)
    _leave(folder, account)
    return account


def _leave(folder: Path, account: dict[str, Any]) -> None:
    written = folder / f"{ACCOUNT}.new"
    written.write_text(json.dumps(account, ensure_ascii=False), encoding="utf-8")
    written.replace(folder / ACCOUNT)
    (folder / "tries").unlink(missing_ok=True)


@contextmanager
def _named(folder: Path, file_name: str) -> Iterator[Path]:
    """The upload under the name its owner knows, which is what the reader's sentences say."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="as-") as place:
        path = Path(place) / file_name
        path.symlink_to((folder / UPLOAD).absolute())
        yield path


def _as_before(asked: Asked, names: tuple[str, ...], folder: Path) -> tuple[Asked, str]:
    """Where nobody said how, a file with the columns of an earlier one is read as that one was; and whose it is.

    Otherwise what is detected, and so every row, could differ from month to month.
    """
    if asked.columns or asked.table or not (folder / KNOWN).exists():
        return asked, ""
    for known in json.loads((folder / KNOWN).read_text(encoding="utf-8")):
        if known["columns"] == list(names):
            said = {name: value for name, value in asked.stored().items() if value}
            if asked.scale:
                said = {"detractors": "", "promoters": "", **said}
            return Asked.of({**known["asked"], **said}), str(known["source"])
    return asked, ""


def _seen(staged: Staged, asked: Asked) -> dict[str, Any]:
    """What can be said of the file before its columns are understood."""
    names = staged.names
    fields = ", ".join(staged.as_text(name) for name in names)
    first = staged.all(f"SELECT {fields} FROM raw ORDER BY line LIMIT {SHOWN_ROWS}")
    rows = [[_short(cell) for cell in row] for row in first]
    columns = []
    for place, name in enumerate(names):
        column = staged.sample.column(f"c{place}").slice(0, 200).to_pylist()
        values = list(dict.fromkeys(_short(cell) for cell in column if cell and cell.strip()))
        columns.append({"name": name, "values": values[:SHOWN_VALUES]})
    return {
        "table": asked.table or table_of(names, asked.file_name),
        "columns": columns,
        "sample": rows,
        "rows": staged.rows + staged.rejects.total,
        "format": staged.facts.format,
        "encoding": staged.facts.encoding or "",
        "delimiter": staged.facts.delimiter or "",
    }


def _settled(asked: Asked, account: dict[str, Any]) -> dict[str, Any]:
    """How the file was read, with nothing left to be detected."""
    columns = dict(account["columns_read"])
    if account["table"] != "feedback":
        columns |= {name: NONE for name, column in asked.columns.items() if column == NONE}
    bands = {name: account.get(name, "") for name in ("scale", "detractors", "promoters")}
    return {**asked.stored(), "table": account["table"], "columns": columns, **bands}


def _short(cell: str | None) -> str:
    text = "" if cell is None else cell
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def _understood(staged: Staged, asked: Asked, table: str, folder: Path) -> dict[str, Any]:
    """The rows written, and the account of them. Raises UserError where the file cannot be this table."""
    if table not in IMPORTED:
        what = TITLES.get(table, table)
        raise UserError(
            f"{staged.facts.name} looks like {what}, which are not imported: winback writes its own as you work. "
            "If it holds something else, say what."
        )
    form, told = _feedback(staged, asked) if table == "feedback" else _table(staged, asked, table)
    temporary = folder / f"{ROWS}.new"
    form.write(temporary)
    rejected = _write_rejected(form.rejected_batches(), folder / REJECTED)
    temporary.replace(folder / ROWS)
    return {**told, **form.told(), "rejected_kept": rejected, "keys": form.keys, "taken": form.taken}


def _feedback(staged: Staged, asked: Asked) -> tuple[Form, dict[str, Any]]:
    from winback.analysis.turned_scale import scale_turned
    from winback.connectors.csvfile.feedback import SAFE_TO_CHECK_IDS, Options, to_feedback
    from winback.connectors.csvfile.mapping import Columns

    said = asked.columns
    single = {role: said.get(role) or None for role in SINGLE}
    several = {role: tuple(said.get(role) or ()) for role in SEVERAL}
    columns = Columns(
        score=single["score"], date=single["date"], customer=single["customer"], respondent=single["respondent"],
        external_id=single["id"], weight=single["weight"], money=single["value"], text=several["text"], by=several["by"],
        plain={role: said[role] for role in LABELS if said.get(role)},
    )  # fmt: skip
    options = Options(
        scale=asked.scale or None, detractors=asked.detractors or None, promoters=asked.promoters or None,
        blanks=asked.blank, zone=asked.zone, date_order=asked.date_order or None, currency=asked.currency,
    )  # fmt: skip
    reading = to_feedback(staged, columns, options)
    if "id" in reading.detected and staged.rows > SAFE_TO_CHECK_IDS:
        from dataclasses import replace

        # an id names a row here, so doubles are always looked for
        reading = to_feedback(staged, replace(columns, external_id=str(reading.mapping["id"])), options)
    asks = scale_turned(reading.tables.feedback, reading.tables.bands)
    mapping = {role: column if isinstance(column, str) else NONE for role, column in reading.mapping.items() if role in SINGLE}  # fmt: skip
    lists = {role: list(reading.mapping[role] or ()) or [NONE] for role in SEVERAL}
    bands = reading.tables.bands.describe()
    told = {
        "columns_read": {**mapping, **{role: reading.plain.get(role, NONE) for role in LABELS}, **lists},
        "plain": dict(reading.plain),
        "detected": [*reading.detected, *(role for role in reading.plain if not said.get(role))],
        "blank": reading.blank,
        "without_date": reading.without_date,
        "rejected": dict(reading.rejected),
        "examples": [dict(example) for example in reading.examples],
        "warnings": [*reading.warnings, *([asks] if asks else [])],
        "currency": reading.tables.currency,
        "scale": bands["scale"],
        "detractors": bands["detractors"],
        "promoters": bands["promoters"],
        "printed": str(reading),
    }
    return form_of_feedback(reading, staged, asked), told


def _table(staged: Staged, asked: Asked, table: str) -> tuple[Form, dict[str, Any]]:
    from winback.connectors.csvfile.tabular import read_table

    given = {name: column for name, column in asked.columns.items() if column and column != NONE}
    file = read_table(staged, table, given=given, zone=asked.zone, date_order=asked.date_order or None)
    left_out = {name for name, column in asked.columns.items() if column == NONE}
    mapping = {name: column for name, column in file.mapping.items() if name not in left_out}
    told = {
        "columns_read": mapping,
        "plain": {},
        "detected": [name for name in mapping if name not in given],
        "rejected": dict(file.rejected),
        "examples": [dict(example) for example in file.examples],
        "warnings": list(file.warnings),
        "currency": asked.currency or file.currency,
        "printed": f"{file.name}: {file.rows:,} rows, {sum(file.rejected.values()):,} rejected, as {TITLES[table]}\n"
        + "\n".join(f"  {name:14} {column}" for name, column in mapping.items()),
    }
    return form_of_table(file, staged, tuple(mapping)), told


def _write_rejected(batches: Iterator[pa.RecordBatch], path: Path) -> int:
    """The first rejected rows, one JSON object a line; returns how many."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for batch in batches:
            names = batch.schema.names[3:]
            for line, reason, message, *cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if written == KEPT:
                    return written
                row: Mapping[str, str] = {
                    name: (cell or "")[:LONGEST_FIELD] for name, cell in zip(names, cells, strict=True)
                }
                told = {"line": line, "reason": reason, "message": message[:LONGEST_MESSAGE], "row": row}
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
                written += 1
    return written


def die_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it ends."""
    import ctypes
    import signal

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() == 1:
        sys.exit(1)


def main(folder: Path, *, form: bool = True) -> None:
    """Read, and leave word of what happened in any case: a full disk as a sentence, a bug by its kind and place."""
    asked = Asked.of(json.loads((folder / ASKED).read_text(encoding="utf-8")))
    told: dict[str, Any] = {"asked": asked.digest, "table": asked.table, "error": "", "columns": [], "sample": []}
    try:
        read(folder, form=form)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            _leave(folder, told | {"broken": f"{type(error).__name__}: {error.strerror}"})
            return
        (folder / ROWS).unlink(missing_ok=True)
        said = (
            f"The disk is full, so {asked.file_name} could not be read to its end. Make room where WINBACK_HOME lies."
        )
        _leave(folder, told | {"error": said})
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name} line {frame.lineno}"
        _leave(folder, told | {"broken": f"{type(error).__name__} at {place}"})
    shutil.rmtree(folder / "tmp", ignore_errors=True)


if __name__ == "__main__":
    die_with_parent()
    main(Path(sys.argv[1]), form="--form" in sys.argv)
    os._exit(0)  # without putting its own memory in order, which takes as long as reading a small file
