"""Comments by their meaning, within what somebody may see."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.server.factories import Cast, make_customer, make_feedback
from winback.server.exports import vectors
from winback.server.exports.actions import refresh
from winback.server.feedback import meaning
from winback.server.feedback.meaning import nearest
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import Choice
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
SAID = {
    "late": "The parcel came much too late",
    "days": "It arrived days after it was promised",
    "rude": "Rude staff at the desk",
    "price": "Too expensive by far",
}


def said(workspace: Workspace, region: str = "North") -> dict[str, Feedback]:
    make_customer(workspace, f"C-{region}", attributes={"region": region})
    rows = {
        name: make_feedback(workspace, f"{region}-{name}", customer=f"C-{region}", comment=text)
        for name, text in SAID.items()
    }
    make_feedback(workspace, f"{region}-silent", customer=f"C-{region}")
    return rows


def turned(workspace: Workspace) -> None:
    refresh(workspace=workspace)
    vectors.step(workspace=workspace, seconds=60)


def found(cast: Cast, text: str, who: str = "rafael", **asked: object) -> list[str]:
    return [row.external_id for row, _ in nearest(cast.access(who), Choice(text=text, meaning=True, **asked)).rows]  # type: ignore[arg-type]


def test_nearest_first_without_the_words(cast: Cast) -> None:
    said(cast.larkspur)
    turned(cast.larkspur)
    assert found(cast, "delivery took too long")[:2] == ["North-late", "North-days"]
    assert found(cast, "unfriendly employees")[:1] == ["North-rude"]
    assert found(cast, "??") == []
    told = nearest(cast.access("rafael"), Choice(text="late", meaning=True))
    assert (told.searched, told.waiting) == (4, False)
    assert [cosine for _, cosine in told.rows] == sorted((cosine for _, cosine in told.rows), reverse=True)


def test_scope_filters_and_what_has_changed_since(cast: Cast) -> None:
    said(cast.larkspur)
    south = said(cast.larkspur, "South")
    said(cast.merritt)
    for workspace in (cast.larkspur, cast.merritt):
        turned(workspace)
    assert found(cast, "rude staff", "norah") == ["North-rude"]
    assert found(cast, "rude staff", attributes={"region": "South"}) == ["South-rude"]
    assert found(cast, "rude staff", band="promoter") == []
    assert found(cast, "rude staff", customer=south["rude"].customer_id) == ["South-rude"]
    Feedback.objects.filter(pk=south["rude"].pk).update(comment="")
    assert found(cast, "rude staff") == ["North-rude"]


@pytest.mark.parametrize("narrow", [1, 50_000])
def test_a_narrow_choice_far_from_the_nearest_of_all_is_looked_at_by_itself(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, narrow: int
) -> None:
    monkeypatch.setattr(meaning, "LOOKED_AT", 2)
    monkeypatch.setattr(meaning, "AT_ONCE", 1)
    monkeypatch.setattr(meaning, "NARROW", narrow)
    said(cast.larkspur)
    said(cast.larkspur, "South")
    turned(cast.larkspur)
    assert set(found(cast, "rude staff", "norah")) == {"North-rude"}
    assert found(cast, "parcel late", attributes={"region": "South"})[0] == "South-late"


def test_before_anything_was_turned(cast: Cast) -> None:
    assert nearest(cast.access("rafael"), Choice(text="late", meaning=True)).as_of is None
    said(cast.larkspur)
    refresh(workspace=cast.larkspur)
    told = nearest(cast.access("rafael"), Choice(text="late", meaning=True))
    assert (told.rows, told.searched, told.waiting) == ((), 0, True)


def test_the_page_and_its_file(cast: Cast, amara: Client) -> None:
    said(cast.larkspur)
    place = "/w/larkspur/feedback/?by=meaning&q=unfriendly+employees"
    assert "No comment has been read for its meaning yet" in amara.get(place).content.decode()
    turned(cast.larkspur)
    page = amara.get(place).content.decode()
    assert 'value="meaning" checked' in page and "of 4 comments looked through" in page and SAID["rude"] in page
    assert "Older" not in page
    lines = amara.get(place.replace("/?", "/export?")).getvalue().decode().splitlines()
    assert "North-rude" in lines[1] and len(lines) >= 2
    assert "Nothing is near that" in amara.get(place.replace("unfriendly+employees", "%3F%3F")).content.decode()
    scoped = cast.client("norah").get(place).content.decode()
    assert "looked through" not in scoped and SAID["rude"] in scoped
    assert SAID["price"] in amara.get("/w/larkspur/feedback/?by=meaning").content.decode(), "without words: all of them"
