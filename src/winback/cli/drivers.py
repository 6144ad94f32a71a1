"""`winback drivers FILE`: what goes with the score, sub-rating by sub-rating and attribute by attribute."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from winback.cli.report import input_options
from winback.cli.single import keep_inputs, output_options, say, write
from winback.errors import UserError

_FILES = ("file", "customers", "periods", "departures", "contacts", "invitations", "cases", "unit_costs")


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@input_options
@click.option("--driver", "drivers", metavar="COL", multiple=True, help="Column of a sub-rating or an attribute that may go with the score. Repeatable.")  # fmt: skip
@click.option("--driver-blank", metavar="VALUE", multiple=True, help="A value of a driver that means no answer, such as 6 for not used. Repeatable.")  # fmt: skip
@click.option("--driver-scale", metavar="WORST-BEST", help="Scale of the sub-ratings as in the file, such as 1-5; told by their values unless given.")  # fmt: skip
@click.option("--nested", metavar="COL", multiple=True, help="A driver whose blank means that the customer did not use it: use counts as a part of it. Repeatable.")  # fmt: skip
@click.option("--replicates", metavar="N", type=click.IntRange(50, 10_000), default=500, show_default=True, help="Bootstrap samples behind the intervals.")  # fmt: skip
@click.option("--seed", metavar="N", type=click.IntRange(0), default=1, show_default=True, help="Of the bootstrap.")
@output_options
def drivers(**given: Any) -> None:
    """What goes with the score: each driver’s part in explaining it, beside the room to improve.

    FILE is a file of answers as for winback report. A driver is a sub-rating (how was the support?)
    or an attribute (plan), from FILE or the customers file. Missing answers are no obstacle. --by
    does the same for each segment. This is association, not cause.
    """
    from winback.analysis.drivers import drivers as analyse
    from winback.report.drivers import columns_of, document, view
    from winback.report.inputs import gather

    read = [Path(given[name]) for name in _FILES if given[name] is not None]
    keep_inputs(given, read)
    given["by"] = tuple(name for name in given["by"] if name != "-")  # which says that there is none
    if not given["drivers"]:
        raise UserError("Name at least one driver with --driver COL: a column of sub-ratings, or an attribute.")
    wanted = tuple(dict.fromkeys((*given["drivers"], *given["nested"], *given["by"])))
    try:
        inputs = gather({**given, "by": wanted})
    except UserError as error:
        raise UserError(_by_its_option(str(error), given)) from None
    say(str(inputs.reading))
    for warning in inputs.reading.warnings:
        say(f"  note: {warning}")
    names = columns_of(inputs, wanted)
    if own := [name for name in given["drivers"] if inputs.spelled[names[name]] == inputs.reading.mapping["score"]]:
        raise UserError(f'"{own[0]}" is the score; it cannot be its own driver.')
    found = analyse(
        inputs.reading,
        drivers=[names[name] for name in given["drivers"]],
        by=[names[name] for name in given["by"]],
        blank=given["driver_blank"],
        driver_scale=given["driver_scale"],
        nested=[names[name] for name in given["nested"]],
        level=given["level"],
        replicates=given["replicates"],
        seed=given["seed"],
        **_window(given),
    )
    doc = document(found, inputs, title=given["title"])
    for note in found.notes:
        say(f"  note: {note}")
    for sentence in doc["sentences"]:
        say(sentence)
    write(doc, view, given, name="drivers", read=read)


def _by_its_option(sentence: str, given: dict[str, Any]) -> str:
    """Drivers are read as attributes are; a sentence about one names the option it was given by."""
    for option in ("drivers", "nested"):
        for name in given[option]:
            sentence = sentence.replace(f'"{name}" (--by)', f'"{name}" (--{option.removesuffix("s")})')
    return sentence


def _window(given: dict[str, Any]) -> dict[str, Any]:
    import datetime as dt

    found = {}
    for name in ("since", "until"):
        if given[name] is None:
            continue
        try:
            found[name] = dt.date.fromisoformat(given[name])
        except ValueError:
            raise UserError(f'--{name} "{given[name]}" is no date; write it like 2026-01-31.') from None
    return found
