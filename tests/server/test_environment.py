"""Settings: each default, each wrong value with its sentence."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from winback.errors import UserError
from winback.server import environment
from winback.server.environment import SETTINGS, database, mail, read, secret_key


def test_the_defaults_are_right_by_themselves() -> None:
    values = read({})
    assert set(values) == {setting.name for setting in SETTINGS}
    assert values["WINBACK_BASE_URL"] == "http://127.0.0.1:8000"
    assert values["WINBACK_WORKERS"] == 1
    assert values["WINBACK_HOME"] == Path.cwd() / "winback-home"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("WINBACK_WORKERS", "0", 'WINBACK_WORKERS should be a whole number from 1 to 64; "0" is not. Mend it and start again.'),
        ("WINBACK_WORKERS", "²", 'WINBACK_WORKERS should be a whole number from 1 to 64; "²" is not. Mend it and start again.'),
        ("WINBACK_BASE_URL", "nps.example.com", 'WINBACK_BASE_URL should be an address like https://winback.example.com; "nps.example.com" is not. Mend it and start again.'),
        ("WINBACK_BASE_URL", "https://example.com/nps", 'WINBACK_BASE_URL should be an address without a path: winback lives at the root of a host name; "https://example.com/nps" is not. Mend it and start again.'),
        ("WINBACK_TRUSTED_PROXIES", "proxy", 'WINBACK_TRUSTED_PROXIES should be addresses or networks with commas between, like 127.0.0.1,10.0.0.0/8; "proxy" is not. Mend it and start again.'),
        ("WINBACK_DURABILITY", "half", 'WINBACK_DURABILITY should be one of normal, full; "half" is not. Mend it and start again.'),
        ("WAREHOUSE_URL", "http://spark", 'WAREHOUSE_URL should be an address like spark://host:7077; leave it out for DuckDB; "http://spark" is not. Mend it and start again.'),
        # what is secret is not repeated
        ("DATABASE_URL", "mysql://u:secret@h/d", "DATABASE_URL should be an address like postgres://user:password@host:5432/name; leave it out for SQLite; it is not. Mend it and start again."),
        ("WINBACK_MAIL_URL", "imap://u:secret@h", "WINBACK_MAIL_URL should be an address like smtp://user:password@mail.example.com:587, or smtps:// for TLS from the start; it is not. Mend it and start again."),
        # names
        ("WINBACK_WORKER", "1", "There is no setting WINBACK_WORKER. Did you mean WINBACK_WORKERS?"),
        ("WINBACK_XYZZY", "1", "There is no setting WINBACK_XYZZY. docs/reference/settings.md lists those there are."),
        ("WINBACK_OIDC_ISSUER", "https://id.example.com", "OpenID Connect needs WINBACK_OIDC_CLIENT_ID and WINBACK_OIDC_CLIENT_SECRET too. Set all three, or none."),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_a_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        read({name: value})
    assert str(refused.value) == sentence


def test_what_other_programs_set_is_none_of_ours() -> None:
    assert read({"PATH": "/bin", "WINBACK_COMMAND": "./winback"})["WINBACK_LOG"] == "info"


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    key = secret_key(home, "")
    assert len(key) >= 50
    assert secret_key(home, "") == key
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert secret_key(home, "x" * 32) == "x" * 32
    with pytest.raises(UserError, match="at least 32 characters"):
        secret_key(home, "short")


def test_the_database(tmp_path: Path) -> None:
    sqlite = database("", tmp_path, durability="full")
    assert sqlite["NAME"] == str(tmp_path / "winback.sqlite3")
    assert "synchronous=FULL" in sqlite["OPTIONS"]["init_command"]
    assert "synchronous=NORMAL" in database("", tmp_path, durability="normal")["OPTIONS"]["init_command"]
    postgres = database("postgres://win%40back:p%2Fw@db.example.com:6543/nps", tmp_path, durability="normal")
    assert {name: postgres[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "nps",
        "USER": "win@back",
        "PASSWORD": "p/w",
        "HOST": "db.example.com",
        "PORT": "6543",
    }


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://u:p@mail.example.com", 587, False, True),
        ("smtps://u:p@mail.example.com", 465, True, False),
        ("smtp://127.0.0.1:2525", 2525, False, False),
    ],
)
def test_the_mail_server(url: str, port: int, *, ssl: bool, tls: bool) -> None:
    settings = mail(url)
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_SSL"], settings["EMAIL_USE_TLS"]) == (port, ssl, tls)


def test_without_a_mail_server_nothing_leaves() -> None:
    assert mail("") == {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


def test_the_tests_have_a_home_of_their_own() -> None:
    assert Path(os.environ["WINBACK_HOME"]).name.startswith("winback-test-")
    assert environment.BY_NAME["WINBACK_HOME"].default == "winback-home"
