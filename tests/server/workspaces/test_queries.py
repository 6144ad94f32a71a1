from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.server.factories import Cast
from winback.server.workspaces import audit, queries
from winback.server.workspaces.keys import digest, make_key
from winback.server.workspaces.models import ApiKey, AuditEvent, Membership, SavedView, Welcome, Workspace
from winback.server.workspaces.rules import Scope


def test_access_for_a_key(cast: Cast, django_assert_num_queries: Any) -> None:
    key, token = make_key(by=cast.access("ingrid"), name="shop", role="viewer", scope=Scope({"region": ("North",)}))
    access = queries.access_for_key(token, address="192.0.2.7")
    assert access is not None
    assert (access.workspace, access.role, access.user, access.address) == (cast.larkspur, "viewer", None, "192.0.2.7")
    assert access.scope == Scope({"region": ("North",)})
    assert access.label == f"key shop ({key.prefix})"


def test_a_key_is_asked_for_once_a_second(cast: Cast, django_assert_num_queries: Any) -> None:
    key, token = make_key(by=cast.access("ingrid"), name="shop")
    assert queries.access_for_key(token, now=100.0)
    for moment, asked in ((100.0, 0), (100.9, 0), (101.0, 1), (101.9, 0)):
        with django_assert_num_queries(asked):
            assert queries.access_for_key(token, now=moment)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())  # as another process does
    assert queries.access_for_key(token, now=101.99)
    assert queries.access_for_key(token, now=102.0) is None
    wrong = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert queries.access_for_key(wrong, now=101.99) is None, "what is held is held of one token"


def test_what_is_no_key_opens_nothing(cast: Cast, django_assert_num_queries: Any) -> None:
    _, token = make_key(by=cast.access("ingrid"), name="shop")
    wrong = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert queries.access_for_key(wrong) is None
    with django_assert_num_queries(0):
        for text in ("", "wb_", token[3:], f"{token} ", "x" * 5000):
            assert queries.access_for_key(text) is None
    Workspace.objects.filter(pk=cast.larkspur.pk).update(removing_at=timezone.now())
    assert queries.access_for_key(token) is None


def test_members_and_those_who_reach_everything(cast: Cast) -> None:
    assert [m.user.name for m in queries.members(cast.larkspur)] == [
        "Amara Diallo", "Hanna Lindqvist", "Ingrid Solheim", "Norah North", "Rafael Costa",
    ]  # fmt: skip
    Membership.objects.filter(user=cast.people["norah"]).update(role="admin")
    assert [m.user for m in queries.whole_admins(cast.larkspur)] == [cast.people["ingrid"]]


def test_colleagues_are_those_who_are_here_and_those_who_were_invited(cast: Cast) -> None:
    tomorrow = timezone.now() + dt.timedelta(days=1)
    Welcome.objects.create(
        workspace=cast.larkspur, email="New@larkspur.example", role="viewer", digest="d", expires_at=tomorrow
    )
    found = queries.colleagues(cast.larkspur.pk)
    assert found == {f"{name}@larkspur.example" for name in ("ingrid", "hanna", "amara", "rafael", "norah", "new")}


def test_an_invitation_is_found_while_it_is_good(cast: Cast) -> None:
    now = timezone.now()
    for token, fields in (
        ("good", {}), ("old", {"expires_at": now - dt.timedelta(seconds=1)}), ("back", {"withdrawn_at": now}),
        ("used", {"accepted_at": now}),
    ):  # fmt: skip
        Welcome.objects.create(
            **{"workspace": cast.larkspur, "email": "a@example.com", "role": "viewer", "digest": digest(token)}
            | {"expires_at": now + dt.timedelta(days=1)} | fields
        )  # fmt: skip
    found = queries.welcome_for("good")
    assert found is not None
    assert found.workspace == cast.larkspur
    assert [queries.welcome_for(token) for token in ("old", "back", "used", "none")] == [None] * 4
    assert queries.open_welcomes(cast.larkspur).count() == 2, "the good and the old one"


def test_keys_and_views(cast: Cast) -> None:
    make_key(by=cast.access("ingrid"), name="shop")
    assert [key.name for key in queries.keys_of(cast.larkspur)] == ["shop"]
    assert not queries.keys_of(cast.merritt)
    for workspace in (cast.larkspur, cast.merritt):
        SavedView.objects.create(workspace=workspace, user=cast.people["amara"], page="pulse", name="mine", query="")
    assert [view.workspace for view in queries.views_of(cast.people["amara"])] == [cast.larkspur]


def test_events_by_who_what_and_day_paged_by_key(cast: Cast) -> None:
    AuditEvent.objects.all().delete()
    access = cast.access("ingrid")
    start = dt.datetime(2026, 11, 19, tzinfo=dt.UTC)
    for number in range(7):
        event = audit.record(verb="key made" if number % 2 else "signed in", target=str(number), by=access)
        AuditEvent.objects.filter(pk=event.pk).update(at=start + dt.timedelta(hours=12 * (number // 2)))
    audit.record(verb="key made", by=cast.access("nell"))
    found = queries.events(cast.larkspur)
    seen: list[str] = []
    before = None
    while page := queries.page_of_events(found, before=before, most=2):
        seen += [event.target for event in page]
        before = (page[-1].at, page[-1].pk)
    assert seen == ["6", "5", "4", "3", "2", "1", "0"], "two at the same time are neither lost nor twice"
    assert [e.target for e in queries.events(cast.larkspur, verb="key made")] == ["5", "3", "1"]
    day = queries.events(cast.larkspur, since=start, until=start + dt.timedelta(days=1))
    assert [e.target for e in day] == ["3", "2", "1", "0"]
    assert queries.events(cast.larkspur, who="INGRID").count() == 7
    assert queries.events(cast.larkspur, who="nell").count() == 0
    assert queries.verbs(cast.larkspur) == ["key made", "signed in"]


def test_events_as_rows(cast: Cast) -> None:
    AuditEvent.objects.all().delete()
    event = audit.record(verb="exported", target="=1+1", by=cast.access("ingrid"), rows=3)
    AuditEvent.objects.filter(pk=event.pk).update(at=dt.datetime(2026, 11, 19, 14, 5, 7, tzinfo=dt.UTC))
    assert list(queries.event_rows(queries.events(cast.larkspur)))[1] == [
        "2026-11-19 14:05:07", "ingrid@larkspur.example", "exported", "=1+1", "rows: 3", "",
    ]  # fmt: skip
