"""`winback move`: its refusals. Whole moves are tested in tests/server/processes."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.db import connection

from winback.cli.move import move
from winback.errors import UserError


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["mysql://localhost/winback", "postgres://localhost", "postgres://h:port/name", "-"])
def test_an_address_that_is_none_is_a_sentence(words: str) -> None:
    wrong = "already" if connection.vendor == "postgresql" else "The target should be an address like postgres://"
    with pytest.raises(UserError, match=wrong):
        CliRunner().invoke(move, [words], input="nowhere\n", catch_exceptions=False)
