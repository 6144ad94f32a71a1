from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.factories import Cast
from winback.errors import UserError
from winback.server.outbox.models import OutboxMessage
from winback.server.people import actions
from winback.server.workspaces import queries
from winback.server.workspaces.actions import add_member
from winback.server.workspaces.keys import make_key
from winback.server.workspaces.models import AuditEvent, Membership, User, Welcome
from winback.server.workspaces.queries import access_for_key
from winback.server.workspaces.rules import Scope

NORTH = Scope({"region": ("North",)})


def of(cast: Cast, name: str) -> Membership:
    return Membership.objects.get(workspace=cast.larkspur, user=cast.people[name])


def test_an_invitation_waits_in_the_outbox_and_keeps_no_token(cast: Cast) -> None:
    welcome, link = actions.invite(by=cast.access("ingrid"), email=" New@Example.com ", role="member", scope=NORTH)
    token = link.rpartition("/welcome/")[2].rstrip("/")
    assert link.startswith("http://127.0.0.1:8000/welcome/")
    assert token not in str(Welcome.objects.values().get())
    found = queries.welcome_for(token)
    assert found == welcome
    assert (welcome.email, welcome.role, welcome.scope) == ("new@example.com", "member", NORTH.stored())
    assert welcome.expires_at - timezone.now() > dt.timedelta(days=6)
    message = OutboxMessage.objects.get()
    assert (message.state, message.secret, message.address) == ("waiting", True, "new@example.com")
    assert link in message.body
    event = AuditEvent.objects.get(verb="member invited")
    assert event.detail == {"role": "member", "scope": "region: North"}
    assert token not in str(list(AuditEvent.objects.values()))


def test_inviting_again_replaces_the_former_link(cast: Cast) -> None:
    _, first = actions.invite(by=cast.access("ingrid"), email="new@example.com", role="member")
    _, second = actions.invite(by=cast.access("ingrid"), email="new@example.com", role="viewer")
    assert queries.welcome_for(first.rstrip("/").rpartition("/")[2]) is None
    assert queries.welcome_for(second.rstrip("/").rpartition("/")[2]) is not None
    assert sorted(OutboxMessage.objects.values_list("state", flat=True)) == ["waiting", "withdrawn"]


def test_who_may_invite_whom(cast: Cast) -> None:
    for name, email, role, sentence in (
        ("ingrid", "rafael@larkspur.example", "member", "here already"),
        ("ingrid", "new at home", "member", "not an e-mail"),
        ("ingrid", "new@example.com", "owner", "not a role"),
        ("hanna", "new@example.com", "admin", "cannot give the rights"),
    ):
        with pytest.raises(UserError, match=sentence):
            actions.invite(by=cast.access(name), email=email, role=role)
    assert not Welcome.objects.exists()


def test_a_new_colleague_comes_in_once(cast: Cast) -> None:
    welcome, _ = actions.invite(by=cast.access("ingrid"), email="new@example.com", role="member", scope=NORTH)
    with pytest.raises(UserError, match="too short"):
        actions.accept_as_new(welcome=welcome, name="New", password="short")
    with pytest.raises(UserError, match="what you are called"):
        actions.accept_as_new(welcome=welcome, name=" ", password="seven rainy harbours")
    user = actions.accept_as_new(welcome=welcome, name="New One", password="seven rainy harbours", address="192.0.2.7")
    membership = Membership.objects.get(user=user)
    assert (membership.workspace, membership.role, membership.scope) == (cast.larkspur, "member", NORTH.stored())
    assert user.check_password("seven rainy harbours")
    event = AuditEvent.objects.get(verb="member added", target="new@example.com")
    assert (event.by, event.address, event.detail["invited_by"]) == (user, "192.0.2.7", "ingrid@larkspur.example")
    assert OutboxMessage.objects.get().state == "withdrawn", "the link came another way; the mail is of no use"
    with pytest.raises(UserError, match="is over"):
        actions.accept_welcome(welcome=welcome, user=user)


