"""The sample company of seed 1, made once for all tests of a process."""

from __future__ import annotations

import pytest

from winback.datasets import Truths, sample_company_with_truths
from winback.tables import Tables


@pytest.fixture(scope="session")
def sample() -> tuple[Tables, Truths]:
    return sample_company_with_truths(1)


@pytest.fixture(scope="session")
def tables(sample: tuple[Tables, Truths]) -> Tables:
    return sample[0]


@pytest.fixture(scope="session")
def truths(sample: tuple[Tables, Truths]) -> Truths:
    return sample[1]
