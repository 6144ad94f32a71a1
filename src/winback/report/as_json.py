"""The report as JSON: the document itself, its published schema, and the page of the docs that explains every field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def render(doc: Mapping[str, Any]) -> str:
    """The document as indented JSON in UTF-8, keys in the order of the document, ending with a line break.

    Raises ValueError for a figure that is not a number: JSON has no word for it, and a report must not hold one.
    """
    return json.dumps(doc, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the document."""
    text = (files("winback.report") / "schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def reference() -> str:
    """The docs page: every field of the document with its type and meaning, written from the schema."""
    whole = schema()
    lines = [
        "# The JSON report",
        "",
        "<!-- Written from src/winback/report/schema.json by `python -m winback.report.as_json`; a test compares them. -->",
        "",
        str(whole["description"]),
        "",
        "`winback report FILE --format json` writes one document. Its schema is `winback/report/schema.json` in the package",
        f"(`winback.report.as_json.schema()`), its version stands in `schema`: `{whole['$id']}`. A field may be added within",
        "a version; none is renamed, removed or given another meaning. A field that is always there but unknown is null.",
        "",
        "## The document",
        "",
        *_table(whole),
    ]
    for name, part in whole["$defs"].items():
        if "properties" in part or "allOf" in part:
            lines += ["", f"## {name}", "", str(part.get("description", "")), "", *_table(part)]
    return "\n".join(lines).rstrip() + "\n"


def _table(part: Mapping[str, Any]) -> list[str]:
    rows = ["| field | type | meaning |", "|---|---|---|"]
    for inherited in part.get("allOf", ()):
        if "$ref" in inherited:
            name = _name(inherited["$ref"])
            rows.append(f"| … | | all fields of [{name}](#{name}) |")
    for name, field in _fields(part):
        meaning = str(field.get("description", "")).replace("|", "\\|")
        rows.append(f"| `{name}` | {_type(field)} | {meaning} |")
    return rows


def _fields(part: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Fields, and those of objects written in place, by their dotted path."""
    for choice in part.get("anyOf", ()):
        yield from _fields(choice, prefix)
    for name, field in part.get("properties", {}).items():
        yield prefix + name, field
        yield from _fields(field, f"{prefix}{name}.")
        yield from _fields(field.get("items", {}), f"{prefix}{name}[].")


def _type(field: Mapping[str, Any]) -> str:
    if "$ref" in field:
        name = _name(field["$ref"])
        part = schema()["$defs"][name]
        return f"[{name}](#{name})" if "properties" in part or "allOf" in part else _type(part)
    if "anyOf" in field:
        return " or ".join(_type(choice) for choice in field["anyOf"])
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return " or ".join("null" if choice is None else f"`{choice}`" for choice in field["enum"])
    kinds = field.get("type", "any")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    inner = _type(field["items"]) if "items" in field else "any"
    named = {"array": f"list of ({inner})" if " or " in inner else f"list of {inner}"}
    text = " or ".join(named.get(kind, kind) for kind in kinds)
    return f"{text} ({field['format']})" if "format" in field else text


def _name(reference_to: str) -> str:
    return reference_to.rsplit("/", 1)[-1]


if __name__ == "__main__":
    import sys

    sys.stdout.write(reference())
