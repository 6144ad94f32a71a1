from __future__ import annotations

import numpy as np
import pytest

from winback.datasets import world
from winback.datasets.names import company_names, industries_with_names, people_names


def test_every_industry_has_names() -> None:
    assert set(industries_with_names()) == set(world.INDUSTRIES[1:])
    industries = list(industries_with_names()) * 60
    names = company_names(np.random.default_rng(1), industries, np.zeros(len(industries), bool))
    assert len(set(names)) > 0.75 * len(names)
    assert not any("{" in name or name != name.strip() for name in names)
    assert any(name.endswith("Motors") for name in names)


def test_people_of_the_east_mostly_have_german_names() -> None:
    rng = np.random.default_rng(1)
    east = people_names(rng, np.ones(500, bool))
    elsewhere = people_names(rng, np.zeros(500, bool))
    assert sum("Jürgen" in name or "Krause" in name or "Seidel" in name for name in east) > 15
    assert not any("Krause" in name or "Seidel" in name for name in elsewhere)
    assert len(set(elsewhere)) > 450


def test_an_unknown_industry_is_an_error() -> None:
    with pytest.raises(KeyError):
        company_names(np.random.default_rng(1), ["Mining"], np.zeros(1, bool))
