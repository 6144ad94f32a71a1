"""Everything a report says, as one plain document: what the analyses found, and how it was made.

HTML, Markdown and JSON are written from this document and from nothing else, so they cannot disagree. Its fields are
described in docs/reference/report-json.md and checked against report/schema.json.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np

from winback import __version__
from winback.analysis.codebook import Codebook
from winback.analysis.counts import pool
from winback.analysis.nps import nps
from winback.analysis.people import RECENT, people, voices
from winback.analysis.profit import profit
from winback.analysis.readiness import Facts, readiness
from winback.analysis.response import response
from winback.analysis.segments import segments
from winback.analysis.tallies import Tallies
from winback.analysis.tally import AnswerColumns, Tally, period_index
from winback.analysis.worth import Worth
from winback.errors import UserError
from winback.report import account, headline
from winback.report.figures import Money, change_document, change_of, heat_of, invited, trend_of, with_worth
from winback.report.flare_words import flares_of
from winback.report.inputs import Inputs
from winback.report.themed import parts_by_attribute, themes_of

SCHEMA = "winback.report/1"
SMALL = 30  # answers under which a report leads with words and names
LISTED_SMALL = 30  # people listed in a small programme


@dataclass(frozen=True)
class Options:
    """What the report is about, beyond its files."""

    since: dt.date | None = None
    until: dt.date | None = None
    unit: Literal["week", "month", "quarter"] | None = None
    minimum: int = 10
    level: float = 0.95
    leave_detractors: float | None = None
    leave_passives: float | None = None
    title: str | None = None
    themes: bool | None = None  # True counts them however many comments there are, False never
    codebook: Codebook | None = None  # that comments are coded by; else one is made
    now: dt.datetime | None = None  # the clock, for tests


def build(inputs: Inputs, options: Options | None = None) -> dict[str, Any]:
    """The report's document. Raises UserError where the window holds no answer or options contradict the data."""
    options = options or Options()
    reading = inputs.reading
    now = options.now or dt.datetime.now(dt.UTC)
    today = now.astimezone(ZoneInfo(reading.tables.zone)).date()
    feedback, value = _with_money(inputs, options, today)
    names = feedback.columns
    columns = _columns(inputs, options, names, value)
    dated = "local_date" in names
    tallies = Tallies(feedback, inputs.reading.attributes, "month" if dated else None, columns)
    whole = tallies.of()
    answers = int(pool(whole).answers[0])
    if not answers:
        raise UserError(_nothing(reading.file.name, options))
    score = nps(whole, level=options.level, minimum=options.minimum)
    small = answers < SMALL
    span = (whole.first, whole.last)
    found = segments(tallies, by=inputs.reading.attributes, level=options.level, minimum=options.minimum)
    how: Any = {"level": options.level, "minimum": options.minimum}
    moved = change = None
    if span[0] and span[1]:
        moved = trend_of(
            feedback,
            whole,
            columns,
            span=(span[0], span[1]),
            today=today,
            unit=options.unit,
            until=options.until,
            **how,
        )
        until = min(today, options.until or today)
        change = change_of(
            tallies, inputs.reading.attributes, span=(span[0], span[1]), today=until, since=options.since,
            invitations=lambda by: invited(reading.tables, by, inputs.survey), **how,
        )  # fmt: skip
    money = profit(
        replace(reading.tables, feedback=feedback), value=value, unit_costs=inputs.unit_costs, minimum=options.minimum,
        level=options.level, attributes=inputs.reading.attributes, today=today,
        leave=None if options.leave_detractors is None or options.leave_passives is None else (options.leave_detractors, options.leave_passives),
        **columns,
    )  # fmt: skip
    themed, told = themes_of(
        replace(reading.tables, feedback=feedback), inputs.reading.attributes, columns, book=options.codebook,
        asked=options.themes, **how,
    )  # fmt: skip
    overall = score.rows()[0]
    doc: dict[str, Any] = {
        "schema": SCHEMA,
        "version": __version__,
        "title": options.title or f"Detractor review of {reading.file.name}",
        "made_at": now.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "time_zone": reading.tables.zone,
        "currency": reading.tables.currency,
        **account.of_files(inputs),
        "window": {
            "since": _iso(options.since), "until": _iso(options.until), "first": _iso(span[0]), "last": _iso(span[1]),
        },
        "bands": reading.tables.bands.describe(),
        "scale_given": reading.scale_given,
        "level": options.level,
        "minimum": options.minimum,
        "rows": _rows(inputs, whole, answers, feedback, columns),
        "overall": {**overall, **({"weighted": True} if whole.weighted else {}), "respondents": answers if whole.once_per_person else None, "customers": money.heard},
        "response": _response(inputs, options, span),
        "distribution": score.distribution(),
        "segments": found.rows(),
        "segments_note": account.segments_note(inputs),
        "heat": heat_of(tallies, inputs.reading.attributes[:1], **how) if moved is not None else None,
        "flareups": flares_of(feedback, inputs.reading.attributes, columns, today=today) if dated and inputs.reading.attributes else None,
        "trend": moved.rows() if moved is not None else [],
        "trend_sentence": moved.summary() if moved is not None else None,
        "decompose": change_document(change) if change else None,
        "profit": money.document(),
        "people": people(
            feedback, by=inputs.reading.attributes, worth=money.worth, names=_names(inputs), persons=_persons(inputs), recent=None if small else RECENT,
            limit=LISTED_SMALL if small else 12, counted=whole, **columns,
        ),
        "themes": themed,
        "voices": voices(feedback, each=LISTED_SMALL if small else 6, **columns),
        "readiness": [vars(ready) for ready in readiness(_facts(inputs, answers, span, feedback, money.worth, options))],
        "notes": [*account.notes(inputs, whole, options), *told, *(themed["notes"] if themed else ())],
    }  # fmt: skip
    _spell(doc, inputs.spelled)
    doc["headline"] = headline.write(doc, small=small)
    return doc


