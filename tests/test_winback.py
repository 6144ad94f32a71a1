"""The package's front door: everything by name, nothing before it is used."""

from __future__ import annotations

import pytest

import winback as wb


def test_every_name_opens() -> None:
    for name in wb.__all__:
        assert getattr(wb, name) is not None
    assert set(dir(wb)) == set(wb.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nsp'"):
        _ = wb.nsp
