"""A segment counted within a look."""

from __future__ import annotations

from tests.server.watch.test_reduced import leaves, window
from winback.server.watch.counting import by_period, columns, counted, mask


def test_a_segment_is_counted_in_a_window() -> None:
    found = leaves()
    since, until = window()
    assert mask(found, ["region", "plan"], ["North", "A"]).tolist() == [True, False, False, False]
    assert (
        mask(found, [], []).all()
        and not mask(found, ["region"], ["East"]).any()
        and not mask(found, ["shoe"], ["A"]).any()
    )
    assert columns(found, since, until) == [10, 11]
    assert counted(found, ["region", "plan"], ["North", "A"], since, until) == (40, 34.0)
    assert counted(found, ["region"], ["North"], since, until) == (80, 34.0 + 5.0 + 4.0)
    rows = by_period(found, ["region", "plan"], ["South", "B"])
    assert len(rows) == 12 and rows[1]["answers"] == 0 and rows[0]["period"] == found.start(0).isoformat()
