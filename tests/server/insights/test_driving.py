"""What goes with the score: which columns may be drivers, and figures equal to the library's."""

from __future__ import annotations

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from winback.analysis.drivers import drivers
from winback.errors import UserError
from winback.server.insights.driving import REPLICATES, Candidate, candidates, chosen, drivers_of
from winback.server.insights.queries import drivers as document
from winback.server.insights.queries import opened

pytestmark = pytest.mark.django_db


def rated(cast: Cast) -> None:
    """Sixty answers: the score follows the mark for support, hardly that for price."""
    rows = []
    for n in range(60):
        support, price = 1 + n % 5, 1 + (n // 5) % 5
        score = min(10, 2 * support + (n % 3 == 0) * (price - 3) // 2)
        marks = {
            "support": str(support),
            "price": str(price),
            "region": "North" if n % 2 else "South",
            "ticket": f"T{n}",
        }
        rows.append(answer(f"F{n}", score, attributes=marks))
    told(cast.larkspur, rows)
    fresh(cast.larkspur)


def test_marks_are_drivers_before_attributes_and_names_are_none(cast: Cast) -> None:
    rated(cast)
    basis = opened(cast.access("hanna"), {})
    assert basis is not None
    assert candidates(basis) == [Candidate("price", True), Candidate("support", True), Candidate("region", False)]
    assert chosen(basis, []) == ["price", "support"]
    assert chosen(basis, ["region", "region"]) == ["region"]
    with pytest.raises(UserError, match="choose among price, support, region"):
        chosen(basis, ["ticket"])


def test_the_page_says_what_the_library_says(cast: Cast) -> None:
    rated(cast)
    basis = opened(cast.access("hanna"), {})
    assert basis is not None
    told_ = drivers_of(basis)
    found = drivers(basis.holding.tables, drivers=["price", "support"], replicates=REPLICATES, **basis.columns)
    assert told_["summary"] == found.summary()
    assert [row["driver"] for row in told_["drivers"]] == ["support", "price"]
    assert [row["importance"] for row in told_["drivers"]] == [row["importance"] for row in found.whole()]
    assert told_["answers"] == 60 and told_["trouble"] == ""


def test_too_few_answers_are_said(cast: Cast) -> None:
    told(cast.larkspur, [answer("1", 9, attributes={"support": "5"}), answer("2", 3, attributes={"support": "1"})])
    fresh(cast.larkspur)
    found = document(cast.access("hanna"), {"driver": ["support"]})
    assert found is not None and found["drivers"] == [] and found["trouble"]
    assert document(cast.access("nell"), {}) is None
