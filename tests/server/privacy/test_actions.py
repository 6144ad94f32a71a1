from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from tests.server.factories import Cast, make_customer, make_feedback
from tests.server.privacy.planted import ID, MAIL, NAME, PERSON, WORDS, answers, in_bytes, in_files, in_tables, plant
from tests.server.themes.worlds import coded, said, themes
from winback.errors import UserError
from winback.server import journal
from winback.server.customers.models import (
    ContactLog,
    ContactProfile,
    Customer,
    CustomerPeriod,
    CustomerProfile,
    OptOut,
)
from winback.server.exports.actions import refresh
from winback.server.exports.queries import holding
from winback.server.feedback.models import Feedback
from winback.server.outbox.models import OutboxMessage, WebhookTarget
from winback.server.privacy import actions
from winback.server.privacy.models import AccessExport, Erasure
from winback.server.privacy.queries import SLICES, person_of
from winback.server.redaction import Person
from winback.server.sources.models import RejectedRow, SyncRun
from winback.server.themes import personal as of_themes
from winback.server.themes.models import Reading, Theme
from winback.server.workspaces.models import AuditEvent, Workspace

pytestmark = pytest.mark.django_db


@dataclass
class Meanwhile:
    """Stands among the slices: what somebody else writes of the customer while they are gone through."""

    workspace: Workspace

    def erase(self, *, person: Person) -> dict[str, int]:
        make_feedback(self.workspace, "in between", 1, customer="C-1000", respondent="Ann Zoë", comment="it is Ann Zoë")
        make_customer(self.workspace, "C-1000", name="Ann Zoë")
        return {}


def test_what_is_written_of_somebody_who_is_being_erased_goes_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = make_customer(cast.larkspur, "C-1000", name="Ann Zoë")
    make_feedback(cast.larkspur, "before", 2, customer="C-1000", comment="late")
    *others, last = SLICES
    monkeypatch.setattr(actions, "SLICES", (*others, Meanwhile(cast.larkspur), last))
    erasure = actions.erase_customer(customer=ann)
    assert erasure.counts["answers"] == 2
    rows = Feedback.objects.order_by("id").values_list("comment", flat=True)
    assert list(rows) == ["", ""]
    assert not CustomerProfile.objects.exclude(name="").exists()
    assert [one.external_id[:7] for one in Customer.objects.all()] == ["erased-"]


@dataclass
class Coding:
    """Stands among the slices: a colleague who codes what the customer said while they are gone through."""

    cast: Cast
    row: Feedback
    chosen: Theme

    def erase(self, *, person: Person) -> dict[str, int]:
        coded(self.cast, self.row, [self.chosen])
        said(self.cast, "in between", customer="C-1000")
        coded(self.cast, said(self.cast, "in between", customer="C-1000"), [self.chosen])
        return {}


@pytest.mark.parametrize("before", [True, False])
def test_what_is_coded_of_somebody_who_is_being_erased_goes_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    (late,) = themes(cast, "Late")
    ann = make_customer(cast.larkspur, "C-1000", name="Ann Zoë")
    row = said(cast, "F-1", customer="C-1000")
    if before:
        coded(cast, row, [late], "ingrid")
    at = SLICES.index(of_themes) + 1
    monkeypatch.setattr(actions, "SLICES", (*SLICES[:at], Coding(cast, row, late), *SLICES[at:]))
    actions.erase_customer(customer=ann)
    readings = Reading.objects.order_by("external_id")
    assert [one.external_id.startswith("erased-") for one in readings] == [True, True]
    assert {one.external_id for one in readings} == set(Feedback.objects.values_list("external_id", flat=True))
    assert {(coding.theme, coding.start) for one in readings for coding in one.codings.all()} == {(late, None)}


