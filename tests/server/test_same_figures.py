"""The same file gives the same figures on the page, in the API, in an export and in `winback report`."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.report.files import gathered
from tests.server.exports.worlds import fresh
from tests.server.factories import Cast
from tests.server.imports.bringing import brought
from winback.datasets import write_sample
from winback.report.build import Options, build
from winback.report.inputs import Inputs
from winback.server.insights.basis import FILES
from winback.server.workspaces.keys import make_key
from winback.surfaces import on_a_page

pytestmark = pytest.mark.django_db
FIGURES = ("answers", "promoters", "passives", "detractors", "nps", "low", "high", "suppressed")
ZONE = "Europe/Lisbon"


class Four:
    """The four ways to the figures of one workspace; `report` is the JSON report of the same files."""

    def __init__(self, cast: Cast, report: dict[str, Any]) -> None:
        self.report = report
        self.client: Client = cast.client("hanna")
        _, self.key = make_key(by=cast.access("ingrid"), name="a tool", role="viewer")

    def api(self, page: str, query: str) -> dict[str, Any]:
        answer = Client().get(f"/api/v1/figures/{page}?{query}", headers={"authorization": f"Bearer {self.key}"})
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def exported(self, page: str, query: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.client.get(f"/w/larkspur/figures/{page}.json?{query}").content)
        return found

    def rows(self, page: str, query: str) -> list[dict[str, str]]:
        text = self.client.get(f"/w/larkspur/figures/{page}.csv?{query}").content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def page(self, page: str, query: str) -> str:
        return self.client.get(f"/w/larkspur/{page}/?{query}").content.decode()


def figures(cell: Any) -> dict[str, Any]:
    return {name: cell[name] for name in FIGURES}


def shown(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def compare(four: Four) -> None:
    """Page, API, export and report, for all answers."""
    report, whole = four.report, four.report["overall"]
    for document in (four.api("pulse", "last=all"), four.exported("pulse", "last=all")):
        assert figures(document["overall"]) == figures(whole)
        assert document["distribution"] == report["distribution"]
        assert document["trend"] == report["trend"] and document["trend_sentence"] == report["trend_sentence"]
        assert document["decompose"] == report["decompose"]
        assert document["profit"] == report["profit"]
        assert document["response"] == report["response"]
    page = four.page("pulse", "last=all")
    told = dict(re.findall(r'data-figure="(\w+)" data-v="([^"]*)"', page))
    assert {name: told[name] for name in ("answers", "nps", "detractors", "passives", "promoters")} == {
        "nps": shown(whole["nps"]), **{name: str(whole[name]) for name in ("answers", "detractors", "passives", "promoters")},
    }  # fmt: skip
    first = four.rows("pulse", "last=all")[0]
    assert (first["nps"], first["low"], first["answers"]) == (
        repr(whole["nps"]),
        repr(whole["low"]),
        str(whole["answers"]),
    )


def compare_segments(four: Four, by: list[str]) -> None:
    wanted = [row for row in four.report["segments"] if row["by"] == by]
    assert wanted
    query = "&".join(["last=all", *(f"by={name}" for name in by)])
    for document in (four.api("segments", query), four.exported("segments", query)):
        assert [{name: row[name] for name in wanted[0]} for row in document["segments"]] == wanted
    rows = four.rows("segments", query)
    assert [[row[name] for name in by] for row in rows] == [[value or "" for value in row["segment"]] for row in wanted]
    assert [row["nps"] for row in rows] == ["" if row["nps"] is None else repr(row["nps"]) for row in wanted]
    page = four.page("segments", f"{query}&all=1")
    told = re.findall(r'data-l="Score" data-v="([^"]*)"', page)
    assert told == [shown(row["nps"]) for row in wanted if row["nps"] is not None]


def reported(inputs: Inputs, options: Options) -> dict[str, Any]:
    """The report on the same files; what would open the rest is called as where one imports."""
    with on_a_page(FILES):
        return build(inputs, options)


def test_the_sample_company(cast: Cast, tmp_path: Path) -> None:
    paths = {path.stem: path for path in write_sample(tmp_path, size=250)}
    beside = {
        "customers": "customers", "periods": "customer_periods", "departures": "departures", "invitations": "invitations",
    }  # fmt: skip
    for name, table in (*beside.items(), ("feedback", "feedback")):
        run = brought(cast.larkspur, paths[name].read_text(encoding="utf-8"), paths[name].name, table=table)
        assert run.state == "published", (run.error, run.rejected)
    cast.larkspur.refresh_from_db()
    fresh(cast.larkspur)
    inputs = gathered(paths["feedback"], **{name: paths[name] for name in beside}, tz=ZONE, currency="EUR")
    four = Four(cast, reported(inputs, Options(minimum=cast.larkspur.minimum)))
    assert four.report["overall"]["answers"] > 100 and four.report["profit"]["from_detractors"]
    assert four.report["response"]["rate"] > 0 and four.report["decompose"]["asked_mix"] is not None
    compare(four)
    by = four.report["mapping"]["by"]
    for attributes in ([by[0]], [by[1]], by[:2]):
        compare_segments(four, attributes)


def test_a_file_without_ids_in_which_people_answer_twice_a_day(cast: Cast, tmp_path: Path) -> None:
    """Which answer is a person's latest is then told by the place of its row alone."""
    rows = [
        f"p{i % 40},{(i * 7) % 11},2025-0{1 + i % 6}-{1 + i % 9:02},{('North', 'South', '')[i % 3]},{('A', 'B')[i % 2]}"
        for i in range(160)
    ]
    rows += [f"p{i},{10 - i % 11},2025-06-15,North,A" for i in range(20)]
    rows += [f"p{i},{i % 11},2025-06-15,South,B" for i in range(20)]
    file = tmp_path / "answers.csv"
    file.write_text("\n".join(["Person,Score,Date,Region,Plan", *rows]) + "\n", encoding="utf-8")
    run = brought(cast.larkspur, file.read_text(encoding="utf-8"), file.name)
    assert run.state == "published", (run.error, run.rejected)
    cast.larkspur.refresh_from_db()
    fresh(cast.larkspur)
    four = Four(cast, reported(gathered(file, tz=ZONE, currency="EUR"), Options(minimum=cast.larkspur.minimum)))
    assert four.report["overall"]["answers"] == 40
    compare(four)
    compare_segments(four, ["Region"])
