"""JSON lines: one object a line, its fields as text, nested objects as dotted names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from winback.connectors.csvfile.delimited import cut_short
from winback.connectors.csvfile.dialect import MARK
from winback.connectors.csvfile.lines import Lines
from winback.connectors.csvfile.opening import Facts
from winback.connectors.csvfile.records import Records, Rejected, readable, unique_names
from winback.errors import UserError

MAX_COLUMNS = 5_000
HEAD_LINES = 10_000  # lines looked at for the names of the columns
MAX_DEPTH = 4  # objects within objects that become columns; deeper ones stay JSON


def read_records(facts: Facts, warnings: list[str]) -> tuple[list[str], Iterator[Records]]:
    """The names of the fields, in order of appearance, and the objects as rows of text, in chunks.

    A field first met after the first 10,000 lines has no column: its rows are kept without it, and a warning is
    added. Raises UserError where no line is an object.
    """
    places: dict[str, int] = {}
    with Lines(facts) as lines:
        for _, item in _objects(lines, facts, limit=HEAD_LINES):
            if isinstance(item, dict):
                for name in item:
                    places.setdefault(name, len(places))
            if len(places) > MAX_COLUMNS:
                raise UserError(f"{facts.name} has more than {MAX_COLUMNS:,} different fields; that is no table.")
    if not places:
        raise UserError(
            f'{facts.name} has no line that is a JSON object; write one object a line, like {{"score": 9}}, '
            "with no line break inside it."
        )
    return unique_names(places), _chunks(facts, places, warnings)


def _chunks(facts: Facts, places: Mapping[str, int], warnings: list[str]) -> Iterator[Records]:
    chunk, late = Records(), set[str]()
    with Lines(facts) as lines:
        for line, item in _objects(lines, facts):
            if isinstance(item, Rejected):
                chunk.rejected.append(item)
                chunk.characters += sum(map(len, item.fields))
            else:
                row = [""] * len(places)
                for name, value in item.items():
                    if name in places:
                        row[places[name]] = value
                        chunk.characters += len(value)
                    elif len(late) < 5 and name not in late:
                        late.add(name)
                        warnings.append(
                            f'{facts.name} line {line}: the field "{readable(name)[:60]}" is met here for the first '
                            f"time, after {HEAD_LINES:,} lines, and is left out; put it into an early line, if blank."
                        )
                chunk.rows.append(row)
                chunk.lines.append(line)
            if chunk.full:
                yield chunk
                chunk = Records()
        if lines.cut is not None:
            chunk.rejected.append(cut_short(facts, lines))
    yield chunk


def _objects(lines: Lines, facts: Facts, limit: int | None = None) -> Iterator[tuple[int, dict[str, str] | Rejected]]:
    """(line, flat object) or (line, what is wrong with it) for every line that is not blank."""
    number = 0
    while block := lines.block():
        for text in block:
            number += 1
            if limit is not None and number > limit:
                return
            line = text.strip("\ufeff \t\r\n")
            if line:
                yield number, _object(line, number, facts)


def _object(line: str, number: int, facts: Facts) -> dict[str, str] | Rejected:
    where = f"{facts.name} line {number}"
    if MARK in line:
        message = f"{where} holds bytes that are no {facts.encoding}; export the row again, as UTF-8"
        return Rejected(number, "wrong_encoding", message, [readable(line)])
    try:
        item = json.loads(line)
        if isinstance(item, dict):
            flat = dict(_flat(item, ""))
            if any("\x00" in value for value in flat.values()):
                message = f"{where} holds a NUL byte, which is no text; export the row again"
                return Rejected(number, "nul_byte", message, [readable(line)])
            return flat
        message = f"{where} is JSON but no object; write one object a line"
    except (ValueError, RecursionError):
        message = f"{where} is no JSON object; mend it or take it out"
    return Rejected(number, "not_json", message, [readable(line)])


def _flat(item: Mapping[str, Any], prefix: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, value in item.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and depth < MAX_DEPTH:
            yield from _flat(value, f"{name}.", depth + 1)
        else:
            yield name, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        # Half of a surrogate pair, which JSON can write and UTF-8 cannot.
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=True) if value else ""
    return str(value)
