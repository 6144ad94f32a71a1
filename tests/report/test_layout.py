"""The order and the width of the boxes."""

import pytest

from winback.report.layout import SMALL_FIRST, USUAL_ORDER, parts

ALL = dict.fromkeys((*USUAL_ORDER, "readiness"), True)
WIDTH = {"c4": 4, "c5": 5, "c6": 6, "c7": 7, "c12": 12}


def names(found: list[dict[str, str]]) -> list[str]:
    return [part["name"] for part in found]


def test_usual_order() -> None:
    assert names(parts(ALL, small=False, titles={})) == [*USUAL_ORDER, "readiness", "made"]


def test_a_small_programme_begins_with_people_and_words() -> None:
    order = names(parts(ALL, small=True, titles={}))
    assert order[:2] == ["people", "voices"]
    assert order.index("score") > order.index("segments")
    assert set(SMALL_FIRST) == set(USUAL_ORDER)


def test_boxes_without_data_come_after_those_with_data() -> None:
    known = ALL | {"trend": False, "profit": False, "money": False, "heat": False}
    found = parts(known, small=False, titles={})
    assert [part["name"] for part in found if part["size"].endswith("off")] == ["trend", "profit"]
    assert names(found).index("trend") > names(found).index("voices")
    assert "heat" not in names(found) and "money" not in names(found)


@pytest.mark.parametrize(
    "missing",
    [
        (),
        ("trend",),
        ("trend", "moved", "gave"),
        ("voices",),
        ("score", "segments"),
        ("trend", "moved", "profit", "people"),
    ],
)
@pytest.mark.parametrize("small", [True, False])
def test_rows_are_full(missing: tuple[str, ...], small: bool) -> None:
    found = parts(ALL | dict.fromkeys(missing, False), small=small, titles={})
    filled = 0
    for part in found:
        filled += WIDTH[part["size"].split()[0]]
        assert filled <= 12
        filled %= 12
    assert filled == 0


@pytest.mark.parametrize("count", range(1, 9))
def test_rows_of_absent_boxes_are_full(count: int) -> None:
    found = parts(ALL | dict.fromkeys(USUAL_ORDER[:count], False), small=False, titles={})
    widths = [WIDTH[part["size"].split()[0]] for part in found if part["size"].endswith("off")]
    assert sum(widths) % 12 == 0


def test_titles_can_be_told() -> None:
    found = {part["name"]: part["title"] for part in parts(ALL, small=False, titles={"trend": "Week by week"})}
    assert found["trend"] == "Week by week" and found["score"] == "Score"
