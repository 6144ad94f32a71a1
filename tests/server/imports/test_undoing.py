from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.server.factories import Cast, make_feedback
from tests.server.imports.bringing import begun, brought, counts
from winback.errors import UserError
from winback.server.customers.actions import record_customers
from winback.server.customers.models import Contact, ContactProfile, Customer, CustomerProfile, Departure, OptOut
from winback.server.customers.people import opt_out
from winback.server.customers.rules import NewCustomer
from winback.server.feedback.models import Feedback
from winback.server.imports import actions, tasks, undoing
from winback.server.jobs.actions import run_due
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import DirtyDay, RejectedRow, SyncRun
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
HEAD = "id,date,customer,person,score\n"


def answers(*rows: str) -> str:
    """`id:customer:score` for each."""
    lines = [f"{key},2026-10-0{place + 1},{customer},P{place},{score}\n" for place, (key, customer, score) in enumerate(row.split(":") for row in rows)]  # fmt: skip
    return HEAD + "".join(lines)


def seen(workspace: Workspace) -> dict[str, float]:
    rows = list(Feedback.objects.visible(workspace).values_list("external_id", "score"))
    assert len(rows) == len(dict(rows)), "a row is seen twice"
    return dict(rows)


def profiles(workspace: Workspace) -> dict[str, str]:
    """Customers that are seen, with their names; every one has one profile."""
    rows = list(CustomerProfile.objects.visible(workspace).values_list("customer__external_id", "name"))
    assert len(rows) == len(dict(rows)), "a customer is seen twice"
    spoken_of = set(Feedback.objects.visible(workspace).exclude(customer=None).values_list("customer__external_id", flat=True))  # fmt: skip
    assert spoken_of <= set(dict(rows)), "a customer is not seen"
    return dict(rows)


def undo(run: SyncRun) -> SyncRun:
    undoing.begin(run=run)
    run_due()
    run.refresh_from_db()
    assert run.state == "undone"
    return run


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1)])
def test_three_imports_in_a_chain_are_undone_in_any_order(cast: Cast, order: tuple[int, int, int]) -> None:
    versions = [{"a": 1.0, "b": 1.0, "c": 1.0}, {"a": 2.0, "b": 2.0, "d": 2.0}, {"a": 3.0, "d": 3.0, "e": 3.0}]
    runs = [
        brought(cast.larkspur, answers(*(f"{key}:C{key}:{score:g}" for key, score in rows.items())), scale="0-10")
        for rows in versions
    ]
    assert [counts(run) for run in runs] == [(3, 0, 0, 0), (1, 2, 0, 0), (1, 2, 0, 0)]
    assert seen(cast.larkspur) == {"a": 3.0, "b": 2.0, "c": 1.0, "d": 3.0, "e": 3.0}
    left = [0, 1, 2]
    for place in order:
        undo(runs[place])
        left.remove(place)
        wanted: dict[str, float] = {}
        for one in left:
            wanted |= versions[one]
        assert seen(cast.larkspur) == wanted
        assert set(profiles(cast.larkspur)) == {f"C{key}" for key in wanted}
    assert not Feedback.objects.exists() and not CustomerProfile.objects.exists() and not Customer.objects.exists()


def test_the_preview_counts_rows(cast: Cast) -> None:
    brought(cast.larkspur, answers("a:C1:1", "b:C1:1", "c:C2:1"), scale="0-10")
    second = brought(cast.larkspur, answers("a:C1:2", "b:C1:2", "d:C3:2"), scale="0-10")
    brought(cast.larkspur, answers("a:C1:3"), scale="0-10")
    found = undoing.preview(second)
    assert (found.new, found.back, found.later) == (1, 1, 1)


def test_the_same_file_can_come_again_after_it_was_undone(cast: Cast) -> None:
    text = answers("a:C1:1", "b:C2:9")
    undo(brought(cast.larkspur, text, scale="0-10"))
    assert counts(brought(cast.larkspur, text, scale="0-10")) == (2, 0, 0, 0)


