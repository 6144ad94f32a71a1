"""Feedback as pages and files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from django.test import Client

from tests.server.factories import Cast, make_customer, make_feedback
from winback.server.workspaces.models import AuditEvent
from winback.server.workspaces.reads import flush_reads

HOME = "/w/larkspur/feedback/"


def test_words_of_customers_are_text_and_never_markup(cast: Cast, rafael: Client) -> None:
    make_feedback(cast.larkspur, "a", comment='<script>alert("x")</script>', attributes={"region": "<b>North</b>"})
    page = rafael.get(HOME).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;North" in page


def test_filters_in_force_can_be_taken_away(cast: Cast, rafael: Client) -> None:
    make_feedback(cast.larkspur, "a", 3, attributes={"region": "North"})
    page = rafael.get(HOME, {"region": "North", "band": "detractor", "since": "2026-11-01"}).content.decode()
    for link in (
        'href="?band=detractor&amp;since=2026-11-01"',
        'href="?region=North&amp;since=2026-11-01"',
        'href="?region=North&amp;band=detractor"',
    ):
        assert link in page


def test_when_nothing_matches_one_can_go_back(cast: Cast, rafael: Client) -> None:
    make_feedback(cast.larkspur, "a", 3)
    assert "Nothing matches" in rafael.get(HOME, {"band": "promoter"}).content.decode()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "soon"}, "is no date"),
        ({"band": "angry"}, "is no band"),
        ({f"k{n}": "x" for n in range(21)}, "ask for 20 at most"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(cast: Cast, rafael: Client, asked: dict[str, str], sentence: str) -> None:
    response = rafael.get(HOME, asked)
    assert response.status_code == 400
    assert sentence in response.content.decode()


@pytest.mark.parametrize(
    "place",
    [
        "nonsense", "2026-13-45,1", "x,y", ",999999999999999999999", "2026-11-19T12:00:00,5",
        "0001-01-01T00:00:00+14:00,5", "9999-12-31T23:59:59-14:00,5",
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_the_first_page(cast: Cast, rafael: Client, place: str) -> None:
    make_feedback(cast.larkspur, "a", comment="here")
    assert "here" in rafael.get(HOME, {"before": place}).content.decode()


def test_older_ones_come_as_rows(cast: Cast, rafael: Client) -> None:
    for n in range(42):
        make_feedback(
            cast.larkspur,
            f"{n:02}",
            comment=f"word {n:02}",
            occurred_at=dt.datetime(2026, 11, 1, n // 60, n, tzinfo=dt.UTC),
        )
    first = rafael.get(HOME).content.decode()
    assert ["word 41" in first, "word 02" in first, "word 01" in first] == [True, True, False]
    link = first.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    more = rafael.get(HOME + link, headers={"HX-Request": "true"}).content.decode()
    assert ["word 01" in more, "word 00" in more, "word 02" in more, "<html" in more] == [True, True, False, False]


def test_one_piece_says_everything_its_row_said(cast: Cast, rafael: Client, nell: Client) -> None:
    row = make_feedback(
        cast.larkspur, "r-17", 2, comment="Two\nlines", touchpoint="bill", attributes={"region": "North"}
    )
    page = rafael.get(f"{HOME}{row.pk}/").content.decode()
    for words in ("Gave 2", "Two<br>lines", "bill", "North", "r-17"):
        assert words in page
    assert nell.get(f"{HOME}{row.pk}/").status_code == 404
    assert nell.get(f"/w/merritt/feedback/{row.pk}/").status_code == 404


def test_an_export_is_guarded_and_in_the_audit(cast: Cast, amara: Client, rafael: Client) -> None:
    make_feedback(cast.larkspur, "a", 2, comment="=cmd|' /C calc'!A0", attributes={"region": "North"})
    assert rafael.get(f"{HOME}export").status_code == 403
    response = amara.get(f"{HOME}export", {"band": "detractor"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["comment"], row["score"], row["region"]) == ("'=cmd|' /C calc'!A0", "2", "North")
    assert response["Content-Disposition"] == 'attachment; filename="larkspur-feedback.csv"'
    assert AuditEvent.objects.get(verb="feedback exported").target == "band=detractor"


def test_an_export_as_json_lines(cast: Cast, amara: Client) -> None:
    make_feedback(cast.larkspur, "a", 2, comment="=1+1")
    lines = b"".join(amara.get(f"{HOME}export", {"format": "jsonl"}).streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [json.loads(line)["comment"] for line in lines] == ["=1+1"]
    assert amara.get(f"{HOME}export", {"format": "exe"}).status_code == 400


def test_a_column_named_like_a_formula_is_guarded_too(cast: Cast, amara: Client) -> None:
    make_feedback(cast.larkspur, "a", 2, attributes={"=1+1": "x"})
    text = b"".join(amara.get(f"{HOME}export").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, row = csv.reader(io.StringIO(text))
    assert (head[-1], row[-1]) == ("'=1+1", "x")


def test_reading_what_one_customer_said_is_in_the_audit(cast: Cast, rafael: Client) -> None:
    customer = make_customer(cast.larkspur, "C1")
    row = make_feedback(cast.larkspur, "a", 2, customer="C1")
    AuditEvent.objects.all().delete()
    rafael.get(HOME)
    rafael.get(HOME, {"customer": customer.pk})
    rafael.get(f"{HOME}{row.pk}/")
    flush_reads()
    read = AuditEvent.objects.filter(verb="personal data read")
    assert sorted(read.values_list("target", flat=True)) == [f"customer {customer.pk}", f"feedback {row.pk}"]
