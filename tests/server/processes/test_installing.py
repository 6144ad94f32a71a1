"""Names and passwords of a new installation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.processes.installations import PASSWORD, Installation
from winback.errors import UserError
from winback.server.processes.installing import require_good_password, require_nobody, slug_of
from winback.server.processes.lock import hold


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Larkspur Broadband", "larkspur-broadband"),
        ("Café Ünter & Söhne", "cafe-unter-sohne"),
        ("東京", "main"),
        ("x" * 60, "x" * 50),
    ],
)
def test_a_name_as_it_stands_in_addresses(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_password_that_is_easily_guessed_is_refused(db: None) -> None:
    require_good_password(PASSWORD, email="ingrid@larkspur.example", name="Ingrid")
    with pytest.raises(UserError, match="at least 10 characters"):
        require_good_password("short", email="ingrid@larkspur.example", name="Ingrid")
    with pytest.raises(UserError, match="too similar"):
        require_good_password("ingrid@larkspur.example", email="ingrid@larkspur.example", name="Ingrid")


def test_nobody_may_be_running(tmp_path: Path) -> None:
    require_nobody(tmp_path)
    with hold(tmp_path, "workers"), pytest.raises(UserError, match="A worker of winback runs"):
        require_nobody(tmp_path)


def test_an_installation_is_made_once(on_sqlite: Installation) -> None:
    assert on_sqlite.sql("SELECT email, is_operator FROM winback_user") == [("ingrid@larkspur.example", 1)]
    assert on_sqlite.sql("SELECT slug, zone, currency, sending FROM winback_workspace") == [
        ("larkspur-broadband", "UTC", "", "off")
    ]
    again = on_sqlite.run(
        "init", "--email", "x@y.example", "--name", "X", "--workspace", "Y", "--password-stdin", stdin=PASSWORD
    )
    assert again.returncode == 2
    assert again.stderr == (f"winback: There is a winback in {on_sqlite.home} already. `winback serve` starts it.\n")
