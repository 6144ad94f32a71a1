from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from tests.server.factories import Cast, make_cast
from winback.errors import UserError
from winback.server.processes.letting_in import link
from winback.server.workspaces.models import AuditEvent, User


@pytest.fixture
def people(db: None) -> Cast:
    return make_cast()


def test_a_link_is_audited_and_drops_the_second_factor_only_when_asked(people: Cast) -> None:
    amara = people.people["amara"]
    TOTP.activate(amara, "JBSWY3DPEHPK3PXP")
    assert link(" amara@larkspur.example ").startswith("http://127.0.0.1:8000/accounts/password/reset/key/")
    assert Authenticator.objects.filter(user=amara).exists()
    link("amara@larkspur.example", drop_second_factor=True)
    assert not Authenticator.objects.filter(user=amara).exists()
    verbs = AuditEvent.objects.filter(target=amara.email, detail__at="the command line").order_by("id")
    assert [event.verb for event in verbs] == ["sign-in link made", "sign-in link made", "second factor removed"]
    assert {event.workspace for event in verbs} == {people.larkspur}


def test_a_closed_account_gets_none(people: Cast) -> None:
    User.objects.filter(pk=people.people["amara"].pk).update(is_active=False)
    with pytest.raises(UserError, match="Nobody signs in here"):
        link("amara@larkspur.example")
