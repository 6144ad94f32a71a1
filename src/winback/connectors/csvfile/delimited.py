"""Text tables: bytes become records with their line numbers, as RFC 4180 has it and as exports break it.

Comma, semicolon, tab or bar; UTF-8 with or without BOM, UTF-16, Windows-1252. A record that does not fit its
header is handed on as rejected, with its line; the records around it are kept. Memory is bounded by one chunk.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from winback.connectors.csvfile.opening import HEAD, Facts, open_bytes, was_cut
from winback.errors import UserError

CHUNK = 50_000  # records handed on together
MAX_FIELD = 1 << 20  # characters of one field; more means a quote that was never closed
MAX_LINE = 16 << 20  # characters of one line; more means it is no table
_DELIMITERS = ",;\t|"
_END = "\x1e end of file \x1e"  # fed as a last line: seen inside a field, a quote stands open


@dataclass
class Records:
    """A chunk of records: equally long lists of fields, the line each began on, and what was rejected."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejected: list[tuple[int, str, str, list[str]]] = field(default_factory=list)  # line, reason, sentence, fields


def recognise(facts: Facts) -> Facts:
    """Add encoding and delimiter to what is known of a text file. Raises UserError where it is no text."""
    with open_bytes(facts) as stream:
        head = stream.read(HEAD)
    encoding = _encoding(head, facts.name)
    text = head.decode(encoding, errors="replace")
    if encoding not in ("cp1252",) and text.count("\x00") > len(text) // 20 + 4:
        raise UserError(f"{facts.name} holds bytes that are no text; export it as CSV, XLSX, Parquet or JSON lines.")
    delimiter = _delimiter(text, "\t" if facts.format == "tsv" else ",")
    return replace(facts, encoding=encoding, delimiter=delimiter, format="tsv" if delimiter == "\t" else "csv")


