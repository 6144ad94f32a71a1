"""`winback themes FILE`: which reasons customers name, and how much of the score hangs on each."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import click

from winback.cli.report import input_options
from winback.cli.single import keep_inputs, output_options, say, write
from winback.errors import UserError
from winback.writing import written_whole

_FILES = ("file", "customers", "periods", "departures", "contacts", "invitations", "cases", "unit_costs")
OFTEN, MUCH = 10, 0.05  # times, and share of the comments, from which on it is said that a message repeats
UNSURE = 50  # comments that the language model is asked to code: those that no theme fits, then the least sure
_COMMENTS = re.compile(
    r"(.* )?(comments?|text|review|feedback|verbatim|narrative|remarks?|why|kommentar|comentario|comentário|commentaire)( .*)?"
)


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@input_options
@click.option(
    "--codebook",
    "book",
    metavar="BOOK",
    type=click.Path(path_type=Path),
    help="Code by this codebook instead of making one.",
)
@click.option("--save", metavar="BOOK", type=click.Path(path_type=Path), help="Write the codebook, to be used again.")
@click.option(
    "--assignments",
    metavar="OUT.csv",
    type=click.Path(path_type=Path),
    help="Write row (from 0), theme and confidence for every comment, its main theme first.",
)
@click.option(
    "--learn",
    metavar="COL",
    help="Column of themes that people gave (several parted by ; or |): each row that has one teaches.",
)
@click.option(
    "--themes",
    "number",
    metavar="N",
    type=click.IntRange(1),
    help="How many themes to make; found by the program unless given.",
)
@click.option(
    "--model",
    metavar="NAME",
    help="Vectors: static-5 (the default), static, and wordllama or minilm, where installed; endpoint or file, where set up.",
)
@click.option(
    "--propose",
    is_flag=True,
    help="Send comments to the language model that is set up, and keep what it proposes in the codebook (--save).",
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The same file and seed give the same codebook.",
)
@output_options
def themes(**given: Any) -> None:
    """Which reasons customers name, and how much of the score hangs on each.

    FILE has a column of comments. With a score in it, themes are set against the score; without
    one they are counted. Comments are sorted into themes found by the program, into those of a
    codebook (--codebook), or into those that people gave some of the rows (--learn).
    """  # fmt: skip
    from winback.analysis.codebook import Codebook, assign, make_codebook
    from winback.analysis.codebook_making import taught
    from winback.analysis.proposals import with_proposals
    from winback.analysis.themes import themes as analyse
    from winback.report.account import of_columns
    from winback.report.themes import document, view
    from winback.text.endpoint_embedding import configured_endpoint

    read = [Path(given[name]) for name in (*_FILES, "book") if given[name] is not None]
    keep_inputs(given, read)
    if given["propose"] and given["save"] is None:
        raise UserError(
            "--propose needs --save BOOK: what is proposed waits in the codebook until a person accepts it."
        )
    language_model = configured_endpoint("LANGUAGE_MODEL") if given["propose"] else None
    for option in ("save", "assignments"):
        if given[option] is not None and given[option].resolve() in {path.resolve() for path in read} - ({given["book"].resolve()} if option == "save" and given["book"] else set()):  # fmt: skip
            raise UserError(f"--{option} {given[option]} would write over a file that is read; give another name.")
    _files_apart(given)
    inputs = _scored(given)
    columns = _columns(given, inputs)
    # What is written there did not look like comments, or themes that people gave did.
    if inputs is not None and _mapped(inputs) != columns:
        inputs = _scored({**given, "text": tuple(columns)})
    name, texts, labels = _comments(given, columns)
    learned = [(text, found) for text, found in zip(texts, labels, strict=True) if text and found]
    if given["learn"] and not learned:
        raise UserError(f'No row has a theme in "{given["learn"]}" (--learn).')
    if given["book"] is not None:
        book = Codebook.read(given["book"])
        book = taught(book, learned) if learned else book
    else:
        book = make_codebook(texts, seed=given["seed"], themes=given["number"], model=given["model"], learned=learned)
    codings = assign(texts, book, model=given["model"])
    waiting = _emerged(texts, codings, book, given["seed"]) if given["book"] else []
    asked = None
    if language_model is not None:
        asked = _ask(language_model, book, waiting, texts, codings)
        waiting = list({one.id: one for one in (*waiting, *asked.proposals)}.values())
    book = with_proposals(book, waiting)
    found = None
    warnings: tuple[str, ...] = ()
    if inputs is not None:
        say(str(inputs.reading))
        warnings = tuple(inputs.reading.warnings)
        for warning in warnings:
            say(f"  note: {warning}")
        by = list(inputs.reading.attributes) if given["by"] and given["by"] != ("-",) else []
        found = analyse(inputs.reading, book, by=by, level=given["level"], **_window(given))
    warnings += tuple(_repeated(texts))
    doc = document(
        book,
        codings,
        file=name,
        comments=sum(one is not None for one in texts),
        found=found,
        currency=given["currency"],
        title=given["title"],
        warnings=warnings,
        columns=of_columns(inputs) if inputs is not None else None,
    )
    if given["save"] is not None:
        with written_whole(given["save"], option="--save") as file:
            file.write(book.to_json())
        say(f"The codebook is in {given['save']}")
    if given["assignments"] is not None:
        _write_assignments(given["assignments"], codings, book)
        say(f"The assignments are in {given['assignments']}")
    for sentence in (*doc["sentences"], *(asked.sentences(language_model.model) if asked and language_model else ())):
        say(sentence)
    write(doc, view, given, name="themes", read=read)
    if asked is not None and asked.trouble:
        raise UserError(f"{asked.trouble} All else is written, with what was proposed before.")


def _files_apart(given: dict[str, Any]) -> None:
    """What is written goes to files of their own. Raises UserError where two options name the same one."""
    named: dict[Path, str] = {}
    for name, option in (("output", "-o"), ("save", "--save"), ("assignments", "--assignments")):
        if given[name] is None or str(given[name]) == "-":
            continue
        place = Path(given[name]).resolve()
        if place in named:
            raise UserError(f"{named[place]} and {option} name the same file, {given[name]}; give two names.")
        named[place] = option


def _emerged(texts: list[str | None], codings: Any, book: Any, seed: int) -> list[Any]:
    """The themes that come up in what fits no theme, named by what those with a theme do not say."""
    from winback.analysis.codebook import emerging
    from winback.analysis.proposals import emerged

    states = dict(zip(codings.column("row").to_pylist(), codings.column("state").to_pylist(), strict=True))
    rejected, others = (
        [texts[row] for row in sorted(states) if states[row] == one] for one in ("rejected", "assigned")
    )
    return emerged(emerging(rejected, book, seed=seed, others=others))


def _ask(endpoint: Any, book: Any, waiting: list[Any], texts: list[str | None], codings: Any) -> Any:
    """What the language model proposes: names of themes found, of those that come up, and codings of unsure comments."""
    from winback.analysis.codebook import FOUND
    from winback.analysis.proposing import ask_for_codings, ask_for_names

    asked = ask_for_names(endpoint, [*(theme for theme in book.leaves() if theme.origin == FOUND), *waiting])
    main = [row for row in codings.to_pylist() if row["state"] == "rejected" or row["rank"] == 1]
    main.sort(key=lambda row: (row["state"] != "rejected", row["confidence"], row["row"]))
    unsure = list(dict.fromkeys(text for row in main if (text := texts[row["row"]])))
    return asked if asked.trouble else ask_for_codings(endpoint, book, unsure[:UNSURE], asked=asked)


def _scored(given: dict[str, Any]) -> Any:
    """What is read of the file where it has a score; None where it plainly has none."""
    from winback.report.inputs import gather

    try:
        return gather({**given, "by": tuple(name for name in given["by"] if name != "-")})
    except UserError as error:
        if given["score"] is not None or "score" not in str(error):
            raise
        say(f"  note: without a score, comments are counted only ({error})")
        return None


def _mapped(inputs: Any) -> list[str]:
    """The columns of comments that were found in the file of answers."""
    found = inputs.reading.mapping.get("text") or inputs.reading.mapping.get("comment") or ()
    return [found] if isinstance(found, str) else list(found)


def _columns(given: dict[str, Any], inputs: Any) -> list[str]:
    """The columns of comments: those given, those found, or the only one that is called so."""
    from winback.connectors.csvfile.naming import words_of
    from winback.connectors.csvfile.staging import stage

    found = _mapped(inputs) if inputs is not None else []
    columns = list(given["text"]) or [one for one in found if one != given["learn"]]
    if columns:
        return columns
    names = stage(Path(given["file"])).names
    free = [one for one in names if one != given["learn"] and _COMMENTS.fullmatch(words_of(one))]
    if len(free) != 1:
        raise UserError(f"{given['file']} has no column that is plainly the comments; say which with --text COL. Its columns: {', '.join(names[:12])}.")  # fmt: skip
    return free


def _comments(given: dict[str, Any], columns: list[str]) -> tuple[str, list[str | None], list[list[str]]]:
    """The comments of every data row in the file's order, and the themes that people gave them."""
    from winback.analysis.sheet import read_sheet

    wanted = [*columns, *([given["learn"]] if given["learn"] else [])]
    sheet = read_sheet(given["file"], texts=list(dict.fromkeys(wanted)), numbers=[])
    rows = sorted(range(len(sheet)), key=lambda place: int(sheet.lines[place]))
    texts = ["\n".join(part for one in columns if (part := sheet.texts[one][row])) or None for row in rows]
    labels: list[list[str]] = [[] for _ in rows]
    if given["learn"]:
        labels = [
            [part.strip() for part in re.split(r"[;|]", sheet.texts[given["learn"]][row] or "") if part.strip()]
            for row in rows
        ]
    return sheet.name, texts, labels


