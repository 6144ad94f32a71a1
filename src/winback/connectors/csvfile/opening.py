"""What sort of file is this, and may it be opened? Decided by its first bytes, never by its name alone."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from winback.errors import UserError

HEAD = 1 << 20  # bytes looked at to tell format, encoding and delimiter
MAX_RATIO = 200  # a table packed tighter than this is taken for a bomb
RATIO_FROM = 256 << 20  # bytes unpacked before the ratio is looked at
MAX_WORKBOOK = 1 << 30  # bytes of an unpacked workbook, which is read whole

_FOREIGN = {
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
    b"\x7fELF": "a program",
}


@dataclass(frozen=True)
class Facts:
    """What a file is: its name, format, and how its bytes are to be read."""

    path: Path
    format: str  # csv, tsv, xlsx, parquet or jsonl
    compressed: bool = False
    encoding: str | None = None
    delimiter: str | None = None

    @property
    def name(self) -> str:
        return self.path.name


class _Unpacked(io.RawIOBase):
    """A gzip stream that refuses bombs. A stream cut short ends early and sets `cut`."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = gzip.open(path, "rb")  # noqa: SIM115 - closed with the stream
        self._packed = path.stat().st_size
        self._name = path.name
        self._unpacked = 0
        self.cut = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            block = self._file.read1(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile):
            # What was unpacked before the damage has been handed on already; the rows are kept.
            self.cut = True
            return 0
        view[: len(block)] = block
        self._unpacked += len(block)
        if self._unpacked > RATIO_FROM and self._unpacked > MAX_RATIO * self._packed:
            raise UserError(
                f"{self._name} unpacks to more than {MAX_RATIO} times its size, which no table does; "
                "nothing was read. If it is a true table, unpack it yourself and give the unpacked file."
            )
        return len(block)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_bytes(facts: Facts) -> BinaryIO:
    """The file's bytes, unpacked where it is gzip, in blocks of bounded size."""
    if facts.compressed:
        return io.BufferedReader(_Unpacked(facts.path), buffer_size=HEAD)
    return facts.path.open("rb")


def was_cut(stream: BinaryIO) -> bool:
    """Whether an unpacked stream ended before its time."""
    return isinstance(stream, io.BufferedReader) and isinstance(stream.raw, _Unpacked) and stream.raw.cut


def sniff(path: Path) -> Facts:
    """Tell the format of a file by its first bytes.

    Raises UserError, with what to do next, for a file that is missing, empty, a folder, unreadable,
    or anything but CSV, TSV, XLSX, Parquet or JSON lines, packed with gzip or not.
    """
    name = path.name
    if not path.exists():
        raise UserError(f"There is no file {path}; check the name and the folder.")
    if path.is_dir():
        raise UserError(f"{path} is a folder; give one file in it.")
    try:
        with path.open("rb") as file:
            head = file.read(64)
        if path.stat().st_size == 0:
            raise UserError(f"{name} is empty; export it again and look whether it has rows.")
    except PermissionError:
        raise UserError(f"{name} may not be read; ask its owner for the right to read it.") from None
    compressed = head[:2] == b"\x1f\x8b"
    facts = Facts(path=path, format="csv", compressed=compressed)
    if compressed:
        with open_bytes(facts) as stream:
            head = stream.read(64)
            if not head:
                raise UserError(f"{name} is packed with gzip, and its contents are damaged or empty; export it again.")
    inner = name[:-3].lower() if compressed and name.lower().endswith(".gz") else name.lower()
    _refuse_foreign(name, head)
    if head[:4] == b"PAR1":
        if compressed:
            raise UserError(f"{name} is a Parquet file inside gzip; unpack it with gunzip, Parquet is packed already.")
        return Facts(path=path, format="parquet")
    if head[:2] == b"PK":
        if compressed:
            raise UserError(f"{name} is a workbook inside gzip; unpack it with gunzip first.")
        _check_workbook(path)
        return Facts(path=path, format="xlsx")
    text = head.lstrip(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"{":
        return Facts(path=path, format="jsonl", compressed=compressed, encoding="utf-8")
    if text[:1] == b"[" and inner.endswith((".json", ".jsonl", ".ndjson")):
        raise UserError(
            f"{name} is one JSON list; winback reads JSON lines, one object a line. Convert it with: jq -c '.[]' {name}"
        )
    if text[:1] == b"<":
        raise UserError(f"{name} is a web page or XML, not a table; export it as CSV or XLSX.")
    return Facts(path=path, format="tsv" if inner.endswith((".tsv", ".tab")) else "csv", compressed=compressed)


def _refuse_foreign(name: str, head: bytes) -> None:
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise UserError(
                f"{name} is {what}, not a table winback reads; export it as CSV, XLSX, Parquet or JSON lines."
            )


def _check_workbook(path: Path) -> None:
    """Refuse a zip that is no workbook, is damaged, or would unpack to more than memory should hold."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
    except (zipfile.BadZipFile, ValueError, EOFError):
        raise UserError(
            f"{path.name} is a damaged workbook or was cut short; save it again and give the new file."
        ) from None
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        raise UserError(f"{path.name} is a zip archive, not a workbook; unpack it and give the table inside.")
    size = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if size > MAX_WORKBOOK or (size > RATIO_FROM and size > MAX_RATIO * packed):
        raise UserError(
            f"{path.name} would unpack to {size / (1 << 30):.1f} GiB; workbooks of that size are not opened. "
            "Save the sheet as CSV and give that file."
        )
