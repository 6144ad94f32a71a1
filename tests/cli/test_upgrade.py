"""`winback upgrade` where nothing is to be done. Steps and backups are tested in tests/server/processes."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from winback.cli.upgrade import upgrade


@pytest.mark.django_db
def test_nothing_to_do_is_told() -> None:
    done = CliRunner().invoke(upgrade, [])
    assert (done.exit_code, done.stderr.splitlines()) == (
        0,
        ["1/3  No backup: nothing is to be changed", "2/3  Database: 0 steps taken", "3/3  Check: all is well"],
    )
