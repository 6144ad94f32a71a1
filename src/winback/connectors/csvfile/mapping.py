"""Which column is which: what the user said, and for the rest what names and values say plainly.

What is detected is printed on every report and can be overridden. A weight is never detected: weighting is a
decision. Nothing is guessed where two readings are as good as each other: the user is asked, with the flag to add.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from winback.connectors.csvfile.naming import either, find_by_name, resolve, words_of
from winback.connectors.csvfile.profile import Profile
from winback.connectors.csvfile.synonyms import ROLES
from winback.errors import UserError
from winback.surfaces import option
from winback.tables import FEEDBACK_KINDS, SURVEY_KINDS

__all__ = ["CHOICES", "MOST_ATTRIBUTES", "NONE", "PLAIN", "Columns", "complete", "words_of"]

MOST_ATTRIBUTES = 8  # detected; the user may name as many as she likes
CHOICES = {"kind": FEEDBACK_KINDS, "survey": SURVEY_KINDS}
NONE = "-"  # given as a column's name: there is none, do not detect one

PLAIN = ("channel", "touchpoint", "journey_stage", "product", "language", "kind", "survey")  # by name alone


@dataclass(frozen=True)
class Columns:
    """Names of a feedback file's columns by what they are; None or empty where there is none."""

    score: str | None = None
    date: str | None = None
    customer: str | None = None
    respondent: str | None = None
    external_id: str | None = None
    weight: str | None = None
    money: str | None = None
    arrived: str | None = None  # the day an answer came in, where that is later than it was given; never detected
    text: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    plain: Mapping[str, str] = field(default_factory=dict)
    detected: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # attributes that could have been detected and were too many


def complete(given: Columns, profiles: Mapping[str, Profile], *, file: str) -> Columns:
    """Fill in what the user did not give. `given` names columns in any spelling; NONE forbids detection.

    Raises UserError where a given column is not there, or no score column can be told.
    """
    names = list(profiles)
    roles = _as_given(given, names, file)
    text = tuple(resolve(name, names, option=option("--text"), file=file) for name in given.text if name != NONE)
    by = tuple(
        dict.fromkeys(resolve(name, names, option=option("--by"), file=file) for name in given.by if name != NONE)
    )
    taken = {name for name in (*roles.values(), *text) if name}
    free = [name for name in names if name not in taken]
    detected: list[str] = []
    for role, test in _TESTS.items():
        if role in roles:
            continue
        column = roles[role] = _detect(role, free, profiles, test)
        if column:
            detected.append(role)
            free.remove(column)
        elif role == "score":
            raise UserError(_no_score(file, names, profiles))
    if not given.text:
        text = _texts(free, profiles)
        detected += ["text"] if text else []
    free = [name for name in free if name not in text]
    plain = _plain(free, profiles, _plain_as_given(given.plain, names, file))
    left_out: tuple[str, ...] = ()
    if not given.by:
        # A column filled in a few rows only would split off nearly everybody as blank.
        usable = [
            n for n in free if profiles[n].is_attribute() and profiles[n].filled > 0.5 and plain.get("survey") != n
        ]
        # The company's own segments come before how and about what it asked: the first two explain what moved.
        usable.sort(key=lambda name: name in plain.values())
        by, left_out = tuple(usable[:MOST_ATTRIBUTES]), tuple(usable[MOST_ATTRIBUTES:])
        detected += ["by"] if by else []
    return replace(given, **roles, text=text, by=by, plain=plain, detected=tuple(detected), left_out=left_out)


def _as_given(given: Columns, names: Sequence[str], file: str) -> dict[str, str | None]:
    """The roles the user spoke of: a column, or None where she said there is none."""
    if given.score == NONE:
        raise UserError(f"A file of answers needs a score; name the column of {file} with {option('--score', 'COL')}.")
    said = {role: getattr(given, role) for role in _OPTIONS if getattr(given, role) is not None}
    return {
        role: None if name == NONE else resolve(name, names, option=option(_OPTIONS[role]), file=file)
        for role, name in said.items()
    }


