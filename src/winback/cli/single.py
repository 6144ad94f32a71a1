"""What the commands of one analysis share: how it is written, and where to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from winback.errors import UserError
from winback.writing import written_whole


def page_options(command: Any) -> Any:
    """The options that say what is written, and where to."""
    options = [
        click.option("--format", "format_", type=click.Choice(["html", "md", "json"]), default="html", show_default=True, help="What to write."),
        click.option("-o", "--output", metavar="OUT", help="Where to write; - is standard output. HTML goes beside FILE unless given."),
        click.option("--title", metavar="TEXT", help="Title of the page."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def output_options(command: Any) -> Any:
    """The same, and the level of intervals."""
    level = click.option("--level", metavar="P", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="Level of every interval.")  # fmt: skip
    return level(page_options(command))


def write(
    document: dict[str, Any], view: Callable[[dict[str, Any]], Any], given: dict[str, Any], *, name: str, read: Sequence[Path]
) -> None:  # fmt: skip
    """Write the document in the format asked for: to `-o`, else HTML to FILE.name.html and the rest to standard output.

    Raises UserError where that would write over a file that is read, or cannot be written.
    """
    from winback.report import single

    if given["format_"] == "json":
        text = single.to_json(document)
    else:
        text = (single.to_markdown if given["format_"] == "md" else single.to_html)(view(document))
    output = given["output"]
    if output is None and given["format_"] == "html":
        output = f"{read[0]}.{name}.html"
    if output in (None, "-"):
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
        return
    with written_whole(Path(output), option="-o") as file:
        file.write(text)
    say(f"It is in {output}")


def keep_inputs(given: dict[str, Any], read: Sequence[Path]) -> None:
    """Nothing that is read may be written over. Raises UserError where it would be."""
    output = given["output"]
    if output not in (None, "-") and Path(output).resolve() in {path.resolve() for path in read}:
        raise UserError(f"-o {output} would write over a file that is read; give another name.")


def say(text: str) -> None:
    """A word to the user, beside what is written."""
    print(text, file=sys.stderr)
