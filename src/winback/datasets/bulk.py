"""Feedback by the million, for benchmarks: the sample company's people and moods, streamed a month at a time.

Left out, for speed: rest periods, departures and skipped questions. Kept: segments and their differences, repeat
answers, the season, the flare-up, the fix, the change of mix, the silent segment, and comments where asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from winback.datasets import world
from winback.datasets.answers import SOURCE, products
from winback.datasets.cast import Cast
from winback.datasets.columns import column, dates, numbered, offsets, times, words
from winback.datasets.comments import LANGUAGES, VOICE_SHARES, Occasion, compose
from winback.datasets.moods import band_of, give
from winback.datasets.people import Flags, Floats, Ints, draw
from winback.datasets.reasons import Setting, draw_themes
from winback.datasets.world import Calendar, stream
from winback.errors import UserError
from winback.tables import FLOAT, INTEGER, SURVEY_KINDS

MOST_ROWS = 10_000_000
_BATCH = 400_000  # rows held at once
_RELATIONSHIP_SHARE = 0.75
_TOUCHPOINT_SHARES = (0.15, 0.20, 0.30, 0.35)
_VERSIONS = 48  # comments for each combination of theme, score, language and sort of customer
_ROWS_A_CUSTOMER = 20


def write_feedback_parquet(
    path: str | Path,
    *,
    rows: int,
    seed: int = 1,
    size: int | None = None,
    comments: bool = False,
    until: dt.date = world.UNTIL,
) -> Path:
    """Write a feedback table of `rows` rows (1 to ten million) to a Parquet file, in order of time; returns its path.

    `size` is the number of customers, by default one for twenty rows and at least 4000. Row groups are streamed, so
    that memory stays under 1 GiB whatever the number of rows. The same arguments give the same rows. The columns are
    those of `sample_company().feedback`; without `comments` the columns comment and language are blank.

    Raises UserError where `rows`, `size` or `seed` is out of range, or `until` is not the last day of a month.
    """
    check_rows(rows)
    calendar = Calendar(until)
    if seed < 0 or (size is not None and size < 1):
        raise UserError("seed is a whole number from 0 on, size a number of customers from 1 on.")
    cast = Cast.gather(seed, size or max(4000, rows // _ROWS_A_CUSTOMER), calendar)
    batches = _batches(cast, rows, comments=comments)
    first = next(batches)
    path = Path(path)
    repeated = [field.name for field in first.schema if pa.types.is_dictionary(field.type)]
    # Words go in as dictionaries and come out as strings: Arrow's own schema is left out of the file.
    with pq.ParquetWriter(path, first.schema, use_dictionary=repeated, store_schema=False) as writer:
        writer.write_table(first)
        for batch in batches:
            writer.write_table(batch)
    return path


def feedback_of(cast: Cast, rows: int) -> pa.Table:
    """The same rows in memory, for a cast at hand, with plain strings and without comments."""
    table = pa.concat_tables(list(_batches(cast, rows, comments=False)))
    arrays = [
        pc.cast(column, pa.string()) if pa.types.is_dictionary(column.type) else column for column in table.columns
    ]
    return pa.table(arrays, names=table.column_names)


def check_rows(rows: int) -> int:
    """The number of rows where it is in range. Raises UserError where it is not."""
    if not 1 <= rows <= MOST_ROWS:
        raise UserError(f"{rows} answers can't be made; take 1 to {MOST_ROWS}.")
    return rows


def _batches(cast: Cast, rows: int, *, comments: bool) -> Iterator[pa.Table]:
    """The rows in order of time, some hundred thousand at once."""
    rng = stream(cast.seed, "bulk")
    frame = _Frame(cast, _Bank(cast.seed) if comments else None)
    done = 0
    for month, number in zip(cast.calendar.months, _rows_a_month(rows, cast.calendar), strict=True):
        edges = np.cumsum(_weights(cast, month))
        for begin in range(0, number, _BATCH):
            size = min(_BATCH, number - begin)
            # The batches of a month share its time out evenly and in order.
            moment = month.start + len(month) * (begin + np.sort(rng.random(size)) * size) / number
            person = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
            yield frame.rows(rng, person, moment, done)
            done += size


def _rows_a_month(rows: int, calendar: Calendar) -> list[int]:
    """As many rows as asked for, shared out by the days of the months."""
    ends = np.rint(rows * calendar.month_starts / calendar.days).astype(np.int64)
    return [int(number) for number in np.diff(ends)]


def _weights(cast: Cast, month: range) -> Floats:
    """How likely an answer of the month comes from each person."""
    persons, middle = cast.persons, (month.start + month.stop) // 2
    weight = cast.moods.reply_chance(np.arange(len(persons)), np.full(len(persons), middle))
    if middle < cast.calendar.mix:
        weight = np.where(persons.channel == world.WEB, weight / world.WEB_TRIAL, weight)
    here = cast.accounts.since[persons.customer] < month.start
    return np.where(here, weight, 0.0) if here.any() else weight


class _Frame:
    """Turns people and moments into rows."""

    def __init__(self, cast: Cast, bank: _Bank | None) -> None:
        self.cast, self.bank = cast, bank
        self.accounts, self.persons, self.calendar = cast.accounts, cast.persons, cast.calendar
        self.ahead = offsets(self.calendar.start, self.calendar.days, world.ZONE)
        self.customer_ids = numbered("C-", np.arange(1, len(self.accounts) + 1), 6)
        self.person_ids = numbered("P-", np.arange(1, len(self.persons) + 1), 6)
        self.product = products(self.accounts)

    def rows(self, rng: np.random.Generator, person: Ints, moment: Floats, done: int) -> pa.Table:
        """A batch of rows; `moment` is in days from the calendar's start, `done` the number of rows before it."""
        size, accounts, persons, moods = len(person), self.accounts, self.persons, self.cast.moods
        day = moment.astype(np.int64)
        # People answer between 7:00 and 22:30; the order within the day stays.
        second = (25_200 + (moment - day) * 55_800).astype(np.int64)
        customer = persons.customer[person]
        survey = (rng.random(size) >= _RELATIONSHIP_SHARE).astype(np.int64)
        touchpoint = np.where(survey == 1, draw(rng, _TOUCHPOINT_SHARES, size), -1)
        mood, flare, slow = moods.on(person, day)
        mood += np.where(touchpoint >= 0, np.asarray(world.TOUCHPOINT_EFFECTS)[touchpoint], 0.0)
        score = give(rng, mood)
        month = np.searchsorted(self.calendar.month_starts, day, side="right") - 1
        tenure = day - accounts.since[customer]
        stage = np.select([touchpoint == 0, (touchpoint == 1) | (tenure < 90)], [0, 1], default=2)
        comment, language = pa.nulls(size, pa.string()), words(np.full(size, -1), LANGUAGES)
        if self.bank is not None:
            setting = Setting(
                band=band_of(score), plan=accounts.plan[customer], channel=persons.channel[person],
                touchpoint=touchpoint, tenure=tenure, month=month, in_west=moods.in_west[person], flare=flare, slow=slow,
            )  # fmt: skip
            theme, blank = draw_themes(rng, setting)
            german = persons.german[person].astype(np.int64)
            work = (accounts.plan[customer] >= world.BUSINESS).astype(np.int64)
            comment = self.bank.comments(rng, theme, score, german=german, work=work, blank=blank)
            language = words(np.where(blank, -1, german), LANGUAGES)
        number = np.arange(done + 1, done + size + 1)
        return pa.table(
            {
                "source": words(np.zeros(size, np.int64), (SOURCE,)),
                "external_id": numbered("B-", number, 8),
                "row_number": column(number, INTEGER),
                "occurred_at": times(day, second, self.calendar.start, self.ahead),
                "local_date": dates(day, self.calendar.start),
                "customer": pc.take(self.customer_ids, column(customer, INTEGER)),
                "respondent": pc.take(self.person_ids, column(person, INTEGER)),
                "score": column(score.astype(np.float64), FLOAT),
                "kind": words(np.zeros(size, np.int64), ("survey",)),
                "survey": words(survey, SURVEY_KINDS),
                "channel": words(persons.channel[person], world.CHANNELS),
                "touchpoint": words(touchpoint, world.TOUCHPOINTS),
                "journey_stage": words(stage, world.JOURNEY),
                "product": words(self.product[customer], world.PRODUCTS),
                "language": language,
                "comment": comment,
                "region": words(accounts.region[customer], world.REGIONS),
                "plan": words(accounts.plan[customer], world.PLANS),
                "industry": words(accounts.industry[customer], world.INDUSTRIES),
            }
        )


