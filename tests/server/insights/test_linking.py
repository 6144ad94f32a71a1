"""Ways from figures to answers."""

from __future__ import annotations

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.worlds import basis, year
from winback.server.insights import figures, showing
from winback.server.insights.linking import answers_link, linked

pytestmark = pytest.mark.django_db


def test_a_segment_leads_to_its_answers_and_its_detractors_in_the_window(cast: Cast) -> None:
    year(cast.larkspur)
    at = basis(cast.access("hanna"), usual=3)
    assert answers_link(at, band="detractor") == "?since=2025-08-01&until=2025-10-31&band=detractor"
    found = linked({"by": ["region"], "segment": ["North"]}, at)
    assert found["name"] == "North" and found["href"] == "?region=North&since=2025-08-01&until=2025-10-31"
    assert found["unhappy"] == f"{found['href']}&band=detractor"


def test_a_blank_segment_leads_to_its_answers(cast: Cast) -> None:
    told(cast.larkspur, [answer(str(i), 9, attributes={"region": "North" if i % 2 else ""}) for i in range(30)])
    fresh(cast.larkspur)
    at = basis(cast.access("hanna"))
    found = {row["name"]: row["href"] for row in showing.segments(figures.segments_of(at, ("region",)), at)["rows"]}
    assert found == {"North": "?region=North", "(no region)": "?region="}
