"""What every test may ask for: the real files beside the repository, Chromium, Spark, PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from _pytest.nodeid import NodeId

from tests.peers import postgres as postgres_peer
from tests.peers import processes
from tests.peers import spark as spark_peer

ROOT = Path(__file__).resolve().parent.parent


def lacks(reason: str) -> NoReturn:
    """End a test that lacks something of the system: it fails in CI, where nothing may be missing, else is skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_configure() -> None:
    """A worker of xdist ends with the process that shares out the tests, and takes with it what it started."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        processes.end_with_parent()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let `--dist loadgroup` see the groups of pytest.mark.xdist_group.

    xdist 3.8 writes the group into a field that pytest 9.2 no longer reads (pytest-xdist issue 1386), and then deals
    out the tests as if no group were there. `tests/repo/test_groups.py` says when this can go.
    """
    if not getattr(config.option, "loadgroup", False):  # only xdist's workers have it
        return
    for item in items:
        groups = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})
        if groups and "@" not in item.nodeid.rpartition("]")[2]:
            item._id = NodeId.parse(f"{item.nodeid}@{'_'.join(groups)}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files that lies beside the repository and is never part of it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is not here; this test reads real files from it")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium. Playwright's own is never installed."""
    path = shutil.which("chromium")
    if path is None:
        lacks("Chromium is missing: apt install chromium fonts-dejavu-core")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: str) -> dict[str, Any]:
    """How pytest-playwright starts the browser: the system's, without a sandbox, and without calling home."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            # each window's popup of the address bar is a page of its own, a sixth of all CPU; of two such switches the
            # last one counts, so it also names those of Playwright's that change how a page is loaded or drawn
            "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,OmniboxNext,AimEnabled,"
            "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
            "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,"
            "PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning",
        ],
    }


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[spark_peer.Spark]:
    """Spark for this process: `spark.session("local")` or `spark.session("cluster")`, one at a time.

    A test that asks for it carries `pytest.mark.spark` and `pytest.mark.xdist_group("spark_local")` or
    `("spark_cluster")`, so that no two processes start the same.
    """
    if reason := spark_peer.unavailable():
        lacks(reason)
    peer = spark_peer.Spark(tmp_path_factory.mktemp("spark"))
    yield peer
    peer.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_peer.Server]:
    """A PostgreSQL server for this process. A test that asks for it carries `pytest.mark.xdist_group("postgres")`."""
    if reason := postgres_peer.unavailable():
        lacks(reason)
    with postgres_peer.Server() as server:
        yield server
