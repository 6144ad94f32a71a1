"""Which rows of the Parquet may be of a choice: few enough to be looked at one by one, or not.

A day or an attribute is a column of the Parquet and is looked through in hundredths of a second at a million answers, where
the database reads each row's attributes. The answer may hold too many: whose own attribute is blank may have it from the
customer. Who asks has the database decide on those it shows, so that no scope is applied twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback.server.feedback.queries import Choice
from winback.server.feedback.rules import SPLIT_BY
from winback.server.warehouse import File, Manifest
from winback.server.workspaces.access import Access

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ID = "wb_id"  # as exports.parquet.ID
NARROW = 50_000  # rows that are looked at one by one


def few_of(access: Access, choice: Choice, place: Path, manifest: Manifest) -> NDArray[np.int64] | None:
    """The ids of all rows that may be of the choice; None where they are many, or nothing in the choice can be told here."""
    wanted = {name: list(values) for name, values in access.scope.segments.items()}
    told = [*wanted.items(), *((name, [value]) for name, value in choice.attributes.items() if value)]
    if not told and choice.since is None and choice.until is None:
        return None
    parts: list[str] = []
    values: list[Any] = []
    for files in _alike(manifest.of("feedback")):
        tests, given = _tests(files[0], choice, told)
        parts.append(f"SELECT {ID} FROM read_parquet(?) WHERE {' AND '.join(tests) or 'true'}")  # noqa: S608 (names of our own)
        values += [[str(place / file.name) for file in files], *given]
    if not parts:
        return None
    import numpy as np

    from winback.connectors.csvfile import engine  # it loads DuckDB

    asked = f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS f LIMIT {NARROW + 1}"  # noqa: S608 (as above)
    with engine.connect() as duck:
        found = duck.execute(asked, values).fetchnumpy()[ID]
    return np.asarray(found, dtype=np.int64) if len(found) <= NARROW else None


def _alike(files: Sequence[File]) -> list[list[File]]:
    """Files with the same attributes, which have one set of columns."""
    groups: dict[tuple[str, ...], list[File]] = {}
    for file in files:
        groups.setdefault(file.attributes, []).append(file)
    return list(groups.values())


def _tests(file: File, choice: Choice, told: Sequence[tuple[str, list[str]]]) -> tuple[list[str], list[Any]]:
    """What a row of these files has to fulfil, and the values in it."""
    tests: list[str] = []
    given: list[Any] = []
    for sign, day in ((">=", choice.since), ("<=", choice.until)):
        if day is not None:
            tests.append(f"local_date {sign} ?")
            given.append(day)
    places: Mapping[str, int] = {name: at for at, name in enumerate(file.attributes)}
    for name, values in told:
        own = [f"a{places[name]}"] if name in places else []
        own += [f'"{name}"'] if name in SPLIT_BY else []
        if own:  # as feedback.queries: the answer's own value, and only without one its customer's
            value = f"coalesce({', '.join(f'''nullif({column}, '')''' for column in own)})"
            tests.append(f"({value} IS NULL OR {value} IN ({', '.join('?' * len(values))}))")
            given += values
    return tests, given
