"""Installations on SQLite and on PostgreSQL."""

from __future__ import annotations

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


@pytest.fixture
def on_postgres(postgres: postgres_peer.Server, tmp_path: Path) -> Installation:
    """A fresh installation on PostgreSQL."""
    installation = Installation(tmp_path / "home", postgres.create(f"winback_{tmp_path.name.lower()}"[:60]))
    installation.init()
    return installation


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))],
)
def installation(request: pytest.FixtureRequest) -> Installation:
    """A fresh installation on each database."""
    found: Installation = request.getfixturevalue(f"on_{request.param}")
    return found