def test_of_an_erased_customer_nothing_is_left_but_counts(cast: Cast, home: Path) -> None:
    planted = plant(cast)
    ws = cast.larkspur
    refresh(workspace=ws)
    before = answers(ws)
    assert set(in_bytes()) >= {NAME, MAIL, WORDS} or connection.vendor != "sqlite"
    assert {"Customer", "CustomerProfile", "ContactProfile", "Feedback", "Job", "RejectedRow"} <= set(in_tables())
    assert (
        any(name.startswith("warehouse/") for name in in_files(home))
        and in_files(home)[f"files/{ws.pk}/{'a' * 32}/upload"]
    )

    erasure = actions.erase_customer(customer=planted.customer, by=cast.access("ingrid"))
    actions.finish(erasure=erasure)

    assert in_tables() == {}
    assert in_bytes() == []
    assert in_files(home) == {}
    assert erasure.done_at is not None
    assert {k: v for k, v in erasure.counts.items() if v} == {
        "answers": 2, "rejected rows": 1, "uploads": 1, "messages": 1, "jobs": 1, "analyses": 1, "people": 1, "touches": 1,
        "complaints": 1, "departures": 1, "invitations": 2, "profiles": 1, "audit": 1, "saved views": 1,
        "readings of comments": 1, "quotations in the codebook": 1,
    }  # fmt: skip
    # counts stay
    assert answers(ws) == before
    assert Reading.objects.filter(stands=True, codings__isnull=False).count() == 1
    held = holding(cast.access("hanna"))
    assert held is not None and held.sort.answers == len(before) == 10
    left = Customer.objects.get(pk=planted.customer.pk)
    assert left.erased_at is not None and CustomerPeriod.objects.filter(customer=left).count() == 1
    assert ContactLog.objects.filter(customer=left, allowed=True).count() == 1
    hers = Feedback.objects.filter(customer=left)
    assert {row.respondent for row in hers} == {f"{left.external_id}"} and len({row.external_id for row in hers}) == 2
    # what many share stays, what only she had goes
    assert CustomerProfile.objects.get(customer=left).attributes == {"plan": "Fibre"}
    assert {str(row.attributes) for row in hers} == {"{'plan': 'Fibre'}", "{}"}
    assert OutboxMessage.objects.get().state == "withdrawn"
    assert not planted.upload.exists() and planted.upload.with_name("b" * 32).exists()
    assert SyncRun.objects.get(live=False).state == "failed"
    assert RejectedRow.objects.get().reason == "score_out_of_range"
    assert Workspace.objects.get(pk=ws.pk).allow_list == "someone@example.com"
    event = AuditEvent.objects.get(verb="person erased")
    assert event.by == cast.people["ingrid"] and event.target == erasure.digest[:12]
    with pytest.raises(UserError, match="already"):
        actions.erase_customer(customer=left)


def test_one_person_goes_and_the_customer_stays(cast: Cast) -> None:
    planted = plant(cast)
    make_feedback(cast.larkspur, "F-other", 9, customer=ID, respondent="another", comment="all well")
    actions.erase_contact(contact=planted.contact)
    left = Customer.objects.get(pk=planted.customer.pk)
    assert left.external_id == ID and left.erased_at is None
    assert ContactProfile.objects.get(contact=planted.contact).customer == left
    assert set(Feedback.objects.filter(customer=left).values_list("comment", flat=True)) == {"", "all well"}
    assert not {MAIL, PERSON, WORDS} & {
        trace for traces in in_tables().values() for trace in traces if trace in (MAIL, PERSON)
    }


def test_a_restored_backup_is_erased_again(cast: Cast, home: Path) -> None:
    planted = plant(cast)
    actions.erase_customer(customer=planted.customer)
    # as if a backup of yesterday had been restored
    Customer.objects.filter(pk=planted.customer.pk).update(external_id=ID, erased_at=None)
    CustomerProfile.objects.filter(customer=planted.customer).update(name=NAME)
    Erasure.objects.all().delete()
    assert actions.replay_journal() == 1
    assert in_tables() == {}
    assert Erasure.objects.get().by is None
    assert actions.replay_journal() == 0
    # who comes back afterwards is not meant
    make_customer(cast.larkspur, ID, name="Somebody new")
    assert actions.replay_journal() == 0
    assert Customer.objects.filter(external_id=ID).exists()


