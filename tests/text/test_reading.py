"""Groups are read once: families of words that all groups of a language share, and how each group writes them."""

from __future__ import annotations

from winback.text.reading import READ, read


def test_a_family_is_the_same_in_all_groups_and_each_writes_it_its_own_way() -> None:
    first, second = read([["My card arrived", "the card arrived"], ["When will it arrive?", "It may arrive"]])
    assert first.kin["arrived"] == second.kin["arrive"]
    family = first.kin["arrived"]
    assert (first.forms[family], second.forms[family]) == ("arrived", "arrive")
    assert first.counts == {first.kin["card"]: 2, family: 2} and first.shares[family] == 1.0


def test_words_are_written_as_customers_mostly_do() -> None:
    (one,) = read([["my PIN is gone", "the PIN of my card", "a pin and a card"]])
    assert one.written("my pin") == "my PIN"


def test_names_of_people_are_of_no_family() -> None:
    (one,) = read([["Thanks to Sarah Vogt", "Dr Patel helped me", "it was Dr Patel", "Sarah Vogt was there"]])
    assert not {"sarah", "vogt", "patel", "dr"} & set(one.kin)


def test_of_many_texts_a_part_is_read() -> None:
    (one,) = read([[f"parcel {number}" for number in range(2 * READ)]])
    assert (len(one.texts), one.size) == (READ, 2 * READ)


def test_a_title_that_only_stands_before_names_here_is_no_word_here() -> None:
    names = ["saw Dr Miller at once", "the kind Dr Jones"]
    dr = ["the dr was late", "a dr who listens", "my dr is good"]
    assert "dr" not in read([names, dr])[0].counts
    assert read([names, dr])[1].counts["dr"] == 3
