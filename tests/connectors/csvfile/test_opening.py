"""What sort of file is this, and may it be opened?"""

from __future__ import annotations

import gzip
import io
import os
import socket
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.making import byte_file, parquet_file, text_file, xlsx_file
from winback.connectors.csvfile.opening import sniff
from winback.errors import UserError


def refused(path: Path) -> str:
    with pytest.raises(UserError) as error:
        sniff(path)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "data", "format_", "encoding", "delimiter"),
    [
        ("a.csv", b"score,region\n9,north\n", "csv", "utf-8", ","),
        ("a.csv", b"score;region\n9;north\n", "csv", "utf-8", ";"),
        ("a.csv", b"score\tregion\n9\tnorth\n", "tsv", "utf-8", "\t"),
        ("a.dat", b"score|region\n9|north\n", "csv", "utf-8", "|"),
        ("a.tsv", b"score\n9\n", "tsv", "utf-8", "\t"),
        ("a.csv", b"\xef\xbb\xbfscore,region\n9,north\n", "csv", "utf-8-sig", ","),
        ("a.csv", "score,region\n9,süd\n".encode("cp1252"), "csv", "cp1252", ","),
        ("a.csv", "score,region\n9,süd\n".encode("utf-16"), "csv", "utf-16", ","),
        ("a.csv", "score,region\n9,north\n8,south\n".encode("utf-16-be"), "csv", "utf-16-be", ","),
        ("a.csv", b"sep=;\nscore;a,b,c\n9;1,2,3\n", "csv", "utf-8", ";"),
        ("a.csv", b'{"score": 9}\n', "jsonl", "utf-8", None),
        ("a.csv", b'\xef\xbb\xbf\n {"score": 9}\n', "jsonl", "utf-8-sig", None),
        ("a.csv.gz", b"score;region\n9;north\n", "csv", "utf-8", ";"),
        ("a.tsv.gz", b"score\n9\n", "tsv", "utf-8", "\t"),
        ("a.jsonl.gz", b'{"score": 9}\n', "jsonl", "utf-8", None),
    ],
)
def test_a_text_file_is_told_by_its_first_bytes(
    tmp_path: Path, name: str, data: bytes, format_: str, encoding: str, delimiter: str | None
) -> None:
    facts = sniff(byte_file(tmp_path, data, name))
    assert (facts.format, facts.encoding, facts.delimiter) == (format_, encoding, delimiter)
    assert facts.compressed == name.endswith(".gz")


def test_workbooks_and_parquet_are_told_whatever_they_are_called(tmp_path: Path) -> None:
    assert sniff(xlsx_file(tmp_path, {"A": [["score"], [9]]}, "a.csv")).format == "xlsx"
    assert sniff(parquet_file(tmp_path, {"score": [9]}, "b.csv")).format == "parquet"


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("feedback.csv", "score\n9\n")
    return file.getvalue()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo("feedback.csv")
        info.size = 8
        archive.addfile(info, io.BytesIO(b"score\n9\n"))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n", "is a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "is an old (.xls) or password-protected Excel workbook"),
        (b"SQLite format 3\x00", "is an SQLite database"),
        (b"BZh91AY&SY", "is packed with bzip2"),
        (b"PAR1", "Parquet"),
        (_tar(), "is a tar archive"),
        (b"<!DOCTYPE html><table><tr><td>9</td></tr></table>", "is a web page or XML"),
        (b"  \n<html>", "is a web page or XML"),
        (b'<?xml version="1.0"?><rows/>', "is a web page or XML"),
        (b'[{"score": 9},\n {"score": 3}]', "is one JSON list"),
        (b"[\n  [9, 3]]", "is one JSON list"),
        (bytes(range(256)) * 8, "holds bytes that are no text"),
        (os.urandom(5000).replace(b"\x1f\x8b", b""), "holds bytes that are no text"),
        (bytes(5000), "holds bytes that are no text"),
        ("score\n".encode("utf-32"), "holds bytes that are no text"),
    ],
)
def test_what_is_no_table_is_named_and_refused(tmp_path: Path, data: bytes, what: str) -> None:
    path = byte_file(tmp_path, data)
    if what == "Parquet":  # its end is missing: told when it is opened
        assert sniff(path).format == "parquet"
        return
    said = refused(path)
    assert said.startswith("feedback.csv ")
    assert what in said
    assert any(advice in said for advice in ("export it", "unpack it", "Convert it")), said


