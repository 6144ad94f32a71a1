from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.server.factories import Cast
from winback.server.workspaces.models import Membership, User, Workspace


def test_how_people_are_shown() -> None:
    assert (str(User(email="ann@example.com", name="Ann Lee Fox")), User(name="Ann Lee Fox").initials) == (
        "Ann Lee Fox",
        "AF",
    )
    assert (str(User(email="ann@example.com")), User(email="ann@example.com").initials) == ("ann@example.com", "AN")


def test_passwords_are_hashed_and_addresses_small(db: None) -> None:
    user = User.objects.create_user("Ann@Example.COM", "seven rainy harbours")
    assert user.email == "ann@example.com"
    assert "rainy" not in user.password
    assert user.check_password("seven rainy harbours")


def test_the_database_holds_the_rules_too(cast: Cast) -> None:
    wrong = (
        lambda: Membership.objects.create(workspace=cast.larkspur, user=cast.people["amara"], role="admin"),
        lambda: Membership.objects.create(workspace=cast.larkspur, user=cast.people["nell"], role="emperor"),
        lambda: Workspace.objects.filter(pk=cast.larkspur.pk).update(sending="always"),
        lambda: Workspace.objects.filter(pk=cast.larkspur.pk).update(level=1.0),
    )
    for attempt in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
