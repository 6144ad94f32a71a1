"""One person planted wherever winback can hold something of somebody, and the search for what is left of them."""

from __future__ import annotations

import datetime as dt
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from winback.server.customers.models import (
    Contact,
    ContactBasis,
    ContactLog,
    Customer,
    CustomerPeriod,
    Departure,
    Invitation,
    OpenComplaint,
    OptOut,
    StopReason,
)  # fmt: skip
from winback.server.feedback.models import Feedback
from winback.server.jobs.models import Job
from winback.server.outbox.models import Delivery, OutboxMessage
from winback.server.runs.models import AnalysisRun
from winback.server.sources.actions import ensure_source, live_run
from winback.server.sources.models import RejectedRow, SyncRun
from winback.server.themes.actions import make
from winback.server.themes.coding import code
from winback.server.themes.models import CodebookVersion, DeskLease, Theme
from winback.server.themes.rules import words_digest
from winback.server.workspaces import audit
from winback.server.workspaces.models import SavedView, Workspace

NAME = "Zaphira Quillfeather"
MAIL = "zaphira@quillfeather.example"
PHONE = "+351 910 555 017"
ID = "CUST-ZQ-77"
PERSON = "PERS-ZQ-77"
WORDS = "the stairlift sang opera"
TRACES = (NAME, NAME.upper(), MAIL, PHONE, ID, PERSON, WORDS, "Quillfeather")


@dataclass
class Planted:
    customer: Customer
    contact: Contact
    upload: Path


def plant(cast: Cast) -> Planted:
    """Zaphira everywhere, among others who stay."""
    ws = cast.larkspur
    for n in range(8):
        make_customer(ws, f"CUST-{n}", name=f"Other {n}", attributes={"plan": "Fibre", "city": "Porto"})
        make_feedback(ws, f"F{n}", 8, customer=f"CUST-{n}", attributes={"plan": "Fibre"}, comment=f"fine {n}")
    customer = make_customer(
        ws, ID, name=NAME, attributes={"plan": "Fibre", "nickname": NAME, "city": "Nowhere-but-hers"}
    )
    contact = make_contact(ws, PERSON, customer=ID, name=NAME, email=MAIL, phone=PHONE)
    make_feedback(
        ws, f"~{PERSON} 2026-10-01", 2, customer=ID, respondent=PERSON, comment=f"{WORDS}, says {NAME}",
        occurred_at=dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC), attributes={"plan": "Fibre", "agent": NAME}, touchpoint=NAME,
    )  # fmt: skip
    make_feedback(ws, f"{ID}-2", 3, customer=ID, respondent=PERSON, comment=WORDS)
    themes_of_hers(cast)
    run = live_run(source=ensure_source(workspace=ws, name="money", kind="api", table="customer_periods"))
    CustomerPeriod.objects.create(workspace=ws, run=run, customer=customer, month=dt.date(2026, 9, 1), revenue="30")
    Departure.objects.create(
        workspace=ws, run=run, customer=customer, kind="cancelled", end_date=dt.date(2026, 11, 1), stated_reason=WORDS
    )
    for name, whom in ((f"to {MAIL}", customer), (f"again-{PERSON}", None)):
        Invitation.objects.create(
            workspace=ws, run=run, external_id=name, customer=whom, contact=PERSON, sent_at=timezone.now()
        )
    ContactBasis.objects.create(contact=contact, purpose="research", basis="consent", origin=f"{NAME} on the phone")
    OptOut.objects.create(contact=contact, purpose="marketing", origin=MAIL)
    StopReason.objects.create(workspace=ws, customer=customer, reason="legal dispute", since=dt.date(2026, 1, 1))
    OpenComplaint.objects.create(workspace=ws, customer=customer, reference=f"{NAME} v. us", opened_at=timezone.now())
    message = OutboxMessage.objects.create(
        workspace=ws, token="t" * 32, kind="mail", address=MAIL, subject=f"Dear {NAME}", body=WORDS, body_html=WORDS,
        headers={"To": MAIL}, customer_id=customer.pk,
    )  # fmt: skip
    Delivery.objects.create(message=message, outcome=f"550 no such user {MAIL}")
    ContactLog.objects.create(
        workspace=ws, contact=contact, customer=customer, touch="survey", purpose="research", channel="mail",
        at=timezone.now(), allowed=True, detail=f"to {MAIL}", message_id=message.pk,
    )  # fmt: skip
    draft = SyncRun.objects.create(
        workspace=ws, source=run.source, table="feedback", state="draft", file_name=f"{NAME}.csv",
        options={"upload": "a" * 32, "sample": [NAME]}, warnings=[f"line 3: {MAIL}"], error=PHONE,
    )  # fmt: skip
    RejectedRow.objects.create(
        run=draft,
        line=3,
        reason="score_out_of_range",
        message=f'score "11" of {NAME}',
        row={"who": NAME, "said": WORDS},
    )
    Job.objects.create(workspace_id=ws.pk, task="exports.refresh", arguments={"who": [NAME]}, note=MAIL, error=PHONE)
    AnalysisRun.objects.create(
        workspace=ws, name="segments", params={"only": NAME}, as_of=timezone.now(), version="1", input_hash="0",
        result={"rows": [{"segment": [NAME], "answers": 1}]},
    )  # fmt: skip
    audit.record(verb="customer read", target=NAME, by=cast.access("hanna"), searched=MAIL)
    SavedView.objects.create(
        workspace=ws, user=cast.people["hanna"], page="feedback", name="hers", query="?q=Zaphira+Quillfeather"
    )
    Workspace.objects.filter(pk=ws.pk).update(allow_list=f"someone@example.com\n{MAIL}")
    upload = Path(settings.HOME) / "files" / str(ws.pk) / ("a" * 32)
    upload.mkdir(parents=True)
    (upload / "upload").write_bytes(gzip.compress(f"id;score;name\n1;11;{NAME}\n".encode("cp1252")))
    other = upload.with_name("b" * 32)
    other.mkdir()
    (other / "upload").write_text("id;score\n1;9\n")
    return Planted(customer, contact, upload)


