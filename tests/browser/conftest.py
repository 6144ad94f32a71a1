"""The sample company served once, for all browser tests of the server."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.site import Browsers, Site, make, serving

# customers: enough for every page to have something on it, and more where pictures are taken of them
SIZE = 600 if "PICTURES" in os.environ else 150

expect.set_options(timeout=30_000)  # ms; of five, the default, a busy machine needs more to draw a chart


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A test that asks for it carries `pytest.mark.xdist_group("server")`, so that it is made once."""
    folder = tmp_path_factory.mktemp("site")
    with serving(folder, make(folder, SIZE)) as served:
        yield served


@pytest.fixture(scope="session")
def browsers(browser: Browser, site: Site) -> Iterator[Browsers]:
    """Browsers signed in to the sample company."""
    found = Browsers(browser, site)
    yield found
    found.close()
