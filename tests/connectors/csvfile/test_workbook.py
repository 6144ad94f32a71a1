"""XLSX workbooks: the first sheet that holds a table; what is damaged or far too large is refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.connectors.making import byte_file, xlsx_file
from winback.connectors.csvfile import workbook
from winback.connectors.csvfile.opening import sniff
from winback.connectors.csvfile.workbook import read_records
from winback.errors import UserError


def parsed(path: Path) -> tuple[list[str], dict[int, list[str]], list[str]]:
    warnings: list[str] = []
    names, chunks = read_records(sniff(path), warnings)
    rows: dict[int, list[str]] = {}
    for chunk in chunks:
        rows |= dict(zip(chunk.lines, chunk.rows, strict=True))
    return names, rows, warnings


def refused(path: Path) -> str:
    with pytest.raises(UserError) as error:
        parsed(path)
    return str(error.value)


def repacked(path: Path, changes: dict[str, bytes], *, without: str = "") -> Path:
    """The workbook with some of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in {*old.namelist(), *changes} - {without}:
            new.writestr(part, changes[part] if part in changes else old.read(part))
    path.write_bytes(file.getvalue())
    return path


def test_cells_become_text_as_an_export_would_write_them(tmp_path: Path) -> None:
    row = [
        9,
        9.5,
        "süd",
        dt.date(2026, 11, 21),
        dt.datetime.fromisoformat("2026-11-21T10:30:00"),
        True,
        None,
        "=1+1",
        dt.time(10, 30),
        1e15,
    ]
    names, rows, _ = parsed(xlsx_file(tmp_path, {"A": [[f"c{i}" for i in range(10)], row]}))
    assert names == [f"c{i}" for i in range(10)]
    # A formula stands for the value last reckoned; openpyxl reckons none.
    assert rows == {
        2: ["9", "9.5", "süd", "2026-11-21", "2026-11-21T10:30:00", "true", "", "", "10:30:00", "1000000000000000.0"]
    }


def test_line_numbers_are_those_of_the_sheet_and_blank_rows_are_no_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["C4"], sheet["D4"], sheet["C5"], sheet["D8"] = "score", "region", 9, "south"
    book.save(tmp_path / "a.xlsx")
    assert parsed(tmp_path / "a.xlsx")[:2] == (["score", "region"], {5: ["9", ""], 8: ["", "south"]})


def test_of_several_sheets_the_first_with_rows_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, {"Cover": [], "Answers": [["score"], [9]], "Old": [["score"], [1]], "Notes": [["x"]]})
    names, rows, warnings = parsed(path)
    assert (names, rows) == (["score"], {2: ["9"]})
    assert warnings == [
        'feedback.xlsx has several sheets with rows: "Answers" was read, "Old", "Notes" were not; put the sheet you mean first.'
    ]


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["secret"])
    book.worksheets[0].sheet_state = "hidden"
    shown = book.create_sheet("Answers")
    shown.append(["score"])
    shown.append([9])
    book.active = 1
    book.save(tmp_path / "a.xlsx")
    assert parsed(tmp_path / "a.xlsx") == (["score"], {2: ["9"]}, [])


def test_a_sheet_without_header_or_rows(tmp_path: Path) -> None:
    assert "row 1 holds values" in refused(xlsx_file(tmp_path, {"A": [[9, "a"], [8, "b"]]}))
    assert "has no sheet with rows" in refused(xlsx_file(tmp_path, {"A": []}))
    assert parsed(xlsx_file(tmp_path, {"A": [["score", "region"]]}))[1] == {}


def test_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winback.connectors.csvfile.records.ROWS", 3)
    _, chunks = read_records(sniff(xlsx_file(tmp_path, {"A": [["score"], *[[i] for i in range(8)]]})), [])
    assert [chunk.lines for chunk in chunks] == [[2, 3, 4], [5, 6, 7], [8, 9]]


