"""`winback proposals BOOK`: what waits in a codebook for a person, and accepting or refusing it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from winback.writing import written_whole

SHOWN = 400  # characters of a comment, where a coding of it is listed


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("book", metavar="BOOK", type=click.Path(path_type=Path))
@click.option("--accept", metavar="ID", multiple=True, help="Take this proposal into the codebook. Repeatable.")
@click.option("--refuse", metavar="ID", multiple=True, help="Throw this proposal away. Repeatable.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to list them.")  # fmt: skip
def proposals(book: Path, accept: tuple[str, ...], refuse: tuple[str, ...], format_: str) -> None:
    """What is proposed for the codebook BOOK: themes that come up, names, codings, each with who
    proposes it and customers' words for it.

    Nothing proposed is applied until it is accepted here; BOOK is then written anew.
    """
    from winback.analysis.codebook import Codebook
    from winback.analysis.proposals import decide

    found = Codebook.read(book)
    if accept or refuse:
        found = decide(found, accept=accept, refuse=refuse)
        with written_whole(book, option="BOOK") as file:
            file.write(found.to_json())
    if format_ == "json":
        print(json.dumps([_told(one) for one in found.proposals], ensure_ascii=False, indent=2))
        return
    if not found.proposals:
        print("Nothing waits in this codebook.")
    names = {theme.key: theme.name for theme in found.themes}
    for one in found.proposals:
        about = f"code a comment as “{names.get(one.theme, one.theme)}”"
        if one.kind == "theme":
            about = f"a new theme, “{one.name}” ({one.comments:,} comments)"
        elif one.kind == "name":
            about = f"call “{names.get(one.theme, one.theme)}” “{one.name}”"
        print(f"{one.id}  {about}, proposed by {one.by}")
        if one.definition:
            print(f"    {one.definition}")
        for said in one.evidence[:3]:
            print(f"    “{said}”")
        if one.kind == "coding" and one.text.split() != " ".join(one.evidence).split():
            print(f"    in the comment: {_shortened(one)}")


def _shortened(one: Any) -> str:
    """The comment that a coding is of, in one line; of a long one what stands around the words quoted."""
    text = " ".join(one.text.split())
    at = max(text.find(one.evidence[0]) if one.evidence else 0, 0)
    start = 0 if len(text) <= SHOWN else max(0, at - SHOWN // 3)
    part = text[start : start + SHOWN]
    return f"{'… ' if start else ''}{part}{' …' if start + SHOWN < len(text) else ''}"


def _told(one: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(one).items() if name != "centre"}
