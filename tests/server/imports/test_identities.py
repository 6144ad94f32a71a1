from __future__ import annotations

import pytest

from tests.server.factories import Cast
from tests.server.imports.bringing import begun, brought
from winback.server.customers.models import CustomerProfile
from winback.server.imports.identities import Identities

pytestmark = pytest.mark.django_db


def test_ids_are_made_once_and_profiles_where_there_are_none(cast: Cast) -> None:
    brought(cast.larkspur, "customer,name\nC1,Ada\nC2,Bo\n", "customers.csv")
    run = begun(cast.larkspur, "id,date,customer,score\n1,2026-10-01,C1,9\n2,2026-10-02,C3,0\n")
    people, now = Identities(run), "2026-11-22 10:00:00"
    ids = people.of(["C1", "C3"], now)
    assert set(ids) == {"C1", "C3"} and people.of(["C1", "C3"], now) == ids
    assert people.without_profile(ids.values()) == [ids["C3"]]
    people.show_bare([ids["C3"]], now)
    assert people.without_profile(ids.values()) == []
    assert CustomerProfile.objects.get(run=run).bare
    assert Identities(run).without_profile(ids.values()) == []  # another process at the same run knows it too
