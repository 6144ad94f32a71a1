"""The score column: every distinct value is understood once; the scale is never guessed in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.connectors.making import column, csv_file, parquet_file, read, rejects
from winback.connectors.csvfile import scoring
from winback.connectors.reading import Reading
from winback.errors import UserError


def of_scores(folder: Path, scores: list[Any], **said: Any) -> Reading:
    return read(
        csv_file(folder, [["score", "n"], *[[score, str(n)] for n, score in enumerate(scores)]]), score="score", **said
    )


def refused(folder: Path, scores: list[Any], **said: Any) -> str:
    with pytest.raises(UserError) as error:
        of_scores(folder, scores, **said)
    return str(error.value)


def test_plain_scores(tmp_path: Path) -> None:
    reading = of_scores(tmp_path, ["9", "0", "10", "6.5", " 7 "])
    assert column(reading) == [9, 0, 10, 6.5, 7]
    assert str(reading.tables.bands.scale) == "0-10"
    assert not reading.scale_given


@pytest.mark.parametrize("scores", [["0", "1"], ["6", "3"], ["5.5"], ["10", "1"]])
def test_zero_to_ten_is_taken_where_nothing_else_can_be_meant(tmp_path: Path, scores: list[str]) -> None:
    assert str(of_scores(tmp_path, scores).tables.bands.scale) == "0-10"


@pytest.mark.parametrize(
    ("scores", "hint"),
    [
        (["1", "5"], "(its values go from 1 to 5); add --scale 1-5, or --scale 5-1 if 1 is the best."),
        (["3"], "(its values go from 3 to 3); add --scale 1-5, or --scale 5-1 if 1 is the best."),
        (["0", "11", "9"], "(its values go from 0 to 11); if above 10 means no answer, add --scale 0-10 --blank 11."),
        (["3", "98", "99", "9"], "if above 10 means no answer, add --scale 0-10 --blank 98 --blank 99."),
        (["1", "100", "50", "70"], "(its values go from 1 to 100); add --scale WORST-BEST, like --scale 1-10."),
        (["-5", "5"], "(its values go from -5 to 5); add --scale WORST-BEST, like --scale 1-10."),
    ],
)
def test_in_doubt_the_user_is_told_what_to_add(tmp_path: Path, scores: list[str], hint: str) -> None:
    said = refused(tmp_path, scores)
    assert said.startswith('The scale of "score" in feedback.csv is not plain (its values go from ')
    assert said.endswith(hint)


def test_bands_and_scale_speak_of_values_as_in_the_file(tmp_path: Path) -> None:
    reading = of_scores(tmp_path, ["1", "2", "5"], scale="5-1")
    assert reading.scale_given
    assert reading.tables.bands.describe() == {"scale": "5-1", "detractors": "3-5", "passives": "2", "promoters": "1"}
    reading = of_scores(tmp_path, ["0", "10"], detractors="0-7", promoters="10")
    assert reading.tables.bands.describe()["passives"] == "8-9"


def test_values_that_mean_no_answer_are_blank_and_not_rejected(tmp_path: Path) -> None:
    scores = ["9", "11", "", "n/a", " NULL ", "0", "11 - no answer", "Don't know"]
    reading = of_scores(tmp_path, scores, scale="0-10", blanks=("11", "don't know"))
    assert column(reading) == [9, None, None, None, None, 0, None, None]
    assert (reading.blank, reading.rejected) == (6, {})


def test_words_and_values_off_the_scale_are_rejected_with_what_to_do(tmp_path: Path) -> None:
    reading = of_scores(tmp_path, ["9", "great", "12", "-1", "10.5", "7"], scale="0-10")
    assert column(reading) == [9, 7]
    assert rejects(reading) == {
        3: "score_not_a_number", 4: "score_out_of_range", 5: "score_out_of_range", 6: "score_out_of_range",
    }  # fmt: skip
    assert [example["message"] for example in reading.examples[:2]] == [
        'feedback.csv line 3: score "great" is no number; map it with --blank "great" if it means no answer',
        'feedback.csv line 4: score "12" is outside 0-10; map it with --blank 12',
    ]
    said = refused(tmp_path, ["great", "bad"])
    assert said == (
        '"score" of feedback.csv holds no score that is a number (the first value is "bad"); say which column does with --score COL.'
    )


def test_labelled_scores_and_decimal_commas(tmp_path: Path) -> None:
    scores = ["10 - Extremely likely", "8/10", "9,5", "0 – Not at all", "7\u00a0", "\t6", "5 stars"]
    assert column(of_scores(tmp_path, scores)) == [10, 8, 9.5, 0, 7, 6, 5]


@pytest.mark.parametrize("text", ["1_0", "９", "0x9", "9e0", "inf", "nan9", "9'", "9\\", "9; DROP", "$1", "?"])
def test_what_only_one_of_python_and_the_engine_would_read_is_no_score(tmp_path: Path, text: str) -> None:
    reading = of_scores(tmp_path, ["9", text, "0"])
    assert column(reading) == [9, 0]
    assert rejects(reading) == {3: "score_not_a_number"}


def test_no_score_on_the_scale_or_none_at_all(tmp_path: Path) -> None:
    assert refused(tmp_path, ["50", "70"], scale="0-10") == (
        '"score" of feedback.csv has no score on 0-10 (its values: 50, 70); give the right --scale or --score.'
    )
    assert "holds no score that is a number (every row is blank)" in refused(tmp_path, ["", "n/a"])


def test_a_column_of_very_many_values_is_no_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "MOST_DISTINCT", 50)
    assert "has more than 50 different values; a score has few" in refused(tmp_path, [str(n / 7) for n in range(60)])
    assert of_scores(tmp_path, [str(n / 5) for n in range(50)]).rows == 50


def test_the_extremes_of_whole_numbers_tell_the_scale_without_a_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    counted = scoring._counted
    monkeypatch.setattr(scoring, "_counted", lambda staged, name: asked.append(name) or counted(staged, name))
    path = parquet_file(tmp_path, {"score": pa.array([0, 9, None], pa.int8()), "stars": pa.array([1, 5, 9], pa.int8())})
    assert (read(path, score="score").blank, asked) == (1, [])
    reading = read(path, score="stars", scale="1-5")
    assert (column(reading), rejects(reading), asked) == ([1, 5], {3: "score_out_of_range"}, ["stars"])
