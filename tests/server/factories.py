"""Rows for tests, each made with what the test says and sensible words for the rest. They go through the actions."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

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
