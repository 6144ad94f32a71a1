"""`winback backup`: an existing file is never replaced. Whole backups are tested in tests/server/processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from winback.cli.backup import backup
from winback.errors import UserError


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("kept")
    with pytest.raises(UserError, match="is there already"):
        CliRunner().invoke(backup, [str(tmp_path / "out")], catch_exceptions=False)
    assert (tmp_path / "out").read_text() == "kept"