class _Bank:
    """Comments composed once and handed out again and again: composing one for each of millions would take minutes."""

    def __init__(self, seed: int) -> None:
        rng = stream(seed, "comments")
        self._kept: dict[int, pa.Array] = {}
        self._rng = rng

    def comments(
        self, rng: np.random.Generator, theme: Ints, score: Ints, *, german: Ints, work: Ints, blank: Flags
    ) -> pa.Array:
        """A comment for each row, blank where `blank` says so."""
        key = ((theme * 11 + score) * 2 + german) * 2 + work
        keys, place = np.unique(key, return_inverse=True)
        texts = pa.concat_arrays([self._versions(int(k)) for k in keys])
        chosen = place * _VERSIONS + (rng.random(len(key)) * _VERSIONS).astype(np.int64)
        return pc.take(texts, column(chosen, INTEGER, blank=blank))

    def _versions(self, key: int) -> pa.Array:
        if key not in self._kept:
            rest, work = divmod(key, 2)
            rest, german = divmod(rest, 2)
            theme, score = divmod(rest, 11)
            band = int(band_of(np.array([score]))[0])
            voices = draw(self._rng, VOICE_SHARES, _VERSIONS).tolist()
            months = (1 + self._rng.integers(0, 12, _VERSIONS)).tolist()
            occasions = [
                Occasion(theme, band, LANGUAGES[german], voice, bool(work), score, month)
                for voice, month in zip(voices, months, strict=True)
            ]
            self._kept[key] = pa.array(compose(self._rng, occasions), pa.string())
        return self._kept[key]
