"""`winback flareups FILE`: what burns now, by segment, from a file of answers or a ready panel."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from winback.cli.report import input_options
from winback.cli.single import keep_inputs, page_options, say, write
from winback.errors import UserError
from winback.writing import written_whole


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@input_options
@click.option(
    "--every",
    type=click.Choice(["day", "week", "month"]),
    help="What a period is: week unless given. Of a panel, found from its periods.",
)
@click.option(
    "--watch",
    type=click.Choice(["detractors", "score", "volume", "silence"]),
    default="detractors",
    show_default=True,
    help="What is watched: a rise of detractors, a fall of the score, a rise of answers, or answers that stay out.",
)
@click.option(
    "--theme",
    metavar="COL",
    help="Watch the share of every theme in this column (several in one answer parted by ; or |).",
)
@click.option(
    "--codebook",
    "book",
    metavar="BOOK",
    type=click.Path(path_type=Path),
    help="Watch the share of every theme that this codebook finds in the comments (winback themes --save).",
)
@click.option(
    "--last",
    metavar="N",
    type=click.IntRange(1),
    help="How many of the last periods to judge: 1 unless given; of a panel all that have a history.",
)
@click.option(
    "--depth",
    metavar="N",
    type=click.IntRange(0, 4),
    default=3,
    show_default=True,
    help="How many attributes are combined at most.",
)
@click.option(
    "--false-rate",
    metavar="P",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.1,
    show_default=True,
    help="Share of the alarms that may be false.",
)
@click.option(
    "--lag",
    metavar="DAYS",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Days after a period has ended in which its answers still come: until then it alarms at a tenth of the rate.",
)
@click.option(
    "--arrived",
    metavar="COL",
    help="Column with the day an answer came in, from which the lag is found; answers after the last are not yet known.",
)
@click.option("--segment", metavar="COL", help="Of a panel, one row a segment and period: column of the segment.")
@click.option("--period", metavar="COL", help="Of a panel: column of the period: whole numbers, days, weeks or months.")
@click.option("--bad", metavar="COL", help="Of a panel: column of the bad answers, such as detractors.")
@click.option("--total", metavar="COL", help="Of a panel: column of all answers.")
@click.option(
    "--scores",
    metavar="OUT.csv",
    type=click.Path(path_type=Path),
    help="Of a panel: write segment, period, score, p, q and alarm of every cell watched.",
)
@page_options
def flareups(**given: Any) -> None:
    """What burns now: segments where detractors rise beyond what their own past, their season and
    the rest explain, with false alarms under control. With --theme or --codebook, themes that rise.

    FILE is a file of answers as for winback report, or a ready panel with --segment, --period,
    --bad and --total.
    """
    from winback.report.flare_words import document, view

    read = files_of(given)
    keep_inputs(given, read)
    if given["scores"]:
        keep_inputs({"output": str(given["scores"])}, read)
    panel = [given[name] for name in ("segment", "period", "bad", "total")]
    if (given["theme"] or given["book"]) and (any(panel) or given["watch"] != "detractors"):
        raise UserError(
            "--theme and --codebook watch themes in a file of answers: leave out --watch and the panel's columns."
        )
    if any(panel):
        if given["arrived"] or given["lag"]:
            raise UserError("--arrived and --lag go with a file of answers; a panel has no days of single answers.")
        if not all(panel):
            raise UserError("A panel needs all of --segment, --period, --bad and --total.")
        found, cells = _of_panel(given)
        if given["scores"]:
            with written_whole(given["scores"], option="--scores") as file:
                file.write(_csv(cells))
    else:
        if given["scores"]:
            raise UserError("--scores goes with a panel: give --segment, --period, --bad and --total.")
        found = _of_answers(given)
    doc = document(found, Path(given["file"]).name, given["title"])
    say(doc["summary"])
    write(doc, view, given, name="flareups", read=read)


def _of_panel(given: dict[str, Any]) -> tuple[Any, Any]:
    from winback.analysis.flareups_ready import read_panel, watch_panel

    panel = read_panel(
        given["file"], segment=given["segment"], period=given["period"], bad=given["bad"], total=given["total"],
        every=given["every"],
    )  # fmt: skip
    return watch_panel(panel, measure=given["watch"], last=given["last"], false_rate=given["false_rate"])


def _of_answers(given: dict[str, Any]) -> Any:
    from winback.analysis.flareups import flareups as find

    inputs, columns = _named(_asked(given))
    if given["theme"] and not given["by"] and not _frame_name(inputs, given["theme"]):
        named = {**given, "by": (*(inputs.spelled[name] for name in inputs.reading.attributes), given["theme"])}
        inputs, columns = _named(named, said=True)
    theme = _frame_name(inputs, given["theme"])
    attributes = [name for name in inputs.reading.attributes if name != theme]
    if not inputs.reading.mapping["date"]:
        raise UserError(f"{given['file']} has no column of dates, so nothing can rise in it; name it with --date COL.")
    lag, today = _late(given, inputs.reading.tables, columns)
    found = find(
        inputs.reading.tables, by=attributes, every=given["every"] or "week", measure=given["watch"],
        last=given["last"] or 1, depth=given["depth"], false_rate=given["false_rate"], lag=lag, today=today,
        theme=theme, codebook=_book(given), comment="" if theme and inputs.spelled[theme] in _texts(inputs) else "comment", **columns,
    )  # fmt: skip
    return found.spelled(inputs.spelled)


def _late(given: dict[str, Any], tables: Any, columns: Any) -> tuple[int, dt.date]:
    """Days within which answers come in, and the day by which it is judged whether more may: with --arrived the last one's."""
    if not given["arrived"]:
        return given["lag"], dt.datetime.now(ZoneInfo(given["tz"])).date()
    if given["lag"]:
        raise UserError("--arrived finds out how late answers come; leave out --lag.")
    from winback.analysis.flareups_late import lag_of

    lag, latest = lag_of(tables, "arrived", columns)
    say(f"  late: 95 of 100 answers are in within {lag} days; the last one came on {latest}")
    return lag, latest


