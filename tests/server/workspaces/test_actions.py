from __future__ import annotations

import pytest

from tests.server.factories import Cast
from winback.errors import UserError
from winback.server.jobs.models import Job
from winback.server.workspaces import actions
from winback.server.workspaces.models import AuditEvent, Membership, SavedView, User, Workspace


@pytest.mark.django_db
def test_users() -> None:
    user = actions.create_user(email=" Ann@Example.com ", name="Ann", password="correct horse battery")
    assert (user.email, user.has_usable_password(), user.is_operator) == ("ann@example.com", True, False)
    assert not actions.create_user(email="bo@example.com").has_usable_password()
    with pytest.raises(UserError, match="already"):
        actions.create_user(email="ANN@example.com")
    with pytest.raises(UserError, match="not an e-mail"):
        actions.create_user(email="ann at home")


def test_a_workspace_begins_silent_with_its_first_administrator(cast: Cast) -> None:
    made = actions.create_workspace(slug="new-one", name=" New one ", owner=cast.people["nell"], zone="Europe/Lisbon")
    assert (made.name, made.sending, made.currency, made.removing_at) == ("New one", "off", "", None)
    assert Membership.objects.get(workspace=made).role == "admin"
    for wrong, sentence in (
        ({"slug": "Larkspur!"}, "cannot stand in an address"), ({"slug": "larkspur"}, "already"),
        ({"slug": "x", "zone": "Lisbon"}, "not a time zone"), ({"slug": "x", "currency": "€"}, "not a currency"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=sentence):
            actions.create_workspace(**{"name": "X", "owner": cast.people["nell"]} | wrong)  # type: ignore[arg-type]


def test_somebody_is_added_once(cast: Cast) -> None:
    with pytest.raises(UserError, match="is a viewer here already"):
        actions.add_member(workspace=cast.larkspur, user=cast.people["rafael"], role="admin")


def test_settings_are_changed_and_audited(cast: Cast) -> None:
    access = cast.access("ingrid")
    changed = actions.change_settings(
        by=access,
        wanted={"name": "Larkspur", "currency": "usd", "minimum": "5", "zone": "Europe/Lisbon"},
        attributes=["region", " plan ", "", "region"],
    )
    assert sorted(changed) == ["attributes", "currency", "minimum", "name"]
    workspace = Workspace.objects.get(pk=cast.larkspur.pk)
    assert (workspace.name, workspace.currency, workspace.minimum, workspace.attributes) == (
        "Larkspur", "USD", 5, ["region", "plan"],
    )  # fmt: skip
    event = AuditEvent.objects.get(verb="settings changed")
    assert event.detail["minimum"] == "10 → 5"
    assert actions.change_settings(by=access, wanted={"minimum": "5"}) == []


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("minimum", "1", "from 2 to 1000"),
        ("minimum", "ten", "from 2 to 1000"),
        ("touches_in_30_days", "-1", "from 0 to 100"),
        ("zone", "Mars", "not a time zone"),
        ("currency", "EURO", "three letters"),
        ("name", " ", "1 to 120"),
        ("sending", "on", "no setting"),
    ],
)
def test_settings_that_do_not_fit(cast: Cast, field: str, text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        actions.change_settings(by=cast.access("ingrid"), wanted={field: text})
    assert Workspace.objects.get(pk=cast.larkspur.pk).sending == "off"


def test_a_workspace_goes_when_its_name_was_typed(cast: Cast) -> None:
    access = cast.access("ingrid")
    with pytest.raises(UserError, match='type its name as it stands in the address: "larkspur"'):
        actions.remove_workspace(by=access, typed="Larkspur")
    assert Workspace.objects.get(slug="larkspur").removing_at is None
    for _ in range(2):
        actions.remove_workspace(by=access, typed="larkspur ")
    assert Workspace.objects.get(slug="larkspur").removing_at is not None
    assert Job.objects.get(task="workspaces.remove").arguments == {"workspace": cast.larkspur.pk}
    event = AuditEvent.objects.get(verb="workspace deleted")
    assert (event.workspace, event.by, event.target) == (None, cast.people["ingrid"], "larkspur")


def test_ones_own_profile_and_views(cast: Cast) -> None:
    amara, nell = cast.people["amara"], cast.people["nell"]
    actions.change_profile(user=amara, name=" Amara D. ", title="Service")
    assert User.objects.get(pk=amara.pk).name == "Amara D."
    with pytest.raises(UserError, match="1 to 120"):
        actions.change_profile(user=amara, name="")
    view = SavedView.objects.create(workspace=cast.larkspur, user=amara, page="pulse", name="mine", query="")
    actions.forget_view(user=nell, view=view)
    assert SavedView.objects.count() == 1
    actions.forget_view(user=amara, view=view)
    assert SavedView.objects.count() == 0
