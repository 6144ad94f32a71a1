from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.test_driving import rated
from tests.server.insights.test_theming import world
from tests.server.insights.worlds import paid
from tests.server.themes.worlds import guessed, themes
from winback.server.feedback.models import Feedback
from winback.server.jobs.actions import enqueue
from winback.server.jobs.models import Job
from winback.server.themes.models import Theme

pytestmark = pytest.mark.django_db


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(f"/w/larkspur/{address}")
    assert answer.status_code == status, answer.content[:500]
    return re.sub(r"\s+", " ", answer.content.decode())


def test_drivers_are_shown_chosen_and_exported(cast: Cast, hanna: Client) -> None:
    assert "Import a file" in text(hanna, "drivers/")
    rated(cast)
    page = text(hanna, "drivers/")
    assert "Association, not cause" in page and "Importance against room to improve" in page
    assert re.search(r"most with (Support|Price) \(", page), "words, not names of columns"
    assert 'href="?driver=support"' in page, "price can be taken away"
    assert 'href="?driver=price&amp;driver=support&amp;driver=region"' in page
    assert "is not satisfied" in page or "are not satisfied with it" in page
    only = text(hanna, "drivers/?driver=region")
    assert "Importance against room" not in only
    assert "cannot be a driver here" in text(hanna, "drivers/?driver=ticket", 400)
    lines = hanna.get("/w/larkspur/figures/drivers.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("driver,kind,importance") and lines[1].startswith("support,rating,")


def test_themes_say_what_to_do_until_there_are_some(cast: Cast, hanna: Client) -> None:
    assert "Import a file" in text(hanna, "themes/")
    told(cast.larkspur, [answer("1", 3, comment="late")])
    fresh(cast.larkspur)
    assert "Go to Reasons" in text(hanna, "themes/")
    themes(cast, "Late")
    assert "No comment of theirs is counted under a theme" in text(hanna, "themes/")


def test_a_half_that_is_sorted_is_not_shown_as_the_whole(cast: Cast, hanna: Client, norah: Client) -> None:
    world(cast)
    assert "being sorted" not in text(hanna, "themes/")
    job = enqueue(task="themes.assign", workspace_id=cast.larkspur.pk, workspace=cast.larkspur.pk)
    assert "Comments are being sorted. Figures count" in text(hanna, "themes/")
    Job.objects.filter(pk=job.pk).update(state="running", done=4_000, total=100_000)
    assert "being sorted: 4,000 of 100,000 so far. Figures count what is sorted already." in text(hanna, "themes/")
    assert "100,000" not in text(norah, "themes/"), "how many there are elsewhere"
    Job.objects.filter(pk=job.pk).update(state="done")
    assert "being sorted" not in text(hanna, "themes/")


def test_themes_are_ranked_quoted_and_lead_to_the_customers(cast: Cast, hanna: Client, norah: Client) -> None:
    world(cast)
    page = text(hanna, "themes/")
    assert "2 themes, 4 detractors" in page and "3 of them said why" in page
    assert page.index(">Late<") < page.index(">Rude<")
    assert "−15.0" in page and "Points add up to −40.0" in page
    late = Theme.objects.get(name="Late")
    assert f"/reasons/{late.pk}/comments/" in page and "late and rude" in page
    listed = text(hanna, f"reasons/{late.pk}/comments/?band=detractor")
    assert "late and rude" in listed and "never late" not in listed
    assert "Nobody here" in text(hanna, f"reasons/{late.pk}/comments/?q=nothing")
    of_region = re.findall(rf'href="/w/larkspur/(reasons/{late.pk}/comments/[^"]*region=[^"]*)"', page)
    assert of_region, "who of a region names it is a click away"
    narrowed = text(hanna, unescape(of_region[0]))
    assert "Filters in force" in narrowed and "region: " in narrowed and "detractors" in narrowed
    assert "never late" not in text(norah, f"reasons/{late.pk}/comments/"), "it was said in the South"
    rude = text(hanna, "themes/?reason=Rude&who=all&order=share")
    assert "2 themes, 10 people" in rude and "Share of all people there" in rude
    assert '<h2 id="theme">Rude</h2>' in rude
    assert "cannot be chosen here" in text(hanna, "themes/?who=angry", 400)
    lines = hanna.get("/w/larkspur/figures/themes.csv").content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("Late,2,")


def test_words_are_quoted_from_the_window_and_from_those_asked_for(cast: Cast, hanna: Client) -> None:
    rows = [
        ("1", 2, "2026-07-01", "in July"),
        ("2", 2, "2026-09-01", "in September"),
        ("3", 10, "2026-09-02", "hardly ever"),
    ]
    told(cast.larkspur, [answer(name, score, day, comment=comment) for name, score, day, comment in rows])
    (late,) = themes(cast, "Late")
    for row in Feedback.objects.all():
        guessed(row, [late])
    fresh(cast.larkspur)
    for who, quoted in (
        ("detractor", {"in September"}),
        ("promoter", {"hardly ever"}),
        ("all", {"in September", "hardly ever"}),
    ):
        page = text(hanna, f"themes/?since=2026-08-01&until=2026-10-31&who={who}")
        assert {words for _, _, _, words in rows if words in page} == quoted
    assert "in July" in text(hanna, "themes/?last=all")


def test_what_themes_are_split_by_is_chosen_in_a_plain_form_that_keeps_the_other_choices(
    cast: Cast, hanna: Client
) -> None:
    world(cast)
    page = text(hanna, "themes/?who=all&order=share&since=2026-01-01")
    form = re.search(r'<form method="get" action="#split".*?</form>', page)
    assert form is not None
    assert re.findall(r'name="(\w+)" value="([^"]*)"', form[0]) == [
        ("since", "2026-01-01"),
        ("who", "all"),
        ("order", "share"),
    ]
    assert re.findall(r'<option value="(\w+)"( selected)?>', form[0]) == [("region", " selected")], (
        "no tiers without money"
    )
    assert re.search(r'title="North: 2 of 5, 95 % interval \d+ % to \d+ %".*?\[\d+ %, \d+ %\]', page)
    assert "import revenue or margin" in text(hanna, "themes/?by=profit_tier", 400)
    paid(cast.larkspur, [("c1", "100"), ("c2", "80"), ("c3", "60")])
    page = text(hanna, "themes/?who=all&by=profit_tier")
    assert '<option value="profit_tier" selected>Profit tier</option>' in page and "By profit tier" in page
    assert re.search(r'name="who" value="all">.*?name="since"', page), "the form of days keeps who is asked for"
    assert 'figures/themes.csv?by=profit_tier&amp;who=all"' in page
    lines = hanna.get("/w/larkspur/figures/themes.csv?who=all&by=region").content.decode("utf-8-sig").splitlines()
    assert "share in North,low in North,high in North" in lines[0]


def test_how_much_has_been_heard_stands_beside_the_themes(cast: Cast, hanna: Client) -> None:
    rows = [answer(f"F{n}", 2, comment="x", attributes={"region": "North" if n % 2 else "South"}) for n in range(12)]
    told(cast.larkspur, rows)
    late, rude, slow = themes(cast, "Late", "Rude", "Slow")
    for row in Feedback.objects.filter(comment="x"):
        n = int(row.external_id[1:])
        guessed(row, [late] if n < 8 else [rude] if n < 11 else [slow])
    fresh(cast.larkspur)
    page = text(hanna, "themes/")
    assert "How much have we heard?" in page and "the latest 12 answers with words" in page
    assert "You have heard about" in page and "20 more answers" in page
    assert "of the reasons in the codebook" in page and "12 comments coded by the model" in page
    assert '<th scope="col" class="num">Elsewhere</th>' in page and "named by nobody yet" in page
    line = text(hanna, "themes/heard")
    assert line.startswith('<p class="small muted"') and "You have heard about" in line and "/themes/#heard" in line
    assert "of the reasons in the codebook" in line and "0 of the 12 fit no reason in it" in line
    assert "/w/larkspur/themes/heard" in text(hanna, "reasons/") and "/w/larkspur/themes/heard" in text(hanna, "desk/")


def test_where_too_few_spoke_nothing_is_said_of_how_much_was_heard(cast: Cast, hanna: Client) -> None:
    assert text(hanna, "themes/heard").strip() == ""
