"""The engine's codebook in versions: when all is read again, and what of it stays the same."""

from __future__ import annotations

import pytest

from tests.server.factories import Cast
from tests.server.themes.worlds import REASONS, coded, read_all, said, spoken, themes
from winback.analysis.codebook import Codebook
from winback.server.feedback.models import Feedback
from winback.server.themes.models import CodebookVersion, Reading
from winback.server.themes.versions import FIRST, keep, latest, learn, may_learn, sample

pytestmark = pytest.mark.django_db


def test_corrections_make_a_version_by_which_all_is_read_again(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    assert not learn(workspace=cast.larkspur)
    made = CodebookVersion.objects.create(workspace=cast.larkspur, number=1, model="static", book={"middle": "M"})
    assert not may_learn(cast.larkspur)
    coded(cast, said(cast, "a"), [late])
    assert learn(workspace=cast.larkspur)
    again = CodebookVersion.objects.exclude(pk=made.pk).get()
    assert (again.number, again.book) == (2, {"middle": "M"})
    assert CodebookVersion.objects.get(pk=made.pk).book == {}, "what is known is kept once"
    assert latest(cast.larkspur) == again
    assert not learn(workspace=cast.larkspur), "what taught that version teaches no other"


def test_a_codebook_made_by_hand_sorts_as_soon_as_people_have_coded_enough(cast: Cast) -> None:
    bill, fitter = themes(cast, "Bill", "Fitter")
    spoken(cast, "bill", "fitter", "shop")
    for row in Feedback.objects.exclude(external_id__endswith="-11").order_by("external_id"):
        assert not may_learn(cast.larkspur) or Reading.objects.count() >= FIRST
        coded(cast, row, {"bill": [bill], "fitter": [fitter]}.get(row.external_id.split("-")[0], []))
    assert learn(workspace=cast.larkspur)
    assert latest(cast.larkspur).number == 1  # type: ignore[union-attr]
    read_all(cast)
    found = {
        reading.external_id: [coding.theme for coding in reading.codings.all()]
        for reading in Reading.objects.filter(kind="model", external_id__endswith="-11")
    }
    assert found == {"bill-11": [bill], "fitter-11": [fitter], "shop-11": []}


def test_what_is_taken_off_every_vector_stays_that_of_the_first_version(cast: Cast) -> None:
    first = Codebook((), model="static", middle="first")
    keep(workspace=cast.larkspur, made=first, centres={"a": "A"}, comments=30)
    second = keep(
        workspace=cast.larkspur, made=Codebook((), model="static", middle="other"), centres={"b": "B"}, comments=40
    )
    assert (second.number, second.book["middle"], second.book["centres"]) == (2, "first", {"a": "A", "b": "B"})
    assert keep(workspace=cast.larkspur, made=first, centres={}).comments == 40, "as many as the version before"
    third = keep(
        workspace=cast.larkspur, made=Codebook((), model="minilm", middle="m"), centres={"c": "C"}, comments=40
    )
    assert (third.model, third.book["middle"], third.book["centres"]) == ("minilm", "m", {"c": "C"})


def test_languages_have_no_middle_where_the_first_version_gave_them_none(cast: Cast) -> None:
    CodebookVersion.objects.create(workspace=cast.larkspur, number=1, model="static", book={"middle": "M"})
    made = Codebook((), model="static", middle="other", middles={"de": "D"}, metric="other", landmarks="other")
    book = keep(workspace=cast.larkspur, made=made, centres={}).book
    assert (book["middle"], book["middles"], book["metric"], book["landmarks"]) == ("M", {}, "", "")


def test_the_same_comments_come_in_the_same_order(cast: Cast) -> None:
    spoken(cast, "bill")
    assert list(sample(cast.larkspur).values()) == list(REASONS["bill"])


def test_of_long_letters_fewer_are_read_and_the_same_ones_each_time(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken(cast, "bill", "shop")
    most = sum(map(len, REASONS["bill"]))
    monkeypatch.setattr("winback.server.themes.versions.MOST_LETTERS", most)
    read = sample(cast.larkspur)
    assert most - 60 < sum(map(len, read.values())) <= most
    assert list(read) == sorted(read) == list(sample(cast.larkspur))
    assert {key.split("-")[0] for _, key in read} == {"bill", "shop"}, "drawn from all of them"
