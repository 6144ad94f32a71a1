"""Tests of one xdist_group run in one process, which the Spark tests rest on."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("alone")
def test_the_group_is_known_to_xdist(request: pytest.FixtureRequest) -> None:
    """Where this fails after an update, look at pytest_collection_modifyitems in tests/conftest.py."""
    if not getattr(request.config.option, "loadgroup", False):
        assert "PYTEST_XDIST_WORKER" not in os.environ or request.config.option.loadgroup is False
        return
    assert request.node.nodeid.endswith("::test_the_group_is_known_to_xdist@alone")
