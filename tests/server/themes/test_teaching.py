"""When codings of people are learned: at the desk at once, for all within minutes, and when somebody asks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from tests.server.factories import Cast
from tests.server.themes.worlds import REASONS, coded, guessed, said, spoken, themes
from winback.errors import UserError
from winback.server.feedback.models import Feedback
from winback.server.jobs.models import Job
from winback.server.themes import teaching
from winback.server.themes.actions import accept
from winback.server.themes.desk import take
from winback.server.themes.desk_queries import on_desk
from winback.server.themes.models import CodebookVersion, Reading, Theme
from winback.server.themes.proposing import propose_codebook
from winback.server.themes.teaching import ENOUGH, QUIET, due, read_again, read_now, since
from winback.server.themes.versions import FIRST, latest
from winback.server.workspaces.models import AuditEvent

pytestmark = pytest.mark.django_db


def begun(cast: Cast, ago: dt.timedelta = dt.timedelta(hours=1)) -> tuple[Theme, dt.datetime]:
    """A theme and a version made some time ago, and when."""
    (late,) = themes(cast, "Late")
    made_at = timezone.now() - ago
    CodebookVersion.objects.create(workspace=cast.larkspur, number=1, model="static", made_at=made_at)
    return late, made_at


def test_due_when_the_desk_is_quiet_or_enough_was_coded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    late, made_at = begun(cast)
    second = dt.timedelta(seconds=1)
    assert not due(cast.larkspur)
    coded(cast, said(cast, "a"), [late])
    at = Reading.objects.get().at
    assert since(cast.larkspur) == teaching.Taught(1, at, made_at)
    assert not due(cast.larkspur, now=at + QUIET - second)
    assert due(cast.larkspur, now=at + QUIET)
    for n in range(ENOUGH - 1):
        assert not due(cast.larkspur, now=at + second)
        coded(cast, said(cast, f"b{n}"), [late])
    now = timezone.now()
    assert due(cast.larkspur, now=now)
    CodebookVersion.objects.update(made_at=at - QUIET + 10 * second)
    assert not due(cast.larkspur, now=at), "all was read a moment ago"
    CodebookVersion.objects.update(made_at=made_at)
    guessed(said(cast, "c"), [late])
    monkeypatch.setattr(teaching, "PACE", dt.timedelta(hours=2))
    assert not due(cast.larkspur, now=now), "where much is read again, it is longer until it is"
    assert due(cast.larkspur, now=now + dt.timedelta(hours=2))


def test_a_second_reading_teaches_nothing_new(cast: Cast) -> None:
    late, _ = begun(cast)
    row = said(cast, "a")
    coded(cast, row, [late], "amara")
    Reading.objects.update(at=timezone.now() - dt.timedelta(hours=2))
    coded(cast, row, [late], "hanna")
    assert since(cast.larkspur).comments == 0


def test_a_list_made_by_hand_lacks_so_many_codings(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    coded(cast, said(cast, "a"), [late])
    assert (since(cast.larkspur).lacking, due(cast.larkspur)) == (FIRST - 1, False)
    read_again(access=cast.access("hanna"))
    assert Job.objects.get(task="themes.learn").arguments == {"workspace": cast.larkspur.pk, "least": 1}


def test_read_again_when_asked(cast: Cast, hanna: Client, amara: Client) -> None:
    late, _ = begun(cast)
    with pytest.raises(UserError, match="Nothing has been coded since"):
        read_again(access=cast.access("hanna"))
    url = "/w/larkspur/reasons/"
    assert "Read the comments again now" not in hanna.get(url).content.decode()
    coded(cast, said(cast, "a"), [late])
    page = hanna.get(url).content.decode()
    assert "Read the comments again now" in page and "1 comment was coded since" in page
    assert "Read the comments again now" not in amara.get(url).content.decode()
    assert amara.post(f"{url}read").status_code == 403
    assert hanna.post(f"{url}read").status_code == 302
    assert latest(cast.larkspur).number == 2  # type: ignore[union-attr]
    assert Job.objects.get(task="themes.assign").arguments == {"workspace": cast.larkspur.pk}
    assert AuditEvent.objects.get(verb="comments read again").detail == {"coded": 1}
    assert "Read the comments again now" not in hanna.get(url).content.decode()


def test_what_was_coded_a_minute_ago_counts_for_the_next_comment(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken(cast, "bill", "fitter", "shop")
    accept(access=cast.access("hanna"), pks=[theme.pk for theme in propose_codebook(workspace=cast.larkspur)])
    (bill,) = themes(cast, "Wrong amounts")
    new = said(cast, "new", "The bill is not what I was quoted.")
    assert read_now(new) is None, "nothing has been coded"
    for n in range(6):
        coded(cast, Feedback.objects.get(external_id=f"bill-{n}"), [bill])
    lease = take(access=cast.access("amara"), key=(new.source_id, "new"))
    told = on_desk(cast.access("amara"), lease)["suggested"]
    assert [one.theme.name for one in told] == ["Wrong amounts"] and told[0].words in new.comment
    monkeypatch.setattr(teaching, "AT_ONCE", 5)
    assert read_now(new) is None and on_desk(cast.access("amara"), lease)["suggested"] == []


def test_a_second_person_is_not_told_what_the_first_one_found(cast: Cast) -> None:
    spoken(cast, "bill", "fitter", "shop")
    propose_codebook(workspace=cast.larkspur)
    (own,) = themes(cast, "Own")
    row = Feedback.objects.get(external_id="shop-0")
    assert row.comment == REASONS["shop"][0]
    coded(cast, row, [own])
    assert own.key not in [one["theme"] for one in read_now(row) or ()]