def _texts(free: Sequence[str], profiles: Mapping[str, Profile]) -> tuple[str, ...]:
    """Columns of comments: by their names, else the first that holds prose."""
    named = find_by_name("text", [n for n in free if profiles[n].is_prose or _is_worded(profiles[n])])
    return tuple(named) or tuple([n for n in free if profiles[n].is_prose][:1])


def _plain_as_given(given: Mapping[str, str], names: Sequence[str], file: str) -> dict[str, str | None]:
    """Columns that the user said are canonical: None where she said there is none."""
    return {
        role: None if name == NONE else resolve(name, names, option=option("--map", role), file=file)
        for role, name in given.items()
    }


def _plain(free: Sequence[str], profiles: Mapping[str, Profile], given: Mapping[str, str | None]) -> dict[str, str]:
    """Columns that are canonical as given, or by name alone; sorts of survey and of feedback only where their words are ours."""
    words = [n for n in free if profiles[n].numeric < 0.5 and 0 < profiles[n].distinct <= 200]
    found = {role: column for role, column in given.items() if column}
    for role in PLAIN:
        if role in given:
            continue
        column = next(iter(find_by_name(role, words)), None)
        if column is not None:
            ours = CHOICES.get(role)
            if ours is None or {value.strip().lower() for value in profiles[column].values} <= set(ours):
                found[role] = column
    return found


def _detect(
    role: str, free: Sequence[str], profiles: Mapping[str, Profile], test: Callable[[Profile], bool]
) -> str | None:
    fitting = [name for name in free if test(profiles[name])]
    found = find_by_name(role, fitting)
    if not found and role in _NAMED_PLAINLY:
        # A plain name outweighs some values that are wrong: their rows are rejected and told, the column is not lost.
        pattern, enough = _NAMED_PLAINLY[role]
        found = [
            name
            for name in find_by_name(role, free)
            if re.fullmatch(pattern, words_of(name)) and enough(profiles[name])
        ]
    if len(found) > 1 and role == "score":
        raise UserError(f"The score could be {either(found)}; say which with {option('--score', 'COL')}.")
    if found:
        return found[0]
    return fitting[0] if role == "date" and len(fitting) == 1 else None


def _no_score(file: str, names: list[str], profiles: Mapping[str, Profile]) -> str:
    likely = [name for name in names if _could_be_score(profiles[name])]
    hint = f" It could be {either(likely)}." if likely else ""
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return (
        f"{file} has no column that is plainly the score; say which with {option('--score', 'COL')}.{hint} "
        f"Its columns: {shown}."
    )


def _could_be_score(p: Profile) -> bool:
    return p.numeric > 0.5 and p.dates < 0.5 and 0 < p.distinct <= 120


def _could_be_date(p: Profile) -> bool:
    return p.dates >= 0.8


def _could_be_id(p: Profile) -> bool:
    return p.is_unique and p.dates < 0.5 and not p.is_prose


def _could_be_person(p: Profile) -> bool:
    return p.filled > 0 and p.distinct > 1 and p.dates < 0.5 and not p.is_prose and p.length <= 80


_NAMED_PLAINLY: Mapping[str, tuple[str, Callable[[Profile], bool]]] = {
    "date": (r".*", lambda p: p.dates >= 0.5),
    "external_id": (
        ROLES["external_id"][0],
        lambda p: p.filled > 0.9 and p.distinct > 0.5 * p.rows and p.dates < 0.5 and not p.is_prose,
    ),
}


def _is_worded(p: Profile) -> bool:
    """Words that are no names of groups: many, or hardly ever the same twice."""
    varied = p.distinct > 4 or p.distinct > 0.5 * p.rows * p.filled
    return p.filled > 0 and p.numeric < 0.5 and p.dates < 0.5 and p.length > 6 and varied


_OPTIONS = {
    "score": "--score", "date": "--date", "customer": "--customer", "respondent": "--respondent",
    "external_id": "--id", "weight": "--weight", "money": "--value", "arrived": "--arrived",
}  # fmt: skip
_TESTS: Mapping[str, Callable[[Profile], bool]] = {
    "score": _could_be_score, "date": _could_be_date, "external_id": _could_be_id,
    "respondent": _could_be_person, "customer": _could_be_person,
}  # fmt: skip
