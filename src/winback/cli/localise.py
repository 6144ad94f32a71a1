"""`winback localise FILE`: which combination of attributes explains a jump."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from winback.cli.flareups import answers_of, files_of
from winback.cli.report import input_options
from winback.cli.single import keep_inputs, page_options, say, write
from winback.errors import UserError


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@input_options
@click.option("--before", metavar="DATE:DATE", help="First and last day to compare with, like 2026-07-01:2026-09-30; the 12 weeks before --after unless given.")  # fmt: skip
@click.option("--after", metavar="DATE:DATE", help="First and last day of the jump; the last 4 weeks unless given.")
@click.option("--depth", metavar="N", type=click.IntRange(1, 4), default=4, show_default=True, help="How many attributes are combined at most.")  # fmt: skip
@click.option("--false-rate", metavar="P", type=click.FloatRange(0.001, 0.5), default=0.05, show_default=True, help="Chance of naming anything where nothing is.")  # fmt: skip
@click.option("--actual", metavar="COL", help="Of a cube of leaves: column of what came.")
@click.option("--forecast", metavar="COL", help="Of a cube of leaves: column of what was forecast.")
@click.option("--bad", metavar="COL", help="Of a cube of leaves: column of the bad ones.")
@click.option("--total", metavar="COL", help="Of a cube of leaves: column of all.")
@click.option("--at", metavar="TIME", help="Of a cube of leaves: when the jump is. The time stands in the column of --date, or in one called time, or the like. Or the column itself: then the jump is at the last time of each case.")  # fmt: skip
@click.option("--case", metavar="COL", help="Of a cube of leaves: column of the case, where there are many.")
@page_options
def localise(**given: Any) -> None:
    """Which combination of up to four attributes explains a jump, in the shortest description; or
    that nothing in these attributes explains it.

    FILE is a file of answers as for winback report, and the jump is between two windows of days;
    or a cube of leaves with --actual and --forecast, or with --bad, --total and --at.
    """
    from winback.report.cause_words import document, view

    read = files_of(given)
    keep_inputs(given, read)
    if given["actual"] or given["forecast"]:
        found = _sums(given)
    elif given["bad"] or given["total"] or given["at"]:
        found = _shares(given)
    elif given["case"]:
        raise UserError("--case goes with a cube: give --actual and --forecast, or --bad, --total and --at.")
    else:
        found = _answers(given)
    doc = document(found, Path(given["file"]).name, given["title"])
    say(doc["summary"])
    write(doc, view, given, name="localise", read=read)


def _sums(given: dict[str, Any]) -> Any:
    from winback.analysis.localise_cube import localise_sums, read_cube

    if not (given["actual"] and given["forecast"]):
        raise UserError("A cube of sums needs both --actual and --forecast.")
    columns = [given["actual"], given["forecast"]]
    cube = read_cube(given["file"], numbers=columns, by=given["by"], case=given["case"])
    return localise_sums(cube, actual=columns[0], forecast=columns[1], depth=given["depth"], level=given["false_rate"])


def _shares(given: dict[str, Any]) -> Any:
    from winback.analysis.localise_cube import localise_shares, read_cube

    if not (given["bad"] and given["total"] and given["at"]):
        raise UserError("A cube of shares needs all of --bad, --total and --at.")
    from winback.analysis.localise_cube import time_column

    time, at = time_column(given["file"], given["at"], given["date"])
    cube = read_cube(given["file"], numbers=[given["bad"], given["total"]], by=given["by"], case=given["case"], at=time)
    return localise_shares(
        cube, bad=given["bad"], total=given["total"], time=time, at=at, depth=given["depth"], level=given["false_rate"]
    )


def _answers(given: dict[str, Any]) -> Any:
    from winback.analysis.localise import localise as find

    inputs, columns = answers_of(given)
    mapping = inputs.reading.mapping
    if not mapping["date"]:
        raise UserError(f"{given['file']} has no column of dates, so there is no jump in it; name it with --date COL.")
    after = _window(given["after"], "--after") or _lately(inputs.reading.tables.feedback)
    before = _window(given["before"], "--before") or (
        after[0] - dt.timedelta(weeks=12),
        after[0] - dt.timedelta(days=1),
    )
    say(f"  compared: {before[0]} to {before[1]} with {after[0]} to {after[1]}")
    columns = {name: value for name, value in columns.items() if name in ("bands", "one_source")}
    found = find(
        inputs.reading.tables.feedback, by=inputs.reading.attributes, before=before, after=after, depth=given["depth"],
        level=given["false_rate"], **columns,
    )  # fmt: skip
    return found.spelled(inputs.spelled)


def _lately(feedback: Any) -> tuple[dt.date, dt.date]:
    last = feedback.query("f", "SELECT max(local_date) FROM f WHERE score IS NOT NULL").fetchall()[0][0]
    if last is None:
        raise UserError("No answer has both a score and a date, so there is no jump to explain.")
    return last - dt.timedelta(days=27), last


def _window(text: str | None, option: str) -> tuple[dt.date, dt.date] | None:
    if text is None:
        return None
    first, _, last = text.partition(":")
    try:
        found = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    except ValueError:
        raise UserError(f'{option} "{text}" is no window; write it like 2026-07-01:2026-09-30.') from None
    if found[0] > found[1]:
        raise UserError(f'{option} "{text}" ends before it begins.')
    return found
