from __future__ import annotations

import numpy as np

from winback.datasets.cast import Cast
from winback.datasets.world import Calendar


def test_another_shift_changes_the_flare_up_only() -> None:
    cast = Cast.gather(1, 1500, Calendar())
    other = cast.with_flare_shift(-2.0)
    everybody = np.arange(len(cast.persons))
    late = np.full(len(everybody), cast.calendar.days - 1)
    mood, flare, _ = cast.moods.on(everybody, late)
    shifted, still, _ = other.moods.on(everybody, late)
    assert flare.any()
    assert (flare == still).all()
    assert (mood[~flare] == shifted[~flare]).all()
    assert (shifted[flare] < mood[flare]).all()
    assert cast.moods.flare_shift != -2.0
