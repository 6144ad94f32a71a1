from __future__ import annotations

import pytest

from tests.server.factories import Cast, make_customer
from winback.server.people import queries


def test_suggestions_are_few_and_the_commonest_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, region in enumerate(("West", "North", "North", "East", "")):
        make_customer(cast.larkspur, f"C{number}", attributes={"region": region} if region else {})
    make_customer(cast.merritt, "M1", attributes={"herd": "Jersey"})
    assert queries.suggestions(cast.larkspur) == {"region": ["North", "East", "West"]}
    monkeypatch.setattr(queries, "MOST_VALUES", 2)
    assert queries.suggestions(cast.larkspur) == {"region": ["North", "East"]}
    assert queries.attributes(cast.merritt) == ["herd"]
