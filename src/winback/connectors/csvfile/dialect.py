"""How a text file is written: its encoding, and the delimiter of its fields. Told by its first bytes."""

from __future__ import annotations

import codecs
import csv
import io
import re

HEAD = 1 << 20  # bytes looked at
MARK = "\udcff"  # stands for bytes that do not fit the encoding: no decoder gives it otherwise
ERRORS = "winback.mark"
_DELIMITERS = ",;\t|"
_SAMPLE = 1 << 16  # characters looked at for the delimiter
_SEP = re.compile('\ufeff?"?sep=([^\\w\\s"\']|\t)"?[\r\n]*$', re.IGNORECASE)
_FIRST_END = re.compile(r'(?:[^"\r\n]|"[^"]*")*(\r\n|\r|\n)')
_NO_TEXT = bytes({*range(32), 127} - {*b"\t\n\f\r"})


def _mark(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return MARK, error.end
    raise error


codecs.register_error(ERRORS, _mark)


def encoding_of(head: bytes) -> str | None:
    """UTF-8 with or without BOM, UTF-16 or Windows-1252; None where the bytes are no text."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Half of the bytes of Western text in UTF-16 are NUL, and always the same half.
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    half = min(len(head), 4096) // 2
    if half > 8 and odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if half > 8 and even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    if len(head) - len(head.translate(None, _NO_TEXT)) > max(8, len(head) // 50):
        return None
    return "utf-8" if is_utf8(decoded(head, "utf-8")) else "cp1252"


def is_utf8(text: str) -> bool:
    """Whether text decoded as UTF-8 was UTF-8 indeed.

    Letters beyond ASCII are hardly ever valid UTF-8 by chance: where there are some, bytes that do not fit are damage.
    """
    marks = text.count(MARK)
    if marks == 0:
        return True
    beyond = len(text) - len(text.encode("ascii", "ignore")) - marks
    return beyond * 10 > marks


def decoded(head: bytes, encoding: str) -> str:
    """The start of a file as text; a character cut at the end is left out."""
    return codecs.getincrementaldecoder(encoding)(errors=ERRORS).decode(head)


def newline_of(text: str) -> str:
    """What ends a line, LF (or CR LF, which ends in it) or CR: the first of them outside quotes says so."""
    first = _FIRST_END.match(text)
    return "\r" if first and first.group(1) == "\r" else "\n"


def delimiter_of(text: str, usual: str) -> str:
    """The delimiter under which the first records agree best on more than one field."""
    if told := separator_line(text[:16].split("\n", 1)[0]):
        return told
    sample = text[:_SAMPLE]
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


def separator_line(line: str) -> str | None:
    """The delimiter named by a first line such as `sep=;`, which spreadsheets write; None for any other line."""
    found = _SEP.match(line)
    return found.group(1) if found else None
