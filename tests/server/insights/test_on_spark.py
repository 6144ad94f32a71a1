"""The pages of figures over a Spark cluster: the same documents as over DuckDB, the same numbers on the page.

That money comes to the same there is the matter of tests/server/exports/test_engines.py.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.peers.spark import Spark
from tests.server.factories import Cast
from tests.server.insights.worlds import invited, year
from winback.server.insights import queries
from winback.server.insights.kept import shelf


def seen(cast: Cast, client: Client) -> dict[str, Any]:
    """What two pages say, counted anew: the documents whole, and every figure as it stands in the page."""
    shelf.clear()
    access = cast.access("hanna")
    quarter, by_region = {"last": ["3"]}, {"by": ["region"], "last": ["all"]}
    documents = {"pulse": queries.pulse(access, quarter), "segments": queries.segments(access, by_region)}
    pages = [
        client.get(f"/w/larkspur/{page}").content.decode() for page in ("pulse/?last=3", "segments/?by=region&last=all")
    ]
    return {**documents, "figures": [re.findall(r'data-v="([^"]*)"', page) for page in pages]}


@pytest.mark.spark
@pytest.mark.xdist_group("spark_cluster")
@pytest.mark.timeout(1800)  # some forty plans are compiled by a cluster of two small workers
@pytest.mark.django_db
def test_pulse_and_segments_say_the_same(cast: Cast, hanna: Client, spark: Spark, settings: Settings) -> None:
    year(cast.larkspur)
    invited(cast.larkspur, [f"c-South-{i}" for i in range(12)], answered=5)
    on_duckdb = seen(cast, hanna)
    assert on_duckdb["pulse"]["overall"]["answers"] == 72 and on_duckdb["pulse"]["by_customer"]["answers"] == 24
    assert len(on_duckdb["figures"][0]) > 5 and len(on_duckdb["figures"][1]) == 2
    settings.WAREHOUSE_URL = spark.session("cluster").sparkContext.master
    assert seen(cast, hanna) == on_duckdb
    shelf.clear()
