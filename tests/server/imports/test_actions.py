from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.server.factories import Cast
from tests.server.imports.bringing import begun, brought, counts, left_in, uploaded
from winback.errors import UserError
from winback.server.customers.actions import record_customers
from winback.server.customers.models import Customer, CustomerProfile
from winback.server.customers.rules import NewCustomer
from winback.server.feedback.models import Feedback
from winback.server.imports import actions
from winback.server.imports.asked import Asked
from winback.server.jobs.actions import run_due
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import DirtyDay, RejectedRow, Source, SyncRun
from winback.server.workspaces.models import AuditEvent

pytestmark = pytest.mark.django_db

ANSWERS = """id,date,customer,person,score,comment,region
1,2026-10-01T10:00:00Z,C1,P1,9,All is fine with us,North
2,2026-10-01T23:30:00Z,C1,P2,3,It is slow at night,North
3,2026-10-02T10:00:00Z,C2,P3,,,South
4,2026-10-03T10:00:00Z,,P4,11,What is this,South
5,2026-10-03T11:00:00Z,,P5,7,,South
"""


def test_a_file_of_answers_is_imported_whole(cast: Cast, home: Path) -> None:
    run = brought(cast.larkspur, ANSWERS, blank=("12",), scale="0-10")
    assert run.state == "published" and run.published_at is not None
    assert counts(run) == (4, 0, 0, 1) and run.read == 5 and run.staged == 4
    rows = {row.external_id: row for row in Feedback.objects.visible(cast.larkspur)}
    assert sorted(rows) == ["1", "2", "3", "5"]
    second = rows["2"]
    assert second.occurred_at == dt.datetime(2026, 10, 1, 23, 30, tzinfo=dt.UTC)
    assert second.local_date == dt.date(2026, 10, 2)  # Lisbon is an hour ahead in October
    assert (second.score, second.comment, second.respondent, second.customer.external_id) == (
        3.0,
        "It is slow at night",
        "P2",
        "C1",
    )
    assert second.attributes == {"region": "North"}
    assert rows["3"].score is None and rows["5"].customer is None
    profiles = CustomerProfile.objects.visible(cast.larkspur).order_by("customer__external_id")
    assert [(p.customer.external_id, p.bare) for p in profiles] == [("C1", True), ("C2", True)]
    rejected = RejectedRow.objects.get(run=run)
    assert rejected.line == 5 and rejected.reason == "score_out_of_range"
    assert rejected.message == 'answers.csv line 5: score "11" is outside 0-10; map it with “No answer” 11'
    assert rejected.row["comment"] == "What is this"
    assert left_in(home, cast.larkspur) == []
    days = DirtyDay.objects.filter(run=run, table="feedback").values_list("day", flat=True)
    assert sorted(map(str, days)) == ["2026-10-01", "2026-10-02", "2026-10-03"]
    told = AuditEvent.objects.get(verb="import published")
    assert (told.detail["new"], told.detail["rejected"]) == (4, 1)
    assert "slow at night" not in str(list(AuditEvent.objects.values()))


def test_nothing_is_seen_before_the_switch(cast: Cast) -> None:
    run = begun(cast.larkspur, ANSWERS, scale="0-10")
    SyncRun.objects.filter(pk=run.pk).update(state="staging")
    run.refresh_from_db()
    assert actions._stage(run, 60, lambda done, total: None)
    assert Feedback.objects.filter(run=run).count() == 4
    assert not Feedback.objects.visible(cast.larkspur).exists()
    assert not CustomerProfile.objects.visible(cast.larkspur).exists()
    actions.publish(run=run)
    assert Feedback.objects.visible(cast.larkspur).count() == 4


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    brought(cast.larkspur, ANSWERS, scale="0-10")
    again = uploaded(cast.larkspur, ANSWERS, scale="0-10")
    with pytest.raises(UserError, match=r"answers\.csv was imported on .* importing it again would change nothing"):
        actions.start(run=again)
    told = brought(cast.larkspur, ANSWERS, source="answers", scale="0-10", blank=("99",))  # read in another way
    assert counts(told) == (0, 0, 4, 1)
    assert Feedback.objects.count() == 4


