from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

import winback.connectors
from tests.server.factories import Cast
from tests.server.imports.bringing import uploaded
from winback.server.imports.fields import NAMES, ORDERS, TITLES


def test_every_option_that_the_reader_speaks_of_is_a_field() -> None:
    spoken = set()
    for path in [
        *Path(winback.connectors.__file__).parent.rglob("*.py"),
        Path(winback.connectors.__file__).parents[1] / "scales.py",
    ]:
        if path.name not in ("codings.py", "together.py"):  # which read for the command line only
            spoken |= set(re.findall(r"""option\(["'](--[a-z-]+)""", path.read_text(encoding="utf-8")))
    assert {"--score", "--scale", "--blank", "--date-format", "--tz"} < spoken
    assert spoken - {"--map"} <= set(NAMES)


@pytest.mark.django_db
def test_every_name_stands_on_the_form(cast: Cast, hanna: Client) -> None:
    run = uploaded(cast.larkspur, "score,date\n9,2026-10-01\n3,2026-10-02\n")
    page = hanna.get(f"/w/larkspur/import/{run.pk}/").content.decode()
    for title in (*TITLES.values(), *ORDERS.values()):
        assert re.search(rf">\s*{re.escape(title)}\s*<", page), title