def _encoding(head: bytes, name: str) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    half = min(len(head), 4096) // 2
    if half > 8 and odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if half > 8 and even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    if head.count(0) > len(head) // 10:
        raise UserError(f"{name} holds bytes that are no text; export it as CSV, XLSX, Parquet or JSON lines.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(text: str, usual: str) -> str:
    """The delimiter under which the first records agree best on more than one field."""
    first = text.lstrip("\ufeff").split("\n", 1)[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5:
        return first[4]
    sample = text[: 1 << 16]
    if len(text) > len(sample) and "\n" in sample:
        sample = sample[: sample.rindex("\n")]
    best, best_score = usual, 1.0
    for delimiter in _DELIMITERS:
        widths = []
        try:
            for number, record in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
                if number > 100:
                    break
                if record:
                    widths.append(len(record))
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        agreeing = sum(width == widths[0] for width in widths) / len(widths)
        score = 1.0 + agreeing * widths[0] * (1.001 if delimiter == usual else 1.0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


class _Lines:
    """Decoded lines that can be taken back to the line after the one where a broken record began."""

    def __init__(self, facts: Facts, encoding: str) -> None:
        self._stream = open_bytes(facts)
        self._name = facts.name
        errors = "replace" if encoding == "cp1252" else "surrogateescape"
        self._text = io.TextIOWrapper(self._stream, encoding=encoding, errors=errors, newline="")
        self._again: list[str] = []
        self._taken: list[str] = []
        self._ended = False
        self.nul = False  # a NUL byte stood in the record being read
        self.number = 0  # lines handed on so far, less those taken back

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.pop()
        elif self._ended:
            raise StopIteration
        else:
            line = self._text.readline(MAX_LINE)
            if len(line) >= MAX_LINE:
                raise UserError(
                    f"{self._name} line {self.number + 1} is longer than {MAX_LINE >> 20} MiB; that is no table. "
                    "Export it again with one record a line."
                )
            if not line:
                self._ended = True
                line = _END
        self.number += 1
        self._taken.append(line)
        if "\x00" in line:
            self.nul = True
        return line

    def record_done(self) -> None:
        self._taken.clear()
        self.nul = False

    def step_back(self) -> str:
        """Return the first line of the broken record and take the lines after it back."""
        first, *rest = self._taken
        self._again.extend(reversed(rest))
        self.number -= len(rest)
        self._taken.clear()
        self.nul = False
        return first

    @property
    def cut(self) -> bool:
        return was_cut(self._stream)  # type: ignore[arg-type]

    def close(self) -> None:
        self._text.close()


def read_records(facts: Facts) -> tuple[list[str], Iterator[Records]]:
    """The header and the records of a text table, in chunks.

    Raises UserError for a file without a header, or with a header that holds numbers only.
    """
    assert facts.encoding is not None and facts.delimiter is not None
    lines = _Lines(facts, facts.encoding)
    # The limit is csv's own and global; it only ever grows.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_FIELD))
    reader = csv.reader(lines, delimiter=facts.delimiter)
    try:
        header = _header(reader, lines, facts)
    except csv.Error as error:
        raise UserError(f"{facts.name} line 1 cannot be read as a header: {error}; export it again.") from None
    return header, _chunks(reader, lines, facts, len(header))


def _header(reader: Iterator[list[str]], lines: _Lines, facts: Facts) -> list[str]:
    for record in reader:
        lines.record_done()
        cells = [cell.strip().strip("\ufeff") for cell in record]
        if not any(cells) or (len(cells) <= 2 and "".join(cells).lower().startswith("sep=")):
            continue
        if _END in cells[-1]:
            break
        if "\x00" in "".join(cells) or any("\udc80" <= c <= "\udcff" for c in "".join(cells)):
            raise UserError(f"{facts.name} has a header that is no text; export it as CSV with UTF-8.")
        if all(_is_number(cell) for cell in cells if cell):
            raise UserError(
                f"{facts.name} line {lines.number} holds numbers where the names of the columns should be; "
                "add a header line that names each column."
            )
        return unique_names(cells)
    raise UserError(f"{facts.name} has no header line; the first line should name each column.")


def unique_names(cells: list[str]) -> list[str]:
    """Names of columns, each once: blanks become "column 3", a second "Q1" becomes "Q1 (2)"."""
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(cells, start=1):
        name = cell.replace("\n", " ").replace("\r", " ") or f"column {place}"
        seen[name] += 1
        while seen[name] > 1 and f"{name} ({seen[name]})" in cells:
            seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _chunks(reader: Iterator[list[str]], lines: _Lines, facts: Facts, width: int) -> Iterator[Records]:
    chunk = Records()
    begins = lines.number + 1
    try:
        while True:
            try:
                record = next(reader)
            except StopIteration:
                break
            except csv.Error:
                # A quote that is never closed swallows what follows: give up its line only, and go on after it.
                _reject_open_quote(chunk, begins, lines, facts)
                reader = csv.reader(lines, delimiter=facts.delimiter or ",")
                begins = lines.number + 1
                continue
            if record and _END in record[-1]:
                if record[0] == _END:
                    break
                if begins == lines.number:  # the end fell behind the last field of an unfinished line
                    break
                _reject_open_quote(chunk, begins, lines, facts)
                reader = csv.reader(lines, delimiter=facts.delimiter or ",")
                begins = lines.number + 1
                continue
            nul = lines.nul
            lines.record_done()
            if nul:
                sentence = f"{facts.name} line {begins} holds a NUL byte, which is no text; export the row again."
                chunk.rejected.append(
                    (begins, "nul_byte", sentence, [cell.replace("\x00", "\ufffd") for cell in record])
                )
            elif len(record) == width:
                chunk.rows.append(record)
                chunk.lines.append(begins)
            elif len(record) > width and not any(record[width:]):
                chunk.rows.append(record[:width])
                chunk.lines.append(begins)
            elif record:
                _reject_ragged(chunk, begins, record, width, facts)
            begins = lines.number + 1
            if len(chunk.rows) >= CHUNK:
                yield chunk
                chunk = Records()
        if lines.cut:
            sentence = f"{facts.name} was cut short after line {lines.number - 1}; the rows before are kept. Get the whole file."
            chunk.rejected.append((lines.number, "file_cut", sentence, []))
        yield chunk
    finally:
        lines.close()


def _reject_open_quote(chunk: Records, line: int, lines: _Lines, facts: Facts) -> None:
    first = lines.step_back().rstrip("\r\n").replace(_END, "")
    sentence = f"{facts.name} line {line}: a quote is opened and never closed; double quotes inside a field."
    chunk.rejected.append((line, "open_quote", sentence, [first[:10_000]]))


def _reject_ragged(chunk: Records, line: int, record: list[str], width: int, facts: Facts) -> None:
    if len(record) == 1 and not record[0].strip():
        return
    sentence = (
        f"{facts.name} line {line} has {len(record)} fields where the header has {width}; "
        "put quotes round fields that hold the delimiter or a line break."
    )
    chunk.rejected.append((line, "ragged_row", sentence, record))
