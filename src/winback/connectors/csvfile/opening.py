"""What sort of file is this, and may it be opened? Decided by its first bytes, never by its name alone."""

from __future__ import annotations

import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from winback.connectors.csvfile.dialect import HEAD, decoded, delimiter_of, encoding_of, newline_of
from winback.connectors.csvfile.unpacking import open_bytes
from winback.errors import UserError

_FOREIGN = {
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old (.xls) or password-protected Excel workbook",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
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
_WHAT_TO_GIVE = "export it as CSV, XLSX, Parquet or JSON lines"


@dataclass(frozen=True)
class Facts:
    """What a file is: its name, format, and how its bytes are to be read."""

    path: Path
    format: str  # csv, tsv, xlsx, parquet or jsonl
    compressed: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    newline: str = "\n"

    @property
    def name(self) -> str:
        """The file's name, fit to be printed."""
        return self.path.name.encode("utf-8", "replace").decode("utf-8")


def sniff(path: Path) -> Facts:
    """Tell the format of a file by its first bytes.

    Raises UserError, with what to do next, for a file that is missing, empty, a folder, a pipe, unreadable,
    or anything but CSV, TSV, XLSX, Parquet or JSON lines, packed with gzip or not.
    """
    if _checked(path) == 0:
        raise UserError(f"{path.name} is empty; export it again and look whether it has rows.")
    try:
        head = _head(path, packed=False)
        packed = head.startswith(b"\x1f\x8b")
        if packed:
            head = _head(path, packed=True)
    except PermissionError:
        raise UserError(f"{path.name} may not be read; ask its owner for the right to read it.") from None
    except OSError as error:
        raise UserError(f"{path.name} cannot be read ({error.strerror or error}); look at the disk.") from None
    if packed and not head:
        raise UserError(f"{path.name} is packed with gzip, and its contents are damaged or empty; export it again.")
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise UserError(f"{path.name} is {what}, not a table winback reads; {_WHAT_TO_GIVE}.")
    if head[257:262] == b"ustar":
        raise UserError(f"{path.name} is a tar archive; unpack it and give the table inside.")
    for magic, format_, what in ((b"PAR1", "parquet", "a Parquet file"), (b"PK\x03\x04", "xlsx", "a workbook or zip")):
        if head.startswith(magic):
            if packed:
                raise UserError(f"{path.name} is {what} inside gzip; unpack it with gunzip and give what is inside.")
            return Facts(path=path, format=format_)
    return _text(path, head, packed=packed)


def _checked(path: Path) -> int:
    """The size of a regular file; a UserError for anything else."""
    try:
        status = path.stat()
    except PermissionError:
        raise UserError(f"{path} may not be looked at; ask the owner of its folder for the right.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ELOOP:
            raise UserError(f"{path} is a link that leads back to itself; give the file itself.") from None
        broken = " that the link leads to" if isinstance(error, OSError) and os.path.islink(path) else ""  # noqa: PTH114 - which never raises
        raise UserError(f"There is no file {_printable(path)}{broken}; check the name and the folder.") from None
    if stat.S_ISDIR(status.st_mode):
        raise UserError(f"{path} is a folder; give one file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise UserError(f"{path} is a pipe or a device, which cannot be read twice; save it as a file first.")
    return status.st_size


def _printable(path: Path) -> str:
    text = str(path).replace("\x00", "\\0").encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= 300 else f"{text[:300]}…"


def _head(path: Path, *, packed: bool) -> bytes:
    with open_bytes(path, packed=packed) as stream:
        return stream.read(HEAD)


def _text(path: Path, head: bytes, *, packed: bool) -> Facts:
    """The facts of a text file: tables by delimiter, or JSON lines."""
    encoding = encoding_of(head)
    if encoding is None:
        raise UserError(f"{path.name} holds bytes that are no text; {_WHAT_TO_GIVE}.")
    text = decoded(head, encoding)
    if text.count("\x00") > len(text) // 20 + 4:
        raise UserError(f"{path.name} holds bytes that are no text; {_WHAT_TO_GIVE}.")
    begin = text[:4096].lstrip("\ufeff \t\r\n")
    if begin.startswith("{"):
        return Facts(path=path, format="jsonl", compressed=packed, encoding=encoding)
    if re.match(r"\[\s*[{\[\]]", begin):
        raise UserError(
            f"{path.name} is one JSON list; winback reads JSON lines, one object a line. "
            f"Convert it with: jq -c '.[]' {path.name}"
        )
    if re.match(r"<[!?a-zA-Z]", begin):
        raise UserError(f"{path.name} is a web page or XML, not a table; export it as CSV or XLSX.")
    names = path.name.lower().removesuffix(".gz")
    delimiter = delimiter_of(text, "\t" if names.endswith((".tsv", ".tab")) else ",")
    format_ = "tsv" if delimiter == "\t" else "csv"
    return Facts(path, format_, packed, encoding, delimiter, newline_of(text))
