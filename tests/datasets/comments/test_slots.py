from __future__ import annotations

import re

import numpy as np
import pytest

from winback.datasets.comments.slots import Dice, Slots, known_slots, slots_in


def slots(seed: int = 1, language: str = "en", work: bool = False, month: int = 5) -> Slots:
    return Slots(Dice(np.random.default_rng(seed)), language=language, work=work, score=4, month=month)


def numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"\d+", text)]


@pytest.mark.parametrize("seed", range(20))
def test_amounts_belong_together(seed: int) -> None:
    quoted, billed = numbers(slots(seed).fill("{quoted} {billed}"))
    assert billed > quoted
    new, old = numbers(slots(seed, work=True).fill("{new} {old}"))
    assert old < new < 1.15 * old + 2


def test_a_comment_agrees_with_itself() -> None:
    for seed in range(30):
        one = slots(seed)
        day, other = one.fill("{day} {day2}").split()
        assert day != other
        assert one.fill("{day}") == day
        assert one.fill("{score}") == "4"


def test_who_was_named_stays_the_one_spoken_of() -> None:
    for seed in range(30):
        first, second = slots(seed).fill("{she} {name}").split(" ")
        assert first == second
    assert slots(3, "de").fill("{he}, {name}") in (
        "Herr Vogt, Herrn Vogt",
        "Herr Demir, Herrn Demir",
        "Joost, Joost",
        "Marek, Marek",
    )


def test_months_lie_before_the_answer() -> None:
    recent = {slots(seed, month=2).fill("{month}") for seed in range(60)}
    assert recent == {"January", "December", "November", "October", "September"}


def test_one_way_of_each_is_taken() -> None:
    seen = {slots(seed).fill("[a|b] and [c|d]") for seed in range(60)}
    assert seen == {"A and c", "A and d", "B and c", "B and d"}
    assert slots().fill("nothing to fill") == "nothing to fill"
    assert slots().fill("{n} times")[0].isupper() or slots().fill("{n} times")[0].isdigit()


def test_a_slot_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        slots().fill("{nonsense}")
    assert slots_in("{a} [x|{b}]") == {"a", "b"}
    assert {"quoted", "day2", "she", "score"} <= known_slots("en")


def test_the_dice_follow_the_generator() -> None:
    dice = Dice(np.random.default_rng(1))
    assert {dice.below(3) for _ in range(200)} == {0, 1, 2}
    assert sum(dice.chance(0.25) for _ in range(20_000)) == pytest.approx(5000, abs=200)
