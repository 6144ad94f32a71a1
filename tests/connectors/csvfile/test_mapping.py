"""Which column is which."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from winback.connectors.csvfile.mapping import (
    MOST_ATTRIBUTES,
    NONE,
    Columns,
    complete,
    resolve,
)
from winback.connectors.csvfile.profile import Profile
from winback.errors import UserError


def column(kind: str, name: str = "") -> Profile:
    """A column of a kind: score, date, id, person, prose, label, words or blank."""
    usual = {
        "name": name,
        "filled": 1.0,
        "distinct": 50,
        "rows": 100,
        "numeric": 0.0,
        "dates": 0.0,
        "length": 5.0,
        "values": ("a",),
    }
    special = {
        "score": {"numeric": 1.0, "distinct": 11, "length": 1.0, "values": ("9",)}, "date": {"dates": 1.0}, "id": {"distinct": 100},
        "person": {"distinct": 60}, "prose": {"length": 60.0, "values": ("the service was slow",)},
        "label": {"distinct": 4, "values": ("north", "south")}, "words": {"distinct": 40, "length": 12.0},
        "kinds": {"distinct": 2, "values": ("survey", "call")}, "blank": {"filled": 0.0, "distinct": 0, "values": ()},
        "measure": {"numeric": 1.0, "distinct": 100},
    }  # fmt: skip
    return Profile(**{**usual, **special[kind]})  # type: ignore[arg-type]


def found(given: Columns | None = None, **kinds: str) -> Columns:
    return complete(given or Columns(), of_kinds(kinds), file="a.csv")


def of_kinds(kinds: Mapping[str, str]) -> dict[str, Profile]:
    return {name.replace("_", " "): column(kind, name) for name, kind in kinds.items()}


def refused(given: Columns | None = None, **kinds: str) -> str:
    with pytest.raises(UserError) as error:
        found(given, **kinds)
    return str(error.value)


def test_everything_at_once() -> None:
    columns = found(
        response_id="id", customer_id="person", email="person", answered_at="date", NPS="score", comment="prose", region="label",
        plan="label", channel="label", revenue="measure", weight="measure",
    )  # fmt: skip
    assert columns == Columns(
        score="NPS", date="answered at", customer="customer id", respondent="email", external_id="response id", text=("comment",),
        by=("region", "plan", "channel"), plain={"channel": "channel"},
        detected=("score", "date", "external_id", "respondent", "customer", "text", "by"),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["nps", "score", "Rating", "Likelihood to recommend", "How likely are you to recommend us", "fft code",
                                  "Bewertung", "nota", "review_score", "NetPromoterScore", "stars"])  # fmt: skip
def test_names_of_scores(name: str) -> None:
    assert complete(Columns(), {name: column("score")}, file="a.csv").score == name


def test_the_strongest_name_wins_and_equals_are_asked_about() -> None:
    assert found(NPS="score", rating="score", other="score").score == "NPS"
    assert refused(score_north="score", score_south="score") == (
        'The score could be "score north" or "score south"; say which with --score COL.'
    )


def test_no_column_is_plainly_the_score() -> None:
    assert refused(Q7="score", Q8="score", region="label") == (
        'a.csv has no column that is plainly the score; say which with --score COL. It could be "Q7" or "Q8". '
        "Its columns: Q7, Q8, region."
    )
    assert "It could be" not in refused(score="label")
    assert "and 8 more" in refused(**{f"c{n}": "label" for n in range(20)})
    assert (
        refused(Columns(score=NONE), NPS="score")
        == "A file of answers needs a score; name the column of a.csv with --score COL."
    )


def test_weights_and_money_are_never_detected() -> None:
    columns = found(NPS="score", weight="measure", value="measure", order_value="measure")
    assert (columns.weight, columns.money) == (None, None)


def test_what_is_given_is_taken_in_any_spelling() -> None:
    columns = found(Columns(score="q_7", weight="WEIGHT", by=("Region", "region"), text=("say",)), Q7="score", Q_7="score",
                    weight="measure", region="label", say="label")  # fmt: skip
    assert (columns.score, columns.weight, columns.by, columns.text) == ("Q 7", "weight", ("region",), ("say",))
    assert set(columns.detected).isdisjoint({"score", "by", "text", "weight"})


def test_a_column_that_is_not_there_or_not_the_only_one() -> None:
    assert (
        refused(Columns(date="when"), NPS="score", at="date") == 'a.csv has no column "when" (--date); it has NPS, at.'
    )
    with pytest.raises(
        UserError, match=r'several columns like "Q_1" \(--score\): "Q 1" or "q-1"; write the name exactly'
    ):
        resolve("Q_1", ["x", "Q 1", "q-1"], option="--score", file="a.csv")
    assert resolve("q-1", ["Q 1", "q-1"], option="--score", file="a.csv") == "q-1"


def test_detection_can_be_forbidden() -> None:
    kinds = {
        "NPS": "score",
        "date": "date",
        "customer": "person",
        "email": "person",
        "id": "id",
        "why": "prose",
        "region": "label",
    }
    columns = found(
        Columns(date=NONE, customer=NONE, respondent=NONE, external_id=NONE, text=(NONE,), by=(NONE,)), **kinds
    )
    assert columns == Columns(score="NPS", text=(), by=(), detected=("score",))


def test_the_only_column_of_dates_is_the_date_whatever_it_is_called() -> None:
    assert found(NPS="score", xyz="date").date == "xyz"
    assert found(NPS="score", xyz="date", uvw="date").date is None
    assert found(NPS="score", xyz="date", answered_at="date").date == "answered at"


def test_comments_by_name_or_as_prose() -> None:
    assert found(NPS="score", why="words", comment="words", note_to_self="prose").text == ("why", "comment")
    assert found(NPS="score", xyz="prose", uvw="prose").text == ("xyz",)
    assert found(NPS="score", What_could_we_do_better="words").text == ("What could we do better",)
    assert found(NPS="score", reason="label").text == ()  # a few names that repeat: an attribute
    assert found(NPS="score", reason="label").by == ("reason",)


def test_few_comments_are_comments_too() -> None:
    few = {
        "score": column("score"),
        "comment": Profile("comment", 1.0, 3, 4, 0.0, 0.0, 10.0, ("very good!", "no", "never again")),
    }
    assert complete(Columns(), few, file="a.csv").text == ("comment",)


def test_sorts_of_survey_and_feedback_only_in_our_words() -> None:
    assert found(NPS="score", kind="kinds").plain == {"kind": "kind"}
    columns = found(NPS="score", kind="label", survey="label")
    assert columns.plain == {}
    assert columns.by == ("kind", "survey")


def test_more_attributes_than_are_taken_are_named() -> None:
    columns = found(NPS="score", **{f"a{n}": "label" for n in range(MOST_ATTRIBUTES + 2)})
    assert len(columns.by) == MOST_ATTRIBUTES
    assert columns.left_out == ("a8", "a9")
