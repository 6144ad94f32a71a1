"""`winback report FILE`: a file of answers becomes a detractor review, as HTML, Markdown or JSON."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from winback.errors import UserError
from winback.writing import written_whole


def input_options(command: Any) -> Any:
    """The options that say how the files are to be read; later commands on files take the same."""
    options = [
        click.argument("file", metavar="FILE", type=click.Path(path_type=Path)),
        click.option("--customers", metavar="FILE", type=click.Path(path_type=Path), help="Customers: names, attributes, revenue, margin, counts, renewal."),
        click.option("--periods", metavar="FILE", type=click.Path(path_type=Path), help="Money by customer and month: revenue, cost, discounts or margin."),
        click.option("--departures", metavar="FILE", type=click.Path(path_type=Path), help="Customers who left: kind, notice date, end date, reason."),
        click.option("--contacts", metavar="FILE", type=click.Path(path_type=Path), help="People at customers: role, language."),
        click.option("--invitations", metavar="FILE", type=click.Path(path_type=Path), help="Who was asked: for the response rate."),
        click.option("--cases", metavar="FILE", type=click.Path(path_type=Path), help="Follow-ups with customers."),
        click.option("--unit-costs", metavar="FILE", type=click.Path(path_type=Path), help="Cost of one call, ticket, visit, return, credit: for an estimated cost to serve."),
        click.option("--score", metavar="COL", help="Column of the score."),
        click.option("--scale", metavar="WORST-BEST", help="Scale of the score as in the file: 0-10, 1-10, 1-5, or 5-1 where 1 is the best."),
        click.option("--detractors", metavar="A-B", help="Values that are detractors, as in the file. 0-6 on 0-10."),
        click.option("--promoters", metavar="A-B", help="Values that are promoters, as in the file. 9-10 on 0-10."),
        click.option("--blank", metavar="VALUE", multiple=True, help="A value that means no answer, such as 11. Repeatable."),
        click.option("--text", metavar="COL", multiple=True, help="Column of comments. Repeatable."),
        click.option("--date", metavar="COL", help="Column of the date of the answer."),
        click.option("--date-format", type=click.Choice(["dmy", "mdy"]), help="Which comes first in dates like 01/02/2026: day or month."),
        click.option("--customer", metavar="COL", help="Column of the customer's id, which joins the other files."),
        click.option("--respondent", metavar="COL", help="Column of the person: each counts once, by the latest answer. - counts every answer."),
        click.option("--id", "id_", metavar="COL", help="Column of the answer's own id: a later row with the same id replaces the earlier."),
        click.option("--by", metavar="COL", multiple=True, help="Attribute to split by, from FILE or the customers file. Repeatable."),
        click.option("--weight", metavar="COL", help="Column of design weights. Never detected."),
        click.option("--value", metavar="COL", help="Column of money that belongs to the answer, such as the order's value."),
        click.option("--currency", metavar="CODE", default="", help="Currency of all money, such as EUR."),
        click.option("--survey", type=click.Choice(["relationship", "transactional", "benchmark"]), help="Which sort of survey, where the file holds several: they never mix."),
        click.option("--map", "maps", metavar="TABLE.COLUMN=COL", multiple=True, help="Column of another file, such as periods.month=Monat. Repeatable."),
        click.option("--since", metavar="DATE", help="First day counted, like 2026-01-01."),
        click.option("--until", metavar="DATE", help="Last day counted."),
        click.option("--tz", metavar="ZONE", default="UTC", show_default=True, help="Time zone that decides which day it was."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@input_options
@click.option(
    "--period",
    type=click.Choice(["week", "month", "quarter"]),
    help="Steps of the trend; chosen by the span of the dates unless given.",
)
@click.option(
    "--minimum",
    metavar="N",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Answers below which a group shows no figure.",
)
@click.option(
    "--level",
    metavar="P",
    type=click.FloatRange(0.5, 0.999),
    default=0.95,
    show_default=True,
    help="Level of every interval.",
)
@click.option(
    "--leave-detractors",
    metavar="P",
    type=click.FloatRange(0, 1),
    help="Share of detractors you assume to leave in a year: for revenue at risk.",
)
@click.option(
    "--leave-passives",
    metavar="P",
    type=click.FloatRange(0, 1),
    help="Share of passives you assume to leave in a year.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["html", "md", "json"]),
    default="html",
    show_default=True,
    help="What to write.",
)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help="Where to write; - is standard output. HTML goes to FILE.report.html unless given.",
)
@click.option(
    "--rejected", metavar="OUT.csv", type=click.Path(path_type=Path), help="Write the rejected rows with their reasons."
)
@click.option("--strict", is_flag=True, help="Exit with 2 where any row was rejected.")
@click.option(
    "--codebook",
    metavar="BOOK",
    type=click.Path(path_type=Path),
    help="Codebook that comments are coded by, as `winback themes --save` writes it: the same themes every month.",
)
@click.option(
    "--themes/--no-themes",
    default=None,
    help="Count themes of comments, however many, or not at all. Without it: up to 20,000 comments.",
)
@click.option("--title", metavar="TEXT", help="Title of the report.")
def report(**given: Any) -> None:
    """A file of answers becomes a detractor review: who the detractors are by segment and by
    profitability, what they cost, and how that moved, with honest uncertainty.

    FILE is CSV, TSV, XLSX, Parquet or JSON lines, packed with gzip or not. Columns are detected
    where their names are plain; the report prints which is which.
    """
    from winback.connectors.rejected import write_rejected
    from winback.report.build import build
    from winback.report.inputs import gather

    options = _options(given)
    _keep_inputs(given)
    inputs = gather(_files(given))
    rejected = inputs.rejected()
    _say(str(inputs.reading))
    for warning in inputs.reading.warnings:
        _say(f"  note: {warning}")
    if given["rejected"]:
        written = write_rejected(inputs.reading, given["rejected"])
        _say(f"  {_rows(written)} rejected and kept in {given['rejected']}")
    if given["strict"] and rejected:
        raise UserError(f"{_rows(rejected)} rejected, and --strict allows none. The first: {inputs.first_rejected()}")
    doc = build(inputs, options)
    _write(_render(doc, given["format_"]), given)


def _files(given: dict[str, Any]) -> dict[str, Any]:
    names = (
        "file", "customers", "periods", "departures", "contacts", "invitations", "cases", "unit_costs", "score", "scale",
        "detractors", "promoters", "blank", "text", "date", "date_format", "customer", "respondent", "id_", "by", "weight",
        "value", "currency", "survey", "maps", "tz",
    )  # fmt: skip
    return {name: given[name] for name in names}


def _options(given: dict[str, Any]) -> Any:
    from winback.report.build import Options

    if (given["leave_detractors"] is None) != (given["leave_passives"] is None):
        raise UserError("--leave-detractors and --leave-passives go together; give both.")
    return Options(
        since=_day(given["since"], "--since"),
        until=_day(given["until"], "--until"),
        unit=given["period"],
        minimum=given["minimum"],
        level=given["level"],
        leave_detractors=given["leave_detractors"],
        leave_passives=given["leave_passives"],
        title=given["title"],
        themes=given["themes"],
        codebook=_codebook(given),
    )


def _codebook(given: dict[str, Any]) -> Any:
    """The codebook named, read."""
    if given["codebook"] is None:
        return None
    if given["themes"] is False:
        raise UserError("--codebook and --no-themes contradict each other; leave one out.")
    from winback.analysis.codebook import Codebook

    return Codebook.read(given["codebook"])


def _rows(number: int) -> str:
    return "1 row was" if number == 1 else f"{number:,} rows were"


def _keep_inputs(given: dict[str, Any]) -> None:
    """Nothing that is read may be written over. Raises UserError where it would be."""
    outputs = {"-o": given["output"] if given["output"] != "-" else None, "--rejected": given["rejected"]}
    read = ("file", "customers", "periods", "departures", "contacts", "invitations", "cases", "unit_costs", "codebook")
    inputs = {Path(given[name]).resolve() for name in read if given[name] is not None}
    for option, output in outputs.items():
        if output is not None and Path(output).resolve() in inputs:
            raise UserError(f"{option} {output} would write over a file that is read; give another name.")
    written = [Path(output).resolve() for output in outputs.values() if output is not None]
    if len(set(written)) < len(written):
        raise UserError("-o and --rejected name the same file; give two names.")


def _day(text: str | None, option: str) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(f'{option} "{text}" is no date; write it like 2026-01-31.') from None


def _render(doc: dict[str, Any], format_: str) -> str:
    if format_ == "json":
        from winback.report.as_json import render
    elif format_ == "md":
        from winback.report.as_markdown import render
    else:
        from winback.report.as_html import render
    return render(doc)


def _write(text: str, given: dict[str, Any]) -> None:
    output = given["output"]
    if output is None and given["format_"] == "html":
        output = f"{given['file']}.report.html"
    if output in (None, "-"):
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
        return
    with written_whole(Path(output), option="-o") as file:
        file.write(text)
    _say(f"The report is in {output}")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
