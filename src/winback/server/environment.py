"""What an operator may set: environment variables, each with its default, its check and its sentence.

This list is the whole of it. docs/reference/settings.md documents each one (a test compares), `winback doctor` prints
what is in force, and a variable that begins with WINBACK_ and is not in the list is refused, since a typing error
that is silently ignored costs a night.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from winback.errors import UserError
from winback.text.endpoints import checked_url


@dataclass(frozen=True)
class Setting:
    """One environment variable: `parse` turns its text into a value or raises ValueError with what it should be."""

    name: str
    default: str
    about: str
    parse: Callable[[str], Any] = str
    secret: bool = False


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return text

    return parse


def _number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return parse


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("an address like https://winback.example.com")
    if parts.path.strip("/"):
        raise ValueError("an address without a path: winback lives at the root of a host name")
    return text.rstrip("/")


def _proxies(text: str) -> tuple[Any, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("addresses or networks with commas between, like 127.0.0.1,10.0.0.0/8") from None


def _database(text: str) -> str:
    if text and urlsplit(text).scheme not in ("postgres", "postgresql"):
        raise ValueError("an address like postgres://user:password@host:5432/name; leave it out for SQLite")
    return text


def _warehouse(text: str) -> str:
    if text and not re.fullmatch(r"spark://[^/]+(,[^/]+)*", text):
        raise ValueError("an address like spark://host:7077; leave it out for DuckDB")
    return text


def _mail(text: str) -> str:
    if text and (urlsplit(text).scheme not in ("smtp", "smtps") or not urlsplit(text).hostname):
        raise ValueError(
            "an address like smtp://user:password@mail.example.com:587, or smtps:// for TLS from the start"
        )
    return text


def _endpoint(text: str) -> str:
    if not text:
        return ""
    try:
        return checked_url(text, secret=False)
    except UserError:
        raise ValueError(
            "an address like https://api.example.com/v1, without a name, a key or a question mark"
        ) from None


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _memory(text: str) -> str:
    """Checked where it is used: winback.connectors.csvfile.engine knows the spelling."""
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting("WINBACK_HOME", "winback-home", "the folder that holds the database, the uploads, the Parquet files and the secret key", _folder),
    Setting("DATABASE_URL", "", "PostgreSQL instead of SQLite", _database, secret=True),
    Setting("WAREHOUSE_URL", "", "Spark instead of DuckDB for figures over many rows", _warehouse),
    Setting("WINBACK_BASE_URL", "http://127.0.0.1:8000", "the address people type; links in mails begin with it", _base_url),
    Setting("WINBACK_TRUSTED_PROXIES", "", "proxies whose X-Forwarded-For and X-Forwarded-Proto are believed", _proxies),
    Setting("WINBACK_SECRET_KEY", "", "signs sessions and links; made once and kept in WINBACK_HOME where it is not given", secret=True),
    Setting("WINBACK_DURABILITY", "normal", "normal: no acknowledged row is lost when a process is killed; full: nor when the power fails", _one_of("normal", "full")),
    Setting("WINBACK_WORKERS", "1", "how many jobs run at once", _number(1, 64)),
    Setting("WINBACK_MAIL_URL", "", "the mail server; without it mail waits in the outbox", _mail, secret=True),
    Setting("WINBACK_MAIL_FROM", "winback <winback@localhost>", "the sender of mails"),
    Setting("WINBACK_PRIVATE_HOSTS", "", "private addresses that webhooks may reach all the same", _proxies),
    Setting("WINBACK_UPLOAD_LIMIT", "2048", "largest file to import, in MiB", _number(1, 1_000_000)),
    Setting("WINBACK_SESSION_DAYS", "14", "days after which one signs in again", _number(1, 365)),
    Setting("WINBACK_OIDC_ISSUER", "", "OpenID Connect: the provider's address"),
    Setting("WINBACK_OIDC_CLIENT_ID", "", "OpenID Connect: our id at the provider"),
    Setting("WINBACK_OIDC_CLIENT_SECRET", "", "OpenID Connect: our secret at the provider", secret=True),
    Setting("WINBACK_OIDC_NAME", "single sign-on", "OpenID Connect: what the button says"),
    Setting("WINBACK_EMBEDDER", "static", "whose vectors tell what comments in the workspace mean", _one_of("static", "wordllama", "minilm", "file", "endpoint")),
    Setting("WINBACK_EMBEDDER_URL", "", "an OpenAI-compatible address that makes vectors of comments, for endpoint", _endpoint),
    Setting("WINBACK_EMBEDDER_MODEL", "", "the model asked there"),
    Setting("WINBACK_EMBEDDER_KEY", "", "the key sent there", secret=True),
    Setting("WINBACK_EMBEDDER_FILE", "", "an ONNX file that makes vectors of comments, for file"),
    Setting("WINBACK_LANGUAGE_MODEL_URL", "", "an OpenAI-compatible address of a language model, for --propose", _endpoint),
    Setting("WINBACK_LANGUAGE_MODEL_MODEL", "", "the model asked there"),
    Setting("WINBACK_LANGUAGE_MODEL_KEY", "", "the key sent there", secret=True),
    Setting("WINBACK_LOG", "info", "how much is logged; never a customer's words", _one_of("debug", "info", "warning", "error")),
    Setting("WINBACK_MEMORY", "", "how much memory reading a file may take, like 4GiB", _memory),
)  # fmt: skip

BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
NOT_SETTINGS = frozenset({"WINBACK_COMMAND"})  # set by ./winback for the commands it starts


def read(environ: Mapping[str, str]) -> dict[str, Any]:
    """Every setting's value by name. Raises UserError for a value that does not fit or a name nobody knows."""
    for name in environ:
        if name.startswith("WINBACK_") and name not in BY_NAME and name not in NOT_SETTINGS:
            near = difflib.get_close_matches(name, BY_NAME, n=1, cutoff=0.8)
            hint = f"Did you mean {near[0]}?" if near else "docs/reference/settings.md lists those there are."
            raise UserError(f"There is no setting {name}. {hint}")
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = environ.get(setting.name, "").strip() or setting.default
        try:
            values[setting.name] = setting.parse(text)
        except ValueError as error:
            shown = "it" if setting.secret else f'"{text}"'
            raise UserError(f"{setting.name} should be {error}; {shown} is not. Mend it and start again.") from None
    needs = {"endpoint": ("WINBACK_EMBEDDER_URL", "WINBACK_EMBEDDER_MODEL"), "file": ("WINBACK_EMBEDDER_FILE",)}
    lacking = [name for name in needs.get(values["WINBACK_EMBEDDER"], ()) if not values[name]]
    if lacking:
        raise UserError(f"WINBACK_EMBEDDER={values['WINBACK_EMBEDDER']} needs {' and '.join(lacking)} too.")
    oidc = [
        name
        for name in ("WINBACK_OIDC_ISSUER", "WINBACK_OIDC_CLIENT_ID", "WINBACK_OIDC_CLIENT_SECRET")
        if not values[name]
    ]
    if 0 < len(oidc) < 3:
        raise UserError(f"OpenID Connect needs {' and '.join(oidc)} too. Set all three, or none.")
    return values


def secret_key(home: Path, given: str) -> str:
    """The given key, or the one kept in the home folder, made on first use and readable by its owner only."""
    if given:
        if len(given) < 32:
            raise UserError(
                "WINBACK_SECRET_KEY should have at least 32 characters, random ones. Leave it out and winback makes one."
            )
        return given
    path = home / "secret-key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key


def database(url: str, home: Path, *, durability: str) -> dict[str, Any]:
    """Django's DATABASES["default"] for PostgreSQL at `url`, else for SQLite in the home folder."""
    if url:
        parts = urlsplit(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    synchronous = "FULL" if durability == "full" else "NORMAL"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(home / "winback.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON;"
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA journal_size_limit=67108864;",
        },
    }


def mail(url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for a mail server's address; without one nothing leaves the house."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    tls_first = parts.scheme == "smtps"
    port = parts.port or (465 if tls_first else 587)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": tls_first,
        "EMAIL_USE_TLS": not tls_first and port not in (25, 2525) and parts.hostname not in ("127.0.0.1", "localhost"),
        "EMAIL_TIMEOUT": 20,
    }
