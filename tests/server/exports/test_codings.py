"""What was found in comments as Parquet, and as the frame that figures read."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.server.exports.worlds import answer, fresh, keys, told
from tests.server.factories import Cast
from tests.server.themes.worlds import coded, guessed, themes
from winback.server.exports.codings import above, days, names
from winback.server.exports.queries import holding
from winback.server.feedback.models import Feedback
from winback.server.sources.actions import ensure_source, mark_dirty
from winback.server.sources.models import SyncRun
from winback.server.themes.actions import change, merge, retire
from winback.server.themes.models import Coding

pytestmark = pytest.mark.django_db


def row(external_id: str) -> Feedback:
    return Feedback.objects.get(external_id=external_id)


def seen(cast: Cast, who: str = "hanna") -> list[tuple[Any, ...]]:
    found = holding(cast.access(who))
    assert found is not None
    if found.tables.codings is None:
        return []
    table = found.tables.codings.to_arrow_table()
    return sorted((one["external_id"], one["theme"], one["excerpt"] or "") for one in table.to_pylist())


def test_readings_that_count_stand_in_the_month_they_were_said(cast: Cast) -> None:
    late, rude = themes(cast, "Late", "Rude")
    told(
        cast.larkspur,
        [
            answer("1", 2, "2026-08-01", comment="nobody came"),
            answer("2", 3, comment="so rude"),
            answer("3", 9, comment="fine"),
        ],
    )
    reading = guessed(row("1"), [late, rude])
    Coding.objects.filter(reading=reading, theme=late).update(start=0, end=6)
    guessed(row("2"), [late])
    coded(cast, row("2"), [rude])
    guessed(row("3"), [])
    assert keys(fresh(cast.larkspur), "codings") == {"2026-08": 2, "2026-09": 2}, (
        "who named nothing has a row without a theme"
    )
    assert seen(cast) == [("1", "Late", "nobody"), ("1", "Rude", ""), ("2", "Rude", "")]
    assert sorted(str(day) for day in days(cast.larkspur)) == ["2026-08-01", "2026-09-01"]


def test_a_change_of_the_codebook_counts_at_once_and_writes_no_file(cast: Cast) -> None:
    late, slow, rude = themes(cast, "Late", "Slow", "Rude")
    told(cast.larkspur, [answer("1", 2, comment="x")])
    guessed(row("1"), [late, slow, rude])
    state = fresh(cast.larkspur)
    hanna = cast.access("hanna")
    merge(access=hanna, pk=late.pk, into=slow.pk)
    change(access=hanna, pk=slow.pk, name="Too slow", parent=rude.pk)
    assert seen(cast) == [("1", "Rude", ""), ("1", "Too slow", "")], "and what was merged counts once"
    assert above(cast.larkspur) == {"Too slow": "Rude"}
    retire(access=hanna, pk=rude.pk)
    assert seen(cast) == [("1", "Too slow", "")]
    assert set(names(cast.larkspur).values()) == {"Too slow"}
    assert fresh(cast.larkspur).id == state.id


def test_codings_stay_with_the_words_when_an_import_is_undone_and_comes_again(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    source = ensure_source(workspace=cast.larkspur, name="file", kind="file")
    run = SyncRun.objects.create(
        workspace=cast.larkspur, source=source, table="feedback", state="published", published_at=timezone.now()
    )
    said = Feedback.objects.create(
        workspace=cast.larkspur, source=source, run=run, external_id="1", score=2, comment="late"
    )
    guessed(said, [late])
    assert keys(fresh(cast.larkspur), "codings") == {"undated": 1}
    for state, rows in (("undone", {}), ("published", {"undated": 1})):
        SyncRun.objects.filter(pk=run.pk).update(state=state)
        Feedback.objects.filter(pk=said.pk).update(score=2)
        mark_dirty(workspace=cast.larkspur, table="feedback")
        assert keys(fresh(cast.larkspur), "codings") == rows


def test_a_scope_holds_for_codings_too(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    told(
        cast.larkspur,
        [
            answer("n", 2, comment="x", attributes={"region": "North"}),
            answer("s", 2, comment="y", attributes={"region": "South"}),
        ],
    )
    for name in ("n", "s"):
        guessed(row(name), [late])
    fresh(cast.larkspur)
    assert seen(cast, "norah") == [("n", "Late", "")]
    assert [one[0] for one in seen(cast)] == ["n", "s"]


def test_a_moved_answer_takes_its_themes_along(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    told(cast.larkspur, [answer("1", 2, "2026-09-01", comment="x")])
    guessed(row("1"), [late])
    fresh(cast.larkspur)
    told(cast.larkspur, [answer("1", 2, "2026-07-01", comment="x")])
    assert keys(fresh(cast.larkspur), "codings") == {"2026-07": 1}
