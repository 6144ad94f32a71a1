"""JSON lines: one object a line, its fields as text, nested objects as dotted names."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from winback.connectors.csvfile.delimited import CHUNK, Records
from winback.connectors.csvfile.opening import Facts, open_bytes, was_cut
from winback.errors import UserError

MAX_LINE = 4 << 20  # bytes of one object
MAX_COLUMNS = 2_000
HEAD_LINES = 10_000  # objects looked at for the names of the columns


def read_records(facts: Facts) -> tuple[list[str], Iterator[Records]]:
    """The names of the fields, in order of appearance, and the objects as rows of text, in chunks.

    A field first met after the first 10,000 objects has no column; such a row is kept without it.
    Raises UserError where no line is an object.
    """
    names: dict[str, int] = {}
    for _, item in _objects(facts, limit=HEAD_LINES):
        if isinstance(item, dict):
            for name in item:
                names.setdefault(name, len(names))
        if len(names) > MAX_COLUMNS:
            raise UserError(f"{facts.name} has more than {MAX_COLUMNS} different fields; that is no table.")
    if not names:
        raise UserError(f'{facts.name} has no line that is a JSON object; write one a line, like {{"score": 9}}.')
    return list(names), _chunks(facts, names)


def _chunks(facts: Facts, names: Mapping[str, int]) -> Iterator[Records]:
    chunk = Records()
    for line, item in _objects(facts):
        if isinstance(item, dict):
            row = [""] * len(names)
            for name, value in item.items():
                if name in names:
                    row[names[name]] = value
            if "\x00" in "".join(row):
                sentence = f"{facts.name} line {line} holds a NUL byte, which is no text; export the row again."
                chunk.rejected.append((line, "nul_byte", sentence, [cell.replace("\x00", "\ufffd") for cell in row]))
            else:
                chunk.rows.append(row)
                chunk.lines.append(line)
        else:
            chunk.rejected.append((line, "not_json", f"{facts.name} line {line}: {item}", []))
        if len(chunk.rows) >= CHUNK:
            yield chunk
            chunk = Records()
    yield chunk


def _objects(facts: Facts, limit: int | None = None) -> Iterator[tuple[int, dict[str, str] | str]]:
    """(line, flat object) or (line, what is wrong with it)."""
    stream = open_bytes(facts)
    with io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="\n") as text:
        number = 0
        while line := text.readline(MAX_LINE):
            number += 1
            if len(line) >= MAX_LINE:
                raise UserError(
                    f"{facts.name} line {number} is longer than {MAX_LINE >> 20} MiB; write one object a line."
                )
            if limit is not None and number > limit:
                return
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except (ValueError, RecursionError):
                yield number, "it is no JSON object; mend it or take it out."
                continue
            if isinstance(item, dict):
                yield number, dict(_flat(item, ""))
            else:
                yield number, "it is JSON but no object; write one object a line."
        if was_cut(stream):
            yield number + 1, "the file was cut short here; the rows before are kept. Get the whole file."


def _flat(item: Mapping[str, Any], prefix: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, value in item.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and depth < 4:
            yield from _flat(value, f"{name}.", depth + 1)
        else:
            yield name, _text(value).encode("utf-8", "replace").decode("utf-8")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
