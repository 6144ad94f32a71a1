"""The codebook's pages and forms."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.server.factories import Cast
from tests.server.themes.worlds import coded, guessed, said, themes
from winback.server.jobs.models import Job
from winback.server.themes.actions import Proposal, propose
from winback.server.themes.models import CodebookChange, Theme
from winback.server.workspaces.models import AuditEvent

pytestmark = pytest.mark.django_db
HOME = "/w/larkspur/reasons/"


def text(client: Client, path: str, **posted: object) -> str:
    """The page an address ends at."""
    answer = client.post(path, posted, follow=True) if posted else client.get(path, follow=True)
    return str(answer.content.decode())


def test_an_empty_codebook_says_what_to_do_next(cast: Cast, hanna: Client, rafael: Client) -> None:
    assert "Import a file" in text(hanna, HOME)
    said(cast, "a")
    assert "Propose a codebook" in text(hanna, HOME)
    assert "A manager can have one proposed" in text(rafael, HOME)


def test_a_codebook_is_proposed_from_enough_comments(cast: Cast, hanna: Client) -> None:
    said(cast, "a")
    answer = hanna.post(f"{HOME}propose")
    assert answer.status_code == 400
    assert "from 30 on a codebook can be proposed" in answer.content.decode()
    for n in range(30):
        said(cast, f"F{n}")
    assert "being read" in text(hanna, f"{HOME}propose", go=1)
    assert Job.objects.get(task="themes.propose").arguments == {"workspace": cast.larkspur.pk}


def test_proposals_are_accepted_by_ticks(cast: Cast, hanna: Client, rafael: Client) -> None:
    a, b = propose(workspace=cast.larkspur, proposals=[Proposal("a", "Late fitter"), Proposal("b", "Rude fitter")])
    page = text(hanna, HOME)
    assert "2 proposals" in page and "Accept what is ticked" in page
    assert "Accept what is ticked" not in text(rafael, HOME)
    assert "1 theme accepted" in text(hanna, f"{HOME}accept", theme=a.pk)
    assert list(Theme.objects.order_by("key").values_list("state", flat=True)) == ["accepted", "proposed"]
    assert "Tick what you want" in text(hanna, f"{HOME}accept", theme="x")
    assert b.name in text(hanna, HOME)


def test_a_theme_shows_its_words_and_its_forms_change_it(cast: Cast, hanna: Client, rafael: Client) -> None:
    late, rude = themes(cast, "Late", "Rude")
    guessed(said(cast, "a", "<b>nobody</b> came"), [late])
    page = text(rafael, f"{HOME}{late.pk}/")
    assert "&lt;b&gt;nobody&lt;/b&gt; came" in page and "1 comment" in page
    assert "Managers who see the whole workspace" in page
    assert "Saved." in text(
        hanna, f"{HOME}{late.pk}/change", name="Too late", definition="Later than agreed", parent=""
    )
    assert "Nothing was different" in text(hanna, f"{HOME}{late.pk}/change", name="Too late")
    assert "Later than agreed" in text(rafael, HOME)
    assert "took 1 coding with it" in text(hanna, f"{HOME}{late.pk}/split", name="Nobody", words="nobody")
    assert "Merged into “Rude”" in text(hanna, f"{HOME}{late.pk}/merge", into=rude.pk)
    answer = hanna.post(f"{HOME}{rude.pk}/merge", {"into": ""})
    assert (answer.status_code, "Choose the theme" in answer.content.decode()) == (400, True)
    assert "out of the codebook" in text(hanna, f"{HOME}{rude.pk}/retire", go=1)
    assert rafael.get(f"{HOME}{rude.pk}/").status_code == 404
    noted = CodebookChange.objects.get(verb="retired")
    assert "Taken back." in text(hanna, f"{HOME}changes/{noted.pk}/undo", back="history")
    assert "taken back" in text(rafael, f"{HOME}changes/")
    assert "is in the codebook" in text(hanna, f"{HOME}new", name="Bill", definition="", parent=rude.pk)


def test_the_file_is_guarded_and_audited(cast: Cast, amara: Client) -> None:
    late, _ = themes(cast, "=cmd()", "Bill")
    coded(cast, said(cast, "a", "@sum"), [late])
    lines = amara.get("/w/larkspur/reasons.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("key,theme,parent,state")
    assert "'=cmd()" in lines[1] and "'@sum" in lines[1]
    assert AuditEvent.objects.filter(verb="codebook exported").count() == 1
