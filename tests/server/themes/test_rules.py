from __future__ import annotations

import pytest

from winback.errors import UserError
from winback.server.themes.rules import (
    Node,
    definition_of,
    ends,
    excerpt,
    is_double,
    name_of,
    parents,
    place_of,
    words_digest,
)


def test_codings_go_where_the_last_merging_leads_and_nowhere_once_it_is_retired() -> None:
    nodes = [
        Node(1, "a", "accepted", merged_into=2), Node(2, "b", "accepted", merged_into=3), Node(3, "c", "accepted"),
        Node(4, "d", "proposed", merged_into=5), Node(5, "e", "retired"), Node(6, "f", "proposed"),
    ]  # fmt: skip
    assert ends(nodes) == {1: 3, 2: 3, 3: 3, 4: None, 5: None, 6: 6}


def test_pointers_that_go_round_lead_nowhere_and_do_not_hang() -> None:
    assert ends([Node(1, "a", "accepted", 2), Node(2, "b", "accepted", 1)]) == {1: None, 2: None}


def test_a_child_follows_its_parent_into_another_and_two_levels_stay_two() -> None:
    nodes = [
        Node(1, "bills", "accepted", merged_into=2), Node(2, "money", "accepted"), Node(3, "first bill", "accepted", parent=1),
        Node(4, "gone", "retired"), Node(5, "orphan", "accepted", parent=4), Node(6, "deep", "accepted", parent=3),
    ]  # fmt: skip
    assert parents(nodes) == {2: None, 3: 2, 5: None, 6: 2}


def test_a_parent_merged_into_its_child_leaves_the_child_without_one() -> None:
    assert parents([Node(1, "a", "accepted", merged_into=2), Node(2, "b", "accepted", parent=1)]) == {2: None}


def test_two_that_stand_under_each_other_are_both_shown_on_the_first_level() -> None:
    assert parents([Node(1, "a", "accepted", parent=2), Node(2, "b", "accepted", parent=1)]) == {1: None, 2: None}


def test_a_name_is_kept_with_single_spaces_and_taken_once_whatever_its_case() -> None:
    assert name_of("  First \n bill ") == "First bill"
    for text, taken in ((" ", ()), ("x" * 121, ()), ("first BILL", ("First bill",))):
        with pytest.raises(UserError):
            name_of(text, taken)


def test_a_definition_has_an_end() -> None:
    assert definition_of(" a\r\nb ") == "a\nb"
    with pytest.raises(UserError):
        definition_of("x" * 2001)


def test_changed_words_are_told_from_the_same_ones() -> None:
    assert words_digest("late") == words_digest("late") != words_digest("late.")
    assert -(2**63) <= words_digest("late") < 2**63


def test_the_share_of_double_coding_is_of_the_same_comments_each_time_and_grows_by_more() -> None:
    tenth = {n for n in range(2000) if is_double(1, f"F{n}", 10)}
    fifth = {n for n in range(2000) if is_double(1, f"F{n}", 20)}
    assert tenth < fifth
    assert 150 < len(tenth) < 250
    assert 330 < len(fifth) < 470
    assert not any(is_double(1, f"F{n}", 0) for n in range(100)) and all(is_double(1, f"F{n}", 100) for n in range(100))


def test_an_excerpt_is_the_words_themselves_or_nothing() -> None:
    assert excerpt("nobody came", 0, 6) == "nobody"
    assert [excerpt("came", *place) for place in ((None, None), (0, 9), (2, 2), (-1, 2))] == ["", "", "", ""]
    assert place_of("came", "nobody came") == (7, 11) and place_of("went", "nobody came") is None
    assert place_of("", "nobody") is None
