"""`winback doctor` prints what it finds, one line each. Each look is tested in tests/server/processes."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from winback.cli.doctor import doctor


@pytest.mark.django_db
def test_it_prints_a_line_for_each_look_and_ends_well(monkeypatch: pytest.MonkeyPatch) -> None:
    said = CliRunner().invoke(doctor, [])
    assert said.exit_code == 0, said.output
    assert "ok     address   people type http://127.0.0.1:8000\n" in said.output
    assert (
        "note   mail      no mail server (WINBACK_MAIL_URL): invitations and resets wait in the outbox\n" in said.output
    )


@pytest.mark.django_db
def test_what_is_wrong_ends_badly_and_settings_hide_what_is_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_BASE_URL", "https://nps.example.com")
    monkeypatch.setenv("WINBACK_SECRET_KEY", "s" * 40)
    said = CliRunner().invoke(doctor, ["--settings"])
    assert said.exit_code == 1
    assert "WRONG  address   https://nps.example.com is encrypted, and no proxy is trusted" in said.output
    assert "\nWINBACK_SECRET_KEY=(given)\n" in said.output
    assert "\nWINBACK_WORKERS=1\n" in said.output
    assert "ssss" not in said.output
