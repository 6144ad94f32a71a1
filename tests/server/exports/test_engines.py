"""The same Parquet on DuckDB and on a Spark cluster of a master and two workers: the same figures."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

import winback as wb
from tests.peers.spark import Spark as SparkPeer
from tests.server.exports.worlds import answer, fresh, known, told
from tests.server.factories import Cast
from winback.server.customers.models import CustomerPeriod
from winback.server.exports import engines
from winback.server.exports.engines import DuckDB
from winback.server.exports.queries import Holding, holding
from winback.server.workspaces.models import Workspace

TODAY = dt.date(2026, 10, 31)


def company(workspace: Workspace) -> None:
    """Two hundred answers of four months by forty customers with money, in two sources, some attributes odd."""
    rows = [
        answer(
            f"A{n}", (n * 7) % 11, f"2026-{6 + n % 4:02}-{1 + n % 28:02}", customer=f"C{n % 40}", respondent=f"P{n % 90}",
            attributes={"plan": ["Fibre", "Cable", "it's \\ `odd`"][n % 3], **({"shop": f"S{n % 2}"} if n % 5 else {})},
        )
        for n in range(200)
    ]  # fmt: skip
    told(workspace, rows[:150])
    told(workspace, rows[150:], source="second")
    for n in range(40):
        profile = known(workspace, f"C{n}", region=["North", "South"][n % 2])
        for month in (7, 8, 9):
            CustomerPeriod.objects.create(
                workspace=workspace, run=profile.run, customer=profile.customer, month=dt.date(2026, month, 1),
                revenue=Decimal(100 + n) / 4, cost=Decimal("12.5"),
            )  # fmt: skip
    fresh(workspace)


def figures(held: Holding) -> dict[str, Any]:
    """What each analysis says, as plain rows."""
    tables, columns = held.tables, held.columns
    before, after = (dt.date(2026, 6, 1), dt.date(2026, 7, 31)), (dt.date(2026, 8, 1), dt.date(2026, 9, 30))
    return {
        "nps": wb.nps(tables, **columns).rows(),
        "segments": wb.segments(tables, by=held.attributes, **columns).rows(),
        "trend": wb.trend(tables, unit="month", today=TODAY, **columns).rows(),
        "decompose": wb.decompose(tables, by=["plan"], before=before, after=after, **columns).rows(),
        "profit": wb.profit(tables, today=TODAY, **columns).document(),
    }


@pytest.mark.spark
@pytest.mark.xdist_group("spark_cluster")
@pytest.mark.django_db
def test_figures_are_the_same_on_a_cluster(cast: Cast, spark: SparkPeer, settings: Settings) -> None:
    company(cast.larkspur)
    on_duckdb = {who: holding(cast.access(who)) for who in ("hanna", "norah")}
    session = spark.session("cluster")
    settings.WAREHOUSE_URL = session.sparkContext.master
    assert settings.WAREHOUSE_URL.startswith("spark://")
    for who, expected in on_duckdb.items():
        found = holding(cast.access(who))
        assert found is not None and expected is not None
        assert type(found.tables.feedback).__module__.startswith("pyspark.")
        assert found.attributes == expected.attributes == ("plan", "shop", "region")
        assert figures(found) == figures(expected)
    assert expected.tables.customers.count("*").fetchall() == [(20,)]


@pytest.mark.django_db
def test_an_engine_of_its_own_for_every_process(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    here = engines._root()
    assert engines._root() is here
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert engines._root() is not here


def test_texts_and_names_are_quoted() -> None:
    engine = DuckDB()
    text, name = 'it\'s \\ "x"; --', 'a "b"'
    assert engine.rows(f"SELECT {engine.literal(text)} AS {engine.name(name)}") == [(text,)]
    assert engine.frame(f"SELECT 1 AS {engine.name(name)}").columns == [name]
    spark = object.__new__(engines.Spark)
    assert spark.literal("it's \\ x") == "'it\\'s \\\\ x'"
    assert spark.name("a`b") == "`a``b`"
