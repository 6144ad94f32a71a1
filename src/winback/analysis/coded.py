"""Coded interviews brought down to what saturation needs: interviews in order, themes, and which was named in which.

Rows that say the same twice count once; a theme written in several ways is one theme; what could not be used is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from winback.analysis.frames import ROW, lazy_frame, names_of
from winback.errors import UserError

Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Coded:
    """Interviews in their order, themes in the order they came up, and which was named in which (pairs)."""

    interviews: int
    names: tuple[str, ...]
    pairs: tuple[Integers, Integers]  # interview, theme
    splits: dict[str, tuple[tuple[str | None, Bools], ...]]  # by attribute: values, blank last, and who has them
    ordered: bool
    notes: tuple[str, ...]

    @classmethod
    def of(cls, codings: Any, interview: str, theme: str, by: tuple[str, ...], order: str | None) -> Coded:
        cells, ordered = _reduced(codings, interview, theme, by, order)
        notes = []
        ids = _texts(cells.column("wb_interview"))
        lost = sum(rows for rows, row in zip(cells.column("wb_rows").to_pylist(), ids, strict=True) if row is None)
        if lost:
            notes.append(
                f"{count_words(lost, 'row', 'rows')} without an interview {'is' if lost == 1 else 'are'} left out."
            )
        themes = _texts(cells.column("wb_theme"))
        interviews: dict[str, int] = {}
        known: dict[str, int] = {}
        names: list[str] = []
        spelled: dict[str, set[str]] = {}
        values: dict[str, list[set[str | None]]] = {name: [] for name in by}
        columns = {name: _texts(cells.column(f"wb_by{place}")) for place, name in enumerate(by)}
        pairs = set()
        for row, one in enumerate(ids):
            if one is None:
                continue
            place = interviews.setdefault(one, len(interviews))
            for name in by:
                if place == len(values[name]):
                    values[name].append(set())
                values[name][place].add(columns[name][row])
            text = themes[row]
            if text is None:
                continue
            key = text.casefold()
            spelled.setdefault(key, set()).add(text)
            if key not in known:
                known[key] = len(names)
                names.append(text)
            pairs.add((place, known[key]))
        if not interviews:
            raise UserError("No row names an interview; give the column that does (interview=, --interview COL).")
        if variants := sorted(sorted(texts) for texts in spelled.values() if len(texts) > 1):
            notes.append(
                f"{count_words(len(variants), 'theme')} written in several ways {'is' if len(variants) == 1 else 'are'} "
                f"counted once, such as {' and '.join(f'“{text}”' for text in variants[0][:2])}."
            )
        splits = {}
        for name in by:
            # Of several rows some may leave the value blank: then the one that is there counts.
            told = [found - {None} or {None} for found in values[name]]
            if several := sum(len(found) > 1 for found in told):
                notes.append(
                    f"{count_words(several, 'interview')} with more than one value of {name} "
                    f"{'counts' if several == 1 else 'count'} in the whole only."
                )
            splits[name] = _split([next(iter(found)) if len(found) == 1 else _SEVERAL for found in told])
        both = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        return cls(
            len(interviews),
            tuple(names),
            (both[:, 0], both[:, 1]),
            splits,
            ordered,
            tuple(notes),
        )

    def counts(self, chosen: Bools) -> Integers:
        """Of the chosen interviews, how many named each theme."""
        kept = chosen[self.pairs[0]]
        return np.bincount(self.pairs[1][kept], minlength=len(self.names)).astype(np.int64)

    def silent(self, chosen: Bools) -> int:
        spoke = np.zeros(self.interviews, dtype=bool)
        spoke[self.pairs[0]] = True
        return int((chosen & ~spoke).sum())

    def first_named(self) -> Integers:
        """How many themes each interview was the first to name."""
        first = np.full(len(self.names), self.interviews, dtype=np.int64)
        np.minimum.at(first, self.pairs[1], self.pairs[0])
        return np.bincount(first, minlength=self.interviews)[: self.interviews].astype(np.int64)


_SEVERAL = object()


def _split(column: list[Any]) -> tuple[tuple[str | None, Bools], ...]:
    """Each value with the interviews that have it; those with several values are with none."""
    values: list[Any] = sorted({value for value in column if isinstance(value, str)})
    values += [None] if None in column else []
    places = {value: place for place, value in enumerate(values)}
    codes = np.array([places.get(value, -1) for value in column])
    return tuple((value, codes == place) for place, value in enumerate(values))


def _reduced(codings: Any, interview: str, theme: str, by: tuple[str, ...], order: str | None) -> tuple[pa.Table, bool]:
    """Distinct rows of interview, theme and attributes as text with how often each came (wb_rows), in order; and whether the order is one of interviews."""
    try:
        names = names_of(codings)
    except TypeError:
        raise UserError(
            "Saturation takes a frame of codings (pandas, Polars, DuckDB, PySpark, Ibis or Arrow), one row an "
            "interview and theme."
        ) from None
    for role, name in (("interview", interview), ("theme", theme), ("order", order), *(("by", one) for one in by)):
        if name is not None and name not in names:
            shown = ", ".join(one for one in names if one != ROW)
            raise UserError(f'The frame has no column "{name}" ({role}={name!r}); it has {shown}.')
    place = order or (ROW if ROW in names else None)
    if order and isinstance(codings, pa.Table) and _plain(codings, [interview, theme, *by], order):
        return _reduced_here(codings, [interview, theme, *by], order)
    frame = lazy_frame(codings, [interview, theme, *by, *([place] if place else [])])
    columns = {"wb_interview": interview, "wb_theme": theme} | {f"wb_by{at}": name for at, name in enumerate(by)}
    texts = {new: nw.col(name).cast(nw.String) for new, name in columns.items()}
    if place is None:
        counted = frame.select(**texts).group_by(list(columns)).agg(nw.len().alias("wb_rows"))
        table = counted.collect(backend="pyarrow").to_native()
        return table.sort_by([(name, "ascending") for name in columns]), False
    first = (
        frame.select(**texts, wb_place=nw.col(place))
        .group_by(list(columns))
        .agg(nw.col("wb_place").min(), wb_rows=nw.len())
    )
    table = first.collect(backend="pyarrow").to_native()
    keys = [("wb_place", "ascending"), *((name, "ascending") for name in columns)]
    table = table.sort_by(keys)
    return table, order is None or table.column("wb_place").null_count == 0


def _plain(codings: pa.Table, texts: list[str], order: str) -> bool:
    """Whether there is nothing to convert: then a table in memory needs no engine."""
    kinds = codings.schema
    return all(pa.types.is_string(kinds.field(name).type) for name in texts) and pa.types.is_integer(
        kinds.field(order).type
    )


def _reduced_here(codings: pa.Table, texts: list[str], order: str) -> tuple[pa.Table, bool]:
    columns = ["wb_interview", "wb_theme", *(f"wb_by{at}" for at in range(len(texts) - 2))]
    table = pa.table([*(codings.column(name) for name in texts), codings.column(order)], names=[*columns, "wb_place"])
    first = table.group_by(columns).aggregate([("wb_place", "min"), ([], "count_all")])
    first = first.rename_columns({"wb_place_min": "wb_place", "count_all": "wb_rows"})
    first = first.sort_by([(name, "ascending") for name in ("wb_place", *columns)])
    return first, first.column("wb_place").null_count == 0


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    """Values with single spaces and none around; None where nothing is left."""
    texts = pc.cast(column, pa.string()).to_pylist()
    return [None if text is None else " ".join(text.split()) or None for text in texts]


def count_words(number: int, singular: str, many: str | None = None) -> str:
    """1 theme, 2,386 themes."""
    return f"{number:,} {singular if number == 1 else many or singular + 's'}"
