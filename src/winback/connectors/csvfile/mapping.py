"""Which column is which: what the user said, and for the rest what names and values say plainly.

What is detected is printed on every report and can be overridden. A weight is never detected: weighting is a
decision. Nothing is guessed where two readings are as good as each other: the user is asked, with the flag to add.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from winback.connectors.csvfile.profile import Profile
from winback.connectors.csvfile.synonyms import ROLES
from winback.errors import UserError
from winback.tables import FEEDBACK_KINDS, SURVEY_KINDS

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
    text: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    plain: Mapping[str, str] = field(default_factory=dict)
    detected: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # attributes that could have been detected and were too many


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
        raise UserError(f'{file} has several columns like "{name}" ({option}): {_or(loose)}; write the name exactly.')
    shown = ", ".join(listed[:12]) + (f" and {len(listed) - 12} more" if len(listed) > 12 else "")
    raise UserError(f'{file} has no column "{name}" ({option}); it has {shown}.')


def complete(given: Columns, profiles: Mapping[str, Profile], *, file: str) -> Columns:
    """Fill in what the user did not give. `given` names columns in any spelling; NONE forbids detection.

    Raises UserError where a given column is not there, or no score column can be told.
    """
    names = list(profiles)
    roles = _as_given(given, names, file)
    text = tuple(resolve(name, names, option="--text", file=file) for name in given.text if name != NONE)
    by = tuple(dict.fromkeys(resolve(name, names, option="--by", file=file) for name in given.by if name != NONE))
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
    plain = _plain(free, profiles)
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
        raise UserError(f"A file of answers needs a score; name the column of {file} with --score COL.")
    said = {role: getattr(given, role) for role in _OPTIONS if getattr(given, role) is not None}
    return {
        role: None if name == NONE else resolve(name, names, option=_OPTIONS[role], file=file)
        for role, name in said.items()
    }


def _texts(free: Sequence[str], profiles: Mapping[str, Profile]) -> tuple[str, ...]:
    """Columns of comments: by their names, else the first that holds prose."""
    named = find_by_name("text", [n for n in free if profiles[n].is_prose or _is_worded(profiles[n])])
    return tuple(named) or tuple([n for n in free if profiles[n].is_prose][:1])


def _plain(free: Sequence[str], profiles: Mapping[str, Profile]) -> dict[str, str]:
    """Columns that are canonical by name alone; sorts of survey and of feedback only where their words are ours."""
    words = [n for n in free if profiles[n].numeric < 0.5 and 0 < profiles[n].distinct <= 200]
    found = {}
    for role in PLAIN:
        column = next(iter(find_by_name(role, words)), None)
        if column is not None:
            ours = CHOICES.get(role)
            if ours is None or {value.strip().lower() for value in profiles[column].values} <= set(ours):
                found[role] = column
    return found


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
        raise UserError(f"The score could be {_or(found)}; say which with --score COL.")
    if found:
        return found[0]
    return fitting[0] if role == "date" and len(fitting) == 1 else None


def _or(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names[:6]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _no_score(file: str, names: list[str], profiles: Mapping[str, Profile]) -> str:
    likely = [name for name in names if _could_be_score(profiles[name])]
    hint = f" It could be {_or(likely)}." if likely else ""
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return f"{file} has no column that is plainly the score; say which with --score COL.{hint} Its columns: {shown}."


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
    "external_id": "--id", "weight": "--weight", "money": "--value",
}  # fmt: skip
_TESTS: Mapping[str, Callable[[Profile], bool]] = {
    "score": _could_be_score, "date": _could_be_date, "external_id": _could_be_id,
    "respondent": _could_be_person, "customer": _could_be_person,
}  # fmt: skip
