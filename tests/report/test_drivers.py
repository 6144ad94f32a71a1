"""The document of `winback drivers`, and what is shown of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.stats.worlds import ratings
from winback.analysis.drivers import drivers
from winback.report.drivers import columns_of, document, view
from winback.report.inputs import gather
from winback.report.single import to_html, to_markdown

NONE = ("customers", "periods", "departures", "contacts", "invitations", "cases", "unit_costs", "score", "scale", "detractors",
        "promoters", "date", "date_format", "customer", "respondent", "id_", "weight", "value", "survey")  # fmt: skip
GIVEN = {**dict.fromkeys(NONE), "text": (), "blank": (), "maps": (), "tz": "UTC", "currency": ""}


def write(folder: Path) -> Path:
    values = ratings(150, 2, np.random.default_rng(1)).astype(int)
    head = "Score,Line Quality,Support,Plan\n"
    lines = [
        f"{row[2]},{row[0]},{'' if at % 5 == 0 else row[1]},{'Home' if at % 2 else 'Work'}"
        for at, row in enumerate(values)
    ]
    path = folder / "answers.csv"
    path.write_text(head + "\n".join(lines) + "\n")
    return path


def made(folder: Path, by: list[str]) -> dict[str, Any]:
    wanted = ["line quality", "support", *by]
    inputs = gather({**GIVEN, "file": write(folder), "by": tuple(wanted)})
    names = columns_of(inputs, wanted)
    found = drivers(inputs.reading, drivers=[names["line quality"], names["support"]], by=[names[name] for name in by], replicates=50)  # fmt: skip
    return document(found, inputs)


def test_the_document_holds_every_figure(tmp_path: Path) -> None:
    doc = json.loads(json.dumps(made(tmp_path, ["plan"]), allow_nan=False))
    assert (doc["schema"], doc["score"], doc["answers"], doc["complete"]) == ("winback.drivers/1", "Score", 150, 120)
    assert {row["driver"] for row in doc["drivers"]} == {"Line Quality", "Support"}
    assert sum(row["importance"] for row in doc["drivers"]) == pytest.approx(1.0)
    assert [(part["by"], part["segment"], part["answers"]) for part in doc["segments"]] == [
        ("Plan", "Home", 75),
        ("Plan", "Work", 75),
    ]
    assert all(len(part["drivers"]) == 2 for part in doc["segments"])
    assert doc["rows"] == {"read": 150, "rejected": 0, "blank": 0}


def test_page_and_markdown_say_it(tmp_path: Path) -> None:
    shown = view(made(tmp_path, ["plan"]))
    text, page = to_markdown(shown), to_html(shown)
    for words in (
        "## What goes with the score",
        "## Importance against room to improve",
        "## By Plan",
        "Association, not cause",
    ):
        assert words in text
    assert re.search(r"\| Home \| (Line Quality|Support): \d+ % \[.*\| – \| \d+ % \| 75 \|", text)
    assert page.count("data-chart=") >= 2


def test_without_ratings_there_is_no_room(tmp_path: Path) -> None:
    doc = made(tmp_path, [])
    for row in doc["drivers"]:
        row["dissatisfied"] = None
    assert [part.id for part in view(doc).parts] == ["importance"]


def test_segments_with_too_few_answers_are_named_and_no_lines(tmp_path: Path) -> None:
    doc = made(tmp_path, ["plan"])
    few = {**doc["segments"][0], "suppressed": True, "drivers": [], "answers": 7}
    doc["segments"] = [{**few, "segment": f"Shop {place}"} for place in range(7)]
    part = view(doc).parts[-1]
    assert part.table is None
    assert part.says == ("Too few answers for these drivers: Shop 0 (7), Shop 1 (7), Shop 2 (7), Shop 3 (7), Shop 4 (7) and 2 more.",)  # fmt: skip
