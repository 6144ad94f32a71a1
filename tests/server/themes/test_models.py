"""What the tables themselves hold together, whoever writes to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.server.factories import Cast
from tests.server.themes.worlds import guessed, said, themes
from winback.server.themes.models import Coding, DeskLease, Reading, Theme

pytestmark = pytest.mark.django_db


def refused(make: Any) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_one_reading_of_a_comment_stands_and_one_desk_has_it(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    row = said(cast, "a")
    reading = guessed(row, [late])
    key: dict[str, Any] = {"workspace": cast.larkspur, "source_id": row.source_id, "external_id": "a"}
    more = {**key, "digest": 0, "seen": timezone.now()}
    assert refused(lambda: Reading.objects.create(**more, kind="settled", stands=True))
    assert refused(lambda: Reading.objects.create(**more, kind="model", model="m", stands=False))
    assert refused(lambda: Reading.objects.create(**more, kind="person", outcome="perhaps", stands=False))
    assert refused(lambda: Coding.objects.create(reading=reading, theme=late))
    reading.codings.all().delete()
    assert refused(lambda: Coding.objects.create(reading=reading, theme=late, start=5, end=5))
    DeskLease.objects.create(**key, user=cast.people["amara"], until=timezone.now())
    assert refused(lambda: DeskLease.objects.create(**key, user=cast.people["hanna"], until=timezone.now()))


def test_a_theme_is_not_its_own_parent_and_goes_not_into_itself(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    assert str(late) == "Late"
    for field in ("parent", "merged_into"):
        assert refused(lambda field=field: Theme.objects.filter(pk=late.pk).update(**{field: late}))
    assert refused(lambda: Theme.objects.create(workspace=cast.larkspur, key=late.key, name="again"))
    assert refused(lambda: Theme.objects.create(workspace=cast.larkspur, key="x", name="x", state="lost"))
