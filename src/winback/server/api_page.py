"""The page that describes the API, made from its OpenAPI schema: read without a script, by keyboard and on a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

Schema = Mapping[str, Any]

WORDS = {
    "200": "done",
    "201": "done, and it was new",
    "401": "no key, or one that does not fit",
    "403": "the key may not do this",
    "404": "there is nothing to tell yet",
    "422": "something in it cannot be taken; the sentence says what",
    "429": "too much at once; Retry-After says for how many seconds",
}
EXAMPLES: Mapping[str, Any] = {  # names of fields that make the shortest body worth sending
    "external_id": "A-1041",
    "occurred_at": "2026-11-19T14:05:00Z",
    "customer": "C-000122",
    "score": 4,
    "comment": "Third outage this month, nobody told us",
    "name": "Alder & Sons",
    "since_date": "2024-03-01",
    "attributes": {"region": "North"},
}


class ApiPage(DocsBase):
    """What NinjaAPI(docs=…) asks for."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        context = {
            "about": sentences(schema["info"]["description"]),
            "operations": operations(schema, settings.BASE_URL),
            "file": self.get_openapi_url(api, kwargs),
        }
        return render(request, "api/docs.html", context)


def operations(schema: Schema, base: str) -> list[dict[str, Any]]:
    """One for each method of each path, with its fields, its answers and a line to try it with."""
    found = []
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            body = _body(schema, operation)
            found.append(
                {
                    "method": method.upper(),
                    "path": path,
                    "anchor": f"{method}{re.sub(r'[^a-z0-9]+', '-', path)}".strip("-"),
                    "summary": operation.get("summary", ""),
                    "about": sentences(operation.get("description", "")),
                    "tables": [*_asked(operation), *_tables(schema, body, "The body")],
                    "answers": [(str(code), WORDS.get(str(code), "")) for code in operation["responses"]],
                    "example": _example(schema, method, f"{base}{path}", body),
                }
            )
    return found


def sentences(text: str) -> list[str]:
    """Paragraphs of a docstring, each on one line, without the marks of code."""
    return [" ".join(part.split()).replace("`", "") for part in text.split("\n\n") if part.strip()]


def kind(schema: Schema, field: Schema) -> str:
    """What a field holds, in words: "text, up to 200 characters", "number"."""
    if "anyOf" in field:
        return ", or ".join(dict.fromkeys(kind(schema, part) for part in field["anyOf"] if part.get("type") != "null"))
    if "$ref" in field:
        return str(field["$ref"].rpartition("/")[2])
    if "enum" in field:
        return "one of " + ", ".join(str(choice) for choice in field["enum"])
    if field.get("type") == "array":
        most = f", {field['maxItems']:,} at most" if "maxItems" in field else ""
        return f"list{most}"
    if field.get("type") == "object":
        return "names with their values"
    if field.get("type") == "string":
        if "pattern" in field and "format" not in field:
            return "amount, as text"
        words = {"date-time": "time with its zone", "date": "day"}.get(field.get("format", ""), "text")
        return words + (f", up to {field['maxLength']:,} characters" if "maxLength" in field else "")
    return {"integer": "whole number", "boolean": "yes or no"}.get(
        field.get("type", ""), str(field.get("type", "anything"))
    )


def _body(schema: Schema, operation: Schema) -> Schema | None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return _resolved(schema, content["schema"]) if content else None


def _resolved(schema: Schema, part: Schema) -> Schema:
    if "$ref" not in part:
        return part
    found: Schema = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    return found


def _tables(schema: Schema, body: Schema | None, title: str) -> list[dict[str, Any]]:
    """The fields of the body, and below it those of each row where it holds a list of them."""
    if body is None:
        return []
    needed = body.get("required", [])
    rows = [(name, kind(schema, field), name in needed) for name, field in body.get("properties", {}).items()]
    tables = [{"title": title, "about": sentences(body.get("description", "")), "rows": rows}]
    for name, field in body.get("properties", {}).items():
        if field.get("type") == "array" and "$ref" in field["items"]:
            tables += _tables(schema, _resolved(schema, field["items"]), f"Each of {name}")
    return tables


def _asked(operation: Schema) -> list[dict[str, Any]]:
    """What may stand in the address."""
    rows = [
        (given["name"], given.get("description") or kind({}, given["schema"]), bool(given.get("required")))
        for given in operation.get("parameters", [])
    ]
    return [{"title": "In the address", "about": [], "rows": rows}] if rows else []


def _example(schema: Schema, method: str, address: str, body: Schema | None) -> str:
    lines = [f"curl {address.replace('{page}', 'pulse')}", '-H "Authorization: Bearer $WINBACK_KEY"']
    if body is not None:
        lines += [
            '-H "Content-Type: application/json"',
            f"-d '{json.dumps(_sample(schema, body), ensure_ascii=False)}'",
        ]
    return " \\\n  ".join(lines)


def _sample(schema: Schema, body: Schema) -> dict[str, Any]:
    properties = body.get("properties", {})
    if "rows" in properties:
        return {"rows": [_sample(schema, _resolved(schema, properties["rows"]["items"]))]}
    return {name: value for name, value in EXAMPLES.items() if name in properties}