def test_a_corrected_file_updates(cast: Cast) -> None:
    first = brought(cast.larkspur, ANSWERS, scale="0-10")
    corrected = (
        ANSWERS.replace("3,It is", "4,It is").replace("P4,11,", "P4,1,") + "6,2026-11-01T10:00:00Z,C3,P6,10,,North\n"
    )
    second = brought(cast.larkspur, corrected, scale="0-10")
    assert second.source == first.source
    assert counts(second) == (2, 1, 3, 0)
    seen = dict(Feedback.objects.visible(cast.larkspur).values_list("external_id", "score"))
    assert seen == {"1": 9, "2": 4, "3": None, "4": 1, "5": 7, "6": 10}
    days = DirtyDay.objects.filter(run=second, table="feedback").values_list("day", flat=True)
    assert sorted(map(str, days)) == ["2026-10-02", "2026-10-03", "2026-11-01"]


def test_rows_without_an_id_are_known_by_person_and_moment(cast: Cast) -> None:
    text = "date,person,score\n2026-10-01,P1,9\n2026-10-01,P1,3\n2026-10-01,,5\n2026-10-02,P2,9\n"
    brought(cast.larkspur, text)
    keys = sorted(Feedback.objects.values_list("external_id", flat=True))
    assert keys == ["~P1 2026-09-30 23:00:00", "~P1 2026-09-30 23:00:00 #2", "~P2 2026-10-01 23:00:00", "~line 4"]
    later = brought(cast.larkspur, text.replace("P1,3", "P1,4") + "2026-10-03,P2,8\n", "next month.csv")
    assert later.source.name == "answers" and counts(later) == (1, 1, 3, 0)


def test_rows_known_by_their_line_stay_with_their_own_file(cast: Cast) -> None:
    brought(cast.larkspur, "score,plan\n9,Home\n3,Home\n10,Pro\n")
    other = brought(cast.larkspur, "score,plan\n1,Home\n3,Home\n10,Pro\n", "others.csv")
    assert other.source.name == "others" and Feedback.objects.visible(cast.larkspur).count() == 6


def test_what_the_reader_refuses_is_said_in_its_words(cast: Cast) -> None:
    draft = uploaded(cast.larkspur, "a,b\nx,y\n")
    with pytest.raises(
        UserError, match=r"answers\.csv has no column that is plainly the score; say which with “Score”"
    ):
        actions.start(run=draft)
    picture = actions.keep(workspace=cast.larkspur, name="logo.png", pieces=[b"\x89PNG\r\n", b"123"])
    found = actions.look(run=picture, seconds=30)
    assert found is not None and found["error"].startswith("logo.png is a picture, not a table winback reads")
    cases = uploaded(cast.larkspur, "Case ID,Opened at,Root cause\n1,2026-01-01,x\n", "cases.csv")
    with pytest.raises(UserError, match="looks like cases, which are not imported"):
        actions.start(run=cases)


def test_a_corrected_mapping_is_read_anew(cast: Cast) -> None:
    draft = uploaded(cast.larkspur, "a,b\n9,x\n0,y\n")
    actions.ask(run=draft, asked=Asked("answers.csv", columns={"score": "a"}), source_name="By hand made")
    found = actions.look(run=draft, seconds=30)
    assert found is not None and found["error"] == "" and found["columns_read"]["score"] == "a"
    actions.start(run=draft)
    run_due()
    draft.refresh_from_db()
    assert (draft.state, draft.new, draft.source.name) == ("published", 2, "By hand made")
    with pytest.raises(UserError, match="has begun or has ended"):
        actions.ask(run=draft, asked=Asked("answers.csv"))


def test_scales_never_mix_in_one_source(cast: Cast) -> None:
    brought(cast.larkspur, "id,date,person,score\n1,2026-10-01,P1,9\n2,2026-10-01,P2,0\n")
    other = uploaded(
        cast.larkspur, "id,date,person,score\n3,2026-10-01,P1,5\n4,2026-10-01,P2,1\n", "stars.csv", scale="1-5"
    )
    with pytest.raises(UserError, match='The source "answers" reads scores on 0-10'):
        actions.start(run=other)
    other.options["source"] = "stars"
    actions.start(run=other)
    run_due()
    assert Source.objects.get(name="stars").scale == "1-5"


def test_money_in_another_currency_is_refused_and_a_first_one_is_taken(cast: Cast) -> None:
    text = "customer,month,revenue\nC1,2026-01,$10\nC1,2026-02,$12\n"
    with pytest.raises(UserError, match="holds money in USD, and Larkspur Broadband reckons in EUR"):
        actions.start(run=uploaded(cast.larkspur, text, "periods.csv"))
    brought(cast.merritt, text, "periods.csv")
    cast.merritt.refresh_from_db()
    assert cast.merritt.currency == "USD"


