"""Scales and bands: who is a promoter, a passive or a detractor, on any scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winback.errors import UserError
from winback.scales import DETRACTOR, PASSIVE, PROMOTER, Bands, Scale, parse_range, plain


@pytest.mark.parametrize(
    ("scale", "detractors", "passives", "promoters"),
    [("0-10", "0-6", "7-8", "9-10"), ("1-10", "1-6", "7-8", "9-10"), ("1-5", "1-3", "4", "5"), ("5-1", "3-5", "2", "1"), ("10-0", "4-10", "2-3", "0-1")],
)  # fmt: skip
def test_usual_bands(scale: str, detractors: str, passives: str, promoters: str) -> None:
    assert Bands.of(scale).describe() == {
        "scale": scale,
        "detractors": detractors,
        "passives": passives,
        "promoters": promoters,
    }


def test_bands_of_ones_own() -> None:
    bands = Bands.of("1-7", detractors="1-4", promoters="6-7")
    assert bands.classify([1, 4, 5, 6, 7]).tolist() == [DETRACTOR, DETRACTOR, PASSIVE, PROMOTER, PROMOTER]
    assert Bands.of("5-1", detractors="4-5").classify([1, 2, 3, 4]).tolist() == [PROMOTER, PASSIVE, PASSIVE, DETRACTOR]
    assert Bands.of("0-1", detractors="0", promoters="1").describe()["passives"] == "between"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"scale": "1-7"}, "has no usual bands"),
        ({"scale": "ten"}, "is not a range"),
        ({"scale": "5"}, "has one value only"),
        ({"scale": "0-10", "detractors": "0-9"}, "The bands overlap"),
        ({"scale": "0-10", "detractors": "0-11"}, "lies outside the scale"),
        ({"scale": "0-10", "detractors": "1-6"}, "leaves out 0, the worst value"),
        ({"scale": "0-10", "promoters": "8-9"}, "leaves out 10, the best value"),
    ],
)
def test_what_cannot_be_is_told(given: dict[str, str], says: str) -> None:
    with pytest.raises(UserError, match=says):
        Bands.of(given.pop("scale"), **given)  # type: ignore[arg-type]


def test_ranges_as_people_write_them() -> None:
    assert parse_range("0-6", name="--x") == (0, 6)
    assert parse_range(" 5 - 1 ", name="--x") == (5, 1)
    assert parse_range("-5-5", name="--x") == (-5, 5)
    assert parse_range("7–8", name="--x") == (7, 8)
    assert (plain(10.0), plain(2.5), str(Scale(5, 1))) == ("10", "2.5", "5-1")


@given(st.lists(st.floats(0, 10), min_size=1, max_size=50))
def test_every_value_falls_in_one_band_and_mirrors(scores: list[float]) -> None:
    bands, mirrored = Bands.of("0-10").classify(scores), Bands.of("10-0").classify([10 - s for s in scores])
    assert set(bands.tolist()) <= {DETRACTOR, PASSIVE, PROMOTER}
    exact = [place for place, s in enumerate(scores) if 10 - (10 - s) == s]  # where the mirror loses no bit
    assert np.array_equal(bands[exact], mirrored[exact])
