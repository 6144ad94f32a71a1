from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.worlds import year
from winback.server.insights import queries
from winback.server.insights.files import csv_of, json_of

pytestmark = pytest.mark.django_db


def table(page: str, document: Any) -> list[dict[str, str]]:
    text = csv_of(page, document)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_main_table_of_every_page(cast: Cast) -> None:
    year(cast.larkspur, touchpoint="bill")
    access, everything = cast.access("hanna"), {"last": ["all"]}
    pulse = table("pulse", queries.pulse(access, everything))
    assert (pulse[0]["period"], pulse[0]["answers"], pulse[0]["nps"]) == ("all", "192", "15.625")
    assert [row["period"] for row in pulse[1:]] == ["month"] * 0 + [row["period"] for row in pulse[1:]] and len(
        pulse
    ) == 9
    rows = table("segments", queries.segments(access, {"by": ["region"]}))
    assert [(row["region"], row["nps"], row["change"]) for row in rows] == [
        ("North", "-50.0", "-50.0"),
        ("South", "50.0", "0.0"),
    ]
    assert table("profit", queries.profit(access, {})) == []
    assert table("journey", queries.journey(access, {}))[0]["name"] == "bill"


def test_no_cell_runs_as_a_formula(cast: Cast) -> None:
    told(
        cast.larkspur,
        [answer(str(i), 9, attributes={"region": '=HYPERLINK("http://x")', "+plan": "@a"}) for i in range(12)],
    )
    fresh(cast.larkspur)
    rows = table("segments", queries.segments(cast.access("hanna"), {"by": ["region", "+plan"]}))
    assert list(rows[0])[:2] == ["region", "'+plan"]
    assert list(rows[0].values())[:2] == ['\'=HYPERLINK("http://x")', "'@a"]


def test_no_score_can_be_reckoned_from_a_segment_that_is_too_small(cast: Cast) -> None:
    many = [answer(str(i), 9, attributes={"region": "North"}) for i in range(12)]
    few = [answer(f"s{i}", 3, attributes={"region": "South"}) for i in range(4)]
    told(cast.larkspur, [*many, *few])
    fresh(cast.larkspur)
    document = queries.segments(cast.access("hanna"), {"by": ["region"]})
    north, south = sorted(table("segments", document), key=lambda row: row["region"])
    assert (north["answers"], north["promoters"], north["nps"], north["suppressed"]) == ("12", "12", "100.0", "no")
    assert (south.pop("answers"), south.pop("region"), south.pop("suppressed")) == ("4", "South", "yes")
    assert set(south.values()) == {""}


def test_json_holds_everything(cast: Cast) -> None:
    year(cast.larkspur)
    document = queries.pulse(cast.access("hanna"), {})
    assert document is not None and json.loads(json_of(document)) == json.loads(json.dumps(document))
