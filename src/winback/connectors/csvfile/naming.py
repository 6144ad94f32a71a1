"""Names of columns: as words, found by pattern, resolved from what the user wrote, and as they stand in a frame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from winback.connectors.csvfile.synonyms import ROLES
from winback.errors import UserError


def words_of(name: str) -> str:
    """A column's name as lower-case words: "customerID", "Customer-Id" and "customer_id" are the same."""
    parted = re.sub(r"([a-zà-ÿ0-9])([A-Z])", r"\1 \2", name)
    return re.sub(r"[\W_]+", " ", parted).strip().lower()


def find_by_name(role: str, names: Iterable[str], patterns: Mapping[str, tuple[str, ...]] = ROLES) -> list[str]:
    """Names that match the strongest pattern which any name matches, in the order of the file."""
    listed = [(name, words_of(name)) for name in names]
    for pattern in patterns[role]:
        found = [name for name, words in listed if re.fullmatch(pattern, words)]
        if found:
            return found
    return []


def resolve(name: str, names: Iterable[str], *, option: str, file: str) -> str:
    """The file's own spelling of a column the user named. Raises UserError listing what there is."""
    listed = list(names)
    if name in listed:
        return name
    loose = [candidate for candidate in listed if words_of(candidate) == words_of(name) or candidate == name.strip()]
    if len(loose) == 1:
        return loose[0]
    if loose:
        raise UserError(
            f'{file} has several columns like "{name}" ({option}): {either(loose)}; write the name exactly.'
        )
    shown = ", ".join(listed[:12]) + (f" and {len(listed) - 12} more" if len(listed) > 12 else "")
    raise UserError(f'{file} has no column "{name}" ({option}); it has {shown}.')


def names_in_frame(by: Iterable[str], taken: Iterable[str], canonical: Mapping[str, str]) -> dict[str, str]:
    """What each attribute's column is called in the frame, by its name in the file.

    A column that is canonical goes by that name. Another one whose name winback uses for something else, or that
    differs from an earlier one in case only, gets a name of its own, for engines do not tell them apart.
    """
    used = {name.lower() for name in (*taken, "rejected_because")}
    names = {}
    for column in by:
        name = canonical.get(column, column)
        if column not in canonical:
            place = 1
            while name.lower() in used:
                place += 1
                name = f"{column} (column)" if place == 2 else f"{column} ({place})"
            used.add(name.lower())
        names[column] = name
    return names


def either(names: Sequence[str]) -> str:
    """Names to choose from, as in a sentence."""
    quoted = [f'"{name}"' for name in names[:6]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
