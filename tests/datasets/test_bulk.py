from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from winback.datasets import bulk, sample_company, write_feedback_parquet
from winback.errors import UserError
from winback.tables import FEEDBACK, check


def test_the_file_has_the_rows_in_order_and_the_canonical_columns(tmp_path: Path) -> None:
    path = write_feedback_parquet(tmp_path / "feedback.parquet", rows=100_000, seed=1)
    table = pq.read_table(path)
    assert table.num_rows == 100_000
    assert table.schema.equals(sample_company(1, 50).feedback.schema)
    assert check(FEEDBACK, table).equals(table)
    assert table["row_number"].to_pylist() == list(range(1, 100_001))
    at = table["occurred_at"].to_numpy()
    assert (at[1:] >= at[:-1]).all()
    assert len(pc.unique(table["external_id"])) == 100_000
    assert table["comment"].null_count == 100_000
    score = table["score"].to_numpy()
    assert 100 * ((score >= 9).mean() - (score <= 6).mean()) == pytest.approx(20, abs=5)


def test_the_same_arguments_give_the_same_rows(tmp_path: Path) -> None:
    one, same, other = (
        write_feedback_parquet(tmp_path / f"{place}.parquet", rows=3000, seed=seed, size=300)
        for place, seed in enumerate((7, 7, 8))
    )
    assert one.read_bytes() == same.read_bytes()
    assert not pq.read_table(one).equals(pq.read_table(other))


def test_what_is_planted_is_there_too(tmp_path: Path) -> None:
    path = write_feedback_parquet(tmp_path / "feedback.parquet", rows=120_000, seed=2)
    table = pq.read_table(path, columns=["local_date", "score", "region", "plan", "channel"])
    day = table["local_date"].to_numpy().astype("datetime64[D]")
    low = table["score"].to_numpy() <= 6
    region, plan, channel = (np.array(table[name].to_pylist()) for name in ("region", "plan", "channel"))
    cell = (region == "North") & (plan == "Business") & (channel == "partner")
    during = day >= np.datetime64("2026-09-28")
    shares = low[cell & during].mean(), low[cell & ~during].mean()
    odds = shares[0] / (1 - shares[0]) / (shares[1] / (1 - shares[1]))
    assert odds == pytest.approx(3.0, abs=0.6)
    half = day >= np.datetime64("2025-11-01")
    assert (channel[half] == "web").mean() > 2 * (channel[~half] == "web").mean()


def test_comments_come_from_a_bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_VERSIONS", 12)
    path = write_feedback_parquet(tmp_path / "feedback.parquet", rows=4000, seed=1, size=400, comments=True)
    table = pq.read_table(path)
    assert table["comment"].null_count / 4000 == pytest.approx(0.35, abs=0.04)
    assert table["language"].null_count == table["comment"].null_count
    texts = table["comment"].drop_null().to_pylist()
    assert len(set(texts)) > 0.5 * len(texts)


def test_memory_does_not_grow_with_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_BATCH", 1000)
    peaks = []
    for rows in (30_000, 120_000):
        arrow = pa.total_allocated_bytes()
        tracemalloc.start()
        write_feedback_parquet(tmp_path / "feedback.parquet", rows=rows, size=500)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert pa.total_allocated_bytes() - arrow < 1_000_000
    assert peaks[1] < 1.3 * peaks[0]
    assert peaks[1] < 20_000_000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"rows": 0}, "0 answers"), ({"rows": 5, "seed": -1}, "seed"), ({"rows": 5, "size": 0}, "size")],
)
def test_what_cannot_be_is_said(tmp_path: Path, arguments: dict[str, int], words: str) -> None:
    with pytest.raises(UserError, match=words):
        write_feedback_parquet(tmp_path / "feedback.parquet", **arguments)
    assert not (tmp_path / "feedback.parquet").exists()
