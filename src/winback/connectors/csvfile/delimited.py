"""Text tables: lines become records, as RFC 4180 has it and as exports break it.

A record may run over several lines only if its quotes are as the RFC wants them; on a line of its own it may be
sloppy. A quote that is opened and never closed costs its line alone: reading goes on with the next. Every record that
does not fit the header is handed on as rejected, with its line. Memory is bounded by one chunk and one record.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from winback.connectors.csvfile.dialect import MARK, separator_line
from winback.connectors.csvfile.lines import MAX_LINE, Lines
from winback.connectors.csvfile.opening import Facts
from winback.connectors.csvfile.records import Records, Rejected, looks_like_data, readable, unique_names
from winback.errors import UserError

MAX_RECORD = 1 << 20  # characters of a record on several lines; more means a quote that was never closed
_HIDE = {ord("\r"): "\ue00d", ord("\n"): "\ue00a"}  # of the private use area, which means nothing in any text
_SHOW = {ord(hidden): chr(end) for end, hidden in _HIDE.items()}
HOPELESS = 200  # such quotes before the file is given up, and one more for every thousand records


def read_records(facts: Facts) -> tuple[list[str], Iterator[Records]]:
    """The header and the records of a text table, in chunks. Blank lines are no records.

    Raises UserError for a file without a header, or whose first line holds values.
    """
    # The limit is csv's own and global; it only ever grows.
    csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_LINE))
    lines = Lines(facts)
    parsed = _parsed(lines, facts)
    try:
        header, first = _header(parsed, facts)
    except BaseException:
        lines.close()
        raise
    return header, _chunks(lines, itertools.chain([first], parsed), facts, len(header))


@dataclass
class _Batch:
    """Records parsed together, the line each began on, and lines that are none. Suspect: with NULs or MARKs."""

    records: list[list[str]] = field(default_factory=list)
    begins: Sequence[int] = ()
    rejected: list[Rejected] = field(default_factory=list)
    suspect: bool = False
    characters: int = 0


def _parsed(lines: Lines, facts: Facts) -> Iterator[_Batch]:
    """Every record of the file. Where a record is broken, its first line is rejected and the next one is tried."""
    waiting: list[str] = []  # lines taken and not yet parsed
    number, suspect = 1, False  # of the first of them; whether any of them is
    records, hopeless, plain = 0, 0, True  # so far
    while waiting or (waiting := lines.block()):
        batch = _Batch(suspect=suspect or lines.suspect)
        done, taken = _read_on(waiting, number, facts, batch, plain=plain)
        plain = isinstance(batch.begins, range)
        more: list[str] = []
        if taken:
            length = sum(map(len, waiting[done : done + taken]))
            if done + taken == len(waiting) and length < MAX_RECORD:
                more = lines.block()  # the record may go on there
            if not more:
                hopeless += length >= MAX_RECORD
                if hopeless > HOPELESS + (records + len(batch.records)) // 1000:
                    raise UserError(_never_closed(facts, number + done, hopeless))
                _give_up_line(waiting[done], number + done, facts, batch, alone=taken == 1)
                done += 1
        batch.characters = sum(map(len, itertools.islice(waiting, done)))
        records += len(batch.records)
        waiting = waiting[done:] + more
        number += done
        suspect = batch.suspect and bool(waiting)
        yield batch


def _read_on(waiting: list[str], number: int, facts: Facts, batch: _Batch, *, plain: bool) -> tuple[int, int]:
    """Read records until one is broken: how many lines are done, and how many the broken one took.

    In a `plain` file every record so far stood on a line of its own: then that is tried first, for it is faster.
    """
    delimiter = facts.delimiter or ","
    if plain:
        with suppress(csv.Error):
            batch.records = list(csv.reader(waiting, delimiter=delimiter, strict=True))
            if len(batch.records) == len(waiting):
                batch.begins = range(number, number + len(waiting))
                return len(waiting), 0
    batch.records, begins, done, taken = [], [], 0, 0
    reader = csv.reader(waiting, delimiter=delimiter, strict=True)
    try:
        for record in reader:
            batch.records.append(record)
            begins.append(number + done)
            done = reader.line_num
    except csv.Error:
        taken = reader.line_num - done
    batch.begins = begins
    return done, taken


def _give_up_line(line: str, number: int, facts: Facts, batch: _Batch, *, alone: bool) -> None:
    """Take the first line of a broken record for a record if it can be one `alone`; else reject it."""
    record = _sloppy(line, facts) if alone else None
    if record is None:
        message = f"{facts.name} line {number}: a quote is opened and never closed; double quotes inside a field"
        batch.rejected.append(Rejected(number, "open_quote", message, [readable(line.rstrip("\r\n"))]))
    else:
        batch.records.append(record)
        batch.begins = [*batch.begins, number]


def _sloppy(line: str, facts: Facts) -> list[str] | None:
    """A line read for better or worse, with quotes in odd places; None if it leaves a quote open."""
    # A CR in a file with LF, or the other way, ends no line here, whatever the csv module thinks of it.
    text = line.rstrip("\r\n").translate(_HIDE)
    reader = csv.reader([text, "\n"], delimiter=facts.delimiter or ",")
    record = next(reader)
    return [cell.translate(_SHOW) for cell in record] if reader.line_num == 1 else None


def _never_closed(facts: Facts, line: int, count: int) -> str:
    return (
        f"{facts.name} has more than {count - 1} quotes that are opened and never closed, the last in line {line}; "
        "export it again with quotes inside fields doubled."
    )


def _header(parsed: Iterator[_Batch], facts: Facts) -> tuple[list[str], _Batch]:
    """The names of the columns, and what is left of the batch they stood in."""
    for batch in parsed:
        for place, record in enumerate(batch.records):
            cells = [cell.strip("\ufeff \t\r\n\x0b\x0c") for cell in record]
            line = batch.begins[place]
            if not any(cells) or (line == 1 and separator_line((facts.delimiter or "").join(record))):
                continue
            if batch.rejected and batch.rejected[0].line < line:
                break
            _check_header(cells, facts, line)
            rest = _Batch(
                batch.records[place + 1 :], batch.begins[place + 1 :], batch.rejected, batch.suspect, batch.characters
            )
            return unique_names(cells), rest
        if batch.rejected:
            raise UserError(
                f"{facts.name} line {batch.rejected[0].line} cannot be read as a header: a quote is opened and never "
                "closed; export it again."
            )
    raise UserError(f"{facts.name} has no header line; the first line should name each column.")


def _check_header(cells: list[str], facts: Facts, line: int) -> None:
    if any("\x00" in cell or MARK in cell for cell in cells):
        raise UserError(f"{facts.name} has a header that is no text; export it as CSV with UTF-8.")
    if looks_like_data(cells):
        raise UserError(
            f'{facts.name} line {line} holds values ("{next(filter(None, cells))[:40]}") where the names of the columns should be; '
            "add a header line that names each column."
        )


def _chunks(lines: Lines, parsed: Iterator[_Batch], facts: Facts, width: int) -> Iterator[Records]:
    chunk = Records()
    with lines:
        for batch in parsed:
            chunk.rejected += batch.rejected
            chunk.characters += batch.characters
            if not batch.suspect and set(map(len, batch.records)) == {width} and all(map(any, batch.records)):
                chunk.rows += batch.records
                chunk.lines += batch.begins
            else:
                for record, line in zip(batch.records, batch.begins, strict=True):
                    _sort(chunk, record, line, facts, width)
            if chunk.full:
                yield chunk
                chunk = Records()
        if lines.cut is not None:
            chunk.rejected.append(cut_short(facts, lines))
        yield chunk


def cut_short(facts: Facts, lines: Lines) -> Rejected:
    """What is left of the line in which a packed file was cut."""
    message = f"{facts.name} was cut short in line {lines.count + 1}; the rows before are kept. Get the whole file"
    return Rejected(lines.count + 1, "file_cut", message, [readable(lines.cut)] if lines.cut else [])


def _sort(chunk: Records, record: list[str], line: int, facts: Facts, width: int) -> None:
    """Put a record among the rows or the rejected. A blank one is neither; blank fields too many are let go."""
    if not any(record) or (len(record) == 1 < width and not record[0].strip()):
        return
    if reason := _no_text(record):
        what = "a NUL byte" if reason == "nul_byte" else f"bytes that are no {facts.encoding}"
        message = f"{facts.name} line {line} holds {what}; export the row again, as UTF-8"
        chunk.rejected.append(Rejected(line, reason, message, [readable(cell) for cell in record]))
    elif len(record) == width or (len(record) > width and not any(record[width:])):
        chunk.rows.append(record[:width])
        chunk.lines.append(line)
    else:
        message = (
            f"{facts.name} line {line} has {len(record)} fields where the header has {width}; "
            "put quotes round fields that hold the delimiter or a line break"
        )
        chunk.rejected.append(Rejected(line, "ragged_row", message, record))


def _no_text(record: list[str]) -> str | None:
    if any("\x00" in cell for cell in record):
        return "nul_byte"
    if any(MARK in cell for cell in record):
        return "wrong_encoding"
    return None
