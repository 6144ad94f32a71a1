from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.imports.bringing import brought
from tests.server.insights.worlds import invited, paid, year
from winback.server.workspaces.models import AuditEvent, Membership, SavedView

pytestmark = pytest.mark.django_db
PAGES = ("month", "pulse", "segments", "profit", "journey", "readiness")


def text(client: Client, address: str, status: int = 200) -> str:
    answer_ = client.get(f"/w/larkspur/{address}")
    assert answer_.status_code == status, answer_.content[:500]
    return re.sub(r"\s+", " ", answer_.content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_page_says_what_to_do_next(hanna: Client, page: str) -> None:
    assert "Import a file" in text(hanna, f"{page}/")


def test_a_viewer_is_told_who_can_import(rafael: Client) -> None:
    assert "A member of Larkspur Broadband can import them." in text(rafael, "pulse/")


def test_answers_not_counted_yet(cast: Cast, hanna: Client) -> None:
    told(cast.larkspur, [answer("1", 9)])
    assert "Your answers are being counted" in text(hanna, "pulse/")


def test_every_page_shows_its_figures(cast: Cast, hanna: Client) -> None:
    year(cast.larkspur, touchpoint="bill", journey_stage="using")
    paid(cast.larkspur, [(f"c-{region}-{i}", str(100 * (i + 1))) for region in ("North", "South") for i in range(12)])
    invited(cast.larkspur, ["c-North-1", "c-North-2", "c-South-1", "c-South-2"], answered=3)
    pulse = text(hanna, "pulse/")
    assert "75 % of those asked answered" in pulse and "4 asked, 1 silent" in pulse
    assert "24 customers, each once, by the latest answer" in pulse and "By revenue" in pulse
    assert '<span class="score" data-figure="nps" data-v="0">0</span>' in pulse and "72 answers" in pulse
    assert "The score is lower than before" in pulse and "Revenue from detractors" in pulse
    assert "Figures as of" in pulse and 'href="/w/larkspur/feedback/?since=2025-08-01&amp;until=2025-10-31"' in pulse
    segments = text(hanna, "segments/?by=region")
    assert 'href="/w/larkspur/feedback/?region=North&amp;since=2025-08-01&amp;until=2025-10-31"' in segments
    assert segments.index(">North</a>") < segments.index(">South</a>")
    turned = text(hanna, "segments/?by=region&rank=money&last=all")
    assert "Money from detractors" in turned
    assert "Are your most profitable customers promoters?" in text(hanna, "profit/")
    assert "Every stage is heard" in text(hanna, "journey/")
    assert "answered in Oct 2025" in text(hanna, "month/") and "Aug 2025" in text(hanna, "month/?month=2025-08")
    assert "Opens with:" in text(hanna, "readiness/")
    for page in PAGES:
        assert " style=" not in text(hanna, f"{page}/") and " onclick=" not in text(hanna, f"{page}/")


def test_a_tier_leads_to_its_customers(cast: Cast, hanna: Client) -> None:
    year(cast.larkspur)
    text(hanna, "profit/tier/1/", status=404)
    paid(cast.larkspur, [(f"c-North-{i}", str(100 * (i + 1))) for i in range(12)])
    assert '/w/larkspur/profit/tier/1/?"' in text(hanna, "profit/")
    best = text(hanna, "profit/tier/1/")
    assert "Tier 1 (most profitable)" in best and best.index(">c-North-11</a>") < best.index(">c-North-10</a>")
    assert "Nobody here" in text(hanna, "profit/tier/5/?band=promoter")
    text(hanna, "profit/tier/7/", status=404)
    text(hanna, "profit/tier/1/?band=angry", status=404)


def test_money_alone_for_a_partial_update(cast: Cast, hanna: Client) -> None:
    year(cast.larkspur)
    found = hanna.get("/w/larkspur/pulse/?money=now", headers={"HX-Request": "true"}).content.decode()
    assert found.startswith('<div id="money-part">') and "<html" not in found


def test_nothing_in_the_window_offers_a_way_out(cast: Cast, hanna: Client) -> None:
    year(cast.larkspur)
    found = text(hanna, "segments/?region=North&since=2020-01-01&until=2020-12-31")
    assert "No answers here" in found and "region: North" in found and 'href="?last=all&amp;region=North"' in found


def test_what_is_wrong_in_an_address_is_a_sentence(cast: Cast, hanna: Client) -> None:
    year(cast.larkspur)
    assert "There is no attribute &quot;shoes&quot; here; there are region, plan" in text(
        hanna, "segments/?by=shoes", 400
    )


def test_a_scope_holds_on_every_page(cast: Cast, norah: Client) -> None:
    year(cast.larkspur)
    assert "36 answers" in text(norah, "pulse/") and ">South<" not in text(norah, "segments/?by=region")
    assert "South" not in text(norah, "figures/segments.csv?by=region&last=all")


def test_exports_are_files_and_in_the_audit(cast: Cast, rafael: Client) -> None:
    year(cast.larkspur)
    answer_ = rafael.get("/w/larkspur/figures/segments.csv?by=region")
    assert answer_["Content-Disposition"] == 'attachment; filename="larkspur-segments.csv"'
    assert answer_["Content-Type"] == "text/csv; charset=utf-8" and answer_.content.startswith(
        "\ufeffregion,answers".encode()
    )
    assert AuditEvent.objects.filter(verb="figures exported", target="segments.csv").count() == 1
    text(rafael, "figures/luck.csv", 404)
    text(rafael, "figures/pulse.exe", 404)


def test_nothing_to_export(hanna: Client) -> None:
    assert "import answers first" in text(hanna, "figures/pulse.csv", 400)


def test_a_view_is_saved_opened_and_taken_away(cast: Cast, hanna: Client, amara: Client) -> None:
    year(cast.larkspur)
    kept = hanna.post("/w/larkspur/segments/views/", {"name": "By plan", "query": "by=plan", "shared": "1"})
    assert kept["Location"] == "/w/larkspur/segments/?by=plan"
    assert "By plan" in text(amara, "segments/")
    view = SavedView.objects.get()
    assert amara.post(f"/w/larkspur/segments/views/{view.pk}/delete/").status_code == 404
    hanna.post(f"/w/larkspur/segments/views/{view.pk}/delete/", {"query": "by=plan"})
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_no_page_runs_a_query_a_row(
    cast: Cast, hanna: Client, page: str, django_assert_max_num_queries: object
) -> None:
    year(cast.larkspur, touchpoint="bill")
    text(hanna, f"{page}/")
    with django_assert_max_num_queries(25):  # type: ignore[operator]  # a fixture of pytest-django
        text(hanna, f"{page}/")


def test_who_sees_own_cases_only_still_has_a_start_page(cast: Cast, norah: Client) -> None:
    year(cast.larkspur)
    Membership.objects.filter(user=cast.people["norah"]).update(scope={"own": True})
    found = text(norah, "month/")
    assert "Due and late" in found and "answered in" not in found
    assert "Figures are not in your part" in found and "Figures are not in your part" in text(norah, "pulse/")


def test_twenty_thousand_values_of_one_attribute(cast: Cast, hanna: Client) -> None:
    """From the file to the page, which says what it does not show; `bench/values.py` takes 100,000."""
    rows = "".join(f"2026-0{1 + n % 9}-05,{n % 11},shop {n}\n" for n in range(20_000))
    run = brought(cast.larkspur, f"date,score,shop\n{rows}", columns={"score": "score", "date": "date", "by": ["shop"]})
    assert (run.state, run.new) == ("published", 20_000), run.error
    fresh(cast.larkspur)
    page = text(hanna, "segments/?by=shop&last=all")
    assert "20,000 segments" in page and "Show all 20,000" in page and page.count('class="small-n"') == 12
    whole = text(hanna, "segments/?by=shop&last=all&all=1")
    assert "19,800 more are in the export." in whole and len(whole) < 400_000
    exported = hanna.get("/w/larkspur/figures/segments.csv?by=shop&last=all")
    assert exported.content.count(b"\n") == 20_001
    assert "all of them in Segments" in text(hanna, "pulse/?last=all")


def test_pulse_says_what_burns(cast: Cast, rafael: Client) -> None:
    from tests.server.watch.worlds import an_alarm

    year(cast.larkspur)
    assert "note burning" not in rafael.get("/w/larkspur/pulse/").content.decode()
    alarm = an_alarm(cast.larkspur, region="South")
    an_alarm(cast.larkspur, region="North")
    page = rafael.get("/w/larkspur/pulse/").content.decode()
    assert f'<a href="/w/larkspur/flareups/{alarm.pk}/">Twice as many detractors in South</a>' in page
    assert '<a href="/w/larkspur/flareups/">1 more</a>' in page
