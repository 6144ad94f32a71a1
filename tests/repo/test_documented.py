"""Every command and every option of the command line stands in docs/reference."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

import click

from tests.repo.tracked import ROOT


def test_every_command_and_option_is_in_the_reference() -> None:
    pages = {path.name: path.read_text() for path in sorted((ROOT / "docs" / "reference").rglob("*.md"))}
    lacking = []
    for words, command in _commands():
        about = "\n".join(text for text in pages.values() if re.search(rf"\b{words}\b", text))
        if not about:
            lacking.append(words)
        lacking += [
            f"{words} {flag}" for flag in _flags(command) if not re.search(rf"(?<![\w-]){flag}(?![\w-])", about)
        ]
    assert lacking == []


def test_every_command_and_option_says_what_it_is_for() -> None:
    silent = []
    for words, command in _commands():
        silent += [] if command.help else [words]
        silent += [
            f"{words} {option.opts[0]}"
            for option in command.params
            if isinstance(option, click.Option) and not option.help and not option.hidden
        ]
    assert silent == []


def _commands() -> list[tuple[str, click.Command]]:
    """Every command as it is typed, from "winback" down."""
    module = importlib.import_module("winback.cli.main")
    roots = [value for value in vars(module).values() if isinstance(value, click.Group)]
    assert len(roots) == 1, "winback.cli.main holds one click group, the root of the command line"
    found = list(_walk("winback", roots[0]))
    assert "winback report" in [words for words, _ in found]
    return found


def _walk(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            if not child.hidden:
                yield from _walk(f"{words} {name}", child)


def _flags(command: click.Command) -> list[str]:
    return [
        flag
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden
        for flag in (*option.opts, *option.secondary_opts)
        if flag.startswith("--")
    ]
