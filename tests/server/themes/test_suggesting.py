"""Names that a language model suggests: asked where it is allowed, kept as places, applied by a manager alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.peers.models import models
from tests.server.factories import Cast
from tests.server.themes.worlds import said, spoken, themes
from winback.analysis import proposing
from winback.errors import UserError
from winback.server.feedback.models import Feedback
from winback.server.jobs.models import Job
from winback.server.themes import suggesting
from winback.server.themes.actions import undo
from winback.server.themes.desk import take
from winback.server.themes.models import CodebookChange, Coding, Reading, Theme
from winback.server.themes.proposing import propose_codebook
from winback.server.themes.rules import words_digest
from winback.server.workspaces.models import AuditEvent, Workspace
from winback.text.endpoints import EndpointError

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A workspace that allows it, with some themes found, and a model that names the one of bills by what it hears."""

    def chat(question: dict[str, Any]) -> dict[str, Any]:
        said = question["comments"][0]["text"]
        quotes = [{"comment": 1, "quote": said.split(" ", 1)[1]}, {"comment": 1, "quote": "nobody wrote this"}]
        if "bill" not in said.casefold():
            quotes = quotes[1:]
        return {"name": "Named by it", "definition": "What it means.", "quotes": quotes}

    spoken(cast, "bill", "fitter", "shop")
    propose_codebook(workspace=cast.larkspur)
    cast.larkspur.language_model = True
    cast.larkspur.save()
    with models(chat=chat, key="k") as server:
        monkeypatch.setenv("WINBACK_LANGUAGE_MODEL_URL", server.url)
        monkeypatch.setenv("WINBACK_LANGUAGE_MODEL_MODEL", "some-model")
        monkeypatch.setenv("WINBACK_LANGUAGE_MODEL_KEY", "k")
        yield server


def found() -> int:
    """How many themes winback found."""
    return Theme.objects.filter(origin="found").count()


def test_names_are_suggested_accepted_undone(cast: Cast, asking: Any) -> None:
    access = cast.access("hanna")
    themes(cast, "One of ours")
    suggesting.ask(access=access)
    assert Job.objects.filter(task="themes.suggest").count() == 1
    assert AuditEvent.objects.get(verb="language model asked").detail == {"model": "some-model", "themes": found()}
    assert suggesting.suggest_chunk(workspace=cast.larkspur, seconds=60)
    assert len(asking.asked) == found()  # none for a theme of one's own
    (one,) = suggesting.shown(access)
    assert (one.by, one.name, one.definition) == ("some-model", "Named by it", "What it means.")
    assert one.theme.name != one.name
    (place,) = one.theme.suggestion["places"]
    row = Feedback.objects.get(source_id=place["source"], external_id=place["external_id"])
    assert one.quotations == (row.comment[place["start"] : place["end"]],) and "nobody" not in json.dumps(
        one.theme.suggestion
    )
    was = one.theme.name
    theme = suggesting.decide(access=access, pk=one.theme.pk, take=True)
    assert (theme.name, theme.definition) == ("Named by it", "What it means.") and suggesting.shown(access) == []
    assert AuditEvent.objects.get(verb="suggestion accepted").detail == {"model": "some-model"}
    undo(access=access, pk=CodebookChange.objects.latest("id").pk)
    assert Theme.objects.get(pk=theme.pk).name == was
    with pytest.raises(UserError, match="Nothing is suggested"):
        suggesting.decide(access=access, pk=theme.pk, take=True)


def test_refused_and_asked_anew(cast: Cast, asking: Any) -> None:
    access = cast.access("hanna")
    suggesting.suggest_chunk(workspace=cast.larkspur, seconds=60)
    (one,) = suggesting.shown(access)
    assert suggesting.decide(access=access, pk=one.theme.pk, take=False).name == one.theme.name
    suggesting.suggest_chunk(workspace=cast.larkspur, seconds=60)
    assert suggesting.shown(access) == [] and len(asking.asked) == found()
    suggesting.ask(access=access)
    assert suggesting.suggest_chunk(workspace=cast.larkspur, seconds=-1) is False  # one a chunk where time is up
    assert len(asking.asked) == found() + 1


