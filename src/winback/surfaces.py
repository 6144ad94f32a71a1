"""Where a sentence is read: at the command line, where one gives options, or on a page, where one fills in fields.

What was wrong with a file is told in the same words everywhere. What to do about it differs by one thing only: what the
place to say it is called. Sentences take that from here, and whoever makes them for a page says so around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

Naming = Callable[[str, str], str]  # of an option and a value for it ("" for none), as they stand in a sentence
PLACES = frozenset({"COL", "FILE", "WORST-BEST"})  # values that say no more than what sort of thing is meant


def on_the_command_line(name: str, value: str = "") -> str:
    """--scale 1-5."""
    return f"{name} {value}".strip()


_naming: ContextVar[Naming] = ContextVar("naming", default=on_the_command_line)


def option(name: str, value: str = "") -> str:
    """What to give, as it is called where the sentence will be read: `--scale 1-5`, or on a form “Scale” 1-5."""
    return _naming.get()(name, value)


@contextmanager
def on_a_page(names: Mapping[str, str]) -> Iterator[None]:
    """Sentences made inside are read on a page: `names` says what an option is called there.

    An option with one value may have a name of its own ("--date-format dmy"). A column of another table
    (`--map periods.month=COL`) is called by its own name; what has no name there, as at the command line.
    """

    def naming(name: str, value: str = "") -> str:
        whole = f"{name} {value}".strip()
        if name == "--map":
            column = value.rpartition(".")[2].partition("=")[0]
            return names.get(column, f"“{column.replace('_', ' ').capitalize()}”")
        if whole in names or name not in names:
            return names.get(whole, whole)
        return names[name] + (f" {value}" if value and value not in PLACES else "")

    token = _naming.set(naming)
    try:
        yield
    finally:
        _naming.reset(token)
