"""`winback init`: what is given, what is asked, what is missing."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from winback.cli.init import init
from winback.errors import UserError

GIVEN = ["--email", "ingrid@larkspur.example", "--name", "Ingrid", "--workspace", "Larkspur"]


def test_what_is_missing_is_named_where_nobody_can_be_asked() -> None:
    for missing in (0, 2, 4):
        given = GIVEN[:missing] + GIVEN[missing + 2 :]
        with pytest.raises(UserError, match=f"^{GIVEN[missing]} is missing, and there is nobody to ask"):
            CliRunner().invoke(init, given, catch_exceptions=False)
    with pytest.raises(UserError, match="--password-stdin"):
        CliRunner().invoke(init, GIVEN, catch_exceptions=False)
