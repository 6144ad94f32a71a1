"""The pages of flare-ups: what stands on them, what their forms do, and that more alarms ask no more questions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from tests.server.watch.worlds import NOW, an_alarm, burning
from winback.server.jobs.models import Job
from winback.server.watch import actions, planning, telling
from winback.server.watch.models import Alarm, SegmentOwner, TellingChoice, Watch, WatchPlan
from winback.server.workspaces.models import AuditEvent, Membership
from winback.server.workspaces.reads import flush_reads

pytestmark = pytest.mark.django_db
PAGE = "/w/larkspur/flareups/"


def body(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def post(client: Client, address: str, **said: Any) -> Any:
    return client.post(PAGE + address, said, follow=True)


def test_a_fire_from_the_answers_to_the_page(cast: Cast, hanna: Client) -> None:
    assert "No answers yet" in body(hanna)
    burning(cast.larkspur)
    assert "Not looked at yet" in body(hanna)
    actions.watch_now(workspace=cast.larkspur, now=NOW)
    (alarm,) = Alarm.objects.all()
    page = body(hanna)
    assert "4 times as many detractors in North · A" in page and "34 of 40 answers are detractors’" in page
    assert "nobody has it yet" in page and f'data-chart="flare-{alarm.pk}"' in page
    assert "region=North&amp;plan=A&amp;since=2026-09-14&amp;until=2026-09-27" in page
    one = body(hanna, f"{PAGE}{alarm.pk}/")
    for words in ("It is exactly North · A", "34 of 40", "nobody came to the appointment", "The watch found it"):
        assert words in one, words
    assert "Figures as of" in page and "The same as a table" in one


def test_nothing_burns_says_what_was_watched_and_what_could_be_missed(cast: Cast, rafael: Client) -> None:
    burning(cast.larkspur, until_hot=0)
    actions.watch_now(workspace=cast.larkspur, now=NOW)
    page = body(rafael)
    assert "Nothing is burning" in page and "9 segments watched by the week" in page
    watched = body(rafael, f"{PAGE}watched/")
    assert "North · A" in watched and "Everybody" in watched and "Smallest rise seen" in watched
    assert "Who is told" not in page and "Look now" not in page


@pytest.mark.parametrize(("weeks", "more"), [(1, "8 weeks"), (5, "4 weeks"), (8, "1 week")])
def test_too_little_history_says_how_many_weeks_more(cast: Cast, rafael: Client, weeks: int, more: str) -> None:
    burning(cast.larkspur, weeks=weeks)
    actions.watch_now(workspace=cast.larkspur, now=NOW)
    page = body(rafael)
    assert "Too little history" in page and f"About {more} more." in page


def test_no_dates_and_own_cases(cast: Cast, hanna: Client) -> None:
    Watch.objects.create(
        workspace=cast.larkspur, sort="all", title="All", measure="detractors", version="v", trouble="no dates"
    )
    assert "No dates, so nothing can rise" in body(hanna)
    assert "no dates" in body(hanna, f"{PAGE}watched/")
    Membership.objects.filter(user=cast.people["hanna"]).update(scope={"own": True})
    assert "Nothing to show for your part" in body(hanna)


def test_a_viewer_sees_a_member_takes_on_a_manager_dismisses(cast: Cast) -> None:
    alarm = an_alarm(cast.larkspur, region="North")
    rafael, amara, hanna = (cast.client(name) for name in ("rafael", "amara", "hanna"))
    page = body(rafael, f"{PAGE}{alarm.pk}/")
    assert "I have it" not in page and "Dismiss" not in page and "Add a note" not in page
    page = body(amara, f"{PAGE}{alarm.pk}/")
    assert "I have it" in page and "Snooze…" in page and "Dismiss…" not in page
    assert "Give to…" in body(hanna, f"{PAGE}{alarm.pk}/")
    done = post(amara, f"{alarm.pk}/take", seen=0, note="on it").content.decode()
    assert "You have it." in done and "Amara Diallo has it" in done and "on it" in done
    late = post(hanna, f"{alarm.pk}/dismiss", seen=0, reason="chance")
    assert late.status_code == 400 and "Meanwhile Amara Diallo took it on" in late.content.decode()
    assert (
        "Dismissed."
        in post(hanna, f"{alarm.pk}/dismiss", seen=1, reason="known cause", note="the strike").content.decode()
    )
    assert "Undone." in post(hanna, f"{alarm.pk}/undo", seen=2).content.decode()
    assert (
        "It is theirs now" in post(hanna, f"{alarm.pk}/assign", seen=3, email="norah@larkspur.example").content.decode()
    )
    assert (
        "comes back"
        in post(
            amara, f"{alarm.pk}/snooze", seen=4, until=str(planning.today_in(cast.larkspur) + dt.timedelta(days=7))
        ).content.decode()
    )
    assert "judged" in post(amara, f"{alarm.pk}/judge", seen=5, verdict="real").content.decode()
    assert "two vans" in post(amara, f"{alarm.pk}/note", note="two vans").content.decode()
    alarm.refresh_from_db()
    assert (alarm.state, alarm.verdict, alarm.changes, alarm.assigned_to) == (
        "snoozed",
        "real",
        6,
        cast.people["norah"],
    )
    for address, said in (
        ("snooze", {"until": "soon"}),
        ("judge", {"verdict": "?"}),
        ("note", {"note": ""}),
        ("take", {"seen": 1}),
    ):
        assert post(amara, f"{alarm.pk}/{address}", **said).status_code == 400, address


def test_what_was_and_how_many_proved_real(cast: Cast, rafael: Client) -> None:
    over = {
        "state": "ended",
        "ended_at": dt.datetime(2026, 10, 1, tzinfo=dt.UTC),
        "ending": "cooled",
        "verdict": "real",
    }
    assert "No history yet" in body(rafael, f"{PAGE}past/") and "Nobody has said yet" in body(rafael, f"{PAGE}past/")
    alarm = an_alarm(cast.larkspur, region="North", more=over)
    an_alarm(cast.larkspur, region="South", more={"state": "dismissed", "reason": "wrong data", "verdict": "not real"})
    page = body(rafael, f"{PAGE}past/")
    assert "50 %" in page and "likely between 9 % and 91 %" in page
    assert "What came after it is as it always was" in page and "dismissed: the data are wrong" in page
    assert "It is over." in body(rafael, f"{PAGE}{alarm.pk}/")


def test_who_is_told_and_what_is_watched(cast: Cast, hanna: Client, amara: Client) -> None:
    page = body(hanna, f"{PAGE}who/")
    assert "No segment has an owner" in page and "a rise of the share of detractors" in page
    said = post(hanna, "who/", attribute="region", value="North", email="norah@larkspur.example").content.decode()
    assert "Alarms of region North go to Norah North." in said
    owner = SegmentOwner.objects.get()
    post(hanna, "who/", remove=owner.pk)
    assert not SegmentOwner.objects.exists()
    assert "looked at anew" in post(hanna, "who/", measure=["detractors", "silence"], every="day").content.decode()
    assert WatchPlan.objects.get().every == "day"
    assert post(hanna, "who/", every="day").status_code == 400
    post(amara, "tell", how="digest")
    assert TellingChoice.objects.get().user == cast.people["amara"]
    assert "Tell me once a day" in body(amara)
    assert "It is being looked at" in post(hanna, "look").content.decode()
    assert Job.objects.filter(task="watch.run").count() == 1


def test_the_same_boat_and_its_file(cast: Cast, amara: Client, rafael: Client) -> None:
    alarm = an_alarm(cast.larkspur, region="North")
    assert "Nobody is left" in body(rafael, f"{PAGE}{alarm.pk}/same-boat/")
    make_customer(cast.larkspur, "C-1", name="=Brogan Motors", attributes={"region": "North"})
    make_contact(cast.larkspur, "P-1", customer="C-1", name="Ann", email="ann@example.com")
    make_customer(cast.larkspur, "C-2", name="Hazel Ltd", attributes={"region": "North"})
    page = body(rafael, f"{PAGE}{alarm.pk}/same-boat/")
    assert "2 customers" in page and "Brogan Motors" in page and "by mail" in page and "Nobody is known there." in page
    assert "Export" not in page and "ann@example.com" not in page
    assert "<b>2 customers</b> had the same exposure" in body(rafael, f"{PAGE}{alarm.pk}/")
    answer = amara.get(f"{PAGE}{alarm.pk}/same-boat.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines()[1] == "C-1,'=Brogan Motors,,Ann,yes,mail,ann@example.com,"
    flush_reads()
    assert AuditEvent.objects.filter(verb="same boat exported", by=cast.people["amara"]).count() == 1
    assert AuditEvent.objects.filter(verb="personal data read", target=f"flare-up {alarm.pk}: same boat").exists()


def test_the_list_goes_on(cast: Cast, rafael: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winback.server.watch.views.PAGE", 2)
    alarm = an_alarm(cast.larkspur, region="North")
    for i in range(3):
        make_customer(cast.larkspur, f"C-{i}", name=f"Company {i}", attributes={"region": "North"})
    first = body(rafael, f"{PAGE}{alarm.pk}/same-boat/")
    assert "Company 0" in first and "Company 2" not in first
    last = first.split('href="?after=')[1].split('"')[0]
    assert "Company 2" in body(rafael, f"{PAGE}{alarm.pk}/same-boat/?after={last}")


@pytest.mark.parametrize("address", ["", "past/"])
def test_more_alarms_ask_no_more_questions(cast: Cast, rafael: Client, address: str) -> None:
    more = (
        {"state": "ended", "ended_at": dt.datetime(2026, 10, 1, tzinfo=dt.UTC)} if address else {"revenue": Decimal(5)}
    )
    an_alarm(cast.larkspur, region="North", more=more)
    body(rafael, PAGE + address)
    with CaptureQueriesContext(connection) as one:
        body(rafael, PAGE + address)
    for region in ("South", "East"):
        an_alarm(
            cast.larkspur,
            region=region,
            more=more | {"assigned_to": cast.people["amara"], "owner": cast.people["hanna"]},
        )
    with CaptureQueriesContext(connection) as three:
        assert body(rafael, PAGE + address).count("as many detractors in") >= 3
    assert len(three) <= len(one)


def test_more_answers_behind_one_ask_no_more_questions(cast: Cast, rafael: Client) -> None:
    alarm = an_alarm(cast.larkspur, region="North")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            body(rafael, f"{PAGE}{alarm.pk}/")
        return len(queries)

    for count in (1, 3):
        make_customer(cast.larkspur, f"C-{count}", attributes={"region": "North"})
        at = dt.datetime(2026, 9, 10, 12, tzinfo=dt.UTC)
        for i in range(count):
            make_feedback(cast.larkspur, f"F{count}-{i}", customer=f"C-{count}", comment="late again", occurred_at=at)
        alarm.events.create(verb="noted", by=cast.people["amara"], note=str(count))
        if count == 1:
            asked()
            one = asked()
    assert asked() <= one


def test_who_has_a_scope_sees_and_hears_nothing_of_what_lies_outside_it(cast: Cast) -> None:
    burning(cast.larkspur)
    wide = an_alarm(cast.larkspur, plan="A", more={"revenue": Decimal(900), "title": "Plan A everywhere"})
    south = an_alarm(cast.larkspur, region="South", more={"revenue": Decimal(900)})
    over = {"state": "ended", "ended_at": NOW, "ending": "cooled"}
    an_alarm(cast.larkspur, region="South", plan="B", more=over)
    hers = an_alarm(cast.larkspur, region="North", more={"beside": wide.pk})
    Watch.objects.create(
        workspace=cast.larkspur, sort="all.0-10", title="All", measure="detractors", version="v", as_of=NOW, segments=2,
        listed=[[["region"], ["South"], 40.0, 2.0, 0.2, None], [["region"], ["North"], 40.0, 2.0, 0.2, None]],
    )  # fmt: skip
    make_customer(cast.larkspur, "C-N", name="Northern Dairy", attributes={"region": "North"})
    make_customer(cast.larkspur, "C-S", name="Southern Dairy", attributes={"region": "South"})
    norah = cast.client("norah")
    for address in (
        PAGE,
        f"{PAGE}past/",
        f"{PAGE}watched/",
        "/w/larkspur/pulse/",
        "/w/larkspur/month/",
        f"{PAGE}{hers.pk}/",
    ):
        page = body(norah, address)
        assert "South" not in page and "detractors in A" not in page, address
    assert "in North" in body(norah) and "in North" in body(norah, "/w/larkspur/pulse/")
    boat = body(norah, f"{PAGE}{hers.pk}/same-boat/")
    assert "Northern Dairy" in boat and "Southern Dairy" not in boat
    Membership.objects.filter(user=cast.people["norah"]).update(role="manager")
    for alarm in (wide, south):
        assert norah.get(f"{PAGE}{alarm.pk}/").status_code == 404
        for verb in ("take", "dismiss", "assign", "snooze", "judge", "note", "undo"):
            assert norah.post(f"{PAGE}{alarm.pk}/{verb}", {"seen": 0}).status_code == 404, verb
        for rest in ("same-boat/", "same-boat.csv"):
            assert norah.get(f"{PAGE}{alarm.pk}/{rest}").status_code == 404, rest
        everybody = [person.pk for person in cast.people.values()]
        assert cast.people["norah"] not in telling.people_for(alarm, everybody)
    assert cast.people["norah"] in telling.people_for(hers, [])
    telling.choose(by=cast.access("norah"), how="digest")
    telling.tell(alarm=hers, owners=[cast.people["norah"].pk], today=NOW.date())
    Membership.objects.filter(user=cast.people["norah"]).update(scope={"segments": {"region": ["West"]}})
    actions.finish(workspace=cast.larkspur, version="v", now=NOW)
    assert telling.digest(workspace=cast.larkspur, now=NOW) == 0, "her scope is another by now"
