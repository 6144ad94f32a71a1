"""Background work: who looks for new comments, and when it leaves things alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.server.factories import Cast
from tests.server.themes.worlds import coded, guessed, said, spoken, themes
from winback.analysis import codebook
from winback.server.customers.models import Customer
from winback.server.feedback.models import Feedback
from winback.server.jobs.models import Job
from winback.server.jobs.rules import Again
from winback.server.privacy.actions import erase_customer
from winback.server.themes.models import CodebookVersion, Reading, Theme
from winback.server.themes.tasks import assign, learn, nightly, propose, watch
from winback.server.themes.teaching import QUIET
from winback.server.themes.versions import FIRST

pytestmark = pytest.mark.django_db


def job() -> Job:
    return Job.objects.create(task="themes.watch", state="running")


def asked(task: str) -> list[dict[str, int]]:
    return list(Job.objects.filter(task=task).order_by("id").values_list("arguments", flat=True))


def test_comments_are_assigned_only_where_there_is_a_codebook_and_something_waits(cast: Cast) -> None:
    row = said(cast, "a")
    watch(job=job())
    assert asked("themes.assign") == []
    CodebookVersion.objects.create(workspace=cast.larkspur, number=1, model="static")
    watch(job=job())
    watch(job=job())
    assert asked("themes.assign") == [{"workspace": cast.larkspur.pk}], "once, however often it is looked"
    Job.objects.all().delete()
    guessed(row, themes(cast, "Late"))
    Reading.objects.update(version=1)
    watch(job=job())
    assert asked("themes.assign") == []
    CodebookVersion.objects.create(workspace=cast.larkspur, number=2, model="static")
    watch(job=job())
    assert len(asked("themes.assign")) == 1, "what an earlier version read is read again"


def test_a_codebook_made_by_hand_asks_to_be_learned_once_people_have_coded_enough(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    for n in range(FIRST):
        watch(job=job())
        assert asked("themes.learn") == []
        coded(cast, said(cast, f"F{n}"), [late])
    watch(job=job())
    assert asked("themes.learn") == [{"workspace": cast.larkspur.pk}]


def test_what_people_coded_is_learned_within_minutes(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    guessed(said(cast, "guess"), [late])
    CodebookVersion.objects.create(
        workspace=cast.larkspur, number=1, model="static", made_at=timezone.now() - 2 * QUIET, book={"middle": "M"}
    )
    Reading.objects.update(version=1)
    coded(cast, said(cast, "a"), [late])
    watch(job=job())
    assert (asked("themes.assign"), CodebookVersion.objects.count()) == ([], 1), "somebody is coding right now"
    Reading.objects.filter(kind="person").update(at=timezone.now() - QUIET)
    watch(job=job())
    watch(job=job())
    assert CodebookVersion.objects.count() == 2
    assert asked("themes.assign") == [{"workspace": cast.larkspur.pk}]


def test_the_night_asks_for_every_workspace_and_leaves_those_without_a_codebook_alone(cast: Cast) -> None:
    nightly(job=job())
    assert asked("themes.learn") == [{"workspace": pk} for pk in (cast.larkspur.pk, cast.merritt.pk)]
    learn(job=job(), workspace=cast.larkspur.pk)
    assert not CodebookVersion.objects.exists()


def test_a_workspace_that_is_gone_needs_no_work(cast: Cast) -> None:
    assert assign(job=job(), workspace=987654) is None
    propose(job=job(), workspace=987654)
    learn(job=job(), workspace=987654)
    assert asked("themes.assign") == []


def test_themes_made_of_what_was_erased_meanwhile_are_made_again_of_what_is_left(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken(cast, "bill", "fitter", "shop")
    gone = said(cast, "gone", "The bill of Ann Zoë was wrong.", customer="C-1")

    def erased_meanwhile(*args: Any, **kwargs: Any) -> Any:
        made = make_codebook(*args, **kwargs)
        if Feedback.objects.filter(external_id="gone").exists():
            erase_customer(customer=Customer.objects.get(external_id="C-1"))
        return made

    make_codebook = codebook.make_codebook
    monkeypatch.setattr(codebook, "make_codebook", erased_meanwhile)
    assert isinstance(propose(job=job(), workspace=cast.larkspur.pk), Again)
    assert not Theme.objects.exists()
    assert asked("themes.assign") == []
    Job.objects.filter(task="themes.watch").delete()
    assert propose(job=job(), workspace=cast.larkspur.pk) is None
    assert Theme.objects.filter(state="proposed").count() == 3
    assert not [
        one for theme in Theme.objects.all() for one in theme.examples if one["external_id"] == gone.external_id
    ]


def test_without_themes_an_assignment_is_done_at_once(cast: Cast) -> None:
    said(cast, "a")
    assert (
        assign(job=Job.objects.create(task="themes.assign", state="running", claims=0), workspace=cast.larkspur.pk)
        is None
    )
    assert not Reading.objects.exists()
