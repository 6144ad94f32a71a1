from __future__ import annotations

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.test_theming import basis_of
from tests.server.themes.worlds import guessed, themes
from winback.server.feedback.models import Feedback
from winback.server.insights.hearing import heard_of, whose

pytestmark = pytest.mark.django_db


def test_interviews_say_how_much_was_heard_and_answers_where_there_are_none(cast: Cast) -> None:
    late, rude, slow = themes(cast, "Late", "Rude", "Slow")
    told(cast.larkspur, [answer(f"F{n}", 2, comment="x", kind="survey") for n in range(8)])
    for row in Feedback.objects.all():
        guessed(row, [late])
    fresh(cast.larkspur)
    found = heard_of(basis_of(cast))
    assert found is not None
    assert (found["interviews"], found["count"], found["themes"], found["coverage"]) == (False, 8, 1, 1.0)
    assert "'title': 'Answers'" in str(found["chart"]) and "'Interviews'" not in str(found["chart"])
    told(cast.larkspur, [answer(f"C{n}", 2, comment="y", kind="call") for n in range(6)])
    for row in Feedback.objects.filter(kind="call"):
        guessed(row, {"C5": [slow], "C4": [late]}.get(row.external_id, [rude]))
    fresh(cast.larkspur)
    found = heard_of(basis_of(cast))
    assert found is not None
    assert (found["interviews"], found["count"], found["themes"]) == (True, 6, 3)
    assert 0.5 < found["coverage"] < 1, "two themes were named once only"


def test_what_a_part_has_yet_to_say_is_parted_into_heard_elsewhere_and_never(cast: Cast) -> None:
    late, rude, slow, dear = themes(cast, "Late", "Rude", "Slow", "Dear")
    cast.larkspur.attributes = ["region"]
    cast.larkspur.save()
    rows = [answer(f"N{n}", 2, comment="x", attributes={"region": "North"}) for n in range(20)]
    rows += [answer(f"S{n}", 2, comment="x", attributes={"region": "South"}) for n in range(8)]
    rows += [answer("E0", 2, comment="x", attributes={"region": "East"})]
    told(cast.larkspur, rows)
    for row in Feedback.objects.all():
        n = int(row.external_id[1:])
        north = late if n < 10 else dear if n < 15 else rude
        guessed(row, [north if row.external_id[0] == "N" else {6: dear, 7: slow}.get(n, late)])
    fresh(cast.larkspur)
    found = heard_of(basis_of(cast))
    assert found is not None
    south, north = found["segments"]
    assert (south["name"], south["interviews"], south["themes"], north["name"]) == ("South", 8, 3, "North")
    # two of eight named something alone there, one of which is known from the North (Chao and Jost 2012)
    gap = 2 / 8 * 7 / 9
    assert 1 - south["coverage"] == pytest.approx(gap)
    assert (south["elsewhere"], south["never"]) == (pytest.approx(gap / 2), pytest.approx(gap / 2))
    assert (north["coverage"], north["elsewhere"], north["never"]) == (1.0, 0.0, 0.0)
    assert found["few"] == [{"name": "East", "interviews": 1}]
    assert (found["least"], found["absent"]) == ("South", [{"theme": "Rude", "interviews": 5}])
    assert 1 - gap < found["equal_coverage"] < 1, "what both reach at twice their size"


def test_too_few_say_nothing(cast: Cast) -> None:
    told(cast.larkspur, [answer("1", 2, comment="x")])
    fresh(cast.larkspur)
    assert heard_of(basis_of(cast)) is None


def test_of_what_a_model_coded_the_sentence_is_about_the_codebook_and_says_how_many_comments_fit_nothing(
    cast: Cast,
) -> None:
    late, rude, slow = themes(cast, "Late", "Rude", "Slow")
    told(cast.larkspur, [answer(f"F{n}", 2, comment="x") for n in range(12)])
    for n, row in enumerate(Feedback.objects.order_by("external_id")):
        guessed(row, [] if n < 4 else [late] if n < 8 else [rude] if n < 11 else [slow])
    fresh(cast.larkspur)
    found = heard_of(basis_of(cast))
    assert found is not None
    kinds = {(source, name): "model" for source, name, _ in found["answers"]}
    assert len(kinds) == 12 and sum(named for _, _, named in found["answers"]) == 8
    model = whose(found, kinds)
    assert "of what they would say of the reasons in the codebook [" in model["sentence"] and model["news"] == ""
    assert model["note"] == "12 comments coded by the model. The model finds only reasons in the codebook; 4 of the 12 fit no reason in it."  # fmt: skip
    first = next(iter(kinds))
    mixed = whose(found, {**kinds, first: "person"})
    assert "in the codebook" in mixed["sentence"] and mixed["note"].startswith(
        "11 comments coded by the model, 1 by people."
    )
    people = whose(found, dict.fromkeys(kinds, "settled"))
    assert people["sentence"] == found["sentence"] and "codebook" not in people["sentence"] and people["news"]
    assert people["note"] == "Coded by people: 12 comments."
    calls = whose({**found, "interviews": True}, kinds)
    assert calls["sentence"] == found["sentence"] and calls["note"].startswith("12 interviews coded by the model.")
