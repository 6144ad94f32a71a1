"""The questions of the benchmark, each answered by winback and by hand: DuckDB's SQL, Polars, pandas.

A contender is a function of the Parquet file's path that returns sorted tuples of whole numbers; the bench asserts that
all contenders of a question return the same. Each runs in a process of its own, so imports are not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Rows = list[tuple[Any, ...]]
BANDS = "count(*) FILTER (score >= 9), count(*) FILTER (score > 6 AND score < 9), count(*) FILTER (score <= 6)"


def _sql(path: str, query: str) -> Rows:
    import duckdb

    connection = duckdb.connect(config={"memory_limit": "1200MB", "preserve_insertion_order": False})
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    source = f"(SELECT *, year(local_date) * 12 + month(local_date) - 1 AS m FROM read_parquet('{path}') WHERE score IS NOT NULL)"
    return sorted(connection.execute(query.replace("ANSWERS", source)).fetchall())


def _frame(path: str) -> Any:
    import duckdb

    connection = duckdb.connect(config={"memory_limit": "1200MB", "preserve_insertion_order": False})
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    return connection.read_parquet(path)


def _cells(table: Any, *names: str) -> Rows:
    columns = [table.column(name).to_pylist() for name in (*names, "promoters", "passives", "detractors")]
    return sorted(zip(*columns, strict=True))


# --- the score of the whole, every answer counted


def whole_winback(path: str) -> Rows:
    import winback as wb

    return _cells(wb.nps(_frame(path), respondent=None).table)


def whole_duckdb(path: str) -> Rows:
    return _sql(path, f"SELECT {BANDS} FROM ANSWERS")


def whole_polars(path: str) -> Rows:
    import polars as pl

    return [
        tuple(pl.scan_parquet(path).filter(pl.col("score").is_not_null()).select(*_polars_bands()).collect().row(0))
    ]


def whole_pandas(path: str) -> Rows:
    import pandas as pd

    frame = pd.read_parquet(path, columns=["score"]).dropna()
    return [
        tuple(
            int(x)
            for x in ((frame.score >= 9).sum(), ((frame.score > 6) & (frame.score < 9)).sum(), (frame.score <= 6).sum())
        )
    ]


# --- by two attributes and month, every answer counted


def months_winback(path: str) -> Rows:
    from winback.analysis.counts import pool
    from winback.analysis.tally import tally

    counted = tally(_frame(path), by=["region", "plan"], unit="month", respondent=None)
    rows = []
    for month in sorted(set(counted.cells.column("wb_period").to_pylist())):
        found = pool(counted, ["region", "plan"], first=month, last=month)
        keys = found.keys.to_pylist()
        rows += [
            (key["region"], key["plan"], month, int(p), int(a), int(d))
            for key, p, a, d in zip(keys, found.promoters, found.passives, found.detractors, strict=True)
        ]
    return sorted(rows)


def months_duckdb(path: str) -> Rows:
    return _sql(path, f"SELECT region, plan, m, {BANDS} FROM ANSWERS GROUP BY ALL")


def months_polars(path: str) -> Rows:
    import polars as pl

    month = pl.col("local_date").dt.year().cast(pl.Int64) * 12 + pl.col("local_date").dt.month().cast(pl.Int64) - 1
    lazy = pl.scan_parquet(path).filter(pl.col("score").is_not_null())
    return sorted(lazy.group_by("region", "plan", month.alias("m")).agg(*_polars_bands()).collect().rows())


def months_pandas(path: str) -> Rows:
    import pandas as pd

    frame = pd.read_parquet(path, columns=["score", "region", "plan", "local_date"]).dropna(subset=["score"])
    day = pd.to_datetime(frame.local_date)
    frame["m"] = day.dt.year * 12 + day.dt.month - 1
    return _pandas_bands(frame, ["region", "plan", "m"])


# --- the latest answer per person, then the score by two attributes


def latest_winback(path: str) -> Rows:
    import winback as wb

    return _cells(wb.nps(_frame(path), by=["region", "plan"]).table, "region", "plan")


def latest_duckdb(path: str) -> Rows:
    order = "occurred_at DESC, source DESC, external_id DESC, row_number DESC"
    last = f"(SELECT * FROM ANSWERS QUALIFY row_number() OVER (PARTITION BY respondent ORDER BY {order}) = 1)"
    return _sql(path, f"SELECT region, plan, {BANDS} FROM {last} GROUP BY ALL")


def latest_polars(path: str) -> Rows:
    import polars as pl

    keys = ["occurred_at", "source", "external_id", "row_number"]
    lazy = (
        pl.scan_parquet(path)
        .filter(pl.col("score").is_not_null())
        .select("respondent", "score", "region", "plan", *keys)
    )
    last = lazy.sort(keys).group_by("respondent").last()
    return sorted(last.group_by("region", "plan").agg(*_polars_bands()).collect().rows())


def latest_pandas(path: str) -> Rows:
    import pandas as pd

    keys = ["occurred_at", "source", "external_id", "row_number"]
    frame = pd.read_parquet(path, columns=["respondent", "score", "region", "plan", *keys]).dropna(subset=["score"])
    last = frame.sort_values(keys).drop_duplicates("respondent", keep="last")
    return _pandas_bands(last, ["region", "plan"])


# --- each person once in the whole, in every month and in every trailing quarter


def windows_winback(path: str) -> Rows:
    import winback as wb
    from winback.analysis.tally import tally

    counted = tally(_frame(path), by=["region", "plan"], unit="month")
    rows: Rows = [("whole", 0, *_cells(wb.nps(counted).table)[0])]
    for row in wb.trend(counted).rows():
        month = int(row["period"][:4]) * 12 + int(row["period"][5:7]) - 1
        rows.append(("month", month, row["promoters"], row["passives"], row["detractors"]))
        if quarter := row["trailing_quarter"]:
            rows.append(("quarter", month, quarter["promoters"], quarter["passives"], quarter["detractors"]))
    return sorted(rows)


def windows_duckdb(path: str) -> Rows:
    order = "occurred_at DESC, source DESC, external_id DESC, row_number DESC"

    def last(window: str) -> str:
        return f"row_number() OVER (PARTITION BY respondent{window} ORDER BY {order}) = 1"

    whole = f"SELECT 'whole', 0, {BANDS} FROM (SELECT * FROM ANSWERS QUALIFY {last('')})"
    month = f"SELECT 'month', m, {BANDS} FROM (SELECT * FROM ANSWERS QUALIFY {last(', m')}) GROUP BY m"
    ends = "(SELECT * REPLACE (m + shift AS m) FROM ANSWERS, (SELECT unnest([0, 1, 2]) AS shift))"
    inside = "m BETWEEN (SELECT min(m) + 2 FROM ANSWERS) AND (SELECT max(m) FROM ANSWERS)"
    quarter = (
        f"SELECT 'quarter', m, {BANDS} FROM (SELECT * FROM {ends} WHERE {inside} QUALIFY {last(', m')}) GROUP BY m"
    )
    return sorted([*_sql(path, whole), *_sql(path, month), *_sql(path, quarter)])


def _polars_bands() -> list[Any]:
    import polars as pl

    score = pl.col("score")
    return [
        (score >= 9).sum().cast(pl.Int64).alias("p"),
        ((score > 6) & (score < 9)).sum().cast(pl.Int64).alias("a"),
        (score <= 6).sum().cast(pl.Int64).alias("d"),
    ]


def _pandas_bands(frame: Any, keys: list[str]) -> Rows:
    score = frame["score"]
    bands = frame[keys].assign(p=(score >= 9), a=(score > 6) & (score < 9), d=(score <= 6))
    found = bands.groupby(keys, dropna=False)[["p", "a", "d"]].sum().reset_index()
    return sorted(
        (*row[: len(keys)], *(int(x) for x in row[len(keys) :])) for row in found.itertuples(index=False, name=None)
    )


QUESTIONS: Mapping[str, Mapping[str, Callable[[str], Rows]]] = {
    "score of the whole": {"winback": whole_winback, "DuckDB SQL": whole_duckdb, "Polars": whole_polars, "pandas": whole_pandas},
    "by two attributes and month": {"winback": months_winback, "DuckDB SQL": months_duckdb, "Polars": months_polars, "pandas": months_pandas},
    "latest answer per person, by two attributes": {
        "winback": latest_winback, "DuckDB SQL": latest_duckdb, "Polars": latest_polars, "pandas": latest_pandas,
    },
    "each person once: whole, months, trailing quarters": {"winback": windows_winback, "DuckDB SQL": windows_duckdb},
}  # fmt: skip
