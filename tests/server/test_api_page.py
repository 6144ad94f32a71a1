"""The page that describes the API says what its schema says."""

from __future__ import annotations

import pytest
from django.test import Client

from winback.server.api import api
from winback.server.api_page import kind, operations, sentences


def test_every_operation_stands_on_the_page(db: None) -> None:
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    for path, methods in api.get_openapi_schema()["paths"].items():
        for operation in methods.values():
            assert path in text and operation["summary"] in text
    assert "<script" not in text.replace('<script src="', "")
    assert "<noscript" not in text


def test_an_operation_tells_its_fields_answers_and_an_example() -> None:
    found = {(one["method"], one["path"]): one for one in operations(api.get_openapi_schema(), "https://nps.example")}
    many = found["POST", "/api/v1/feedback/batch"]
    body, row = many["tables"]
    assert (body["title"], row["title"]) == ("The body", "Each of rows")
    assert ("rows", "list, 5,000 at most", True) in body["rows"]
    assert ("external_id", "text, up to 200 characters", True) in row["rows"]
    assert ("occurred_at", "time with its zone", False) in row["rows"]
    assert ("422", "something in it cannot be taken; the sentence says what") in many["answers"]
    assert many["example"].startswith("curl https://nps.example/api/v1/feedback/batch \\\n")
    assert '"external_id": "A-1041"' in many["example"]
    figures = found["GET", "/api/v1/figures/{page}"]
    assert figures["tables"][0]["title"] == "In the address"
    assert "/api/v1/figures/pulse" in figures["example"] and "Content-Type" not in figures["example"]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "integer"}, "whole number"),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, "number"),
        ({"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^1$"}]}, "number, or amount, as text"),
        ({"type": "string", "format": "date"}, "day"),
        ({"enum": ["a", "b"]}, "one of a, b"),
        ({"type": "object"}, "names with their values"),
        ({"$ref": "#/components/schemas/Taken"}, "Taken"),
    ],
)
def test_what_a_field_holds_is_said_in_words(field: dict[str, object], words: str) -> None:
    assert kind({}, field) == words


def test_a_docstring_becomes_paragraphs() -> None:
    assert sentences("One\nline.\n\nIn `refused`.\n") == ["One line.", "In refused."]
