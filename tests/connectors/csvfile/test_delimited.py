"""Text tables: lines become records, broken ones cost as little as can be, and every line number is exact."""

from __future__ import annotations

import gzip
import itertools
import random
import time
from pathlib import Path

import pytest

from tests.connectors.making import byte_file, text_file
from winback.connectors.csvfile import delimited, lines, records
from winback.connectors.csvfile.delimited import read_records
from winback.connectors.csvfile.opening import sniff
from winback.errors import UserError


def parsed(path: Path) -> tuple[list[str], dict[int, list[str]], dict[int, tuple[str, list[str]]]]:
    """The header, the rows by line, and reason and fields of the rejected by line."""
    header, chunks = read_records(sniff(path))
    rows: dict[int, list[str]] = {}
    rejected: dict[int, tuple[str, list[str]]] = {}
    for chunk in chunks:
        assert len(chunk.rows) == len(chunk.lines)
        rows |= dict(zip(chunk.lines, chunk.rows, strict=True))
        for one in chunk.rejected:
            assert one.line not in rejected
            assert f"line {one.line}" in one.message
            rejected[one.line] = (one.reason, list(one.fields))
    assert not set(rows) & set(rejected)
    return header, rows, rejected


def of_text(
    folder: Path, text: str, **how: str
) -> tuple[list[str], dict[int, list[str]], dict[int, tuple[str, list[str]]]]:
    return parsed(text_file(folder, text, **how))


def test_header_and_rows_with_their_lines(tmp_path: Path) -> None:
    header, rows, rejected = of_text(tmp_path, "score,region\n9,north\n3,south\n")
    assert (header, rows, rejected) == (["score", "region"], {2: ["9", "north"], 3: ["3", "south"]}, {})


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_ends_delimiters_and_encodings(tmp_path: Path, end: str, delimiter: str, encoding: str) -> None:
    text = f"score{delimiter}region{end}9{delimiter}süd{end}3{delimiter}nord{end}"
    assert of_text(tmp_path, text, encoding=encoding)[1] == {2: ["9", "süd"], 3: ["3", "nord"]}


def test_quoted_fields_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    text = 'score,comment\n9,"a, b"\n8,"say ""hi"""\n7,"one\ntwo\r\nthree"\n6,plain\n5,""\n'
    assert of_text(tmp_path, text)[1:] == (
        {2: ["9", "a, b"], 3: ["8", 'say "hi"'], 4: ["7", "one\ntwo\r\nthree"], 7: ["6", "plain"], 8: ["5", ""]}, {},
    )  # fmt: skip


def test_a_cr_within_a_line_of_a_file_with_lf_is_a_character(tmp_path: Path) -> None:
    text = 'score,comment\n9,"one\rtwo"\n8,one\rtwo\n7,"x"y\rz\n6,end\r\n'
    assert of_text(tmp_path, text)[1:] == (
        {2: ["9", "one\rtwo"], 3: ["8", "one\rtwo"], 4: ["7", "xy\rz"], 5: ["6", "end"]}, {},
    )  # fmt: skip


def test_blank_lines_and_rows_of_blanks_are_no_records(tmp_path: Path) -> None:
    text = "\n  \nscore,region\n\n9,north\n   \n,\n\t\n3,south\n\n"
    header, rows, rejected = of_text(tmp_path, text)
    assert (header, rows, rejected) == (["score", "region"], {5: ["9", "north"], 9: ["3", "south"]}, {})


def test_the_line_that_names_the_delimiter_is_no_header(tmp_path: Path) -> None:
    for first in ("sep=;", '"sep=;"', "SEP=;"):
        assert of_text(tmp_path, f"{first}\nscore;region\n9;north\n")[:2] == (["score", "region"], {3: ["9", "north"]})


