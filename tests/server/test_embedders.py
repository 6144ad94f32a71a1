"""Whose vectors a workspace's codebook is made and read by: as the operator says, and the administrator allows."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from tests.peers.models import Models, models
from tests.server.factories import Cast
from tests.server.themes.worlds import read_all, said, sorted_to, spoken
from winback.errors import UserError
from winback.server import embedders
from winback.server.environment import read
from winback.server.themes.actions import accept
from winback.server.themes.models import CodebookVersion, Reading
from winback.server.themes.proposing import propose_codebook
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Models]:
    """A model elsewhere that the operator has named."""
    with models() as server:
        monkeypatch.setenv("WINBACK_EMBEDDER_URL", server.url)
        monkeypatch.setenv("WINBACK_EMBEDDER_MODEL", "some-vectors")
        settings.EMBEDDER = "endpoint"
        yield server


def allow(cast: Cast, value: bool = True) -> None:
    Workspace.objects.filter(pk=cast.larkspur.pk).update(language_model=value)
    cast.larkspur.refresh_from_db()


def test_the_operator_names_it_with_what_it_needs() -> None:
    assert read({})["WINBACK_EMBEDDER"] == "static"
    assert read({"WINBACK_EMBEDDER": "minilm"})["WINBACK_EMBEDDER"] == "minilm"
    for given, sentence in (
        ("lexical", "should be one of static, wordllama, minilm, file, endpoint"),
        ("file", "WINBACK_EMBEDDER=file needs WINBACK_EMBEDDER_FILE too"),
        ("endpoint", "WINBACK_EMBEDDER=endpoint needs WINBACK_EMBEDDER_URL and WINBACK_EMBEDDER_MODEL too"),
    ):
        with pytest.raises(UserError, match=sentence):
            read({"WINBACK_EMBEDDER": given})


def test_our_own_unless_another_is_named_and_allowed(cast: Cast, settings: Settings) -> None:
    told = []
    for name in ("static", "minilm", "endpoint"):
        settings.EMBEDDER = name
        told.append(embedders.chosen(cast.larkspur))
    assert told == [None, "minilm", None]
    allow(cast)
    assert embedders.chosen(cast.larkspur) == "endpoint"


def test_a_codebook_is_made_and_read_by_the_model_that_is_named(
    cast: Cast, elsewhere: Models, settings: Settings
) -> None:
    spoken(cast, "bill", "fitter", "shop")
    propose_codebook(workspace=cast.larkspur)
    assert elsewhere.asked == [], "nobody allowed it"
    assert CodebookVersion.objects.get().model.startswith("static")
    allow(cast)
    propose_codebook(workspace=cast.larkspur)
    assert CodebookVersion.objects.latest("number").model == "endpoint:some-vectors"
    sent = json.dumps([question for _, question in elsewhere.asked])
    assert "The first bill was wrong." in sent
    accept(access=cast.access("hanna"), pks=list(cast.larkspur.themes.values_list("pk", flat=True)))
    read_all(cast)
    assert Reading.objects.filter(model="endpoint:some-vectors 2").count() == 36
    assert sum(map(len, sorted_to(cast).values())) > 0
    allow(cast, False)
    said(cast, "private", "Nobody else is to read this late complaint.")
    with pytest.raises(UserError, match="may not be sent to models elsewhere"):
        read_all(cast)
    assert "Nobody else is to read" not in json.dumps([question for _, question in elsewhere.asked])


def test_where_words_go_and_that_another_model_is_set_up_is_said(
    cast: Cast, elsewhere: Models, settings: Settings, hanna: Client
) -> None:
    allow(cast)
    assert embedders.notes(cast.larkspur, "endpoint:some-vectors") == [
        "Every comment is sent to a model elsewhere (some-vectors) to be read."
    ]
    spoken(cast, "bill", "fitter", "shop")
    CodebookVersion.objects.create(workspace=cast.larkspur, number=1, model="static-5")
    said_there = "made with the vectors of static-5 and is read by them; endpoint:some-vectors is set up now"
    assert any(said_there in note for note in embedders.notes(cast.larkspur, "static-5"))
    settings.EMBEDDER = "static"
    assert embedders.notes(cast.larkspur, "static-5") == []
    settings.EMBEDDER = "endpoint"
    propose_codebook(workspace=cast.larkspur)
    assert (
        "Every comment is sent to a model elsewhere (some-vectors)"
        in hanna.get("/w/larkspur/reasons/").content.decode()
    )
