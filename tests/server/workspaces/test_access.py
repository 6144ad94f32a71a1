from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from tests.server.factories import Cast
from winback.server.workspaces.access import SignInNeeded, require, require_whole, signed_in, workspace_for
from winback.server.workspaces.models import Workspace
from winback.server.workspaces.rules import Scope


def request_of(cast: Cast, name: str | None) -> object:
    request = RequestFactory().get("/w/larkspur/pulse/?since=2026-01-01", REMOTE_ADDR="192.0.2.7")
    request.user = cast.people[name] if name else AnonymousUser()
    return request


def test_a_member_comes_in(cast: Cast) -> None:
    request = request_of(cast, "norah")
    access = workspace_for(request, "larkspur", at_least="member")  # type: ignore[arg-type]
    assert (access.workspace, access.role, access.user, access.label, access.address) == (
        cast.larkspur, "member", cast.people["norah"], "norah@larkspur.example", "192.0.2.7",
    )  # fmt: skip
    assert access.scope == Scope({"region": ("North",)})
    assert request.access is access  # type: ignore[attr-defined]


def test_nobody_signs_in_first(cast: Cast) -> None:
    request = request_of(cast, None)
    with pytest.raises(SignInNeeded) as raised:
        workspace_for(request, "larkspur")  # type: ignore[arg-type]
    answer = raised.value.response(request)  # type: ignore[arg-type]
    assert answer["Location"] == "/accounts/login/?next=/w/larkspur/pulse/%3Fsince%3D2026-01-01"
    with pytest.raises(SignInNeeded):
        signed_in(request)  # type: ignore[arg-type]


def test_strangers_and_what_is_on_its_way_out_are_not_there(cast: Cast) -> None:
    for name, slug in (("nell", "larkspur"), ("ingrid", "merritt"), ("ingrid", "nowhere")):
        with pytest.raises(Http404):
            workspace_for(request_of(cast, name), slug)  # type: ignore[arg-type]
    Workspace.objects.filter(slug="larkspur").update(removing_at=timezone.now())
    with pytest.raises(Http404):
        workspace_for(request_of(cast, "ingrid"), "larkspur")  # type: ignore[arg-type]


def test_a_low_role_is_told_whom_to_ask(cast: Cast) -> None:
    with pytest.raises(PermissionDenied, match=r"for managers; you are a viewer here. Ask Hanna Lindqvist or Ingrid"):
        require(cast.access("rafael"), "manager")
    require(cast.access("hanna"), "manager")


def test_a_part_does_not_open_the_whole(cast: Cast) -> None:
    with pytest.raises(PermissionDenied, match="limited to region: North"):
        require_whole(cast.access("norah"))
    with pytest.raises(PermissionDenied):
        workspace_for(request_of(cast, "norah"), "larkspur", whole=True)  # type: ignore[arg-type]
    require_whole(cast.access("rafael"))