def test_customers_known_from_answers_stay_when_their_file_is_undone(cast: Cast) -> None:
    brought(cast.larkspur, answers("a:C1:1", "b:C2:9"), scale="0-10")
    file = brought(cast.larkspur, "customer,name,parent\nC1,Ada,C9\nC3,Cy,\n", "customers.csv")
    assert profiles(cast.larkspur) == {"C1": "Ada", "C2": "", "C3": "Cy", "C9": ""}
    undo(file)
    assert profiles(cast.larkspur) == {"C1": "", "C2": ""}


def test_customers_of_undone_answers_stay_where_others_speak_of_them(cast: Cast) -> None:
    first = brought(cast.larkspur, answers("a:C1:1", "b:C2:9"), scale="0-10")
    brought(cast.larkspur, "customer,month,revenue\nC1,2026-01,10\nC1,2026-02,11\n", "periods.csv")
    undo(first)
    assert profiles(cast.larkspur) == {"C1": ""}
    assert not Customer.objects.filter(external_id="C2").exists()


def test_an_undone_file_of_contacts_takes_its_opt_outs_back(cast: Cast) -> None:
    text = "contact id,customer,name,role,opted out\nP1,C1,Ada,user,yes\nP2,C1,Bo,user,no\n"
    run = brought(cast.larkspur, text, "contacts.csv")
    assert list(OptOut.objects.values_list("contact__external_id", "origin")) == [("P1", f"import {run.pk}")]
    undo(run)
    assert not OptOut.objects.exists() and not ContactProfile.objects.exists()
    assert not Contact.objects.exists() and not Customer.objects.exists()


def test_departures_whose_end_was_corrected(cast: Cast) -> None:
    first = brought(cast.larkspur, "customer,notice date,end date\nC1,2026-01-01,2026-02-01\nC2,2026-01-05,\nC3,,2026-03-01\n", "departures.csv")  # fmt: skip
    second = brought(cast.larkspur, "customer,notice date,end date\nC1,2026-01-01,2026-02-15\nC2,2026-01-05,2026-04-01\nC3,,2026-03-01\n", "departures.csv")  # fmt: skip
    assert counts(first) == (3, 0, 0, 0) and counts(second) == (0, 2, 1, 0)
    ends = lambda: sorted(str(d) for d in Departure.objects.visible(cast.larkspur).values_list("end_date", flat=True))  # noqa: E731
    assert ends() == ["2026-02-15", "2026-03-01", "2026-04-01"]
    undo(second)
    assert ends() == ["2026-02-01", "2026-03-01", "None"]


def test_only_what_is_published_is_undone_and_not_during_an_import(cast: Cast) -> None:
    run = brought(cast.larkspur, answers("a:C1:1", "b:C2:9"), scale="0-10")
    other = begun(cast.larkspur, answers("c:C1:1"), "other.csv", scale="0-10")
    with pytest.raises(UserError, match="Only an import that is published"):
        undoing.begin(run=other)
    SyncRun.objects.filter(pk=other.pk).update(state="staging")
    with pytest.raises(UserError, match=r"other\.csv is being imported; undo this when it is done"):
        undoing.begin(run=run)
    SyncRun.objects.filter(pk=other.pk).update(state="queued")
    undoing.begin(run=run)
    assert actions.work(run=other, seconds=10) == "waiting"
    with pytest.raises(UserError, match="and only once"):
        undoing.begin(run=run)


def test_a_failed_import_is_swept(cast: Cast) -> None:
    run = begun(
        cast.larkspur, HEAD + "1,2026-10-01,C1,P1,9\n2,2026-10-02,C2,P2,99\n3,2026-10-03,C3,P3,2\n", scale="0-10"
    )
    assert actions._take_turn(run)
    assert actions._stage(run, 60, lambda done, total: None)
    assert RejectedRow.objects.count() == 1
    actions._fail(run, "The disk is full.")
    run_due()
    assert not Feedback.objects.exists() and not RejectedRow.objects.exists() and not Customer.objects.exists()
    run.refresh_from_db()
    assert run.error == "The disk is full." and run.options["swept"]


