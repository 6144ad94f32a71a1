"""`winback restore`: it asks first. Whole restores are tested in tests/server/processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from winback.cli.restore import restore
from winback.errors import UserError


def test_it_asks_where_somebody_is_there_and_else_wants_a_yes(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Say --yes if that is what you want"):
        CliRunner().invoke(restore, [str(tmp_path / "backup")], catch_exceptions=False)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"^There is no file {tmp_path / 'backup'}"):
        CliRunner().invoke(restore, ["--yes", str(tmp_path / "backup")], catch_exceptions=False)
