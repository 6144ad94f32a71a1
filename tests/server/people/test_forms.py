from __future__ import annotations

from django.http import QueryDict

from tests.server.factories import Cast, make_customer
from winback.server.people import forms, queries
from winback.server.workspaces.rules import Scope


def test_the_form_offers_what_customers_have(cast: Cast) -> None:
    for number, region in enumerate(("North", "North", "South")):
        make_customer(cast.larkspur, f"C{number}", attributes={"region": region})
    lines = forms.scope_lines(cast.larkspur, Scope({"region": ("North", "Old town"), "tier": ("1",)}))
    assert [(line.attribute, line.choices, line.others) for line in lines] == [
        ("region", (("North", True), ("South", False)), "Old town"), ("tier", (), "1"), ("", (), ""),
    ]  # fmt: skip
    assert queries.attributes(cast.larkspur) == ["region"]
    cast.larkspur.attributes = ["plan"]
    assert queries.attributes(cast.larkspur) == ["plan"]


def test_what_a_form_says_comes_back_as_a_scope() -> None:
    data = QueryDict(mutable=True)
    data.setlist("attribute", ["region", "plan", ""])
    data.setlist("value-0", ["North", "Lisbon, centre"])
    data.update(
        {"part": "yes", "others-0": "Old town", "others-1": "", "others-2": "lost", "teams": "A, B", "own": "yes"}
    )
    scope = Scope({"region": ("North", "Lisbon, centre", "Old town")}, ("A", "B"), own=True)
    assert forms.scope_in(data) == scope
    data["part"] = "no"
    assert forms.scope_in(data) == Scope()


def test_the_frame_says_what_each_role_may(cast: Cast) -> None:
    frame = forms.frame(cast.larkspur, Scope(teams=("A", "B")), "member")
    assert [(name, chosen) for name, _, chosen in frame["roles"]] == [  # type: ignore[attr-defined]
        ("viewer", False), ("member", True), ("manager", False), ("admin", False),
    ]  # fmt: skip
    assert frame["scope_teams"] == "A, B"
