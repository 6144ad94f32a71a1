"""How a text file is written: its encoding and its delimiter."""

from __future__ import annotations

import pytest

from winback.connectors.csvfile.dialect import (
    MARK,
    decoded,
    delimiter_of,
    encoding_of,
    is_utf8,
    newline_of,
    separator_line,
)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"score,region\n9,north\n", "utf-8"),
        ("score,région\n".encode(), "utf-8"),
        ("score,région\n".encode("utf-8-sig"), "utf-8-sig"),
        ("score,région\n".encode("cp1252"), "cp1252"),
        ("score,“quoted” – dash\n".encode("cp1252"), "cp1252"),
        ("score,日本\n".encode(), "utf-8"),
        ("score,日本\n".encode("utf-16"), "utf-16"),
        ("score,region,comment\n".encode("utf-16-le"), "utf-16-le"),
        ("score,region,comment\n".encode("utf-16-be"), "utf-16-be"),
        ("score\nééééé".encode()[:-1], "utf-8"),  # cut in a letter
        ("é,ü,ö\n".encode() * 3 + b"\xe9\n", "utf-8"),  # one damaged byte among many good ones
        (b"score\n9\n\x00\n", "utf-8"),  # a NUL costs a row, not the file
        (b"", "utf-8"),
    ],
)
def test_encodings(head: bytes, encoding: str) -> None:
    assert encoding_of(head) == encoding


@pytest.mark.parametrize("head", [bytes(100), bytes(range(32)) * 4, b"\x01\x02\x03" * 100, b"\x7f" * 50])
def test_what_is_no_text_has_no_encoding(head: bytes) -> None:
    assert encoding_of(head) is None


def test_bytes_that_do_not_fit_become_marks() -> None:
    assert decoded(b"a\xe9b", "utf-8") == f"a{MARK}b"
    assert decoded(b"a\x81b", "cp1252") == f"a{MARK}b"  # a byte that Windows-1252 does not have
    assert decoded(b"a\x00\x00\xd8b\x00", "utf-16-le") == f"a{MARK}b"  # half of a pair
    assert decoded("ab€".encode()[:-1], "utf-8") == "ab"  # a letter cut at the end is left out


def test_letters_beyond_ascii_prove_utf8() -> None:
    assert is_utf8("plain")
    assert is_utf8(f"é{MARK}")
    assert is_utf8(f"é{MARK * 9}")
    assert not is_utf8(f"é{MARK * 10}")
    assert not is_utf8(MARK)


@pytest.mark.parametrize(
    ("text", "usual", "delimiter"),
    [
        ("a,b\n1,2\n", ",", ","),
        ("a;b\n1,5;2\n", ",", ";"),
        ("a\tb\n1,5\t2\n", ",", "\t"),
        ("a|b\n1|2\n", ",", "|"),
        ("score\n9\n", ",", ","),
        ("score\n9\n", "\t", "\t"),
        ("comment\nslow, but kind\n", ",", ","),  # one column, commas in the text
        ('a;b\n"x,y,z";2\n"p,q,r";3\n', ",", ";"),
        ("a,b;c\n1,2;3\n", ",", ","),  # as good as each other: the usual one
        ("a,b;c\n1,2;3\n", ";", ";"),
        ("sep=|\na,b\n", ",", "|"),
        ('"sep=;"\r\na,b\n', ",", ";"),
        ("\ufeffsep=\t\na,b\n", ",", "\t"),
        ("", ",", ","),
    ],
)
def test_delimiters(text: str, usual: str, delimiter: str) -> None:
    assert delimiter_of(text, usual) == delimiter


@pytest.mark.parametrize("line", ["sep=", "sep=a", 'sep="', "sep=;;", "separator=;", "score,sep=;", "sep= "])
def test_lines_that_name_no_delimiter(line: str) -> None:
    assert separator_line(line) is None


@pytest.mark.parametrize(
    ("text", "newline"),
    [("a\nb\r", "\n"), ("a\r\nb\r", "\n"), ("a\rb\n", "\r"), ('"a\r"\n', "\n"), ('"a\n",b\rc\n', "\r"), ('"a""\n"\r', "\r"), ('"a\r', "\n"),
     ("a", "\n"), ("", "\n"), ("\r\r\n", "\r")],
)  # fmt: skip
def test_ends_of_lines(text: str, newline: str) -> None:
    assert newline_of(text) == newline
