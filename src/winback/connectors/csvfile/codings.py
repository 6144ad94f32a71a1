"""A file of coded interviews: one row an interview and theme, in the order the interviews were held."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from winback.connectors.csvfile.cells import label_sql, text_sql
from winback.connectors.csvfile.engine import identifier, trouble_as_sentence
from winback.connectors.csvfile.naming import names_in_frame, resolve, words_of
from winback.connectors.csvfile.profile import profile
from winback.connectors.csvfile.staged import Staged
from winback.connectors.csvfile.staging import stage
from winback.errors import UserError

if TYPE_CHECKING:
    import duckdb

_NAMES = {
    "interview": r"(interview|call|conversation|respondent|participant|feedback|comment|response)( (id|no|number|nr))?|id|external id",
    "theme": r"themes?|codes?|reasons?|topics?|coding|category",
}  # fmt: skip


@dataclass(frozen=True)
class CodingsFile:
    """Codings read from a file.

    `frame` is lazy and has row_number, interview, theme and the attributes `by`, under these names. `mapping` says
    which column of the file is which; `detected` which roles nobody gave.
    """

    name: str
    frame: duckdb.DuckDBPyRelation
    mapping: Mapping[str, str]
    by: Mapping[str, str]  # column of the frame: as the file spells it
    detected: tuple[str, ...]
    rows: int
    rejected: Mapping[str, int]
    warnings: tuple[str, ...]


def read_codings(
    path: str | Path, *, interview: str | None = None, theme: str | None = None, by: Sequence[str] = ()
) -> CodingsFile:
    """Read a file of codings: which column names the interview, which the theme, and attributes of the interview.

    A blank theme, or a word for nothing such as n/a, is an interview without a theme. Raises UserError where the file
    cannot be read, a column is not there, or cannot be told by its name.
    """
    staged = stage(Path(path))
    with trouble_as_sentence(staged.facts):
        mapping: dict[str, str] = {}
        detected: list[str] = []
        for role, given in (("interview", interview), ("theme", theme)):
            if given is None:
                mapping[role] = _told_by_name(staged, role, [*mapping.values(), *by])
                detected.append(role)
            else:
                mapping[role] = resolve(given, staged.names, option=f"--{role}", file=staged.facts.name)
        if mapping["interview"] == mapping["theme"]:
            raise UserError(f'"{mapping["theme"]}" cannot be both the interview and the theme; name two columns.')
        chosen = [resolve(name, staged.names, option="--by", file=staged.facts.name) for name in by]
        if clash := [name for name in chosen if name in mapping.values()]:
            raise UserError(f'"{clash[0]}" is the interview or the theme; --by takes another column.')
        names = names_in_frame(dict.fromkeys(chosen), ("row_number", "interview", "theme"), {})
        profiles = profile(staged)
        fields = {
            "row_number": "line",
            "interview": text_sql(staged, mapping["interview"]),
            "theme": label_sql(staged, mapping["theme"], profiles[mapping["theme"]]),
        } | {new: label_sql(staged, name, profiles[name]) for name, new in names.items()}
        shown = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in fields.items())
        frame = staged.kept(f"SELECT {shown} FROM raw")
    warnings = list(staged.warnings)
    if staged.rejects.total:
        number = staged.rejects.total
        first = f" The first: {staged.rejects.kept[0].message}." if staged.rejects.kept else ""
        warnings.append(f"{number:,} {'row was' if number == 1 else 'rows were'} rejected.{first}")
    return CodingsFile(
        name=staged.facts.name,
        frame=frame,
        mapping=mapping,
        by={new: name for name, new in names.items()},
        detected=tuple(detected),
        rows=staged.rows + staged.rejects.total,
        rejected=dict(staged.rejects.counts),
        warnings=tuple(warnings),
    )


def _told_by_name(staged: Staged, role: str, taken: Sequence[str]) -> str:
    free = [name for name in staged.names if name not in taken]
    exact = [name for name in free if words_of(name) == role]
    found = exact or [name for name in free if re.fullmatch(_NAMES[role], words_of(name))]
    if len(found) == 1:
        return found[0]
    shown = ", ".join(staged.names[:12])
    raise UserError(
        f"{staged.facts.name} has {'no column that is plainly' if not found else 'several columns that could be'} the "
        f"{role}; say which with --{role} COL. Its columns: {shown}."
    )
