from __future__ import annotations

from difflib import SequenceMatcher

import numpy as np

from winback.datasets.comments.slots import Dice
from winback.datasets.comments.typing_slips import slip

TEXT = "I don't know what happened to the connection. Nobody told us, and I rang twice."


def test_a_slip_is_small_and_common() -> None:
    dice = Dice(np.random.default_rng(1))
    slipped = [slip(TEXT, dice) for _ in range(300)]
    assert sum(text != TEXT for text in slipped) > 290
    assert all(SequenceMatcher(None, text.lower(), TEXT.lower()).ratio() > 0.93 for text in slipped)
    assert len(set(slipped)) > 40
    assert any("dont" in text for text in slipped)
    assert any(" i " in text or text.startswith("i ") for text in slipped)


def test_a_text_without_anything_to_slip_on_stays() -> None:
    dice = Dice(np.random.default_rng(1))
    assert {slip("ok", dice) for _ in range(100)} == {"ok"}
    assert {slip("", dice) for _ in range(20)} == {""}