def _spell(doc: dict[str, Any], spelled: Mapping[str, str]) -> None:
    """Call every attribute what the user's file calls it: a frame has canonical names where there are any."""
    changed = [
        *doc["segments"],
        *([doc["heat"]] if doc["heat"] else []),
        *(doc["flareups"]["findings"] if doc["flareups"] else []),
        *([doc["decompose"]] if doc["decompose"] else []),
    ]
    for part in changed:
        part["by"] = [spelled.get(name, name) for name in part["by"]]
    for person in doc["people"]:
        person["segment"] = {spelled.get(name, name): value for name, value in person["segment"].items()}
    for part in parts_by_attribute(doc["themes"]):
        part["by"] = spelled.get(part["by"], part["by"])
    doc["mapping"]["by"] = [spelled.get(name, name) for name in doc["mapping"]["by"]]


def _with_money(inputs: Inputs, options: Options, today: dt.date) -> tuple[Any, Money | None]:
    """The answers with money beside them, and what that money is: the order's value, or the customer's worth."""
    tables = inputs.reading.tables
    if inputs.reading.mapping["customer"] is not None:
        joined = with_worth(
            tables, inputs.reading.connection, today=today, until=options.until, unit_costs=inputs.unit_costs
        )
        if joined is not None:
            return joined, "customer"
    return tables.feedback, "value" if inputs.reading.mapping["value"] else None


def _columns(inputs: Inputs, options: Options, names: list[str], value: Money | None) -> AnswerColumns:
    columns: AnswerColumns = {
        "bands": inputs.reading.tables.bands,
        "one_source": True,
        "since": options.since,
        "until": options.until,
    }
    if inputs.reading.mapping["weight"]:
        columns["weight"] = "weight"
    if value is not None:
        columns["money"] = "money"
    if "customer" in names and value is not None:
        columns["money_of"] = "customer" if value == "customer" else None
    return columns


def _nothing(file: str, options: Options) -> str:
    window = " to ".join(str(day) for day in (options.since, options.until) if day) or "the whole file"
    return f"{file} has no answer with a score in {window}; choose another window with --since and --until."


def _rows(inputs: Inputs, whole: Tally, answers: int, feedback: Any, columns: AnswerColumns) -> dict[str, int]:
    reading = inputs.reading
    taken = reading.rows - sum(reading.rejected.values()) - reading.blank
    # Without dates there is no window, and a tally holds the latest answers only.
    counted = int(np.asarray(whole.cells.column("wb_answers")).sum()) if whole.unit else taken - inputs.other_surveys
    return {
        "read": reading.rows, "answers": answers, "blank": reading.blank, "rejected": sum(reading.rejected.values()),
        "superseded": counted - answers, "outside_window": max(taken - counted - inputs.other_surveys, 0),
        "without_date": reading.without_date, "other_surveys": inputs.other_surveys,
    }  # fmt: skip


def _response(inputs: Inputs, options: Options, span: tuple[Any, Any]) -> dict[str, Any] | None:
    """The response rate over the window of the answers."""
    invitations = inputs.reading.tables.invitations
    if invitations is None:
        return None
    return response(invitations, survey=inputs.survey, since=options.since or span[0], until=options.until or span[1])


def _persons(inputs: Inputs) -> dict[str, str]:
    contacts = inputs.reading.tables.contacts
    if contacts is None or "contact_name" not in contacts.columns:
        return {}
    return dict(contacts.select("contact", "contact_name").fetchall())


def _names(inputs: Inputs) -> dict[str, str]:
    customers = inputs.reading.tables.customers
    if customers is None or "customer_name" not in customers.columns:
        return {}
    return dict(customers.select("customer", "customer_name").fetchall())


def _facts(
    inputs: Inputs, answers: int, span: tuple[Any, Any], feedback: Any, money: Worth | None, options: Options
) -> Facts:
    tables, mapping = inputs.reading.tables, inputs.reading.mapping
    comments = feedback.query("f", "SELECT count(comment) FROM f").fetchall()[0][0] if mapping["text"] else 0
    periods = (
        tables.customer_periods.query("p", "SELECT count(DISTINCT month) FROM p").fetchall()[0][0]
        if tables.customer_periods is not None
        else 0
    )
    departures = (
        tables.departures.query("d", "SELECT count(*) FROM d").fetchall()[0][0]
        if tables.departures is not None
        else None
    )
    return Facts(
        answers=answers,
        months=period_index(span[1], "month") - period_index(span[0], "month") + 1 if span[0] else 0,
        dated=mapping["date"] is not None,
        attributes=len(inputs.reading.attributes),
        comments=comments,
        customers=mapping["customer"] is not None,
        respondents=mapping["respondent"] is not None,
        money=money is not None or mapping["value"] is not None,
        periods=periods,
        departures=departures,
        contacts=tables.contacts is not None,
        invitations=tables.invitations is not None,
        referrals=tables.customers is not None and "acquired_by" in tables.customers.columns,
        minimum=options.minimum,
    )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