def test_nothing_is_sent_unless_both_allow_it(cast: Cast, asking: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.larkspur.language_model = False
    cast.larkspur.save()
    with pytest.raises(UserError, match="an administrator allows it"):
        suggesting.ask(access=cast.access("hanna"))
    assert suggesting.suggest_chunk(workspace=cast.larkspur, seconds=60)
    cast.larkspur.language_model = True
    cast.larkspur.save()
    monkeypatch.delenv("WINBACK_LANGUAGE_MODEL_URL")
    with pytest.raises(UserError, match="the operator sets one up"):
        suggesting.ask(access=cast.access("hanna"))
    assert suggesting.suggest_chunk(workspace=cast.larkspur, seconds=60)
    assert asking.asked == []


def test_what_was_suggested_instead_is_not_accepted_unseen(cast: Cast, asking: Any, hanna: Client) -> None:
    suggesting.suggest_chunk(workspace=cast.larkspur, seconds=60)
    one, *_ = suggesting.shown(cast.access("hanna"))
    assert '<input type="hidden" name="seen" value="Named by it">' in hanna.get("/w/larkspur/reasons/").content.decode()
    address = f"/w/larkspur/reasons/{one.theme.pk}/suggestion"
    assert hanna.post(address, {"take": "yes", "seen": "Something else"}).status_code == 400
    assert Theme.objects.get(pk=one.theme.pk).name == one.theme.name
    hanna.post(address, {"take": "yes", "seen": "Named by it"})
    assert Theme.objects.get(pk=one.theme.pk).name == "Named by it"


def test_whose_words_are_erased_while_the_model_thinks_is_not_quoted(
    cast: Cast, asking: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme, *_ = [one for one in Theme.objects.all() if "shop" not in one.examples[0]["external_id"]]
    Theme.objects.exclude(pk=theme.pk).update(state="retired")
    gone, *left = theme.examples
    asked = []

    def erased_meanwhile(endpoint: Any, themes: Any) -> Any:
        found = ask_for_names(endpoint, themes)
        asked.append(themes[0].examples)
        Theme.objects.filter(pk=theme.pk).update(examples=left)  # as an erasure leaves them
        return found

    ask_for_names = proposing.ask_for_names
    monkeypatch.setattr(proposing, "ask_for_names", erased_meanwhile)
    assert suggesting.suggest_chunk(workspace=cast.larkspur, seconds=60)
    assert len(asked) == 2 and asked[1] == asked[0][1:]
    kept = Theme.objects.get(pk=theme.pk).suggestion
    assert kept is not None and kept["name"] and gone["external_id"] not in json.dumps(kept)


def test_a_dead_model_keeps_what_there_is(cast: Cast, asking: Any) -> None:
    asking.failing += [500]
    with pytest.raises(EndpointError, match="answered 500"):
        suggesting.suggest_chunk(workspace=cast.larkspur, seconds=60)
    assert not Theme.objects.filter(suggestion__isnull=False).exists()


def test_the_page(cast: Cast, asking: Any, hanna: Client, ingrid: Client) -> None:
    page = hanna.get("/w/larkspur/reasons/").content.decode()
    assert "Ask for names" in page and "suggested by" not in page
    hanna.post("/w/larkspur/reasons/suggest")
    suggesting.suggest_chunk(workspace=cast.larkspur, seconds=60)
    (one,) = suggesting.shown(cast.access("hanna"))
    page = hanna.get("/w/larkspur/reasons/").content.decode()
    assert "suggested by some-model" in page and "Named by it" in page
    hanna.post(f"/w/larkspur/reasons/{one.theme.pk}/suggestion", {"take": "yes"})
    assert Theme.objects.get(pk=one.theme.pk).name == "Named by it"
    ingrid.post("/w/larkspur/settings/", {"language_model": "no"})
    assert "Ask for names" not in hanna.get("/w/larkspur/reasons/").content.decode()
    assert AuditEvent.objects.filter(verb="settings changed").latest("id").detail == {"language_model": "True → False"}


def test_codings_are_proposed_for_the_comment_on_the_desk(
    cast: Cast, amara: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, rude = themes(cast, "Late", "Rude")
    row = said(cast, "a", "The fitter came very late and was rude.")

    def chat(question: dict[str, Any]) -> dict[str, Any]:
        assert [one["name"] for one in question["themes"]] == ["Late", "Rude"]
        return {"codings": [
            {"comment": 1, "theme": late.key, "quote": "very late"}, {"comment": 1, "theme": late.key, "quote": "came"},
            {"comment": 1, "theme": rude.key, "quote": "was rud"}, {"comment": 1, "theme": "made-up", "quote": "rude"},
        ]}  # fmt: skip

    lease = take(access=cast.access("amara"), key=(row.source_id, "a"))
    url = f"/w/larkspur/desk/{lease.pk}/"
    with models(chat=chat) as server:
        monkeypatch.setenv("WINBACK_LANGUAGE_MODEL_URL", server.url)
        monkeypatch.setenv("WINBACK_LANGUAGE_MODEL_MODEL", "some-model")
        assert "Ask the language model" not in amara.get(url).content.decode()
        with pytest.raises(UserError, match="an administrator allows it"):
            suggesting.propose_codings(access=cast.access("amara"), row=row)
        assert server.asked == []
        Workspace.objects.filter(pk=cast.larkspur.pk).update(language_model=True)
        assert "Ask the language model" in amara.get(url).content.decode()
        page = amara.post(url, {"act": "ask", "code": rude.pk}).content.decode()
        assert "suggested by some-model" in page and "<mark>very late</mark>" in page and "was rud<" not in page
        assert f'name="words-{late.pk}" value="very late"' in page
        assert f'value="{rude.pk}" checked' in page and f'value="{late.pk}" checked' not in page
        assert not Reading.objects.exists(), "nothing of it is kept"
        (asking,) = AuditEvent.objects.filter(verb="language model asked")
        assert (asking.target, asking.detail) == (f"feedback {row.pk}", {"model": "some-model"})
        server.failing += [500]
        assert "answered 500" in amara.post(url, {"act": "ask"}).content.decode()
    saved = {"act": "save", "code": late.pk, f"words-{late.pk}": "very late", "digest": words_digest(row.comment)}
    amara.post(url, saved)
    (coding,) = Coding.objects.all()
    assert (coding.reading.kind, row.comment[coding.start : coding.end]) == ("person", "very late")
