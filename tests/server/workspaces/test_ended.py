from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.factories import Cast
from winback.server.people.actions import change_member, invite, remove_member, withdraw_welcome
from winback.server.workspaces import ended
from winback.server.workspaces.actions import add_member
from winback.server.workspaces.keys import make_key, revoke_key
from winback.server.workspaces.models import ApiKey, AuditEvent, Membership, Welcome
from winback.server.workspaces.queries import access_for_key, welcome_for
from winback.server.workspaces.rules import Scope
from winback.server.workspaces.sign_in import AccountAdapter

pytestmark = pytest.mark.django_db
NORTH = Scope({"region": ("North",)})


def of(cast: Cast, name: str) -> Membership:
    return Membership.objects.get(user=cast.people[name], workspace=cast.larkspur)


def put_back(cast: Cast, members: dict[str, tuple[str, dict[str, object]]]) -> None:
    """As a backup of before would leave it."""
    ApiKey.objects.update(revoked_at=None)
    Welcome.objects.update(withdrawn_at=None)
    Membership.objects.filter(workspace=cast.larkspur).delete()
    for name, (role, scope) in members.items():
        Membership.objects.create(workspace=cast.larkspur, user=cast.people[name], role=role, scope=scope)


def test_keys_and_invitations_that_ended_since_end_again(cast: Cast) -> None:
    ingrid = cast.access("ingrid")
    (gone, token), (_, kept) = make_key(by=ingrid, name="till"), make_key(by=ingrid, name="crm")
    welcome, link = invite(by=ingrid, email="new@larkspur.example", role="viewer")
    before = timezone.now()
    revoke_key(by=ingrid, key=gone)
    withdraw_welcome(by=ingrid, welcome=welcome)
    put_back(cast, {"ingrid": ("admin", {})})
    assert access_for_key(token) and welcome_for(link.rsplit("/", 2)[-2])
    done = ended.replay(since=before)
    assert (done.keys, done.invitations, done.memberships, done.passwords, done.left_in) == (1, 1, 0, 0, [])
    assert access_for_key(token) is None and access_for_key(kept) and welcome_for(link.rsplit("/", 2)[-2]) is None
    assert AuditEvent.objects.filter(verb="key revoked", detail__why=ended.WHY).get().by_label == "winback"
    assert ended.replay(since=before) == ended.Replayed()  # once more changes nothing


def test_a_newer_backup_knows_it_already(cast: Cast) -> None:
    change_member(by=cast.access("ingrid"), membership=of(cast, "hanna"), role="viewer", scope=Scope())
    assert ended.replay(since=timezone.now() + dt.timedelta(seconds=1)) == ended.Replayed()
    assert of(cast, "hanna").role == "viewer"


def test_who_was_taken_out_or_given_less_is_out_until_somebody_lets_them_in(cast: Cast) -> None:
    ingrid, before = cast.access("ingrid"), timezone.now()
    remove_member(by=ingrid, membership=of(cast, "amara"))
    change_member(by=ingrid, membership=of(cast, "hanna"), role="manager", scope=NORTH)
    remove_member(by=ingrid, membership=of(cast, "rafael"))
    add_member(workspace=cast.larkspur, user=cast.people["rafael"], role="viewer", by=ingrid)
    change_member(by=ingrid, membership=of(cast, "norah"), role="viewer", scope=NORTH)
    change_member(by=ingrid, membership=of(cast, "norah"), role="manager", scope=NORTH)
    put_back(
        cast,
        {
            "ingrid": ("admin", {}), "amara": ("member", {}), "hanna": ("manager", {}), "rafael": ("viewer", {}),
            "norah": ("member", {"segments": {"region": ["North"]}}),
        },
    )  # fmt: skip
    done = ended.replay(since=before)
    assert (done.memberships, done.left_in) == (2, [])
    here = set(Membership.objects.filter(workspace=cast.larkspur).values_list("user__email", flat=True))
    assert here == {f"{name}@larkspur.example" for name in ("ingrid", "rafael", "norah")}
    assert AuditEvent.objects.filter(verb="member removed", detail__why=ended.WHY).count() == 2


def test_nobody_is_locked_out_and_it_is_said(cast: Cast) -> None:
    before = timezone.now()
    change_member(by=cast.access("ingrid"), membership=of(cast, "hanna"), role="admin", scope=Scope())
    remove_member(by=cast.access("hanna"), membership=of(cast, "ingrid"))
    put_back(cast, {"ingrid": ("admin", {}), "amara": ("member", {})})
    done = ended.replay(since=before)
    assert (done.memberships, done.left_in) == (0, ["larkspur: ingrid@larkspur.example"])
    assert of(cast, "ingrid").role == "admin"


def test_a_password_that_was_changed_since_opens_nothing(cast: Cast) -> None:
    user, before = cast.people["amara"], timezone.now()
    user.set_password("the old one, seen by others")
    user.save()
    AccountAdapter().set_password(user, "the new one, seen by nobody")
    user.set_password("the old one, seen by others")
    user.save()
    assert ended.replay(since=before).passwords == 1
    user.refresh_from_db()
    assert not user.has_usable_password() and ended.replay(since=before).passwords == 0
