"""What a customer must be like."""

from __future__ import annotations

from typing import Any

import pytest

from winback.errors import UserError
from winback.server.customers.rules import NewCustomer, checked_customer


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"external_id": " "}, "external_id is blank"),
        ({"external_id": "x" * 201}, "external_id is longer than 200"),
        ({"external_id": "C1", "name": "x" * 201}, "name is longer than 200"),
        ({"external_id": "C1", "parent": "C1"}, "C1 cannot be its own parent"),
        ({"external_id": "C1", "attributes": {str(n): "" for n in range(101)}}, "There are 101 attributes"),
    ],
)
def test_what_is_refused(said: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        checked_customer(NewCustomer(**said))  # type: ignore[arg-type]


def test_what_is_not_said_stays_unsaid() -> None:
    assert checked_customer(NewCustomer("C1")).name is None


@pytest.mark.parametrize("fields", [{"name": "A\x00"}, {"attributes": {"region": "\x00"}}])
def test_a_null_character_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="null character"):
        checked_customer(NewCustomer("C1", **fields))
