"""Flare-ups on every engine: counts by hand, money, late answers, themes, acknowledged alarms, and what is no flare-up."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

import winback as wb
from tests.peers.engines import Backend
from winback.analysis.codebook import Codebook, Theme
from winback.analysis.flareups import Flareups

MONDAY = dt.date(2026, 8, 3)
WEEKS, PEOPLE, LAST = 12, 20, 11
FIRE = 18  # of the 20 who answer at the Harbour in the last week


def answers(*, fire: int = FIRE, late: int = 0, weeks: int = WEEKS) -> pa.Table:
    """Two shops, 20 answers a week each, 4 or 5 of them detractors', and `fire` in the last week at the Harbour."""
    rows: list[dict[str, Any]] = []
    for week in range(weeks):
        for shop in ("Harbour", "Station"):
            bad = fire if (shop, week) == ("Harbour", weeks - 1) else 4 + week % 2
            for person in range(PEOPLE):
                day = MONDAY + dt.timedelta(weeks=week, days=person % 7)
                rows.append(
                    {
                        "local_date": day, "came": day + dt.timedelta(days=late if person % 10 == 0 else 0), "shop": shop,
                        "score": 3.0 if person < bad else 9.0, "queue": int(person < bad), "customer": f"{shop}{person}",
                        "money": 10.0 + person,
                    }
                )  # fmt: skip
    return pa.Table.from_pylist(rows)


ANSWERS = answers()


def test_seen_and_expected_by_hand() -> None:
    found = wb.flareups(ANSWERS, by=["shop"])
    assert found.judged == (MONDAY + dt.timedelta(weeks=LAST),)
    (row,) = found.rows()
    assert (row["by"], row["segment"], row["answers"], row["bad"]) == (["shop"], ["Harbour"], 20, 18.0)
    assert (row["since"], row["until"]) == ("2026-10-19", "2026-10-25")
    assert row["share"] == pytest.approx(0.9)
    # Before: 4 and 5 of 20 in turn, at both shops. What is expected is drawn from nothing else.
    assert row["expected_share"] == pytest.approx(4.5 / 20, abs=0.03)
    assert row["expected"] == pytest.approx(20 * row["expected_share"])
    assert row["low"] < row["odds_ratio"] < (18.5 / 2.5) / (4.5 / 15.5)  # drawn a little to one
    assert row["p"] <= row["q"] < 0.1
    # Everybody and the two shops are watched: 40 and 20 answers a week.
    assert [(one["segment"], one["answers"]) for one in found.watched.to_pylist()] == [
        ([], 40.0), (["Harbour"], 20.0), (["Station"], 20.0),
    ]  # fmt: skip


def _same(there: Flareups, here: Flareups) -> None:
    assert (there.judged, there.thin, there.every) == (here.judged, here.thin, here.every)
    for one, other in ((there.table, here.table), (there.watched, here.watched)):
        assert one.num_rows == other.num_rows
        for left, right in zip(one.to_pylist(), other.to_pylist(), strict=True):
            for name, value in left.items():
                assert value == (pytest.approx(right[name]) if isinstance(value, float) else right[name]), name
    assert there.histories == here.histories


@cache
def _here(**options: Any) -> Flareups:
    return wb.flareups(answers(late=5), by=["shop"], **options)


def test_the_same_on_every_engine(backend: Backend) -> None:
    frame = backend(answers(late=5), "answers")
    options: dict[str, Any] = {"money": "money", "money_of": "customer"}
    _same(wb.flareups(frame, by=["shop"], **options), _here(**options))
    assert _here(**options).rows()[0]["revenue"] == f"{sum(10 + person for person in range(PEOPLE))}.00"
    theme: dict[str, Any] = {"bad": "queue", "every": "day", "arrived": "came"}
    _same(wb.flareups(frame, by=["shop"], **theme), _here(**theme))


def named(*, weeks: int = WEEKS) -> pa.Table:
    """Two shops, 20 answers a week each with words and 5 without. Of the 20, 4 or 5 name the queue, in the last week at
    the Harbour 16; two of these name the price too, as two of every week do.
    """
    rows: list[dict[str, Any]] = []
    for week in range(weeks):
        for shop in ("Harbour", "Station"):
            queue = 16 if (shop, week) == ("Harbour", weeks - 1) else 4 + week % 2
            for person in range(PEOPLE + 5):
                said = person < PEOPLE
                themes = ["Queue"] * (person < queue) + ["price "] * (person < 2)
                rows.append(
                    {
                        "local_date": MONDAY + dt.timedelta(weeks=week, days=person % 7), "shop": shop,
                        "score": 3.0 if person % 4 == 0 else 9.0, "comment": "they told me why" if said else " ",
                        "why": ("; " if person else "|").join(themes) if said else None, "source": "s",
                        "external_id": f"{week} {shop} {person}",
                    }
                )  # fmt: skip
    return pa.Table.from_pylist(rows)


