from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.server.factories import Cast
from tests.server.insights.test_driving import rated

pytestmark = pytest.mark.django_db


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(f"/w/larkspur/{address}")
    assert answer.status_code == status, answer.content[:500]
    return re.sub(r"\s+", " ", answer.content.decode())


def test_drivers_are_shown_chosen_and_exported(cast: Cast, hanna: Client) -> None:
    assert "Import a file" in text(hanna, "drivers/")
    rated(cast)
    page = text(hanna, "drivers/")
    assert "Association, not cause" in page and "Importance against room to improve" in page
    assert 'href="?driver=support"' in page, "price can be taken away"
    assert 'href="?driver=price&amp;driver=support&amp;driver=region"' in page
    assert "is not satisfied" in page or "are not satisfied with it" in page
    only = text(hanna, "drivers/?driver=region")
    assert "Importance against room" not in only
    assert "cannot be a driver here" in text(hanna, "drivers/?driver=ticket", 400)
    lines = hanna.get("/w/larkspur/figures/drivers.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("driver,kind,importance") and lines[1].startswith("support,rating,")
