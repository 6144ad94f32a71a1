from __future__ import annotations

import subprocess
import sys

import pytest
from django.utils import timezone

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.worlds import ALL, QUARTER, counts, year
from winback.errors import UserError
from winback.server.insights import actions, queries
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import SyncRun

pytestmark = pytest.mark.django_db


def test_every_document_within_what_one_may_see(cast: Cast) -> None:
    year(cast.larkspur)
    pulse = queries.pulse(cast.access("hanna"), {})
    norah = queries.pulse(cast.access("norah"), {"last": ["all"]})
    assert pulse and norah
    assert counts(pulse["overall"]) == QUARTER and norah["overall"]["answers"] == 96
    assert queries.pulse(cast.access("nell"), {}) is None
    everything = queries.pulse(cast.access("hanna"), {"last": ["all"]})
    assert everything and counts(everything["overall"]) == ALL
    for ask in (queries.segments, queries.profit, queries.journey, queries.month):
        document = ask(cast.access("norah"), {"last": ["all"]})
        assert document and document["window"]["first"] == "2025-03-10"


def test_sorts_never_mix_and_the_journey_prefers_the_transactional_one(cast: Cast) -> None:
    told(cast.larkspur, [
        *(answer(f"r{i}", 9, survey="relationship", journey_stage="renewing") for i in range(12)),
        *(answer(f"t{i}", 2, survey="transactional", touchpoint="bill") for i in range(11)),
    ])  # fmt: skip
    fresh(cast.larkspur)
    access = cast.access("hanna")
    assert [queries.pulse(access, query)["overall"]["nps"] for query in ({}, {"survey": ["transactional"]})] == [
        100.0,
        -100.0,
    ]  # type: ignore[index]
    journey = queries.journey(access, {})
    assert journey and journey["survey"] == "transactional"
    assert [(spot["name"], spot["why"]) for spot in journey["deaf"]] == [("renewing", "none")]
    with pytest.raises(UserError, match="no answers of the sort"):
        queries.pulse(access, {"survey": ["luck"]})


def test_why_there_is_nothing_yet(cast: Cast) -> None:
    assert queries.nothing_yet(cast.access("hanna")) == "empty" and queries.waiting_since(cast.access("hanna")) is None
    told(cast.larkspur, [answer("1", 9)])
    assert queries.nothing_yet(cast.access("hanna")) == "waiting"
    assert queries.nothing_yet(cast.access("norah")) == "part", "what waits is none of hers"
    waiting = queries.waiting_since(cast.access("hanna"))
    assert waiting is not None and waiting <= timezone.now()
    fresh(cast.larkspur)
    assert queries.waiting_since(cast.access("hanna")) is None
    SyncRun.objects.create(
        workspace=cast.larkspur, source=ensure_source(workspace=cast.larkspur, name="a.csv", kind="file"), table="feedback",
        state="published", published_at=timezone.now(),
    )  # fmt: skip
    assert queries.waiting_since(cast.access("hanna")) is not None


def test_views_are_ones_own_and_those_for_everyone(cast: Cast) -> None:
    actions.save_view(access=cast.access("hanna"), page="segments", name="mine", query="by=plan")
    actions.save_view(access=cast.access("hanna"), page="segments", name="ours", query="by=region", shared=True)
    assert [view.name for view in queries.views_of(cast.access("hanna"), "segments")] == ["mine", "ours"]
    assert [view.name for view in queries.views_of(cast.access("amara"), "segments")] == ["ours"]
    assert queries.views_of(cast.access("norah"), "segments") == []  # who sees the North only
    assert queries.views_of(cast.access("nell"), "segments") == []


def test_the_web_process_loads_no_engine_until_it_is_asked() -> None:
    code = (
        "import sys; from winback.server.start import django_ready; django_ready(); import winback.server.urls;"
        "print([name for name in ('duckdb', 'pandas', 'scipy', 'sklearn', 'pyspark') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip().splitlines() or [done.stderr])[-1] == "[]"


def test_the_analyses_load_by_themselves() -> None:
    queries.warm()
    assert {"duckdb", "scipy"} <= set(sys.modules)