def coded(answers: pa.Table) -> pa.Table:
    """The themes of `named` as a table of codings."""
    rows = [
        {"source": "s", "external_id": row["external_id"], "theme": theme.strip()}
        for row in answers.to_pylist() for theme in (row["why"] or "").replace(";", "|").split("|") if theme.strip()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def test_a_theme_that_rises_in_one_segment(backend: Backend) -> None:
    found = wb.flareups(backend(named(), "answers"), by=["shop"], theme="why")
    (row,) = found.rows()
    # 16 of the 20 with words name it; the five without are not counted, and the price is as it was.
    assert (row["theme"], row["segment"], row["answers"], row["bad"]) == ("Queue", ["Harbour"], 20, 16.0)
    assert row["expected"] == pytest.approx(4.5, abs=0.6)
    pairs = [(one["theme"], one["segment"], one["answers"]) for one in found.watched.to_pylist()]
    assert pairs == [
        ("Queue", [], 40.0), ("Queue", ["Harbour"], 20.0), ("Queue", ["Station"], 20.0),
        ("price", [], 40.0), ("price", ["Harbour"], 20.0), ("price", ["Station"], 20.0),
    ]  # fmt: skip
    assert found.measure == "themes" and "2 themes, 6 pairs" in found.summary()
    # The same from a table of codings, wherever that is.
    beside = wb.Tables(feedback=backend(named(), "answers"), codings=backend(coded(named()), "codings"))
    again = wb.flareups(beside, by=["shop"], measure="themes")
    _same(again, found)


# ---- one engine is enough -----------------------------------------------------------------------------------------


def test_how_late_answers_come_is_found_from_the_day_they_came() -> None:
    # One in ten comes five days late, so 95 of 100 have come after five: the last week may still change.
    assert [row["provisional"] for row in _here(arrived="came").rows()] == [True]
    assert [row["provisional"] for row in _here(arrived="came", today=dt.date(2026, 10, 31)).rows()] == [False]


def test_a_week_whose_answers_may_still_come_needs_ten_times_the_evidence() -> None:
    sure = wb.flareups(answers(fire=13), by=["shop"])
    assert [row["provisional"] for row in sure.rows()] == [False]
    assert 0.01 < sure.rows()[0]["q"] <= 0.1
    assert wb.flareups(answers(fire=13), by=["shop"], lag=3).rows() == []
    assert wb.flareups(answers(fire=13), by=["shop"], lag=3, today=dt.date(2026, 10, 29)).rows() == sure.rows()
    assert wb.flareups(ANSWERS, by=["shop"], lag=3).rows()[0]["provisional"]


def test_revenue_of_customers_from_the_tables_beside() -> None:
    people = [f"Harbour{person}" for person in range(PEOPLE)]
    periods = pa.table(
        {
            "customer": [name for name in people for _ in range(2)], "month": [dt.date(2026, 8, 1), dt.date(2026, 9, 1)] * PEOPLE,
            "revenue": [7.5] * (2 * PEOPLE),
        }
    )  # fmt: skip
    yearly = pa.table({"customer": [*people[:4], "Station1"], "revenue": [100.0, 200.0, 300.0, 400.0, 9.0]})
    whole = wb.Tables(feedback=ANSWERS, customer_periods=periods)
    assert wb.flareups(whole, by=["shop"]).rows()[0]["revenue"] == "300.00"  # twenty customers, two months at 7.50
    assert wb.flareups(wb.Tables(feedback=ANSWERS, customers=yearly), by=["shop"]).rows()[0]["revenue"] == "1000.00"
    assert wb.flareups(wb.Tables(feedback=ANSWERS), by=["shop"]).rows()[0]["revenue"] is None


def test_after_an_acknowledged_alarm_only_what_is_new_counts() -> None:
    key = (("shop",), ("Harbour",))
    assert wb.flareups(ANSWERS, by=["shop"], acknowledged={key: dt.date(2026, 10, 25)}).rows() == []
    assert len(wb.flareups(ANSWERS, by=["shop"], acknowledged={key: dt.date(2026, 10, 18)}).rows()) == 1


def test_a_theme_that_is_known_of_and_one_found_by_a_codebook() -> None:
    key = (("shop",), ("Harbour",), "Queue")
    assert wb.flareups(named(), by=["shop"], theme="why", acknowledged={key: dt.date(2026, 10, 25)}).rows() == []
    other = (("shop",), ("Harbour",), "price")
    assert len(wb.flareups(named(), by=["shop"], theme="why", acknowledged={other: dt.date(2026, 10, 25)}).rows()) == 1
    said = {"Queue": "we waited at the till for half an hour", "": "a lovely shop with friendly people"}
    words = [said["Queue" if "Queue" in (row["why"] or "") else ""] if row["why"] is not None else None for row in named().to_pylist()]  # fmt: skip
    table = named().drop_columns(["comment", "why"]).append_column("comment", pa.array(words, pa.string()))
    taught = ((said["Queue"], ("q",)), (said[""], ("f",)))
    book = Codebook((Theme("q", "Queue"), Theme("f", "Friendly people")), model="static", learned=taught)
    (row,) = wb.flareups(table, codebook=book).rows()
    assert (row["theme"], row["segment"], row["answers"], row["bad"]) == ("Queue", [], 40, 21.0)  # 16 and 5
    with pytest.raises(wb.UserError, match="one of the two"):
        wb.flareups(table, by=["shop"], codebook=book, theme="shop")


def test_other_people_answering_and_a_late_start_are_no_flare_up() -> None:
    rows = ANSWERS.to_pylist()
    calm = [row for row in answers(fire=5).to_pylist() if row["local_date"] < MONDAY + dt.timedelta(weeks=LAST)]
    # In the last week nine in ten of those who answer are of a sort of whom half have always been detractors.
    mixed = []
    for place, row in enumerate(calm):
        grim = place % 10 == 0
        mixed.append(
            row
            | {
                "sort": "grim" if grim else "content",
                "score": (3.0 if place % 20 == 0 else 9.0) if grim else row["score"],
            }
        )
    for place in range(160):
        grim = place % 10 > 0
        day = MONDAY + dt.timedelta(weeks=LAST, days=place % 7)
        bad = place % 2 == 0 if grim else False
        shop = ("Harbour", "Station")[place // 80]
        mixed.append(
            {
                **rows[0],
                "local_date": day,
                "shop": shop,
                "sort": "grim" if grim else "content",
                "score": 3.0 if bad else 9.0,
            }
        )
    table = pa.Table.from_pylist(mixed)
    assert wb.flareups(table, by=["shop", "sort"]).rows() == []
    # Who does not know the sort takes it for one, were he less careful.
    assert wb.flareups(table, by=["shop"], false_rate=0.9).rows() != []
    assert wb.flareups(table, by=["shop", "sort"], false_rate=0.9).rows() == []
    new = [row for row in rows if row["shop"] == "Station" or row["local_date"] >= MONDAY + dt.timedelta(weeks=LAST)]
    assert wb.flareups(pa.Table.from_pylist(new), by=["shop"]).rows() == []


def test_silence_is_a_segment_that_stops_answering_while_others_go_on() -> None:
    rows = answers(fire=5).to_pylist()
    gone = pa.Table.from_pylist(
        [row for row in rows if row["shop"] != "Station" or row["local_date"] < dt.date(2026, 10, 12)]
    )
    found = wb.flareups(gone, by=["shop"], measure="silence").rows()
    assert [(row["segment"], row["answers"]) for row in found] == [(["Station"], 0)]
    # Nobody answers anywhere: collection has stopped, and that is no segment's silence.
    nobody = pa.Table.from_pylist(
        [row for row in rows if row["local_date"] < dt.date(2026, 10, 12) or row["customer"] == "Harbour0"]
    )
    assert [row["segment"] for row in wb.flareups(nobody, by=["shop"], measure="silence").rows()] in ([], [["Station"]])


def test_without_days_or_with_a_lag_that_cannot_be_it_says_so() -> None:
    with pytest.raises(wb.UserError, match="Flare-ups need a date"):
        wb.flareups(ANSWERS, by=["shop"], date=None)
    with pytest.raises(wb.UserError, match="Name the column of themes"):
        wb.flareups(ANSWERS, by=["shop"], measure="themes")
    with pytest.raises(wb.UserError, match="0 or more days"):
        wb.flareups(ANSWERS, by=["shop"], lag=-1)