def test_other_archives_are_named(tmp_path: Path) -> None:
    def archive(*parts: str) -> Path:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as made:
            for part in parts:
                made.writestr(part, "x")
        return byte_file(tmp_path, file.getvalue(), "a.zip")

    assert (
        refused(archive("feedback.csv"))
        == "a.zip is a zip archive, not a workbook; unpack it and give the table inside."
    )
    assert "is a binary workbook (.xlsb)" in refused(archive("xl/workbook.bin"))
    assert "is an OpenDocument file" in refused(archive("mimetype", "content.xml"))


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_that_was_cut(tmp_path: Path, kept: float) -> None:
    data = xlsx_file(tmp_path, {"A": [["score"], *[[i % 11] for i in range(500)]]}).read_bytes()
    said = refused(byte_file(tmp_path, data[: int(len(data) * kept)], "a.xlsx"))
    assert said == "a.xlsx is a damaged workbook or was cut short; save it again and give the new file."


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize(
    "content", [b"", b"<x", b"\x00\xff\x00", b"<worksheet><sheetData><row><c r='A1' t='s'><v>99</v></c>"]
)
def test_parts_that_are_no_xml(tmp_path: Path, part: str, content: bytes) -> None:
    path = repacked(xlsx_file(tmp_path, {"A": [["score"], [9]]}), {part: content})
    assert "save it again" in refused(path) or "no sheet with rows" in refused(path)


def test_a_part_that_is_not_there(tmp_path: Path) -> None:
    for part in ("xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"):
        path = repacked(xlsx_file(tmp_path, {"A": [["score"], [9]]}), {}, without=part)
        assert refused(path).startswith("feedback.xlsx ")


@pytest.mark.parametrize("cell", ["XFD1048576", "A999999999", "ZZZZZZ9", "XFD2000"])
def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_built(tmp_path: Path, cell: str) -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        f'<c r="A1" t="inlineStr"><is><t>score</t></is></c></row><row><c  s="1" r = "{cell}"><v>9</v></c></row>'
        "</sheetData></worksheet>"
    )
    path = repacked(xlsx_file(tmp_path, {"A": [["score"], [9]]}), {"xl/worksheets/sheet1.xml": sheet.encode()})
    assert refused(path) == (
        "feedback.xlsx reaches over more than 16,000,000 cells; workbooks of that size are not opened. "
        "Save the sheet as CSV and give that file."
    )


@pytest.mark.parametrize(
    ("part", "cell"),
    [
        ("xl/worksheets/sheet1.xml", "<c><v>1</v></c>"),
        ("xl/worksheets/sheet1.xml", "<x:c/>"),
        ("xl/worksheets/sheet1.xml", '<c r="A1"/>'),  # one upon another
        ("xl/sharedStrings.xml", "<si><t/></si>"),
    ],
)
def test_cells_that_do_not_say_where_they_stand_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, cell: str
) -> None:
    monkeypatch.setattr(workbook, "MAX_CELLS", 999)
    path = xlsx_file(tmp_path, {"A": [["score"], [9]]})
    assert "reaches over more than 999 cells" in refused(repacked(path, {part: b"<sheetData>" + 1000 * cell.encode()}))


@pytest.mark.parametrize("size", [20, 64, 1 << 20])
def test_references_are_found_across_blocks(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(workbook, "_BLOCK", size)
    xml = b'<x:sheetData><row r="1" spans="1:2"><c r="A1"/></row>\n<x:row r="7"><x:c s="2"  r = \'AB7\'></x:c></x:row></x:sheetData>'
    assert workbook._cells(io.BytesIO(xml)) == 7 * 28
    assert workbook._cells(io.BytesIO(b'<sst><si><t>say r="XFD1048576"</t></si></sst>')) == 1


def test_a_bomb_is_refused_by_what_it_says_and_by_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 8 << 20)
    path = repacked(xlsx_file(tmp_path, {"A": [["score"], [9]]}), {"xl/media/zeros.bin": bytes(20 << 20)})
    assert "would unpack to more than 0 GiB" in refused(path)
    # The archive's list says one byte; the stream holds more, and the checksum tells.
    data = bytearray(path.read_bytes())
    place = data.rindex(b"xl/media/zeros.bin") - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    data[place + 24 : place + 28] = (1).to_bytes(4, "little")
    assert "damaged workbook" in refused(byte_file(tmp_path, bytes(data), "lying.xlsx"))