def test_a_header_over_several_lines_with_blank_and_repeated_names(tmp_path: Path) -> None:
    header, rows, _ = of_text(tmp_path, '"How likely\nare you?",,Q,Q\n9,a,b,c\n')
    assert header == ["How likely are you?", "column 2", "Q", "Q (2)"]
    assert rows == {3: ["9", "a", "b", "c"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n\n  \n", "has no header line"),
        ("9,great\n8,good\n", 'line 1 holds values ("9") where the names of the columns should be'),
        ("\n\nC1,2026-11-21,9\n", 'line 3 holds values ("C1")'),
        ('"score,region\n9,north\n', "line 1 cannot be read as a header: a quote is opened and never"),
        ("sco\x00re,region\n9,north\n", "has a header that is no text"),
        ("sep=;\n", "has no header line"),
    ],
)
def test_a_file_without_a_header_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError, match="^feedback.csv ") as error:
        of_text(tmp_path, text)
    assert said in str(error.value)


def test_ragged_rows_are_rejected_with_their_fields(tmp_path: Path) -> None:
    _, rows, rejected = of_text(tmp_path, "score,region,plan\n9,north\n8,a,b,c\n7,a,b,,\n6,a,b\n5\n")
    assert rows == {4: ["7", "a", "b"], 5: ["6", "a", "b"]}  # blank fields too many harm nobody
    assert rejected == {
        2: ("ragged_row", ["9", "north"]), 3: ("ragged_row", ["8", "a", "b", "c"]), 6: ("ragged_row", ["5"]),
    }  # fmt: skip


def test_a_row_with_a_nul_is_rejected_alone(tmp_path: Path) -> None:
    _, rows, rejected = of_text(tmp_path, "score,region\n9,no\x00rth\n8,south\n")
    assert rows == {3: ["8", "south"]}
    assert rejected == {2: ("nul_byte", ["9", "no\ufffdrth"])}


def test_bytes_that_do_not_fit_cost_their_row(tmp_path: Path) -> None:
    data = "score,region\n9,süd\n8,".encode() + b"n\xfcrd" + "\n7,öst\n".encode()
    _, rows, rejected = parsed(byte_file(tmp_path, data))
    assert rows == {2: ["9", "süd"], 4: ["7", "öst"]}
    assert rejected == {3: ("wrong_encoding", ["8", "n\ufffdrd"])}


def test_half_a_pair_in_utf_16_costs_its_row(tmp_path: Path) -> None:
    data = "score,region\n9,süd\n8,".encode("utf-16") + b"\x00\xd8" + "x\n7,öst\n".encode("utf-16-le")
    _, rows, rejected = parsed(byte_file(tmp_path, data))
    assert rows == {2: ["9", "süd"], 4: ["7", "öst"]}
    assert rejected[3][0] == "wrong_encoding"


def test_an_unclosed_quote_costs_its_line_alone(tmp_path: Path) -> None:
    body = "".join(f"{i % 11},text {i}\n" for i in range(5000))
    _, rows, rejected = of_text(tmp_path, f'score,comment\n9,"oops\n{body}')
    assert len(rows) == 5000
    assert rows[3] == ["0", "text 0"]
    assert rejected == {2: ("open_quote", ['9,"oops'])}


def test_an_unclosed_quote_before_quoted_fields_costs_its_line_alone(tmp_path: Path) -> None:
    text = 'score,comment\n9,"oops\n8,"fine"\n7,"also\nfine"\n6,"x, y"\n'
    _, rows, rejected = of_text(tmp_path, text)
    assert rows == {3: ["8", "fine"], 4: ["7", "also\nfine"], 6: ["6", "x, y"]}
    assert rejected == {2: ("open_quote", ['9,"oops'])}


def test_a_file_cut_within_quotes_loses_its_last_record_alone(tmp_path: Path) -> None:
    _, rows, rejected = of_text(tmp_path, 'score,comment\n9,"fine"\n8,"cut he')
    assert rows == {2: ["9", "fine"]}
    assert rejected == {3: ("open_quote", ['8,"cut he'])}
    # What follows on the next line is looked at for itself; here it is no record either.
    _, rows, rejected = of_text(tmp_path, 'score,comment\n9,"fine"\n8,"cut\nhere')
    assert rows == {2: ["9", "fine"]}
    assert rejected == {3: ("open_quote", ['8,"cut']), 4: ("ragged_row", ["here"])}


def test_sloppy_quotes_are_read_where_they_stay_on_their_line(tmp_path: Path) -> None:
    text = 'score,comment\n9,"he said "hello" twice"\n8,5" screen\n7, "spaced"\n6,"a"b\n'
    assert of_text(tmp_path, text)[1] == {
        2: ["9", 'he said hello" twice"'], 3: ["8", '5" screen'], 4: ["7", ' "spaced"'], 5: ["6", "ab"],
    }  # fmt: skip


