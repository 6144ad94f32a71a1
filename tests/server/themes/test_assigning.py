"""The model's part: what waits to be read, and what is kept of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.factories import Cast, make_feedback
from tests.server.themes.worlds import REASONS, coded, guessed, read_all, said, sorted_to, spoken, themes
from winback.server.feedback.models import Feedback
from winback.server.jobs.models import Job
from winback.server.themes import assigning
from winback.server.themes.actions import accept
from winback.server.themes.assigning import (
    assign_chunk,
    sorted_so_far,
    state_of,
    unread,
)
from winback.server.themes.coding import code
from winback.server.themes.models import CodebookVersion, Reading
from winback.server.themes.proposing import propose_codebook
from winback.server.themes.rules import words_digest

pytestmark = pytest.mark.django_db


def waiting(cast: Cast) -> list[str]:
    return sorted(unread(cast.larkspur).values_list("external_id", flat=True))


def version(cast: Cast, **book: object) -> CodebookVersion:
    return CodebookVersion.objects.create(workspace=cast.larkspur, number=1, model="static", book=book)


def test_new_comments_and_rows_written_again_wait_to_be_read(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    guessed(said(cast, "a"), [late])
    said(cast, "b")
    make_feedback(cast.larkspur, "blank")
    assert waiting(cast) == ["b"]
    make_feedback(cast.larkspur, "a", comment="other words")
    assert waiting(cast) == ["a", "b"]
    nothing = {"proposing": False, "waiting": 0, "troubles": []}
    assert state_of(cast.access("hanna")) == nothing, "nothing to sort by yet"
    version(cast)
    assert state_of(cast.access("hanna"))["waiting"] == 2


def test_what_failed_last_is_told_until_it_is_asked_for_again(cast: Cast) -> None:
    hanna = cast.access("hanna")
    for task, state, error in (
        ("themes.propose", "failed", "The disk is full."), ("themes.suggest", "failed", "No answer."),
        ("themes.suggest", "queued", ""), ("themes.assign", "done", ""),
    ):  # fmt: skip
        Job.objects.create(task=task, workspace_id=cast.larkspur.pk, state=state, error=error)
    Job.objects.create(task="themes.assign", workspace_id=cast.merritt.pk, state="failed", error="Theirs.")
    assert state_of(hanna)["troubles"] == [("No codebook could be proposed.", "The disk is full.")]


def test_how_far_sorting_is(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    for name in ("a", "b", "c"):
        guessed(said(cast, name), [late])
    Reading.objects.filter(external_id="a").update(version=1)
    coded(cast, said(cast, "d"), [late])
    said(cast, "e")
    assert sorted_so_far(cast.larkspur) == (4, 5)
    version(cast)
    assert sorted_so_far(cast.larkspur) == (2, 5), "what an earlier codebook sorted is sorted again"


def test_every_correction_teaches_and_none_pulls_the_others_along(cast: Cast) -> None:
    spoken(cast, "bill", "fitter", "shop")
    accept(access=cast.access("hanna"), pks=[theme.pk for theme in propose_codebook(workspace=cast.larkspur)])
    read_all(cast)
    before = sorted_to(cast)
    (shop,) = (name for name, names in before.items() if "shop-0" in names)
    (bill,) = themes(cast, "Bill")
    coded(cast, Feedback.objects.get(external_id="bill-0"), [bill])
    CodebookVersion.objects.create(
        workspace=cast.larkspur, number=2, model="static", book=CodebookVersion.objects.get().book
    )
    read_all(cast)
    assert sorted_to(cast)[shop] == {f"shop-{n}" for n in range(12)}, "as before"
    for n in range(1, 6):
        coded(cast, Feedback.objects.get(external_id=f"bill-{n}"), [bill])
    CodebookVersion.objects.filter(number=2).update(number=3)
    said(cast, "new", "The bill is not what I was quoted.")
    read_all(cast)
    after = sorted_to(cast)
    assert after["Bill"] >= {"new", "bill-8", "bill-10", "bill-11"}, "those that nobody coded follow, the likest first"
    assert {name.split("-")[0] for name in after["Bill"]} == {"new", "bill"}
    assert after[shop] == before[shop]
    assert Reading.objects.filter(kind="person", stands=True).count() == 6, "what people found is not written over"


def test_work_broken_off_goes_on_where_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken(cast)
    propose_codebook(workspace=cast.larkspur)
    monkeypatch.setattr("winback.server.themes.assigning.CHUNK", 20)
    assert not assign_chunk(workspace=cast.larkspur, seconds=0)
    first = set(Reading.objects.values_list("pk", flat=True))
    assert len(first) == 20
    while not assign_chunk(workspace=cast.larkspur, seconds=0):
        pass
    assert Reading.objects.filter(stands=True).count() == sum(map(len, REASONS.values()))
    assert first <= set(Reading.objects.values_list("pk", flat=True)), "what was read is not read twice"


class Killed(BaseException):
    """As a process that ends where it stands: nobody catches it."""


def test_killed_between_two_writings_it_goes_on_and_finds_the_same(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken(cast)
    propose_codebook(workspace=cast.larkspur)
    read_all(cast)
    whole = sorted_to(cast)
    Reading.objects.all().delete()
    written = 0

    def write(*args: Any) -> None:
        nonlocal written
        written += 1
        real(*args)
        if written == 3:
            raise Killed

    real = assigning._write
    monkeypatch.setattr(assigning, "WRITTEN", 10)
    monkeypatch.setattr(assigning, "_write", write)
    with pytest.raises(Killed):
        read_all(cast)
    assert Reading.objects.filter(stands=True).count() == 20, "what was not written to the end is not there"
    assert not Reading.objects.filter(outcome="assigned", codings=None).exists()
    read = Reading.objects.earliest("id")
    kept = [(read.external_id, read.source_id), ("bill-0", read.source_id)]  # one is sorted, one still waits
    assert not Reading.objects.filter(external_id="bill-0").exists()
    for external_id, source in kept:
        key, words = (source, external_id), Feedback.objects.get(external_id=external_id).comment
        code(access=cast.access("amara"), key=key, themes=[], digest=words_digest(words))
    read_all(cast)
    mine = {external_id for external_id, _ in kept}
    assert sorted_to(cast) == {theme: found - mine for theme, found in whole.items()}
    assert set(Reading.objects.filter(kind="person", stands=True).values_list("external_id", flat=True)) == mine


def test_of_long_letters_fewer_are_assigned_together(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    themes(cast, "Late")
    monkeypatch.setattr("winback.server.themes.assigning.LETTERS", 30)
    for name, words in (("a", "late"), ("b", "late " * 5), ("c", "late " * 500), ("d", "late")):
        said(cast, name, words)
    told = []
    while not assign_chunk(workspace=cast.larkspur, seconds=0):
        told.append("".join(sorted(Reading.objects.values_list("external_id", flat=True))))
    assert told == ["d", "cd", "abcd"], "the newest first; a letter alone, however long"