def test_an_older_answer_that_comes_back_by_two_undoings_has_its_day_exported_again(cast: Cast) -> None:
    first, second, third = (
        brought(cast.larkspur, f"{HEAD}a,2026-10-0{day},C1,P1,{day}\n", scale="0-10") for day in (1, 2, 3)
    )
    undo(second)
    undo(third)
    assert seen(cast.larkspur) == {"a": 1.0}
    days = DirtyDay.objects.filter(run=third, table="feedback").values_list("day", flat=True)
    assert dt.date(2026, 10, 1) in days and first.state == "published"


def test_what_is_written_of_a_customer_while_an_import_is_undone_is_seen_once(cast: Cast, monkeypatch: Any) -> None:
    brought(cast.larkspur, "customer,name\nC1,Ada\n", "customers.csv")
    second = brought(cast.larkspur, "customer,name\nC1,Bo\n", "customers.csv")
    undoing.begin(run=second)
    switch = undoing._switch

    def late(run: SyncRun) -> None:
        source = ensure_source(workspace=cast.larkspur, name="crm", kind="api", table="customers")
        record_customers(workspace=cast.larkspur, source=source, rows=[NewCustomer(external_id="C1", name="Cy")])
        switch(run)

    monkeypatch.setattr(undoing, "_switch", late)
    run_due()
    assert profiles(cast.larkspur) == {"C1": "Cy"}


def test_a_large_undoing_goes_in_chunks(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(undoing, "AT_ONCE", 1)
    monkeypatch.setattr(tasks, "SECONDS", 0)
    first = brought(cast.larkspur, answers("a:C1:1", "b:C2:2", "c:C3:3"), scale="0-10")
    undoing.begin(run=first)
    assert sum(job.task == "imports.undo" for job in run_due()) == 4
    assert not seen(cast.larkspur) and not profiles(cast.larkspur)


@pytest.mark.parametrize("again", ["a person", "a second import"])
def test_an_opt_out_that_was_told_twice_outlives_the_import(cast: Cast, again: str) -> None:
    text = "contact id,customer,name,role,opted out\nP1,C1,Ada,user,yes\n"
    run = brought(cast.larkspur, text, "contacts.csv")
    if again == "a person":
        opt_out(contact=Contact.objects.get(), origin="on the phone, 3 Nov")
    else:
        brought(cast.larkspur, text.replace("user", "influencer"), "contacts.csv")
    undo(run)
    assert OptOut.objects.get().origin == ("on the phone, 3 Nov" if again == "a person" else "several imports")


def test_two_notices_without_an_end_are_two(cast: Cast) -> None:
    text = "customer,notice date,end date,reason\nC1,2026-01-01,,price\nC1,2026-02-01,,service\n"
    assert counts(brought(cast.larkspur, text, "departures.csv")) == (2, 0, 0, 0)
    again = brought(cast.larkspur, f"{text}C2,2026-03-01,,moved\n", "departures.csv")
    assert counts(again) == (1, 0, 2, 0)
    notices = Departure.objects.visible(cast.larkspur).values_list("notice_date", flat=True)
    assert sorted(str(day) for day in notices) == ["2026-01-01", "2026-02-01", "2026-03-01"]


@pytest.mark.parametrize("again", [False, True])
def test_a_customer_named_by_an_answer_while_its_import_is_undone_stays_known(
    cast: Cast, monkeypatch: Any, again: bool
) -> None:
    run = brought(cast.larkspur, "customer,name\nC1,Ada\n", "customers.csv")
    undoing.begin(run=run)
    switch = undoing._switch

    def late(run: SyncRun) -> None:
        for number in range(1 + again):
            make_feedback(cast.larkspur, f"a{number}", customer="C1")
        assert profiles(cast.larkspur) == {"C1": "Ada"}
        switch(run)

    monkeypatch.setattr(undoing, "_switch", late)
    run_due()
    assert profiles(cast.larkspur) == {"C1": ""}
    assert CustomerProfile.objects.get().bare
