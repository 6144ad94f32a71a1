"""What the Parquet tells of a choice before the database is asked: never too few."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings

from tests.server.factories import Cast, make_customer, make_feedback
from winback.server import warehouse
from winback.server.exports.actions import refresh
from winback.server.feedback import narrowing
from winback.server.feedback.models import Feedback
from winback.server.feedback.narrowing import few_of
from winback.server.feedback.queries import Choice, chosen

pytestmark = pytest.mark.django_db


def world(cast: Cast) -> None:
    """The region is the answer's, its customer's, nobody's; one's own product is a column."""
    make_customer(cast.larkspur, "C1", attributes={"region": "North"})
    for key, day, more in (
        ("own", 1, {"attributes": {"region": "North"}}), ("theirs", 2, {"customer": "C1"}), ("nobody", 3, {}),
        ("other", 4, {"attributes": {"region": "South", "it's": "a\"b"}}), ("column", 5, {"product": "Fibre"}),
    ):  # fmt: skip
        make_feedback(
            cast.larkspur, key, comment="words", occurred_at=dt.datetime(2026, 9, day, 12, tzinfo=dt.UTC), **more
        )
    refresh(workspace=cast.larkspur)


def told(cast: Cast, who: str = "hanna", **asked: object) -> set[str] | None:
    place = warehouse.folder(settings.HOME, cast.larkspur.pk)
    manifest = warehouse.read(place)
    assert manifest is not None
    choice = Choice(**asked)  # type: ignore[arg-type]
    found = few_of(cast.access(who), choice, place, manifest)
    names = dict(Feedback.objects.values_list("pk", "external_id"))
    right = {row.external_id for row in chosen(cast.access(who), choice)}
    if found is None:
        return None
    several = {names[pk] for pk in found.tolist()}
    assert right <= several, "the database decides among these"
    return several


def test_own_values_and_those_whose_customer_may_tell(cast: Cast) -> None:
    world(cast)
    assert told(cast, attributes={"region": "North"}) == {"own", "theirs", "nobody", "column"}
    assert told(cast, "norah") == {"own", "theirs", "nobody", "column"}, "a scope narrows too"
    assert told(cast, attributes={"product": "Fibre"}) == {"own", "theirs", "nobody", "other", "column"}
    assert told(cast, attributes={"it's": 'a"b'}) == {"own", "theirs", "nobody", "other", "column"}
    assert told(cast, attributes={"product": "Copper"}) == {"own", "theirs", "nobody", "other"}


def test_days(cast: Cast) -> None:
    world(cast)
    assert told(cast, since=dt.date(2026, 9, 2), until=dt.date(2026, 9, 3)) == {"theirs", "nobody"}


def test_many_and_what_it_cannot_tell_are_left_to_the_database(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    world(cast)
    assert told(cast, band="detractor") is None
    assert told(cast, attributes={"region": ""}) is None
    monkeypatch.setattr(narrowing, "NARROW", 3)
    assert told(cast, attributes={"region": "North"}) is None
