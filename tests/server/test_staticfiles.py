"""Addresses of static files."""

from __future__ import annotations

import re

from django.templatetags.static import static
from django.test import Client


def test_an_address_carries_the_hash_and_is_kept_for_a_year() -> None:
    address = static("winback/theme.css")
    assert re.fullmatch(r"/static/winback/theme\.css\?v=[0-9a-f]{12}", address)
    answer = Client().get(address)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert b"--" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_file_that_is_not_there_has_a_plain_address() -> None:
    assert static("winback/nothing.css") == "/static/winback/nothing.css"
