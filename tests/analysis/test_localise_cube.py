"""Cubes of leaves: many cases in a file, times as they are written, forecasts of nought, and sentences for the rest."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from winback.analysis.localise_cube import localise_shares, localise_sums, read_cube, time_column
from winback.errors import UserError

LEAVES = list(itertools.product(["N", "S", "W"], ["a", "b", "c", "d"]))


def _shares(path: Path, times: list[str]) -> Path:
    r = np.random.default_rng(1)
    lines = ["case,when,region,plan,bad,cnt"]
    for case in ("one", "two"):
        for time in times:
            for region, plan in LEAVES:
                burns = time == times[-1] and case == "one" and region == "S"
                lines.append(f"{case},{time},{region},{plan},{r.binomial(200, 0.5 if burns else 0.1)},200")
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("times", [["1", "2", "3", "10"], ["2026-01-01 10:00", "2026-01-01 10:01", "2026-01-01 10:02"]])
def test_cases_of_shares(tmp_path: Path, times: list[str]) -> None:
    cube = read_cube(_shares(tmp_path / "c.csv", times), numbers=["bad", "cnt"], case="case", at="when")
    assert cube.attributes == ("region", "plan")
    found = localise_shares(cube, bad="bad", total="cnt", time="when")
    (finding,) = found.findings()
    assert (finding["case"], finding["attributes"]) == ("one", {"region": "S"})
    assert [case["external"] for case in found.cases] == [False, True]
    assert found.summary() == "1 of 2 cases are explained by these attributes."
    earlier = localise_shares(cube, bad="bad", total="cnt", time="when", at=times[-2])
    assert earlier.findings() == []


def test_the_column_of_the_time_or_a_time(tmp_path: Path) -> None:
    path = _shares(tmp_path / "c.csv", ["1", "2"])
    assert time_column(path, "when", None) == ("when", None)
    assert time_column(path, "2", "when") == ("when", "2")
    with pytest.raises(UserError, match='called "2", or plainly the time'):
        time_column(path, "2", None)


def test_what_cannot_be_is_said_of_shares(tmp_path: Path) -> None:
    cube = read_cube(_shares(tmp_path / "c.csv", ["1", "2"]), numbers=["bad", "cnt"], case="case", at="when")
    with pytest.raises(UserError, match="nothing of case one comes before"):
        localise_shares(cube, bad="bad", total="cnt", time="when", at="1")
    with pytest.raises(UserError, match="neither a number nor a date"):
        localise_shares(cube, bad="bad", total="cnt", time="when", at="soon")
    (tmp_path / "d.csv").write_text("t,region,bad,cnt\n1,N,5,4\n2,N,1,4\n")
    with pytest.raises(UserError, match='line 2: "bad" is 5, more than "cnt", 4'):
        localise_shares(read_cube(tmp_path / "d.csv", numbers=["bad", "cnt"], at="t"), bad="bad", total="cnt", time="t")
    with pytest.raises(UserError, match="no column to localise among"):
        read_cube(tmp_path / "d.csv", numbers=["bad", "cnt"], at="t", case="region")


def test_sums_with_a_forecast(tmp_path: Path) -> None:
    r = np.random.default_rng(2)
    leaves = list(itertools.product(["N", "S", "W", "E"], ["a", "b", "c", "d"], ["x", "y", "z"]))
    lines = ["region,plan,way,came,due"]
    for region, plan, way in leaves:
        due = 0 if (region, plan, way) == ("N", "a", "x") else 100 * r.weibull(1)
        came = due * (1 + 0.03 * r.standard_normal()) * (0.4 if plan == "c" else 1)
        lines.append(f"{region},{plan},{way},{max(came, 0):.4f},{due:.4f}")
    (tmp_path / "s.csv").write_text("\n".join(lines) + "\n")
    cube = read_cube(tmp_path / "s.csv", numbers=["came", "due"])
    (finding,) = localise_sums(cube, actual="came", forecast="due").findings()
    assert finding["attributes"] == {"plan": "c"}
    assert finding["ratio"] == pytest.approx(0.4, rel=0.05)
    assert "plan c" in localise_sums(cube, actual="came", forecast="due").summary()
    (tmp_path / "n.csv").write_text("region,came,due\nN,1,2\nS,-1,2\n")
    with pytest.raises(UserError, match='line 3: "came" is -1'):
        localise_sums(read_cube(tmp_path / "n.csv", numbers=["came", "due"]), actual="came", forecast="due")
    (tmp_path / "z.csv").write_text("region,came,due\nN,0,0\nS,0,0\n")
    zero = localise_sums(read_cube(tmp_path / "z.csv", numbers=["came", "due"]), actual="came", forecast="due")
    assert zero.findings() == []
