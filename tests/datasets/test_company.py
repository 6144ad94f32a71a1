from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from winback.datasets import Truths, sample_company, sample_company_with_truths, sample_truths
from winback.errors import UserError
from winback.tables import TABLES, Tables, check

ROOT = Path(__file__).resolve().parents[2]
DIGEST = "from tests.datasets.test_company import digest; print(digest())"


def digest() -> str:
    """A hash of every byte of a small company's tables and truths."""
    tables, truths = sample_company_with_truths(3, 120)
    made = hashlib.sha256(f"{truths.retest} {truths.mix} {truths.fixes}".encode())
    for table in [*(getattr(tables, name) for name in tables.present()), truths.leaving.customers, truths.themes]:
        for batch in table.combine_chunks().to_batches():
            made.update(batch.serialize())
    return made.hexdigest()


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    ran = subprocess.run(
        [sys.executable, "-c", DIGEST], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == digest()


def test_another_seed_is_another_company() -> None:
    one, same, other = (sample_company(seed, 60) for seed in (5, 5, 6))
    assert one.feedback == same.feedback
    assert one.customers == same.customers
    assert one.feedback != other.feedback
    assert one.customers["customer_name"] != other.customers["customer_name"]


def test_the_tables_are_canonical_and_hang_together(tables: Tables) -> None:
    assert tables.present() == (
        "feedback", "customers", "contacts", "customer_periods", "departures", "invitations", "cases", "issues", "changes",
    )  # fmt: skip
    assert (tables.currency, tables.zone) == ("EUR", "Europe/Dublin")
    for name in tables.present():
        table = getattr(tables, name)
        assert check(TABLES[name], table).equals(table)
        key = [column for column in TABLES[name].key if column in table.column_names]
        assert table.group_by(key).aggregate([]).num_rows == table.num_rows, name
        if "customer" in table.column_names:
            assert pc.is_in(table["customer"], tables.customers["customer"]).to_numpy().all(), name
    assert pc.is_in(tables.feedback["respondent"], tables.contacts["contact"]).to_numpy().all()
    assert pc.is_in(tables.invitations["contact"], tables.contacts["contact"]).to_numpy().all()
    assert pc.is_in(tables.cases["feedback_id"], tables.feedback["external_id"]).to_numpy().all()
    assert pc.is_in(tables.changes["issue"], tables.issues["issue"]).to_numpy().all()
    assert (
        pc.is_in(tables.issues["theme"], pa.chunked_array([tables.issues["theme"].combine_chunks()])).to_numpy().all()
    )


def test_segments_in_feedback_are_those_of_the_customers(tables: Tables) -> None:
    joined = tables.feedback.join(
        tables.customers.select(["customer", "region", "plan", "industry"]), "customer", right_suffix="_there"
    )
    for name in ("region", "plan", "industry"):
        assert pc.all(pc.equal(joined[name], joined[f"{name}_there"])).as_py()


def test_size_and_score_are_believable(tables: Tables, truths: Truths) -> None:
    feedback = tables.feedback
    score = feedback["score"].drop_null().to_numpy()
    nps = 100 * ((score >= 9).mean() - (score <= 6).mean())
    assert nps == pytest.approx(20, abs=3)
    assert set(np.unique(score)) == set(range(11))
    assert tables.customers.num_rows == 4000
    assert 28_000 < feedback.num_rows < 34_000
    assert len(set(pc.strftime(feedback["local_date"], "%Y-%m").to_pylist())) == 24
    assert feedback["local_date"].to_pylist()[0] >= truths.start
    assert feedback["local_date"].to_pylist()[-1] <= truths.until
    assert feedback["comment"].null_count / feedback.num_rows == pytest.approx(0.36, abs=0.03)
    languages = feedback.filter(feedback["language"].is_valid())
    german = languages.filter(pc.equal(languages["language"], "de"))
    assert german.num_rows / languages.num_rows == pytest.approx(0.125, abs=0.02)
    assert german["region"].unique().to_pylist() == ["East"]


def test_truths_come_alone_too(truths: Truths) -> None:
    alone = sample_truths(1)
    assert alone.flare == truths.flare
    assert alone.leaving.margin_at_risk == truths.leaving.margin_at_risk
    assert alone.themes.equals(truths.themes)


def test_another_last_day() -> None:
    tables, truths = sample_company_with_truths(1, 60, until=dt.date(2025, 2, 28))
    assert (truths.start, truths.until) == (dt.date(2023, 3, 1), dt.date(2025, 2, 28))
    assert max(tables.customer_periods["month"].to_pylist()) == dt.date(2025, 2, 1)


def test_a_forced_number_of_answers() -> None:
    tables = sample_company(1, 80, answers=12_345)
    assert tables.feedback.num_rows == 12_345
    assert tables.feedback.schema.equals(sample_company(1, 80).feedback.schema)
    assert pc.is_in(tables.feedback["customer"], tables.customers["customer"]).to_numpy().all()
    assert tables.customers == sample_company(1, 80).customers


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"seed": -1}, "seed -1"),
        ({"size": 49}, "at least 50"),
        ({"answers": 0, "size": 50}, "1 to 10000000"),
        ({"answers": 10_000_001, "size": 50}, "10000001 answers"),
        ({"until": dt.date(2026, 10, 30)}, "last day of a month"),
    ],
)
def test_what_cannot_be_is_said(arguments: dict[str, int], words: str) -> None:
    with pytest.raises(UserError, match=words):
        sample_company(**arguments)  # type: ignore[arg-type]