def themes_of_hers(cast: Cast) -> None:
    """A theme named after her, quoting her, in a codebook of the engine that does too; her words on a desk."""
    ws, hanna = cast.larkspur, cast.access("hanna")
    hers = Feedback.objects.get(external_id=f"{ID}-2")
    theme = make(access=hanna, name=f"What {NAME} said", definition=f"As {MAIL} wrote")
    key = (hers.source_id, hers.external_id)
    code(access=hanna, key=key, themes=[theme.pk], digest=words_digest(hers.comment), spans={theme.pk: (4, 13)})
    quoted = {"source": hers.source_id, "external_id": hers.external_id, "start": 0, "end": 5}
    Theme.objects.filter(pk=theme.pk).update(words=["stairlift", NAME], examples=[quoted])
    CodebookVersion.objects.create(
        workspace=ws,
        number=1,
        model="test",
        book={"themes": [{"examples": [WORDS], "name": NAME}], "learned": [[WORDS, []]]},
    )
    DeskLease.objects.create(
        workspace=ws, source=hers.source, external_id=hers.external_id, user=cast.people["amara"], until=timezone.now()
    )


def in_tables() -> dict[str, list[str]]:
    """Where in the database something of her still stands, by table: what a query finds."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                text = " ".join(map(str, row))
                found.setdefault(model.__name__, []).extend(trace for trace in TRACES if trace in text)
    return {name: traces for name, traces in found.items() if traces}


def in_bytes() -> list[str]:
    """What of her stands in the pages of the SQLite database, free ones too."""
    if connection.vendor != "sqlite":
        return []
    pages: bytes = connection.connection.serialize()
    return [trace for trace in TRACES if trace.encode() in pages]


def in_files(home: Path) -> dict[str, list[str]]:
    """Where in the home folder something of her stands: in the bytes, and in the values of Parquet."""
    found: dict[str, list[str]] = {}
    for path in sorted(home.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".parquet":
                content += str(pq.read_table(path).to_pylist()).encode()
            if content.startswith(b"\x1f\x8b"):
                content = gzip.decompress(content)
            if traces := [trace for trace in TRACES if trace.encode() in content]:
                found[str(path.relative_to(home))] = traces
    return found


def answers(workspace: Any) -> list[tuple[float | None, dt.date | None]]:
    return sorted(Feedback.objects.visible(workspace).values_list("score", "local_date"))
