"""Where rows come from. Each connector is a folder here and a line in BUILTIN."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from winback.connectors.reading import Reading

BUILTIN: Mapping[str, str] = {"csvfile": "CSV, TSV, XLSX, Parquet and JSON-lines files"}


def read(
    path: str | Path,
    *,
    score: str | None = None,
    date: str | None = None,
    customer: str | None = None,
    respondent: str | None = None,
    id: str | None = None,
    weight: str | None = None,
    value: str | None = None,
    text: Sequence[str] = (),
    by: Sequence[str] = (),
    scale: str | None = None,
    detractors: str | None = None,
    promoters: str | None = None,
    blank: Sequence[str] = (),
    tz: str = "UTC",
    date_format: str | None = None,
    currency: str = "",
    today: dt.date | None = None,
    customers: str | Path | None = None,
    periods: str | Path | None = None,
    departures: str | Path | None = None,
    contacts: str | Path | None = None,
    invitations: str | Path | None = None,
    cases: str | Path | None = None,
    maps: Mapping[str, str] | None = None,
) -> Reading:
    """Read a file of answers, and the files beside it, into canonical tables.

    Columns that are not named are detected (a weight never is); "-" says there is none. `scale` is worst-best, like
    "0-10" or "5-1"; `detractors`, `promoters` and `blank` speak of values as in the file. `tz` is the zone of times
    without one. `customers` to `cases` are files beside the answers; what customers can be split by is joined to their
    answers, and `by` may name it. `maps` says which column is which there: {"periods.month": "Monat"}. Print the result
    to see the mapping. Raises UserError, with file, line and what to do, where nothing
    can be read.
    """
    from winback.connectors.csvfile import Columns, Options, read_together

    columns = Columns(
        score=score, date=date, customer=customer, respondent=respondent, external_id=id, weight=weight, money=value,
        text=(text,) if isinstance(text, str) else tuple(text), by=(by,) if isinstance(by, str) else tuple(by),
    )  # fmt: skip
    options = Options(
        scale=scale, detractors=detractors, promoters=promoters,
        blanks=(blank,) if isinstance(blank, str) else tuple(blank),
        zone=tz, date_order=date_format, currency=currency, today=today,
    )  # fmt: skip
    files = {
        "customers": customers, "periods": periods, "departures": departures, "contacts": contacts,
        "invitations": invitations, "cases": cases,
    }  # fmt: skip
    said = [f"{place}={column}" for place, column in (maps or {}).items()]
    return read_together(path, files, columns, options, maps=said)
