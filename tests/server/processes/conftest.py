"""Installations on SQLite and on PostgreSQL."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from tests.peers import postgres as postgres_peer
from tests.server.processes.installations import Installation


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation on SQLite to make copies of."""
    installation = Installation(tmp_path_factory.mktemp("made") / "home")
    installation.init()
    return installation


@pytest.fixture
def on_sqlite(made: Installation, tmp_path: Path) -> Installation:
    """A fresh installation on SQLite."""
    return made.copy(tmp_path / "home")


@pytest.fixture(scope="session")
def made_on_postgres(postgres: postgres_peer.Server, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation on PostgreSQL to make copies of."""
    installation = Installation(tmp_path_factory.mktemp("made") / "home", postgres.create("made"))
    installation.init()
    return installation


@pytest.fixture
def on_postgres(made_on_postgres: Installation, postgres: postgres_peer.Server, tmp_path: Path) -> Installation:
    """A fresh installation on PostgreSQL."""
    installation = made_on_postgres.copy(tmp_path / "home-postgres")
    installation.database = postgres.create(f"copy_{secrets.token_hex(4)}", like="made")
    return installation


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))],
)
def installation(request: pytest.FixtureRequest) -> Installation:
    """A fresh installation on each database."""
    found: Installation = request.getfixturevalue(f"on_{request.param}")
    return found
