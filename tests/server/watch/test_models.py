"""What the tables of the watch hold together, whoever writes to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.server.factories import Cast
from tests.server.themes.worlds import themes
from tests.server.watch.worlds import an_alarm
from winback.server.watch.models import SegmentOwner, TellingChoice

pytestmark = pytest.mark.django_db


def refused(make: Any) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_an_alarm_says_when_it_ended_how_long_it_is_quiet_and_why_it_was_dismissed(cast: Cast) -> None:
    for state in ("ended", "snoozed", "dismissed", "perhaps"):
        assert refused(lambda state=state: an_alarm(cast.larkspur, more={"state": state}, region="North")), state
    assert an_alarm(cast.larkspur, more={"state": "dismissed", "reason": "chance"}, region="North").is_share


def test_only_an_alarm_of_a_themes_share_has_a_theme(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    assert refused(lambda: an_alarm(cast.larkspur, more={"theme": late}, region="North"))
    assert an_alarm(cast.larkspur, more={"theme": late, "measure": "themes"}, region="North").is_share


def test_a_person_owns_a_segment_once_and_chooses_once_how_to_hear(cast: Cast) -> None:
    amara = cast.people["amara"]
    owned: dict[str, Any] = {"workspace": cast.larkspur, "user": amara, "attribute": "region", "value": "North"}
    SegmentOwner.objects.create(**owned)
    assert refused(lambda: SegmentOwner.objects.create(**owned))
    chosen: dict[str, Any] = {"workspace": cast.larkspur, "user": amara}
    assert refused(lambda: TellingChoice.objects.create(**chosen, how="perhaps"))
    TellingChoice.objects.create(**chosen, how="never")
    assert refused(lambda: TellingChoice.objects.create(**chosen))
