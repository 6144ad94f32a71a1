"""A file's bytes, unpacked where it is gzip, in blocks of bounded size; bombs are refused, cut files read to the cut."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO

from winback.errors import UserError

BUFFER = 1 << 20  # bytes unpacked at once
MAX_RATIO = 200  # a table packed tighter than this is taken for a bomb
RATIO_FROM = 64 << 20  # bytes unpacked before the ratio is looked at


class _Unpacked(io.RawIOBase):
    """A gzip stream that refuses bombs. A stream that is cut or damaged ends early and sets `cut`."""

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


def open_bytes(path: Path, *, packed: bool) -> BinaryIO:
    """The bytes of a file, unpacked if `packed`."""
    if packed:
        return io.BufferedReader(_Unpacked(path), buffer_size=BUFFER)
    return path.open("rb")


def was_cut(stream: BinaryIO) -> bool:
    """Whether an unpacked stream ended before its time."""
    return isinstance(stream, io.BufferedReader) and isinstance(stream.raw, _Unpacked) and stream.raw.cut
