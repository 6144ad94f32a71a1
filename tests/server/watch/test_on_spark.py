"""The watch over a Spark cluster: the same alarms as over DuckDB, themes too, and the same page of one."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from tests.peers.spark import Spark
from tests.server.factories import Cast
from tests.server.watch.worlds import named, watched
from winback.server.runs.models import AnalysisRun
from winback.server.watch import changes, naming
from winback.server.watch.models import Alarm, Watch


def seen(cast: Cast) -> list[Any]:
    """What a look finds and keeps, and what the page of each alarm counts anew."""
    Alarm.objects.all().delete()
    Watch.objects.all().delete()
    found = watched(cast.larkspur)
    access = cast.access("hanna")
    return [
        *Alarm.objects.order_by("id").values(
            "measure", "theme__name", "by", "segment", "since", "until", "answers", "bad", "expected", "p", "q", "score",
            "customers", "causes", "course",
        ),
        *AnalysisRun.objects.filter(pk__in=Watch.objects.values("run")).order_by("id").values_list("input_hash", flat=True),
        *([naming.themes_of(access, alarm), changes.mix(access, alarm)] for alarm in found),
    ]  # fmt: skip


@pytest.mark.spark
@pytest.mark.xdist_group("spark_cluster")
@pytest.mark.timeout(1800)  # some twenty plans are compiled by a cluster of two small workers
@pytest.mark.django_db
def test_themes_and_detractors_are_watched_alike(cast: Cast, spark: Spark, settings: Settings) -> None:
    named(cast.larkspur)
    on_duckdb = seen(cast)
    assert [(row["measure"], row["theme__name"], row["bad"]) for row in on_duckdb[:1]] == [("themes", "Queue", 28.0)]
    assert len(on_duckdb) == 1 + 2 + 1 and on_duckdb[-1][0][0].name == "Queue"
    settings.WAREHOUSE_URL = spark.session("cluster").sparkContext.master
    assert seen(cast) == on_duckdb