def _named(given: dict[str, Any], *, said: bool = False) -> tuple[Any, dict[str, Any]]:
    """`answers_of`, in whose sentences the column of themes is called by its own option."""
    try:
        return answers_of(given, said=said)
    except UserError as error:
        told = f'"{given["theme"]}" (--'
        raise UserError(str(error).replace(f"{told}by)", f"{told}theme)")) from None


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    """The column of themes is read as attributes are; where these are named, it is one more of them."""
    if not given["theme"] or not given["by"]:
        return given
    return {**given, "by": tuple(name for name in (*given["by"], given["theme"]) if name != "-")}


def _frame_name(inputs: Any, theme: str | None) -> str | None:
    """What the column of themes is called in the tables; None where it is not among the attributes read."""
    from winback.connectors.csvfile.naming import words_of

    wanted = words_of(theme or "")
    return next((name for name, own in inputs.spelled.items() if wanted and words_of(own) == wanted), None)


def _texts(inputs: Any) -> tuple[str, ...]:
    """The columns read as comments: a column of themes may be taken for one, and says nothing of who wrote words."""
    found = inputs.reading.mapping.get("text") or ()
    return (found,) if isinstance(found, str) else tuple(found)


def _book(given: dict[str, Any]) -> Any:
    if given["book"] is None:
        return None
    from winback.analysis.codebook import Codebook

    try:
        return Codebook.from_json(given["book"].read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{given['book']} cannot be read: {error}") from None


def answers_of(given: dict[str, Any], *, said: bool = False) -> tuple[Any, dict[str, Any]]:
    """The answers of the input options, read, and the columns the score analyses take. `said`: what was read is known."""
    from winback.report.inputs import gather

    inputs = gather(given)
    for line in () if said else (str(inputs.reading), *(f"  note: {one}" for one in inputs.reading.warnings)):
        say(line)
    columns: dict[str, Any] = {
        "bands": inputs.reading.tables.bands, "one_source": True, "since": day_of(given, "since"),
        "until": day_of(given, "until"),
    }  # fmt: skip
    if inputs.reading.mapping["value"]:
        columns["money"] = "money"
    return inputs, columns


def day_of(given: dict[str, Any], option: str) -> dt.date | None:
    """A day of the command line. Raises UserError where it is none."""
    if given[option] is None:
        return None
    try:
        return dt.date.fromisoformat(given[option])
    except ValueError:
        raise UserError(f'--{option} "{given[option]}" is no date; write it like 2026-01-31.') from None


def files_of(given: dict[str, Any]) -> list[Path]:
    """Every file that is read."""
    names = ("file", "customers", "periods", "departures", "contacts", "invitations", "cases", "unit_costs", "book")
    return [Path(given[name]) for name in names if given.get(name) is not None]


def _csv(table: Any) -> str:
    """A table as CSV; a value that a spreadsheet would run as a formula is written as text."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(table.column_names)
    for row in zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True):
        lines.writerow([_safe(value) for value in row])
    return out.getvalue()


def _safe(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.8g}"
    if isinstance(value, str) and value[:1] in "=+@\t\r" and value[:1]:
        return f"'{value}"
    return value
