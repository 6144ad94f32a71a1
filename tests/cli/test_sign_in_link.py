from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.server.factories import Cast, make_cast
from winback.cli.sign_in_link import sign_in_link
from winback.errors import UserError


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_a_link_lets_somebody_in_once(cast: Cast) -> None:
    printed = CliRunner().invoke(sign_in_link, ["Amara@larkspur.example"], catch_exceptions=False).output
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/accounts/password/reset/key/\S+/\n", printed)
    path = printed.strip().removeprefix("http://127.0.0.1:8000")
    client = Client()
    wanted = {"password1": "eight quiet lanterns", "password2": "eight quiet lanterns"}
    assert client.post(client.get(path)["Location"], wanted).status_code == 302
    assert (
        client.post(
            "/accounts/login/", {"login": "amara@larkspur.example", "password": "eight quiet lanterns"}
        ).status_code
        == 302
    )


def test_nobody_has_that_address(cast: Cast) -> None:
    with pytest.raises(UserError, match="Nobody signs in here as nobody@example.com"):
        CliRunner().invoke(sign_in_link, ["nobody@example.com"], catch_exceptions=False)
