"""Rows for tests, each made with what the test says and sensible words for the rest. They go through the actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.test import Client

from winback.server.customers.actions import record_customers
from winback.server.customers.models import Contact, Customer
from winback.server.customers.people import NewContact, record_contacts
from winback.server.customers.rules import NewCustomer
from winback.server.feedback.actions import record
from winback.server.feedback.models import Feedback
from winback.server.feedback.rules import NewFeedback
from winback.server.sources.actions import ensure_source
from winback.server.workspaces.access import Access
from winback.server.workspaces.actions import add_member, create_user, create_workspace
from winback.server.workspaces.models import Membership, User, Workspace
from winback.server.workspaces.rules import Scope

ROLES = {"rafael": "viewer", "amara": "member", "hanna": "manager", "ingrid": "admin"}


@dataclass
class Cast:
    """larkspur with a person for each role and one who may see the North only; merritt, with nell, is another company."""

    larkspur: Workspace
    merritt: Workspace
    people: dict[str, User]

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.people[name])
        return client

    def access(self, name: str) -> Access:
        """What workspace_for would give for this person."""
        membership = Membership.objects.select_related("workspace").get(user=self.people[name])
        return Access(
            membership.workspace, membership.role, Scope.of(membership.scope), membership.user, membership.user.email
        )


def make_cast() -> Cast:
    people = {
        name: create_user(email=f"{name}@{place}.example", name=f"{name.title()} {family}")
        for name, place, family in (
            ("ingrid", "larkspur", "Solheim"), ("hanna", "larkspur", "Lindqvist"), ("amara", "larkspur", "Diallo"),
            ("rafael", "larkspur", "Costa"), ("norah", "larkspur", "North"), ("nell", "merritt", "Merritt"),
        )
    }  # fmt: skip
    larkspur = create_workspace(
        slug="larkspur", name="Larkspur Broadband", owner=people["ingrid"], zone="Europe/Lisbon", currency="EUR"
    )
    for name in ("hanna", "amara", "rafael"):
        add_member(workspace=larkspur, user=people[name], role=ROLES[name])
    add_member(workspace=larkspur, user=people["norah"], role="member", scope=Scope({"region": ("North",)}))
    merritt = create_workspace(slug="merritt", name="Merritt Dairies", owner=people["nell"])
    return Cast(larkspur, merritt, people)


def make_customer(workspace: Workspace, external_id: str, **said: Any) -> Customer:
    """A customer as the API would record it; `said` are fields of NewCustomer."""
    source = ensure_source(workspace=workspace, name="crm", kind="api", table="customers")
    record_customers(workspace=workspace, source=source, rows=[NewCustomer(external_id=external_id, **said)])
    return Customer.objects.get(workspace=workspace, external_id=external_id)


def make_contact(workspace: Workspace, external_id: str, **said: Any) -> Contact:
    """A person at a customer; `said` are fields of NewContact."""
    source = ensure_source(workspace=workspace, name="crm people", kind="api", table="contacts")
    record_contacts(workspace=workspace, source=source, rows=[NewContact(external_id=external_id, **said)])
    return Contact.objects.get(workspace=workspace, external_id=external_id)


def make_feedback(workspace: Workspace, external_id: str, score: float | None = 3, **said: Any) -> Feedback:
    """An answer, on 19 Nov 2026 at noon where nothing else is said; `said` are fields of NewFeedback."""
    source = ensure_source(workspace=workspace, name="survey", kind="api")
    said.setdefault("occurred_at", dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC))
    record(workspace=workspace, source=source, rows=[NewFeedback(external_id=external_id, score=score, **said)])
    return Feedback.objects.visible(workspace).get(external_id=external_id)
