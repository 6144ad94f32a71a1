"""The lines of a text file, block by block, in bounded memory."""

from __future__ import annotations

import codecs
import io
from types import TracebackType

from winback.connectors.csvfile.dialect import ERRORS, MARK, is_utf8
from winback.connectors.csvfile.opening import Facts
from winback.connectors.csvfile.unpacking import open_bytes, was_cut
from winback.errors import UserError

BLOCK = 1 << 18  # bytes decoded at once
MAX_LINE = 4 << 20  # characters of one line; more means it is no table


class NotUtf8(Exception):  # noqa: N818 - no error of anybody's: the file is read again with another encoding
    """Bytes that are no UTF-8 came after a beginning of plain ASCII: the file is Windows-1252."""


class Lines:
    """Decoded lines that keep their ends. Bytes that do not fit are MARKs.

    LF or CR LF end a line, as in any editor; CR alone does so in a file whose first line ends in CR alone.
    A file packed with gzip that was cut ends before the line with the cut, which is then in `cut`.
    """

    def __init__(self, facts: Facts) -> None:
        assert facts.encoding is not None
        self._stream = open_bytes(facts.path, packed=facts.compressed)
        self._decoder = codecs.getincrementaldecoder(facts.encoding)(errors=ERRORS)
        self._name = facts.name
        self._doubtful = facts.encoding == "utf-8"  # nothing beyond ASCII has been seen so far
        self._rest = ""
        self._newline = facts.newline
        self.count = 0  # lines handed on
        self.ended = False
        self.suspect = False  # a NUL or a MARK stands somewhere in the last block
        self.cut: str | None = None

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._stream.close()

    def block(self) -> list[str]:
        """The next lines; none at the end.

        Raises UserError for a line that no table has, NotUtf8 where the encoding turns out to be another.
        """
        while not self.ended:
            lines = self._lines_of(self._decoded())
            if len(self._rest) > MAX_LINE:
                raise UserError(
                    f"{self._name} line {self.count + len(lines) + 1} is longer than {MAX_LINE >> 20} million "
                    "characters, which no table is; export it again with one record a line."
                )
            if lines:
                self.count += len(lines)
                return lines
        return []

    def _decoded(self) -> str:
        raw = self._stream.read(BLOCK)
        text = self._decoder.decode(raw, final=not raw)
        self.ended = not raw
        if self._doubtful and not text.isascii():
            if not is_utf8(text):
                raise NotUtf8
            self._doubtful = False
        return text

    def _lines_of(self, text: str) -> list[str]:
        text = self._rest + text
        if "\ufeff" in text:  # a byte order mark within: files were joined
            text = text.replace("\n\ufeff", "\n")
        self.suspect = "\x00" in text or MARK in text
        lines = _split(text, self._newline)
        if not self.ended:
            # Kept back: it may go on in the next block, if only with the \n of a \r\n.
            self._rest = lines.pop() if lines else ""
            return lines
        self._rest = ""
        if was_cut(self._stream):
            self.cut = lines.pop() if lines and not lines[-1].endswith(("\n", "\r")) else ""
        return lines


def _split(text: str, newline: str) -> list[str]:
    """Lines with their ends, where this one character ends them and no other."""
    if newline == "\n":
        return io.StringIO(text, newline="\n").readlines()
    *ended, last = text.split(newline)
    return [*(line + newline for line in ended), *([last] if last else [])]