@pytest.mark.parametrize("size", [16, 100, 1 << 18])
def test_records_are_the_same_wherever_blocks_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    pieces = ['9,"a\nb"', "8,plain", '7,"x ""y""\n\n z"', "", "6", '5,"open', "4,é", "3,no\x00ne", '2,"q"r']
    rng = random.Random(5)
    text = "score,comment\n" + "\n".join(rng.choice(pieces) for _ in range(300)) + "\n"
    whole = of_text(tmp_path, text)
    monkeypatch.setattr(lines, "BLOCK", size)
    assert of_text(tmp_path, text) == whole
    for count, numbers in itertools.groupby(text.split("\n")[1:], key=lambda line: line in ("8,plain", "4,é")):
        assert count in (True, False) and list(numbers)
    assert sum(row == ["8", "plain"] for row in whole[1].values()) == text.count("\n8,plain\n")


def test_line_numbers_are_those_of_an_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "BLOCK", 64)
    monkeypatch.setattr(records, "ROWS", 7)
    rng = random.Random(3)
    text, expected, line = "id,comment\n", {}, 2
    for number in range(400):
        field = "\n".join(["x"] * rng.choice([1, 1, 1, 2, 3, 9]))
        expected[line] = [str(number), field]
        text += f'{number},"{field}"\n' + "\n" * (blank := rng.choice([0, 0, 1]))
        line += 1 + field.count("\n") + blank
    assert of_text(tmp_path, text)[1:] == (expected, {})


def test_quotes_that_are_never_closed_all_over_the_file_end_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "MAX_RECORD", 1 << 14)
    # Read from any line on, this is one record without end, quoted as the RFC wants it.
    path = text_file(tmp_path, "score,comment\n" + 'x","y\n' * 50_000)
    began = time.process_time()
    with pytest.raises(UserError, match="more than 200 quotes that are opened and never closed, the last in line 20"):
        parsed(path)
    assert time.process_time() - began < 5


def test_a_long_record_on_many_lines_is_read_up_to_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_RECORD", 1 << 16)
    monkeypatch.setattr(lines, "BLOCK", 1 << 12)
    long = "line\n" * 12_000
    assert of_text(tmp_path, f'score,comment\n9,"{long}"\n')[1] == {2: ["9", long]}
    _, rows, rejected = of_text(tmp_path, f'score,comment\n9,"{long * 2}"\n8,b\n')
    assert rejected[2][0] == "open_quote"
    assert rows == {24003: ["8", "b"]}


def test_one_very_long_line_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 1 << 20)
    with pytest.raises(UserError, match="line 2 is longer than 1 million characters"):
        of_text(tmp_path, "score,comment\n9," + "x" * (3 << 20))


def test_a_field_longer_than_the_csv_module_allows_by_itself(tmp_path: Path) -> None:
    assert of_text(tmp_path, "score,comment\n9," + "x" * 500_000 + "\n")[1][2][1] == "x" * 500_000


def test_a_packed_file_that_is_cut_keeps_the_rows_before(tmp_path: Path) -> None:
    whole = "score,comment\n" + "".join(f"{i % 11},text {i * i}\n" for i in range(9000))
    path = tmp_path / "feedback.csv.gz"
    path.write_bytes(gzip.compress(whole.encode())[:20_000])
    _, rows, rejected = parsed(path)
    ((line, (reason, fields)),) = rejected.items()
    assert reason == "file_cut"
    assert line == len(rows) + 2
    assert list(rows) == list(range(2, line))
    assert whole.split("\n")[line - 1].startswith(fields[0])


def test_five_thousand_columns(tmp_path: Path) -> None:
    names = [f"q{place}" for place in range(5000)]
    rows = [",".join(str((row + place) % 11) for place in range(5000)) for row in range(300)]
    header, found, _ = of_text(tmp_path, "\n".join([",".join(names), *rows]))
    assert header == names
    assert len(found) == 300
    assert found[301][4999] == str((299 + 4999) % 11)
