"""The fixed cast: Hanna runs the programme, Ingrid administers, Amara takes cases, Rafael looks; Nell is a stranger here."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.server.factories import Cast, make_cast
from winback.server.workspaces.reads import _gathered


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> Path:
    """A home folder for every test: numbers of workspaces come again, what they left on the disk must not."""
    settings.HOME = tmp_path / "winback-home"
    settings.HOME.mkdir()
    return settings.HOME


@pytest.fixture(autouse=True)
def nothing_read_yet() -> None:
    """What earlier tests have read is forgotten: written in this one it would stand in its audit."""
    _gathered.take()


@pytest.fixture
def cast(db: None) -> Cast:
    """Two workspaces and the people in them."""
    return make_cast()


@pytest.fixture
def hanna(cast: Cast) -> Client:
    """A browser in which the programme owner, a manager of larkspur, is signed in."""
    return cast.client("hanna")


@pytest.fixture
def ingrid(cast: Cast) -> Client:
    """A browser in which the administrator of larkspur is signed in."""
    return cast.client("ingrid")


@pytest.fixture
def amara(cast: Cast) -> Client:
    """A browser in which a member of larkspur is signed in."""
    return cast.client("amara")


@pytest.fixture
def rafael(cast: Cast) -> Client:
    """A browser in which a viewer of larkspur is signed in."""
    return cast.client("rafael")


@pytest.fixture
def norah(cast: Cast) -> Client:
    """A browser in which a member who may see the North of larkspur only is signed in."""
    return cast.client("norah")


@pytest.fixture
def nell(cast: Cast) -> Client:
    """A browser in which the administrator of another company is signed in."""
    return cast.client("nell")