def test_an_erasure_that_a_crash_cut_short_is_ended_later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = plant(cast)

    def dies(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(actions, "_erase", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.erase_customer(customer=planted.customer)
    monkeypatch.undo()
    assert Customer.objects.get(pk=planted.customer.pk).external_id == ID
    assert actions.replay_journal() == 1
    assert in_tables() == {}


def test_the_journal_names_nobody_and_is_of_no_use_without_its_key(cast: Cast) -> None:
    planted = plant(cast)
    actions.erase_customer(customer=planted.customer)
    text = journal.path().read_text()
    assert ID not in text and NAME not in text
    (line,) = journal.lines()
    assert line.kind == "customer" and line.workspace == cast.larkspur.pk and len(line.digest) == 64
    assert journal.path().stat().st_mode & 0o077 == 0


def test_another_workspace_s_customer_of_the_same_id_stays(cast: Cast) -> None:
    planted = plant(cast)
    make_customer(cast.merritt, ID, name=NAME)
    actions.erase_customer(customer=planted.customer)
    assert set(in_tables()) == {"Customer", "CustomerProfile"}
    assert Customer.objects.get(external_id=ID).workspace == cast.merritt


def test_a_copy_holds_everything_and_is_audited(cast: Cast) -> None:
    planted = plant(cast)
    found = actions.hand_out(
        person=person_of(planted.customer), external_id=ID, kind="customer", format_="json", by=cast.access("hanna")
    )
    assert {kind: len(rows) for kind, rows in found.items()} == {
        "customers": 1, "people": 1, "answers": 2, "months": 1, "departures": 1, "analyses": 1, "audit": 1, "bases": 1,
        "complaints": 1, "invitations": 2, "jobs": 1, "messages": 1, "reasons to leave alone": 1, "refusals": 1, "rejected rows": 1,
        "touches": 1, "uploads": 1, "themes of answers": 1,
    }  # fmt: skip
    assert found["people"][0]["e-mail"] == MAIL and WORDS in found["answers"][0]["comment"]
    copy = AccessExport.objects.get()
    assert copy.by == cast.people["hanna"] and copy.format == "json"
    assert AuditEvent.objects.filter(verb="personal data exported").count() == 1


def test_an_objection_bars_research_and_marketing(cast: Cast) -> None:
    planted = plant(cast)
    assert (
        actions.object_to(contacts=[planted.contact], purposes=("research", "marketing"), by=cast.access("amara")) == 1
    )
    assert set(OptOut.objects.values_list("purpose", "channel")) >= {("research", ""), ("marketing", "")}


def test_rules_forget_what_is_older(cast: Cast) -> None:
    planted = plant(cast)
    ws = cast.larkspur
    by = cast.access("ingrid")
    for what in ("comments", "touches", "messages", "rejected rows", "audit"):
        actions.set_rule(what=what, days="30", by=by)
    assert actions.apply_rules(workspace=ws) == {"comments": 1}
    assert Feedback.objects.get(local_date=dt.date(2026, 10, 1)).comment == ""
    old = timezone.now() - dt.timedelta(days=31)
    ContactLog.objects.update(at=old)
    OutboxMessage.objects.update(created_at=old, state="sent", sent_at=old)
    SyncRun.objects.filter(live=False).update(created_at=old)
    AuditEvent.objects.filter(workspace=ws, target=NAME).update(at=old)
    assert actions.apply_rules(workspace=ws) == {"touches": 1, "messages": 1, "rejected rows": 1, "audit": 1}
    assert actions.apply_rules(workspace=ws) == {}
    assert planted.upload.exists()
    actions.set_rule(what="comments", days="", by=by)
    with pytest.raises(UserError, match="no number of days"):
        actions.set_rule(what="comments", days="soon", by=by)
    with pytest.raises(UserError, match="nothing a rule"):
        actions.set_rule(what="everything", days="3", by=by)


def test_webhooks_hear_that_somebody_was_erased_once_and_never_who(cast: Cast) -> None:
    WebhookTarget.objects.create(workspace=cast.larkspur, url="https://example.com/hooks", secret="whsec_YQ==")
    erasure = actions.erase_customer(customer=make_customer(cast.larkspur, "CUST-77", name="Zaphira"))
    actions.finish(erasure=erasure)
    actions.finish(erasure=erasure)
    (told,) = OutboxMessage.objects.filter(subject="erasure.done")
    data = json.loads(told.body)["data"]
    assert data["erasure"] == erasure.pk and data["counts"]["profiles"] == 1
    assert "CUST-77" not in told.body and "Zaphira" not in told.body
