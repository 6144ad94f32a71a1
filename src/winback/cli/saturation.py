"""`winback saturation CODINGS`: how much of what customers would say has been heard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from winback.cli.single import keep_inputs, output_options, say, write


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("codings", metavar="CODINGS", type=click.Path(path_type=Path))
@click.option("--interview", metavar="COL", help="Column that names the interview (or comment). Found by its name unless given.")  # fmt: skip
@click.option("--theme", metavar="COL", help="Column of the theme; blank where the interview had none. Found by its name unless given.")  # fmt: skip
@click.option("--by", metavar="COL", multiple=True, help="Attribute of the interview to split by. Repeatable.")
@click.option("--minimum", metavar="N", type=click.IntRange(2), default=5, show_default=True, help="Interviews below which a segment shows no figure.")  # fmt: skip
@click.option("--base", metavar="N", type=click.IntRange(1), default=6, show_default=True, help="Guest’s rule: interviews that its news are measured by.")  # fmt: skip
@click.option("--run", metavar="N", type=click.IntRange(1), default=3, show_default=True, help="Guest’s rule: interviews in a run.")  # fmt: skip
@click.option("--new-information", metavar="P", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="Guest’s rule: share of news in a run at which it stops.")  # fmt: skip
@click.option("--seed", metavar="N", type=click.IntRange(0), default=1, show_default=True, help="Of the simulated interviews behind the intervals.")  # fmt: skip
@output_options
def saturation(**given: Any) -> None:
    """How much of what customers would say has been heard, and what further calls would bring.

    CODINGS has one row for each interview and theme, in the order the interviews were held; an
    interview without a theme has one row with a blank theme. CSV, TSV, XLSX, Parquet or JSON lines.
    """
    from winback.analysis.saturation import saturation as analyse
    from winback.connectors.csvfile.codings import read_codings
    from winback.report.saturation import document, view

    keep_inputs(given, [given["codings"]])
    file = read_codings(given["codings"], interview=given["interview"], theme=given["theme"], by=given["by"])
    say(f"{file.name}: {file.rows:,} {'row' if file.rows == 1 else 'rows'}")
    for role, column in file.mapping.items():
        say(f"  {role:12} {column}{'  (detected)' if role in file.detected else ''}")
    found = analyse(
        file.frame, by=tuple(file.by), level=given["level"], minimum=given["minimum"], base=given["base"],
        run=given["run"], threshold=given["new_information"], seed=given["seed"],
    )  # fmt: skip
    doc = document(found, file, title=given["title"])
    for warning in doc["warnings"]:
        say(f"  note: {warning}")
    for sentence in (*doc["sentences"], doc["guest"]["sentence"]):
        say(sentence)
    write(doc, view, given, name="saturation", read=[given["codings"]])
