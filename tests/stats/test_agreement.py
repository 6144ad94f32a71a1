"""Alpha equals the figures its author published, whatever the number of coders and the holes."""

from __future__ import annotations

import pytest

from winback.stats.agreement import krippendorff, masi, nominal


def by_unit(*coders: str) -> list[list[str]]:
    """Units from coders' values, a letter each; a dot is none."""
    return [[value for value in unit if value != "."] for unit in zip(*coders, strict=True)]


@pytest.mark.parametrize(
    ("coders", "published"),
    [
        (("0100000010", "1110010000"), 0.095),  # Krippendorff 2011, A: Meg and Owen
        (("aabbdcccedda", "babbbcccedda"[:11] + "d"), 0.692),  # B: Ben and Gerry
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),  # C: four observers, with holes
    ],
)
def test_the_published_figures(coders: tuple[str, ...], published: float) -> None:
    found = krippendorff(by_unit(*coders))
    assert found.alpha == pytest.approx(published, abs=0.0005)
    assert found.low is not None and found.high is not None
    assert found.low < published < found.high <= 1


def test_what_only_one_coder_saw_does_not_count() -> None:
    found = krippendorff([["a", "a"], ["b", "b"], ["a"], []])
    assert (found.alpha, found.units, found.same) == (1.0, 2, 2)


def test_where_all_gave_one_value_there_is_nothing_to_say() -> None:
    assert krippendorff([["a", "a"], ["a", "a"]]).alpha is None
    assert krippendorff([["a"]]).units == 0


def test_sets_that_overlap_are_nearer_than_sets_that_do_not() -> None:
    late, rude, bill = frozenset({"late"}), frozenset({"late", "rude"}), frozenset({"bill", "rude"})
    assert masi(late, late) == 0 and masi(frozenset(), frozenset()) == 0
    assert masi(late, rude) == pytest.approx(1 - 2 / 3 * 1 / 2)
    assert masi(rude, bill) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi(late, bill) == masi(late, frozenset()) == 1


def test_alpha_of_sets_by_hand() -> None:
    a, ab, b = frozenset("a"), frozenset("ab"), frozenset("b")
    # observed: the pairs (a, a) and (ab, b): (0 + 0 + 2/3 + 2/3) / 4; expected over 12 ordered pairs of a, a, ab, b:
    # a-ab four times 2/3, a-b four times 1, ab-b twice 2/3
    found = krippendorff([[a, a], [ab, b]], masi)
    assert found.alpha == pytest.approx(1 - (1 / 3) / ((4 * 2 / 3 + 4 + 2 * 2 / 3) / 12))
    assert (found.units, found.same) == (2, 1)


def test_the_same_units_give_the_same_interval() -> None:
    units = by_unit("0100000010", "1110010000")
    assert krippendorff(units) == krippendorff(units)
    wide, narrow = krippendorff(units, level=0.99), krippendorff(units, level=0.5)
    assert wide.low is not None and narrow.low is not None and wide.low <= narrow.low
    assert nominal(1, 1) == 0 and nominal(1, 2) == 1
