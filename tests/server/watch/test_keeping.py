"""A look is kept with the counts it decided on, once."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from tests.server.exports.worlds import fresh
from tests.server.factories import Cast
from tests.server.watch.worlds import NOW, WEEKS, burning, calm, more, watched
from winback.server.outbox.models import OutboxMessage
from winback.server.runs.models import AnalysisRun
from winback.server.watch import actions, planning
from winback.server.watch.models import Alarm, Watch, WatchPlan
from winback.server.watch.reduced import decided, input_hash
from winback.server.workspaces.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_a_fire_is_found_and_its_decision_is_computed_again(cast: Cast) -> None:
    burning(cast.larkspur)
    (alarm,) = watched(cast.larkspur)
    assert (alarm.by, alarm.segment, alarm.state) == (["region", "plan"], ["North", "A"], "open")
    assert (alarm.since, alarm.until) == (dt.date(2026, 9, 14), dt.date(2026, 9, 27))
    assert (alarm.answers, alarm.bad, alarm.customers, alarm.revenue) == (40, 34.0, 20, None)
    assert alarm.expected == pytest.approx(9, abs=1.5) and alarm.q < 0.01
    assert [row["segment"] for row in alarm.causes["rows"]] == [["North", "A"]]
    assert (alarm.course[-1]["period"], alarm.course[-1]["bad"], alarm.course[-1]["burning"]) == (
        "2026-09-21",
        17.0,
        True,
    )

    run = AnalysisRun.objects.get(pk=alarm.found_run_id)
    assert (run.name, run.params["measure"], run.as_of) == ("flareups", "detractors", Watch.objects.get().as_of)
    kept = json.loads(json.dumps(run.result["counts"]))
    again = decided(kept, run.params).table.to_pylist()
    assert input_hash(kept) == run.input_hash
    assert [(row["segment"], row["p"], row["q"], row["score"]) for row in again] == [
        (alarm.segment, alarm.p, alarm.q, alarm.score)
    ], "exactly"
    assert run.result["found"][0]["answers"] == 40
    assert AuditEvent.objects.filter(verb="flare-up found", workspace=cast.larkspur).count() == 1


def test_whoever_comes_second_keeps_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers look at once: the lease of the first has run out while it counted."""
    burning(cast.larkspur)
    was = actions.keep
    held: list[dict[str, object]] = []
    monkeypatch.setattr(actions, "keep", lambda **given: held.append(given))
    actions.look(workspace=cast.larkspur, sort="all.0-10", measure="detractors", now=NOW)
    for given in (held[0], held[0]):
        was(**given)  # type: ignore[arg-type]
    assert (Alarm.objects.count(), AnalysisRun.objects.count(), OutboxMessage.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("weeks", [1, 8])
def test_too_little_history_says_so(cast: Cast, weeks: int) -> None:
    burning(cast.larkspur, weeks=weeks)
    assert watched(cast.larkspur) == []
    watch = Watch.objects.get()
    assert (watch.trouble, watch.periods, watch.segments) == ("too little", weeks, 0)
    assert WatchPlan.objects.get().version


def test_an_older_look_that_ends_later_keeps_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    burning(cast.larkspur)
    was = actions.keep
    held: list[dict[str, Any]] = []
    monkeypatch.setattr(actions, "keep", lambda **given: held.append(given))
    actions.look(workspace=cast.larkspur, sort="all.0-10", measure="detractors", now=NOW)
    more(cast.larkspur, WEEKS, 16)
    calm(cast.larkspur, WEEKS)
    fresh(cast.larkspur)
    actions.look(workspace=cast.larkspur, sort="all.0-10", measure="detractors", now=NOW + dt.timedelta(days=7))
    slow, quick = held
    was(**quick)
    was(**slow)
    assert (Alarm.objects.count(), AnalysisRun.objects.count(), OutboxMessage.objects.count()) == (1, 1, 1)
    assert (Alarm.objects.get().bad, Watch.objects.get().version) == (50.0, quick["fields"]["version"])


def test_what_is_watched_otherwise_by_now_is_not_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    burning(cast.larkspur)
    was = actions.keep

    def meanwhile(**given: Any) -> None:
        planning.change_plan(by=cast.access("hanna"), measures=["detractors"], every="month")
        was(**given)

    monkeypatch.setattr(actions, "keep", meanwhile)
    actions.look(workspace=cast.larkspur, sort="all.0-10", measure="detractors", now=NOW)
    assert not Alarm.objects.exists() and Watch.objects.get().version == ""


def test_a_worker_killed_while_it_keeps_has_written_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    burning(cast.larkspur)
    with monkeypatch.context() as patch:
        patch.setattr("winback.server.watch.telling.mail", killed)
        with pytest.raises(KeyboardInterrupt):
            watched(cast.larkspur)
    assert (Alarm.objects.count(), AnalysisRun.objects.count(), Watch.objects.get().version) == (0, 0, "")
    assert not AuditEvent.objects.filter(verb="flare-up found").exists()
    assert len(watched(cast.larkspur)) == 1
    assert (AnalysisRun.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt
