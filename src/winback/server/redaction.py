"""Who is meant when somebody's data are looked for, and how their names are taken out of texts. Knows no models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

GONE = "[erased]"
LEAST = 3  # characters of a name that is looked for inside other texts
LEAST_ID = 5  # characters of an id that is; a shorter one, like 7, stands for many things


@dataclass(frozen=True)
class Person:
    """A customer with the people at it, or one person at a customer, with every name winback knows them by.

    `ids` are the company's own ids of them (`people`: of the people), `names` names, addresses and numbers. `token` stands in for the ids once they are
    erased: what belonged to one person still belongs to one.
    """

    workspace_id: int
    customer_ids: tuple[int, ...]
    contact_ids: tuple[int, ...]
    ids: tuple[str, ...]
    people: tuple[str, ...]
    names: tuple[str, ...]
    token: str = ""

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset((*self.names, *(one for one in self.ids if len(one) >= LEAST_ID)))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        inside = [name for name in self.names if len(name) >= LEAST]
        inside += [name for name in self.ids if len(name) >= LEAST_ID]
        if not inside:
            return None
        longest = sorted(set(inside), key=len, reverse=True)
        # an id may be the beginning of another's: C-100 is not meant by C-1001
        parts = [rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest]
        return re.compile("|".join(parts), re.IGNORECASE)

    def in_text(self, text: str) -> bool:
        """Whether a text is, or holds, one of the names."""
        if not text:
            return False
        return text.strip() in self._whole or bool(self._pattern and self._pattern.search(text))

    def holds(self, value: Any) -> bool:
        """Whether something as JSON holds it, in a text at any depth or in a name."""
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, Mapping):
            return any(self.holds(key) or self.holds(one) for key, one in value.items())
        if isinstance(value, list | tuple):
            return any(self.holds(one) for one in value)
        return False

    def without(self, value: Any) -> Any:
        """The same with the names taken out of its texts."""
        if isinstance(value, str):
            if value.strip() in self._whole:
                return GONE
            return self._pattern.sub(GONE, value) if self._pattern else value
        if isinstance(value, Mapping):
            return {self.without(key): self.without(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.without(one) for one in value]
        return value

    def needles(self) -> list[bytes]:
        """The names as bytes, in the encodings a file may have, to be looked for in files."""
        found = set()
        for name in (*self.names, *(one for one in self.ids if len(one) >= LEAST_ID)):
            if len(name) >= LEAST:
                for spelled in {name, name.lower(), name.upper()}:
                    for encoding in ("utf-8", "cp1252", "utf-16-le", "utf-16-be"):
                        found.add(spelled.encode(encoding, errors="ignore"))
        return sorted(found - {b""})
