"""`winback serve`: its options. What it starts is tested in tests/server/processes."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from winback.cli.serve import serve
from winback.errors import UserError


def test_a_port_that_is_none_is_refused() -> None:
    refused = CliRunner().invoke(serve, ["--port", "65536"])
    assert refused.exit_code == 2
    assert "65536 is not in the range 1<=x<=65535" in refused.output


def test_a_wrong_setting_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_LOG", "loud")
    with pytest.raises(UserError, match="WINBACK_LOG should be one of"):
        CliRunner().invoke(serve, [], catch_exceptions=False)