def _repeated(texts: list[str | None]) -> list[str]:
    """What is said where one message came over and over."""
    from collections import Counter

    from winback.text.nothing import says_nothing

    counts = Counter(" ".join(text.split()) for text in texts if text and not says_nothing(text))
    said, times = max(counts.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    if times < OFTEN or times < MUCH * len(texts):
        return []
    short = said if len(said) <= 60 else said[:59].rstrip() + "…"
    return [
        f"{times:,} comments are the same, word for word: “{short}”. Each counts; where themes are made they are one."
    ]


def _write_assignments(path: Path, codings: Any, book: Any) -> None:
    names = {theme.key: theme.name for theme in book.themes}
    with written_whole(path, option="--assignments") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["row", "theme", "confidence"])
        for row in codings.to_pylist():
            name = names.get(row["theme"], "")
            name = f"'{name}" if name[:1] in ("=", "+", "-", "@") else name  # a spreadsheet would take it for a formula
            lines.writerow([row["row"], name, f"{row['confidence']:.4f}" if name else ""])


def _window(given: dict[str, Any]) -> dict[str, Any]:
    import datetime as dt

    found = {}
    for name in ("since", "until"):
        if given[name] is not None:
            try:
                found[name] = dt.date.fromisoformat(given[name])
            except ValueError:
                raise UserError(f'--{name} "{given[name]}" is no date; write it like 2026-01-31.') from None
    return found