def test_two_people_with_the_same_file_at_once(cast: Cast) -> None:
    one = begun(cast.larkspur, ANSWERS, scale="0-10")
    other = uploaded(cast.larkspur, ANSWERS, "copy.csv", scale="0-10")
    with pytest.raises(UserError, match=r"is importing the same file right now \(answers\.csv\)"):
        actions.start(run=other)
    assert actions.work(run=one, seconds=60) == "done"
    other.options["source"] = "answers"
    with pytest.raises(UserError, match="would change nothing"):
        actions.start(run=other)


def test_one_import_of_a_workspace_at_a_time(cast: Cast) -> None:
    one = begun(cast.larkspur, ANSWERS, scale="0-10")
    two = begun(cast.larkspur, "id,date,person,score\n1,2026-10-01,P1,9\n2,2026-10-01,P2,0\n", "two.csv")
    elsewhere = begun(cast.merritt, ANSWERS, scale="0-10")
    assert actions.work(run=two, seconds=60) == "waiting"
    SyncRun.objects.filter(pk=one.pk).update(state="staging")
    assert actions.work(run=two, seconds=60) == "waiting"
    assert actions.work(run=elsewhere, seconds=60) == "done"
    one.refresh_from_db()
    assert actions.work(run=one, seconds=60) == "done" and actions.work(run=two, seconds=60) == "done"


def test_a_killed_import_goes_on_where_it_stood(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(f"{n},2026-10-{n % 28 + 1:02},P{n},{n % 11}\n" for n in range(2_500))
    run = begun(cast.larkspur, "id,date,person,score\n" + lines)
    assert actions.work(run=run, seconds=0) == "more"  # one piece, as if killed after it
    run = SyncRun.objects.get(pk=run.pk)
    assert run.state == "staging" and run.staged == Feedback.objects.count() == run.new == 1_000
    stale = SyncRun.objects.get(pk=run.pk)
    assert actions.work(run=run, seconds=60) == "done"
    assert Feedback.objects.visible(cast.larkspur).count() == 2_500
    assert actions.work(run=stale, seconds=60) == "done"  # taken for dead, and back again: writes nothing
    assert Feedback.objects.count() == 2_500


def test_a_cancelled_import_leaves_nothing(cast: Cast, home: Path) -> None:
    lines = "".join(f"{n},2026-10-01,C{n},{n % 11}\n" for n in range(1_500))
    run = begun(cast.larkspur, "id,date,customer,score\n" + lines)
    assert actions.work(run=run, seconds=0) == "more"
    actions.cancel(run=run)
    assert actions.work(run=run, seconds=60) == "done"
    run_due()
    assert not Feedback.objects.exists() and not CustomerProfile.objects.exists() and not Customer.objects.exists()
    assert left_in(home, cast.larkspur) == []
    with pytest.raises(UserError, match="has ended already"):
        actions.cancel(run=SyncRun.objects.get(pk=brought(cast.larkspur, ANSWERS, scale="0-10").pk))


def test_what_the_api_wrote_meanwhile_is_not_seen_beside_it(cast: Cast) -> None:
    run = begun(cast.larkspur, "customer,name,region\nC1,Ada,North\nC2,Bo,South\n", "customers.csv")
    SyncRun.objects.filter(pk=run.pk).update(state="queued")
    assert actions._take_turn(run)
    assert actions._stage(run, 60, lambda done, total: None)
    source = ensure_source(workspace=cast.larkspur, name="crm", kind="api", table="customers")
    record_customers(workspace=cast.larkspur, source=source, rows=[NewCustomer(external_id="C1", name="Adela")])
    assert CustomerProfile.objects.visible(cast.larkspur).get().name == "Adela"
    actions.publish(run=run)
    seen = CustomerProfile.objects.visible(cast.larkspur).order_by("customer__external_id")
    assert [(profile.name, profile.attributes.get("region")) for profile in seen] == [
        ("Adela", "North"),
        ("Bo", "South"),
    ]


def test_a_file_that_is_gone_fails_with_a_sentence(cast: Cast) -> None:
    run = begun(cast.larkspur, ANSWERS, scale="0-10")
    actions.files.remove(actions.folder(run))
    actions.work(run=run, seconds=1)
    run.refresh_from_db()
    assert run.state == "failed" and "no longer kept here" in run.error


def test_one_attribute_with_very_many_values(cast: Cast) -> None:
    lines = "".join(f"C{n},Name {n},Segment {n}\n" for n in range(100_000))
    run = brought(cast.larkspur, "customer,name,segment\n" + lines, "customers.csv", columns={})
    assert run.new == 100_000
    assert CustomerProfile.objects.visible(cast.larkspur).count() == 100_000
