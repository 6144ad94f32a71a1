from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.factories import Cast
from winback.server.redaction import GONE, Person
from winback.server.workspaces import audit
from winback.server.workspaces.models import AuditEvent, Membership, SavedView
from winback.server.workspaces.personal import erase, export, forget

pytestmark = pytest.mark.django_db


def test_names_go_from_the_audit_views_and_scopes(cast: Cast) -> None:
    ann = Person(cast.larkspur.pk, (), (), (), (), ("Ann Zoë",))
    audit.record(verb="searched", target="Ann Zoë", by=cast.access("hanna"), text="ann zoë")
    user = cast.people["hanna"]
    SavedView.objects.create(workspace=cast.larkspur, user=user, page="feedback", name="v", query="?q=Ann+Zo%C3%AB")
    SavedView.objects.create(workspace=cast.larkspur, user=user, page="feedback", name="w", query="?q=Ben")
    Membership.objects.filter(user=cast.people["amara"]).update(scope={"segments": {"agent": ["Ann Zoë"]}})
    assert len(export(person=ann)["audit"]) == 1
    assert erase(person=ann) == {"audit": 1, "saved views": 1}
    event = AuditEvent.objects.get(verb="searched")
    assert (event.target, event.detail) == (GONE, {"text": GONE})
    assert list(SavedView.objects.values_list("name", flat=True)) == ["w"]
    assert Membership.objects.get(user=cast.people["amara"]).scope == {"segments": {"agent": [GONE]}}


def test_names_go_from_addresses_that_the_audit_keeps(cast: Cast) -> None:
    ann = Person(cast.larkspur.pk, (), (), (), (), ("Ann Zoë",))
    audit.record(
        verb="feedback exported",
        target="q=Ann+Zo%C3%AB&band=passive",
        by=cast.access("hanna"),
        query="q=ann%20zo%C3%AB",
    )
    assert len(export(person=ann)["audit"]) == 1
    assert erase(person=ann)["audit"] == 1
    event = AuditEvent.objects.get(verb="feedback exported")
    assert (event.target, event.detail) == (f"q={GONE}&band=passive", {"query": f"q={GONE}"})


def test_what_a_customer_did_as_a_colleague_stays(cast: Cast) -> None:
    """Hanna is a customer too: her membership and what she was given are the workspace's, a search for her is hers."""
    hanna = Person(cast.larkspur.pk, (), (), (), (), ("Hanna@larkspur.example", "Hanna Lindqvist"))
    by = cast.access("ingrid")
    audit.record(verb="member changed", target="hanna@larkspur.example", by=by, role="viewer → manager")
    audit.record(verb="member invited", target="new@larkspur.example", by=by, invited_by="hanna@larkspur.example")
    audit.record(verb="feedback exported", target="q=hanna%40larkspur.example", by=by)
    assert [row["did"] for row in export(person=hanna)["audit"]] == ["feedback exported"]
    assert erase(person=hanna)["audit"] == 1
    events = dict(AuditEvent.objects.filter(by=cast.people["ingrid"]).values_list("verb", "target"))
    assert events["member changed"] == "hanna@larkspur.example" and events["feedback exported"] == f"q={GONE}"


def test_old_events_are_forgotten(cast: Cast) -> None:
    count = AuditEvent.objects.filter(workspace=cast.larkspur).count()
    later = timezone.now() + dt.timedelta(days=1)
    assert forget(workspace_id=cast.larkspur.pk, before=later, most=2) == 2
    assert forget(workspace_id=cast.larkspur.pk, before=later, most=100) == count - 2
    assert AuditEvent.objects.filter(workspace=cast.merritt).exists()
