"""A chart resolves its tokens, draws itself in notebooks and saves itself as a file."""

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

from tests.report import documents
from winback import charts
from winback.charts import tokens
from winback.charts.spec import MIME, Chart, score_domain
from winback.errors import UserError


@pytest.fixture
def trend() -> Chart:
    return charts.over_time(documents.full()["trend"], width="container", title="Month by month")


def test_resolved_fills_tokens_and_config(trend: Chart) -> None:
    light, dark = trend.resolved("light"), trend.resolved("dark")
    assert light["layer"][0]["mark"]["color"] == tokens.LIGHT["band"]
    assert dark["layer"][0]["mark"]["color"] == tokens.DARK["band"]
    assert light["config"]["axis"]["gridColor"] == tokens.LIGHT["grid"]
    assert "$" not in json.dumps({key: value for key, value in dark.items() if key not in ("data", "$schema")})
    assert trend["layer"][0]["mark"]["color"] == "$band", "the chart itself keeps its tokens"


def test_own_config_lies_over_the_common_one() -> None:
    chart = Chart({"config": {"axis": {"gridColor": "$zero"}, "bar": {"color": "$ink"}}})
    config = chart.resolved()["config"]
    assert config["axis"]["gridColor"] == tokens.LIGHT["zero"]
    assert config["axis"]["domain"] is False
    assert config["bar"]["color"] == tokens.LIGHT["ink"]


def test_notebook_bundle(trend: Chart) -> None:
    bundle = trend._repr_mimebundle_()
    assert bundle[MIME]["width"] == 640
    assert bundle["image/svg+xml"].startswith("<svg")
    assert bundle["text/plain"].startswith("Chart: Score with interval")


@pytest.mark.parametrize("ending", ["json", "html", "svg", "png"])
def test_save(trend: Chart, tmp_path: Path, ending: str) -> None:
    path = trend.save(tmp_path / f"chart.{ending}")
    content = path.read_bytes()
    assert len(content) > 1000
    if ending == "json":
        assert json.loads(content)["title"] == "Month by month"
    if ending == "html":
        assert b"default-src 'none'" in content and b"style=" not in content.split(b"<script")[0]
    if ending == "png":
        assert content.startswith(b"\x89PNG")


def test_save_says_which_endings(trend: Chart, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"chart\.pdf; name it \.json, \.html, \.svg or \.png"):
        trend.save(tmp_path / "chart.pdf")


def test_save_without_converter_says_what_to_install(
    trend: Chart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def absent(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "vl_convert":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(UserError, match=r'pip install "winback\[pictures\]"'):
        trend.save(tmp_path / "chart.png")
    assert set(trend._repr_mimebundle_()) == {MIME, "text/plain"}


@pytest.mark.parametrize(
    ("low", "high", "domain"),
    [(17, 31, [0, 40]), (-7.5, 12, [-10, 20]), (-95, -80, [-100, 0]), (0, 0, [0, 10]), (60, 100, [0, 100])],
)
def test_score_domain(low: float, high: float, domain: list[int]) -> None:
    assert score_domain(low, high) == domain
