"""The JSON report, its schema and the docs page."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.report import documents
from winback.report import as_json

VALIDATOR = jsonschema.Draft202012Validator(
    as_json.schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "report-json.md"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(as_json.schema())
    assert as_json.schema()["$id"] == "winback.report/1"


@pytest.mark.parametrize("name", documents.everything())
def test_documents_keep_the_schema(name: str) -> None:
    errors = [f"{list(error.path)}: {error.message}" for error in VALIDATOR.iter_errors(documents.everything()[name])]
    assert errors == []


def _set(doc: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    place: Any = doc
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("overall.further", 1), ("segments.0.nps", "21"), ("segments.0.p_worse", 1.2), ("profit.tiers.0.money", 12.5),
        ("schema", "winback.report/2"), ("trend.0.period", "November"), ("profit.verdict", "perhaps"), ("currency", "euro"),
        ("overall.nps", 101), ("rows.read", -1), ("people.0.band", "hater"), ("further", 1),
    ],
)  # fmt: skip
def test_the_schema_is_strict(path: str, value: Any) -> None:
    doc = documents.full()
    _set(doc, path, value)
    assert list(VALIDATOR.iter_errors(doc)), path


def test_a_suppressed_cell_has_no_figures() -> None:
    doc = documents.full()
    doc["segments"][0]["suppressed"] = True
    assert list(VALIDATOR.iter_errors(doc))


def test_render_is_the_document() -> None:
    doc = documents.hostile()
    text = as_json.render(doc)
    assert json.loads(text) == doc
    assert text.endswith("}\n") and "−" not in json.dumps(doc["overall"])


def test_a_figure_that_is_no_number_is_a_bug() -> None:
    doc = documents.full()
    doc["overall"]["nps"] = float("nan")
    with pytest.raises(ValueError, match="Out of range float"):
        as_json.render(doc)


def test_the_docs_page_is_written_from_the_schema() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_json.reference(), "run: python -m winback.report.as_json > " + str(
        PAGE
    )


def test_every_field_is_explained() -> None:
    def unexplained(part: Any, path: str) -> list[str]:
        if not isinstance(part, dict):
            return []
        found = []
        for name, field in part.get("properties", {}).items():
            if "description" not in field:
                found.append(f"{path}.{name}")
            found += unexplained(field, f"{path}.{name}")
        for inner in (part.get("items"), *part.get("anyOf", ()), *part.get("$defs", {}).values()):
            found += unexplained(inner, path)
        return found

    assert unexplained(as_json.schema(), "") == []
