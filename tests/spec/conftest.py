"""One test, every engine: a test that takes `backend` runs on each of them and must get equal results."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers import engines
from tests.peers.engines import Backend


def _on_spark(kind: str) -> pytest.ParameterSet:
    return pytest.param(f"spark_{kind}", marks=[pytest.mark.spark, pytest.mark.xdist_group(f"spark_{kind}")])


@pytest.fixture(scope="session", params=[*engines.IN_PROCESS, _on_spark("local"), _on_spark("cluster")])
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Backend:
    """An engine: `backend(arrow_table, "feedback")` gives a native frame of it; `backend.name` says which.

    The session's scope lets pytest run all tests of one engine together, so that Spark starts once a kind.
    """
    name: str = request.param
    if name in engines.IN_PROCESS:
        return Backend(name, engines.IN_PROCESS[name]())
    session = request.getfixturevalue("spark").session(name.removeprefix("spark_"))
    folder: Path = tmp_path_factory.mktemp(name)
    return Backend(name, engines.spark(session, folder))
