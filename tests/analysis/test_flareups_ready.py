"""A ready panel: read in every way a period is written, watched, and a sentence for what cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.stats.panels import panel
from winback.analysis.flareups_ready import Panel, read_panel, watch_panel
from winback.errors import UserError


def _write(path: Path, lines: list[str], head: str = "seg,week,y,n") -> Path:
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def _read(path: Path) -> Panel:
    return read_panel(path, segment="seg", period="week", bad="y", total="n")


def test_cells_by_hand(tmp_path: Path) -> None:
    found = _read(_write(tmp_path / "p.csv", ["10,3,1,4", "2,5,0,2", "2,3,2,2"]))
    assert found.segments == ("2", "10")
    assert found.periods == ("3", "", "5")
    assert found.total.tolist() == [[2, 0, 2], [4, 0, 0]]
    assert found.bad.tolist() == [[2, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    ("periods", "every", "columns"),
    [
        (["2026-W52", "2026-W53", "2027-W01"], "week", 3),
        (["2026-11", "2026-12", "2027-01"], "month", 3),
        (["2026-10-05", "2026-10-12", "2026-10-26"], "week", 4),
        (["2026-10-05", "2026-10-06"], "day", 2),
        (["2026-08-01", "2026-09-01", "2026-10-01"], "month", 3),
    ],
)
def test_periods_as_they_are_written(tmp_path: Path, periods: list[str], every: str, columns: int) -> None:
    found = _read(_write(tmp_path / "p.csv", [f"a,{period},1,4" for period in periods]))
    assert (found.every, len(found.periods)) == (every, columns)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["a,1,-1,4"], 'line 2: "y" is -1; counts cannot be negative'),
        (["a,1,5,4"], 'line 2: "y" is 5, more than "n", 4'),
        (["a,1,1,4", "a,1,1,4"], "line 3: a has a second row for 1"),
        (["a,soon,1,4"], 'line 2: "week" holds "soon"; a period is'),
        (["a,1,1,4", "a,2026-01-01,1,4"], "mixes day and number"),
        (["a,1,1,4", "a,99999,1,4"], "Is one mistyped"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        _read(_write(tmp_path / "p.csv", lines))


def _panel(weeks: int = 40) -> Panel:
    made = panel(2, segments=25, weeks=weeks, flares=4, odds=5.0)
    names, periods = tuple(f"s{i}" for i in range(25)), tuple(str(i) for i in range(weeks))
    return Panel(names, periods, 0, "week", made["bad"], made["size"], "seg")


def test_every_cell_is_scored_and_a_lasting_fire_is_one_finding() -> None:
    found, cells = watch_panel(_panel())
    assert cells.num_rows == 25 * 32
    assert cells.column_names == ["segment", "period", "score", "p", "q", "alarm"]
    assert set(cells.column("alarm").to_pylist()) == {0, 1}
    assert np.isfinite(cells.column("score").to_numpy()).all()
    named = [row["segment"][0] for row in found.rows() if row["period"] == "39"]
    assert len({"s0", "s1", "s2", "s3"} & set(named)) >= 2
    assert len(named) == len(set(named))


def test_volume_can_be_watched_and_the_score_cannot() -> None:
    assert watch_panel(_panel(), measure="silence", last=1)[0].table.num_rows == 0
    with pytest.raises(UserError, match="no score to watch"):
        watch_panel(_panel(), measure="score")


def test_too_short_a_panel_has_nothing_judged() -> None:
    found, cells = watch_panel(_panel(weeks=6))
    assert cells.num_rows == 0
    assert "it takes nine periods" in found.summary()
