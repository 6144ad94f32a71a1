"""Personal data in comments never reach the database, where the workspace asks for that."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from tests.server.imports.bringing import brought, counts
from winback.server.exports.actions import place_of, refresh
from winback.server.feedback.actions import record
from winback.server.feedback.masking import Masking, masking_of
from winback.server.feedback.meaning import nearest
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import Choice, exported
from winback.server.feedback.rules import NewFeedback
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import RejectedRow
from winback.server.workspaces.models import AuditEvent, Workspace

pytestmark = pytest.mark.django_db
SAID = "Late again, ring 912 345 678. Ana Reis"


def masking(cast: Cast) -> Workspace:
    cast.larkspur.mask_comments = True
    cast.larkspur.save()
    return cast.larkspur


def test_off_until_somebody_switches_it_on(cast: Cast) -> None:
    assert masking_of(cast.larkspur) is None
    assert make_feedback(cast.larkspur, "F1", comment=SAID).comment == SAID
    assert masking_of(masking(cast)) is not None


def test_rows_are_masked_with_the_names_that_are_known_and_the_same_row_again_is_the_same(cast: Cast) -> None:
    workspace = masking(cast)
    make_customer(workspace, "C1", name="Reis & Filhos")
    make_contact(workspace, "P1", customer="C1", name="Ana Reis")
    source = ensure_source(workspace=workspace, name="survey", kind="api")
    rows = [
        NewFeedback("F1", customer="C1", score=3, comment=f"{SAID} of REIS & FILHOS"),
        NewFeedback("F2", customer="C2", score=3, comment="Reis was kind"),
        NewFeedback("F3", score=3, respondent="Rui Costa", comment="Call Rui"),
        NewFeedback("F4", score=9),
    ]
    first = record(workspace=workspace, source=source, rows=rows)
    assert (first.new, first.masked) == (4, 2)
    assert dict(Feedback.objects.values_list("external_id", "comment")) == {
        "F1": "Late again, ring [phone]. [name] of [name]", "F2": "Reis was kind", "F3": "Call [name]", "F4": "",
    }  # fmt: skip
    assert AuditEvent.objects.get(verb="feedback recorded").detail["masked"] == 2
    again = record(workspace=workspace, source=source, rows=rows)
    assert (again.same, again.masked) == (4, 0)


def test_a_file_is_masked_as_it_comes_in_with_its_rejected_rows_and_nothing_else_is_left(cast: Cast) -> None:
    workspace = masking(cast)
    text = (
        "id,date,customer,score,comment\n"
        f'1,2026-10-01,C1,2,"{SAID}"\n2,2026-10-02,C1,9,fine\n3,2026-10-02,C2,11,"write a@b.example"\n'
    )
    run = brought(workspace, text, scale="0-10", source="survey")
    assert run.masked == {"comments": 1, "phone": 1, "name": 1}
    assert AuditEvent.objects.get(verb="import published").detail["masked"] == 1
    assert Feedback.objects.get(external_id="1").comment == "Late again, ring [phone]. [name]"
    (rejected,) = RejectedRow.objects.all()
    assert (rejected.row["comment"], rejected.row["customer"]) == ("write [mail]", "C2")
    # corrected rows are masked too, and the same ones are the same
    again = brought(workspace, text.replace("fine", "fine +351 912 345 678"), scale="0-10", source="survey")
    assert (counts(again), again.masked) == ((0, 1, 1, 1), {"comments": 1, "phone": 1})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM winback_feedback WHERE comment LIKE '%912%'")
        assert cursor.fetchone() == (0,)


def test_a_second_column_of_words_is_masked_too_and_columns_of_values_are_not(cast: Cast) -> None:
    workspace = masking(cast)
    text = (
        "id,date,score,comment,region,better,desk\n"
        '1,2026-10-01,2,slow,North,"Please ring me on 912 345 678, or a@b.example",912 345 678\n'
        '2,2026-10-02,9,,South,"Nothing more to say here",\n'
    )
    more = {"text": ["comment"], "by": ["region", "better", "desk"]}
    run = brought(workspace, text, scale="0-10", source="survey", columns=more)
    assert run.masked == {"comments": 1, "phone": 1, "mail": 1}
    kept = {row.external_id: row for row in Feedback.objects.all()}
    assert kept["1"].attributes == {
        "region": "North",
        "better": "Please ring me on [phone], or [mail]",
        "desk": "912 345 678",
    }
    assert (kept["1"].comment, kept["2"].attributes["better"]) == ("slow", "Nothing more to say here")
    again = brought(
        workspace, text.replace("Nothing more", "Ring +351 912 345 678, nothing more"), scale="0-10", source="survey"
    )
    assert (counts(again), again.masked) == ((0, 1, 1, 0), {"comments": 1, "phone": 1})
    exported_rows = list(exported(cast.access("hanna"), Choice()))
    assert "Ring [phone], nothing more to say here" in {row["better"] for row in exported_rows}
    refresh(workspace=workspace)
    stored = b"".join(path.read_bytes() for path in place_of(workspace).glob("**/*.parquet"))
    assert b"[phone]" in stored and b"a@b.example" not in stored and b"Please ring me on 912" not in stored
    source = ensure_source(workspace=workspace, name="app", kind="api")
    told = record(workspace=workspace, source=source, rows=[NewFeedback("A1", score=3, attributes={"note": "please ring me on 912 345 678", "plan": "Fibre"})])  # fmt: skip
    assert told.masked == 1
    assert Feedback.objects.get(external_id="A1").attributes == {"note": "please ring me on [phone]", "plan": "Fibre"}


def test_a_row_of_a_file_keeps_its_ids_unless_they_hold_a_sentence(cast: Cast) -> None:
    found = Masking(cast.larkspur).row(
        {"person": "a@b.pt", "score": "ring me on 912 345 678", "more": "a@b.pt"}, {"person", "score"}
    )
    assert found == {"person": "a@b.pt", "score": "ring me on [phone]", "more": "[mail]"}


def test_names_are_asked_for_once(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    customer = make_customer(cast.larkspur, "C1", name="Reis & Filhos")
    work = Masking(cast.larkspur)
    with django_assert_num_queries(2):
        for _ in range(3):
            texts, told = work.answers([("Reis & Filhos", {}, customer.pk, ""), ("", {}, None, "")])
    assert (texts, told) == ([("[name]", {}), ("", {})], {"comments": 1, "name": 1})
    assert work.text("a@b.pt") == "[mail]"


def test_what_was_masked_lies_nowhere(cast: Cast, settings, caplog) -> None:  # type: ignore[no-untyped-def]
    workspace = masking(cast)
    secrets = (
        "912 345 678",
        "912345678",
        "ann.lee@secret.example",
        "Siobhan Quigley",
        "Quigley",
        "4111 1111 1111 1111",
    )
    said = "Ring 912 345 678 or ann.lee@secret.example, card 4111 1111 1111 1111. Regards, Siobhan Quigley"
    text = (
        "id,date,score,comment,more\n"
        f'1,2026-10-01,2,"{said}","{said}"\n'
        f'2,2026-10-02,"{said}",out of place,x\n'  # rejected, with the words where the score should be
        f'3,2026-10-02,99,"{said}",x\n'
        f"4,2026-10-02,9,fine,x,{said}\n"  # a row that is too long
    )
    run = brought(workspace, text, scale="0-10", source="survey", columns={"text": ["comment"], "by": ["more"]})
    assert (run.state, run.new, run.rejected_total) == ("published", 1, 3)
    source = ensure_source(workspace=workspace, name="app", kind="api")
    record(workspace=workspace, source=source, rows=[NewFeedback("A1", score=3, comment=said)])
    refresh(workspace=workspace)
    assert nearest(cast.access("rafael"), Choice(text="ring me", meaning=True)).rows
    with connection.cursor() as cursor:
        kept = ""
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            kept += "\n".join(repr(row) for row in cursor.fetchall())
    files = b"".join(path.read_bytes() for path in Path(settings.HOME).glob("**/*") if path.is_file() and path.suffix not in (".sqlite3", ".sqlite3-wal", ".db"))  # fmt: skip
    assert "[phone]" in kept and b"[phone]" in files
    assert [one for one in secrets if one in kept or one.encode() in files or one in caplog.text] == []
