from __future__ import annotations

from dataclasses import replace

import pytest
from django.http import Http404

from tests.server.factories import Cast
from winback.errors import UserError
from winback.server.insights.actions import delete_view, note_export, save_view
from winback.server.workspaces.models import AuditEvent, SavedView

pytestmark = pytest.mark.django_db


def test_the_same_name_replaces_a_view(cast: Cast) -> None:
    access = cast.access("hanna")
    first = save_view(access=access, page="segments", name=" West ", query="by=region")
    again = save_view(access=access, page="segments", name="West", query="by=plan", shared=True)
    assert (first.pk, again.query, again.shared) == (again.pk, "by=plan", True)
    assert AuditEvent.objects.filter(verb="view saved", target="West").count() == 2


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [("", "", "Give the view a name"), ("x" * 81, "", "at most 80"), ("a", "x" * 1001, "too many choices")],
)
def test_a_view_that_cannot_be_kept(cast: Cast, name: str, query: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        save_view(access=cast.access("hanna"), page="segments", name=name, query=query)


def test_views_belong_to_people(cast: Cast) -> None:
    with pytest.raises(UserError, match="an API key has none"):
        save_view(access=replace(cast.access("hanna"), user=None), page="segments", name="a", query="")


def test_only_ones_own_view_is_taken_away(cast: Cast) -> None:
    view = save_view(access=cast.access("hanna"), page="segments", name="mine", query="", shared=True)
    for who in ("amara", "nell"):
        with pytest.raises(Http404):
            delete_view(access=cast.access(who), pk=view.pk)
    delete_view(access=cast.access("hanna"), pk=view.pk)
    assert not SavedView.objects.exists()


def test_an_export_is_in_the_audit(cast: Cast) -> None:
    note_export(access=cast.access("rafael"), page="segments", kind="csv", query="by=plan")
    event = AuditEvent.objects.get(verb="figures exported")
    assert (event.target, event.detail, event.by_label) == (
        "segments.csv",
        {"query": "by=plan"},
        "rafael@larkspur.example",
    )
