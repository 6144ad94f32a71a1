"""Addresses of static files."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from django.templatetags.static import static
from django.test import Client

from winback.server.staticfiles import compress


def test_an_address_carries_the_hash_and_is_kept_for_a_year() -> None:
    address = static("winback/theme.css")
    assert re.fullmatch(r"/static/winback/theme\.css\?v=[0-9a-f]{12}", address)
    answer = Client().get(address)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert b"--" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_file_that_is_not_there_has_a_plain_address() -> None:
    assert static("winback/nothing.css") == "/static/winback/nothing.css"


def got(path: str, **headers: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of a static file, as a new server sends it."""
    answer = Client().get(f"/static/winback/{path}", headers=headers)
    assert answer.status_code == 200
    return dict(answer.headers), b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_text_is_sent_compressed_to_those_who_take_it(home: Path) -> None:
    headers, whole = got("theme.css", accept_encoding="gzip")
    assert "Content-Encoding" not in headers
    compress()
    made = {path: path.stat().st_mtime_ns for path in (home / "static").iterdir()}
    compress()
    assert {path: path.stat().st_mtime_ns for path in (home / "static").iterdir()} == made, "once"
    headers, small = got("theme.css", accept_encoding="gzip, br")
    assert [headers[name] for name in ("Content-Encoding", "Content-Type", "Cache-Control", "Vary")] == [
        "gzip", 'text/css; charset="utf-8"', "max-age=31536000, public", "Accept-Encoding",
    ]  # fmt: skip
    assert (gzip.decompress(small), len(small) < len(whole) / 2) == (whole, True)
    assert got("theme.css")[1] == whole
    assert "Content-Encoding" not in got("fonts/inter-latin-wght-normal.woff2", accept_encoding="gzip")[0]


def test_a_home_that_cannot_be_written_serves_all_the_same(home: Path) -> None:
    (home / "static").write_text("no folder")
    compress()
    assert got("theme.css", accept_encoding="gzip")[1]
