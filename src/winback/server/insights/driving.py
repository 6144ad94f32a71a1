"""What goes with the score, for the Drivers page: which columns may be drivers, and the analysis of those chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from winback.analysis.driver_columns import MOST_VALUES
from winback.analysis.drivers import Drivers, drivers
from winback.errors import UserError
from winback.server.feedback.rules import SPLIT_BY
from winback.server.insights.basis import Basis
from winback.server.insights.figures import frame
from winback.tables import TABLES

MOST_CHOSEN = 6  # drivers shown where nobody chose
REPLICATES = 200  # a page is not kept waiting; the command line draws 500
_RATING = (0.0, 10.0)


@dataclass(frozen=True)
class Candidate:
    """A column that may be a driver: `rating` where its values are marks on a scale, so that there is room to improve."""

    name: str
    rating: bool


def candidates(basis: Basis) -> list[Candidate]:
    """Columns of few different values, ratings first; the score itself and what names somebody are none."""
    found: list[Candidate] = basis.kept.once("driver candidates", lambda: _candidates(basis))
    return found


def _candidates(basis: Basis) -> list[Candidate]:
    canonical = set(TABLES["feedback"].names) - set(SPLIT_BY)
    names = [name for name in basis.names if name not in canonical and not name.startswith("wb_")]
    if not names:
        return []
    rows = nw.from_native(basis.feedback).lazy().filter(~nw.col("score").is_null())
    counted = rows.select(
        *(nw.col(name).n_unique().alias(f"n{place}") for place, name in enumerate(names)),
        *(nw.col(name).count().alias(f"c{place}") for place, name in enumerate(names)),
    )
    row = counted.collect(backend="pyarrow").to_native().to_pylist()[0]
    few = [name for place, name in enumerate(names) if 2 <= row[f"n{place}"] <= MOST_VALUES + 1 and row[f"c{place}"]]
    known = [Candidate(name, _is_rating(rows, name)) for name in few]
    order = {name: place for place, name in enumerate(basis.holding.attributes)}
    return sorted(known, key=lambda one: (not one.rating, order.get(one.name, len(order)), one.name))


def _is_rating(rows: Any, name: str) -> bool:
    """Whether a column holds marks: at least three whole numbers from 0 to 10, and nothing else."""
    values = rows.select(nw.col(name)).unique().collect(backend="pyarrow").to_native().column(name).to_pylist()
    marks = set()
    for value in values:
        if value is None or not str(value).strip():
            continue
        try:
            mark = float(str(value))
        except ValueError:
            return False
        if not _RATING[0] <= mark <= _RATING[1] or mark != int(mark):
            return False
        marks.add(mark)
    return len(marks) >= 3


def chosen(basis: Basis, asked: Sequence[str]) -> list[str]:
    """The drivers asked for; else the ratings, else the attributes that pages split by. Raises UserError for strange ones."""
    known = candidates(basis)
    names = [one.name for one in known]
    if asked:
        for name in asked:
            if name not in names:
                raise UserError(f'"{name}" cannot be a driver here; choose among {", ".join(names) or "none"}.')
        return list(dict.fromkeys(asked))
    ratings = [one.name for one in known if one.rating]
    return (ratings or [name for name in names if name in basis.holding.attributes])[:MOST_CHOSEN]


def drivers_of(basis: Basis, asked: Sequence[str] = ()) -> dict[str, Any]:
    """The document of the Drivers page; `trouble` says why there are no figures, where there are none."""
    names = chosen(basis, asked)
    found: Drivers | None = None
    trouble = ""
    if names:
        try:
            found = basis.kept.once(("drivers", *names), lambda: _analysed(basis, names))
        except UserError as error:
            trouble = str(error)
    model: Mapping[str, Any] = found.models.to_pylist()[0] if found else {}
    return {
        **frame(basis),
        "chosen": names,
        "candidates": [{"name": one.name, "rating": one.rating} for one in candidates(basis)],
        "summary": found.summary() if found else None,
        "answers": model.get("answers"),
        "complete": model.get("complete"),
        "r_squared": model.get("r_squared"),
        "r_squared_low": model.get("r_squared_low"),
        "r_squared_high": model.get("r_squared_high"),
        "method": model.get("method"),
        "drivers": [_plain(row) for row in found.whole()] if found else [],
        "notes": list(found.notes) if found else [],
        "trouble": trouble,
    }


def _analysed(basis: Basis, names: Sequence[str]) -> Drivers:
    return drivers(basis.feedback, drivers=names, level=basis.level, replicates=REPLICATES, **basis.columns)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("by", "segment")}