def test_what_lies_inside_gzip_is_told_as_well(tmp_path: Path) -> None:
    assert "is a tar archive" in refused(byte_file(tmp_path, _tar(), "a.tar.gz"))
    assert "is a PDF document" in refused(byte_file(tmp_path, b"%PDF-1.7", "a.pdf.gz"))
    assert "inside gzip; unpack it" in refused(byte_file(tmp_path, _zip(), "a.zip.gz"))
    assert "inside gzip; unpack it" in refused(byte_file(tmp_path, b"PAR1....", "a.parquet.gz"))


def test_damaged_or_empty_gzip(tmp_path: Path) -> None:
    assert "damaged or empty" in refused(byte_file(tmp_path, b"", "a.csv.gz"))
    cut = tmp_path / "b.csv.gz"
    cut.write_bytes(gzip.compress(b"score\n9\n")[:10])
    assert "damaged or empty" in refused(cut)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "no.csv") == f"There is no file {tmp_path}/no.csv; check the name and the folder."
    assert "There is no file" in refused(tmp_path / "no" / "no.csv")
    assert "There is no file" in refused(text_file(tmp_path, "score\n9\n") / "below.csv")
    assert "There is no file" in refused(tmp_path / ("long" * 200))
    assert "There is no file a\\0b.csv" in refused(Path("a\0b.csv"))
    assert "There is no file" in refused(Path(os.fsdecode(b"\xff\xfe.csv")))


def test_links_that_lead_nowhere_or_back(tmp_path: Path) -> None:
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "gone.csv")
    assert "that the link leads to" in refused(tmp_path / "dangling.csv")
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    assert "a link that leads back to itself" in refused(tmp_path / "a.csv")


def test_a_link_to_a_file_is_as_good_as_the_file(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(text_file(tmp_path, "score\n9\n"))
    assert sniff(tmp_path / "link.csv").name == "link.csv"


def test_what_is_no_regular_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    assert "is a folder; give one file in it" in refused(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    assert "is a pipe or a device" in refused(tmp_path / "pipe.csv")
    assert "is a pipe or a device" in refused(Path("/dev/zero"))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "s"))  # a socket's name has to be short
        assert "is a pipe or a device" in refused(tmp_path / "s")


def test_an_empty_file(tmp_path: Path) -> None:
    assert refused(byte_file(tmp_path, b"")) == "feedback.csv is empty; export it again and look whether it has rows."


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = text_file(tmp_path, "score\n9\n")
    if os.geteuid() == 0:  # root may read everything

        def forbidden(*_: Any, **__: Any) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", forbidden)
    else:
        path.chmod(0)
    assert refused(path) == "feedback.csv may not be read; ask its owner for the right to read it."


def test_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError(5, "Input/output error")

    path = text_file(tmp_path, "score\n9\n")
    monkeypatch.setattr(Path, "open", broken)
    assert refused(path) == "feedback.csv cannot be read (Input/output error); look at the disk."


def test_a_name_that_is_no_text_can_still_be_printed(tmp_path: Path) -> None:
    path = text_file(tmp_path, "score\n9\n", os.fsdecode(b"caf\xe9.csv"))
    assert sniff(path).name == "caf?.csv"


def test_the_table_inside_a_zip_has_to_be_unpacked(tmp_path: Path) -> None:
    # A zip is opened by the reader of workbooks, which looks inside; see test_workbook.
    assert sniff(byte_file(tmp_path, _zip())).format == "xlsx"