def test_an_invitation_never_changes_somebodys_password(cast: Cast) -> None:
    welcome, _ = actions.invite(by=cast.access("ingrid"), email="nell@merritt.example", role="admin")
    with pytest.raises(UserError, match="already"):
        actions.accept_as_new(welcome=welcome, name="Eve", password="seven rainy harbours")
    assert not User.objects.get(email="nell@merritt.example").has_usable_password()
    with pytest.raises(UserError, match=r"is for nell@merritt.example; you are signed in as amara"):
        actions.accept_welcome(welcome=welcome, user=cast.people["amara"])
    actions.accept_welcome(welcome=welcome, user=cast.people["nell"])
    assert of(cast, "nell").role == "admin"


def test_an_invitation_that_is_over(cast: Cast) -> None:
    welcome, _ = actions.invite(by=cast.access("ingrid"), email="new@example.com", role="member")
    actions.withdraw_welcome(by=cast.access("ingrid"), welcome=welcome)
    assert OutboxMessage.objects.get().body == "", "the link is forgotten"
    late, _ = actions.invite(by=cast.access("ingrid"), email="late@example.com", role="member")
    Welcome.objects.filter(pk=late.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    for one in (welcome, late):
        with pytest.raises(UserError, match="is over"):
            actions.accept_as_new(welcome=one, name="New", password="seven rainy harbours")
    assert not User.objects.filter(email__in=["new@example.com", "late@example.com"]).exists(), (
        "nothing is left half-made"
    )


def test_a_role_and_a_scope_are_changed_and_audited(cast: Cast) -> None:
    actions.change_member(
        by=cast.access("ingrid"), membership=of(cast, "rafael"), role="manager", scope=NORTH, team=" Service "
    )
    membership = of(cast, "rafael")
    assert (membership.role, membership.scope, membership.team) == ("manager", NORTH.stored(), "Service")
    event = AuditEvent.objects.get(verb="member changed")
    assert event.detail == {"role": "viewer → manager", "scope": "everything → region: North", "team": " → Service"}
    actions.change_member(
        by=cast.access("ingrid"), membership=of(cast, "rafael"), role="manager", scope=NORTH, team="Service"
    )
    assert AuditEvent.objects.filter(verb="member changed").count() == 1


def test_nobody_changes_their_own_rights_or_gives_more_than_they_have(cast: Cast) -> None:
    with pytest.raises(UserError, match="their own rights"):
        actions.change_member(by=cast.access("ingrid"), membership=of(cast, "ingrid"), role="viewer", scope=Scope())
    with pytest.raises(UserError, match="cannot give the rights of a admin"):
        actions.change_member(by=cast.access("hanna"), membership=of(cast, "rafael"), role="admin", scope=Scope())
    with pytest.raises(UserError, match="cannot give the rights of a admin"):
        actions.change_member(by=cast.access("hanna"), membership=of(cast, "ingrid"), role="viewer", scope=Scope())
    with pytest.raises(UserError, match="cannot give"):
        actions.remove_member(by=cast.access("hanna"), membership=of(cast, "ingrid"))
    Membership.objects.filter(user=cast.people["norah"]).update(role="admin")
    with pytest.raises(UserError, match="region: North"):
        actions.change_member(by=cast.access("norah"), membership=of(cast, "rafael"), role="viewer", scope=Scope())
    with pytest.raises(UserError, match="region: North"):
        actions.remove_member(by=cast.access("norah"), membership=of(cast, "hanna"))


def test_somebody_is_always_in_charge(cast: Cast) -> None:
    with pytest.raises(UserError, match="last administrator"):
        actions.remove_member(by=cast.access("ingrid"), membership=of(cast, "ingrid"))
    actions.change_member(by=cast.access("ingrid"), membership=of(cast, "hanna"), role="admin", scope=Scope())
    actions.change_member(by=cast.access("hanna"), membership=of(cast, "ingrid"), role="admin", scope=NORTH)
    with pytest.raises(UserError, match="last administrator who reaches everything"):
        actions.remove_member(by=cast.access("hanna"), membership=of(cast, "hanna"))
    assert of(cast, "hanna").role == "admin"


def test_leaving_and_being_taken_out(cast: Cast) -> None:
    actions.remove_member(by=cast.access("norah"), membership=of(cast, "norah"))
    actions.remove_member(by=cast.access("ingrid"), membership=of(cast, "rafael"))
    assert {m.user.name for m in queries.members(cast.larkspur)} == {
        "Amara Diallo",
        "Hanna Lindqvist",
        "Ingrid Solheim",
    }
    assert [e.target for e in AuditEvent.objects.filter(verb="member removed").order_by("id")] == [
        "norah@larkspur.example", "rafael@larkspur.example",
    ]  # fmt: skip
    add_member(workspace=cast.larkspur, user=cast.people["norah"], role="viewer")


def test_keys_end_with_the_rights_of_whoever_made_them(cast: Cast) -> None:
    ingrid = cast.access("ingrid")
    actions.change_member(by=ingrid, membership=of(cast, "hanna"), role="admin", scope=Scope())
    tokens = {}
    for name, role, scope in (("till", "member", NORTH), ("crm", "manager", Scope()), ("look", "viewer", Scope())):
        tokens[name] = make_key(by=cast.access("hanna"), name=name, role=role, scope=scope)[1]
    tokens["other"] = make_key(by=ingrid, name="other")[1]
    assert (
        actions.change_member(by=ingrid, membership=of(cast, "hanna"), role="manager", scope=Scope(), keep_keys=True)
        == []
    )
    assert actions.change_member(by=ingrid, membership=of(cast, "hanna"), role="member", scope=Scope()) == ["crm"]
    assert [name for name, token in tokens.items() if access_for_key(token)] == ["till", "look", "other"]
    assert actions.remove_member(by=ingrid, membership=of(cast, "hanna")) == ["look", "till"]
    assert [name for name, token in tokens.items() if access_for_key(token)] == ["other"]
    told = AuditEvent.objects.filter(verb="key revoked").order_by("id").values_list("target", "by_label", "detail__why")
    by = "ingrid@larkspur.example"
    assert list(told) == [
        ("crm", by, "its maker may less now"),
        ("look", by, "its maker was taken out"),
        ("till", by, "its maker was taken out"),
    ]


def test_open_invitations_end_with_the_rights_of_whoever_sent_them(cast: Cast) -> None:
    """Who invites is shown the link, and could come back by it under another address."""
    cast_of = {name: cast.access(name) for name in ("ingrid", "hanna")}
    for role in ("viewer", "manager"):
        actions.invite(by=cast_of["hanna"], email=f"{role}@elsewhere.example", role=role)
    actions.invite(by=cast_of["ingrid"], email="else@larkspur.example", role="admin")
    welcome, _ = actions.invite(by=cast_of["hanna"], email="gone@elsewhere.example", role="manager")

    def still() -> list[str]:
        return [welcome.email for welcome in queries.open_welcomes(cast.larkspur)]

    actions.change_member(
        by=cast_of["ingrid"], membership=of(cast, "hanna"), role="member", scope=Scope(), keep_keys=True
    )
    assert still() == ["else@larkspur.example", "viewer@elsewhere.example"]
    actions.remove_member(by=cast_of["ingrid"], membership=of(cast, "hanna"), keep_keys=True)
    assert still() == ["else@larkspur.example"]
    with pytest.raises(UserError, match="This invitation is over"):
        actions.accept_as_new(welcome=welcome, name="Gone", password=None)
    ended = AuditEvent.objects.filter(verb="invitation withdrawn").order_by("id")
    assert [(event.target, event.detail["why"]) for event in ended] == [
        ("gone@elsewhere.example", "who invited may less now"), ("manager@elsewhere.example", "who invited may less now"),
        ("viewer@elsewhere.example", "who invited was taken out"),
    ]  # fmt: skip


def test_keys_may_be_kept_when_their_maker_is_taken_out(cast: Cast) -> None:
    ingrid = cast.access("ingrid")
    actions.change_member(by=ingrid, membership=of(cast, "hanna"), role="admin", scope=Scope())
    _, token = make_key(by=cast.access("hanna"), name="till")
    assert actions.remove_member(by=ingrid, membership=of(cast, "hanna"), keep_keys=True) == []
    assert access_for_key(token)


def test_a_change_of_scope_is_audited_though_its_words_are_the_same(cast: Cast) -> None:
    for values in (("North, East",), ("North", "East")):
        actions.change_member(
            by=cast.access("ingrid"), membership=of(cast, "amara"), role="member", scope=Scope({"region": values})
        )
    assert AuditEvent.objects.filter(verb="member changed").count() == 2
