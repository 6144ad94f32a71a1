"""`winback flareups`: answers, a panel with its scores, and what cannot be."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest
from click.testing import CliRunner

from tests.analysis.fires import answers
from tests.spec.test_flareups import named
from tests.stats.panels import panel
from winback.cli.flareups import flareups
from winback.errors import UserError

PANEL = ["--segment", "seg", "--period", "week", "--bad", "y", "--total", "n"]


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    made = panel(1, segments=12, weeks=20, flares=2, odds=6.0)
    lines = [
        f"{'=' if s == 3 else 's'}{s},{t},{made['bad'][s, t]:g},{made['size'][s, t]:g}"
        for s in range(12)
        for t in range(20)
    ]
    path = tmp_path / "panel.csv"
    path.write_text("\n".join(["seg,week,y,n", *lines]) + "\n")
    return path


def _run(*words: object) -> str:
    ran = CliRunner().invoke(flareups, [str(word) for word in words])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def test_a_panel_and_its_scores(ready: Path, tmp_path: Path) -> None:
    doc = json.loads(_run(ready, *PANEL, "--scores", tmp_path / "s.csv", "--format", "json"))
    assert doc["schema"] == "winback.flareups/1"
    with (tmp_path / "s.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12 * 12
    assert set(rows[0]) == {"segment", "period", "score", "p", "q", "alarm"}
    assert {row["segment"] for row in rows} >= {"s0", "'=3"}


def test_answers(tmp_path: Path) -> None:
    pyarrow.csv.write_csv(answers(1), tmp_path / "a.csv")
    text = _run(tmp_path / "a.csv", "--by", "region", "--by", "plan", "--format", "md", "--until", "2026-11-01")
    assert "North · Business" in text


def test_revenue_of_the_customers_concerned_and_a_lag(tmp_path: Path) -> None:
    made = answers(1).drop_columns("money")
    pyarrow.csv.write_csv(made, tmp_path / "a.csv")
    lines = ["customer,revenue", *(f"c{number},100" for number in range(900))]
    (tmp_path / "c.csv").write_text("\n".join(lines) + "\n")
    words = [
        tmp_path / "a.csv",
        "--by",
        "region",
        "--by",
        "plan",
        "--customers",
        tmp_path / "c.csv",
        "--format",
        "json",
    ]
    until = ["--until", "2026-11-01"]
    (one,) = json.loads(_run(*words, *until))["findings"]
    assert one["segment"] == ["North", "Business"]
    assert not one["provisional"]
    assert 0 < float(one["revenue"]) <= 100 * one["answers"] and float(one["revenue"]) % 100 == 0
    assert f"The customers concerned bring {float(one['revenue']):,.0f}." in one["sentence"]
    late = json.loads(_run(*words, *until, "--lag", "3650"))["findings"]
    assert [row["provisional"] for row in late] == [True]


def test_themes_in_a_column_or_by_a_codebook(tmp_path: Path) -> None:
    pyarrow.csv.write_csv(named(), tmp_path / "a.csv")
    for by in ([], ["--by", "shop"]):
        doc = json.loads(_run(tmp_path / "a.csv", *by, "--theme", "why", "--format", "json", "--until", "2026-10-25"))
        assert doc["measure"] == "themes"
        (one,) = doc["findings"]
        assert (one["theme"], one["by"], one["segment"], one["bad"]) == ("Queue", ["shop"], ["Harbour"], 16.0)
        assert one["sentence"].startswith("Queue: Harbour, since 2026-10-19: 16 of 25 answers that say why name it")
    with pytest.raises(UserError, match=r'"wrong" \(--theme\)'):
        _run(tmp_path / "a.csv", "--theme", "wrong")
    with pytest.raises(UserError, match="leave out --watch"):
        _run(tmp_path / "a.csv", "--theme", "why", "--watch", "score")
    (tmp_path / "b.json").write_text("{}")
    with pytest.raises(UserError, match="no codebook of winback"):
        _run(tmp_path / "a.csv", "--codebook", tmp_path / "b.json")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--segment", "seg"], "A panel needs all of"),
        (["--scores", "x.csv"], "--scores goes with a panel"),
        ([*PANEL[:-1], "wrong"], 'no column "wrong"'),
    ],
)
def test_what_cannot_be_is_said(ready: Path, words: list[str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        _run(ready, *words)


def test_nothing_that_is_read_is_written_over(ready: Path) -> None:
    with pytest.raises(UserError, match="would write over"):
        _run(ready, *PANEL, "--scores", ready)


def test_how_late_answers_come_is_found_from_the_day_they_came_in(tmp_path: Path) -> None:
    made = answers(1)
    days = made["local_date"].to_pylist()
    came = [day + dt.timedelta(days=9 if place % 5 == 0 else 1) for place, day in enumerate(days)]
    late = made.append_column("read on", pa.array(came))
    pyarrow.csv.write_csv(late, tmp_path / "a.csv")
    words = [tmp_path / "a.csv", "--by", "region", "--by", "plan", "--until", "2026-11-01", "--format", "json"]
    (one,) = json.loads(_run(*words, "--arrived", "Read on"))["findings"]
    assert (one["segment"], one["provisional"]) == (["North", "Business"], True)
    with pytest.raises(UserError, match="leave out --lag"):
        _run(*words, "--arrived", "read on", "--lag", "3")
    with pytest.raises(UserError, match="a panel has no days"):
        _run(tmp_path / "a.csv", *PANEL, "--arrived", "read on")
