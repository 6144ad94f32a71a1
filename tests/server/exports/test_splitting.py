from __future__ import annotations

import pytest

from tests.server.exports.worlds import answer, known, opened, rows, told
from tests.server.factories import Cast
from winback.server.customers.models import Segmentation
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def test_attributes_stand_in_the_order_people_gave_them(cast: Cast) -> None:
    told(cast.larkspur, [answer("a", 9, customer="C1", attributes={"b": "1", "a": "2", "c": "3"}, channel="web")])
    known(cast.larkspur, "C1", a="5")
    assert opened(cast).attributes == ("a", "b", "c", "channel")
    Segmentation.objects.create(workspace=cast.larkspur, attribute="c", hidden=True)
    Workspace.objects.filter(pk=cast.larkspur.pk).update(attributes=["c", "channel", "a (customers)", "b", "gone"])
    held = opened(cast)
    assert held.attributes == ("channel", "a (customers)", "b")
    assert rows(held.tables.feedback, "a (customers)", "a") == [("5", "2")]
