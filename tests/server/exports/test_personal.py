from __future__ import annotations

import pytest

from tests.server.exports.worlds import answer, fresh, keys, on_disk, told
from tests.server.factories import Cast
from winback.server import warehouse
from winback.server.exports.actions import place_of
from winback.server.exports.personal import erase, export, finish
from winback.server.redaction import Person

pytestmark = pytest.mark.django_db


def test_files_that_held_more_go_at_once(cast: Cast) -> None:
    ann = Person(cast.larkspur.pk, (1,), (), (), (), ())
    assert erase(person=ann) == {} and export(person=ann) == {}
    told(cast.larkspur, [answer("1", 9)])
    fresh(cast.larkspur)
    told(cast.larkspur, [answer("1", 8)])
    finish(workspace=cast.larkspur)
    manifest = warehouse.read(place_of(cast.larkspur))
    assert manifest is not None and keys(manifest) == {"2026-09": 1}
    assert on_disk(cast.larkspur) == {file.name for file in manifest.files}
