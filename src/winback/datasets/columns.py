"""NumPy arrays as Arrow columns: exact money, dates counted from a first day, words for codes, numbered ids."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.tables import DATE, FLAG, MONEY, TIME

_EPOCH = dt.date(1970, 1, 1)
_MICROSECONDS_A_SECOND = 1_000_000
_UNSCALED_A_CENT = 100  # MONEY has four decimals


def column(values: NDArray[np.generic], type_: pa.DataType, *, blank: NDArray[np.bool_] | None = None) -> pa.Array:
    """Values as an Arrow array of a type of the same width (flags: one bit each); blank where `blank` says so.

    Made from the bytes: `pa.array` would look at each value, and import pandas where it is installed.
    """
    given = None if blank is None else _bits(~blank)
    data = _bits(values.astype(np.bool_)) if type_ == FLAG else pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(type_, len(values), [given, data])


def words(codes: NDArray[np.integer], names: tuple[str, ...] | list[str]) -> pa.Array:
    """The name of each code, blank for a code below 0; a dictionary array, so that ten million rows stay small."""
    places = column(codes.astype(np.int32), pa.int32(), blank=codes < 0)
    return pa.DictionaryArray.from_arrays(places, pa.array(names, pa.string()))


def plain_words(codes: NDArray[np.integer], names: tuple[str, ...] | list[str]) -> pa.Array:
    """The name of each code as plain strings."""
    return words(codes, names).dictionary_decode()


def numbered(
    prefix: str, numbers: NDArray[np.integer], digits: int, *, blank: NDArray[np.bool_] | None = None
) -> pa.Array:
    """Ids such as C-00042; all of one width, wider than `digits` where the largest number needs it."""
    width = max(digits, len(str(int(numbers.max())))) if len(numbers) else digits
    start = prefix.encode()
    text = np.empty((len(numbers), len(start) + width), np.uint8)
    text[:, : len(start)] = np.frombuffer(start, np.uint8)
    text[:, len(start) :] = numbers[:, None] // 10 ** np.arange(width - 1, -1, -1) % 10 + ord("0")
    ends = np.arange(len(numbers) + 1, dtype=np.int32) * np.int32(text.shape[1])
    given = None if blank is None else _bits(~blank)
    return pa.Array.from_buffers(pa.string(), len(numbers), [given, pa.py_buffer(ends), pa.py_buffer(text)])


def money(cents: NDArray[np.int64], *, blank: NDArray[np.bool_] | None = None) -> pa.Array:
    """Whole cents as exact decimals."""
    unscaled = np.empty((len(cents), 2), np.int64)
    unscaled[:, 0] = cents * _UNSCALED_A_CENT
    unscaled[:, 1] = np.where(cents < 0, -1, 0)  # the sign, spread over the upper half of the 128 bits
    return column(unscaled, MONEY, blank=blank)


def dates(days: NDArray[np.integer], origin: dt.date, *, blank: NDArray[np.bool_] | None = None) -> pa.Array:
    """Days counted from `origin` as dates."""
    since_epoch = days.astype(np.int32) + np.int32((origin - _EPOCH).days)
    return column(since_epoch, DATE, blank=blank)


def offsets(origin: dt.date, days: int, zone: str) -> NDArray[np.int64]:
    """Seconds by which local time runs ahead of UTC at noon of each day from `origin`; shape (days,).

    Clocks change at night, when nobody answers, so that noon's offset serves the whole day.
    """
    there = ZoneInfo(zone)
    noons = (dt.datetime.combine(origin + dt.timedelta(days=d), dt.time(12), there) for d in range(days))
    ahead = [noon.utcoffset() or dt.timedelta(0) for noon in noons]
    return np.array([int(gap.total_seconds()) for gap in ahead], np.int64)


def times(
    days: NDArray[np.integer],
    seconds: NDArray[np.integer],
    origin: dt.date,
    ahead: NDArray[np.int64],
    *,
    blank: NDArray[np.bool_] | None = None,
) -> pa.Array:
    """Local days (from `origin`) and seconds of the day as UTC timestamps; `ahead` comes from `offsets`."""
    safe = np.clip(days, 0, len(ahead) - 1)
    local = (days.astype(np.int64) + (origin - _EPOCH).days) * 86_400 + seconds.astype(np.int64)
    return column((local - ahead[safe]) * _MICROSECONDS_A_SECOND, TIME, blank=blank)


def _bits(flags: NDArray[np.bool_]) -> pa.Buffer:
    """Flags as Arrow keeps them: one bit each, the first in the lowest place."""
    return pa.py_buffer(np.packbits(flags, bitorder="little"))
