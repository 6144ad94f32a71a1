"""How much has been heard: saturation of what customers named, on the pages where that is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from winback.analysis.coded import count_words
from winback.analysis.saturation import FEWEST, Saturation, saturation
from winback.charts.saturation import heard_curve
from winback.errors import UserError
from winback.server.insights.answered import UNKNOWN, Answered, Flags
from winback.server.insights.basis import Basis
from winback.server.insights.theming import parted, telling

LATEST = 300  # answers looked at: more make the curve flat and say nothing of the next conversation
REPLICATES = 200
BY_CHANCE = 0.2  # how likely a theme would be missing in a segment by chance alone, for it to be called missing there
ABSENT = 3  # such themes named


def heard_of(basis: Basis, *, who: str = "detractor") -> dict[str, Any] | None:
    """How much of what these customers would say has been heard; None where too few said why.

    From interviews (feedback of the kind call) where there are enough of them, else from the latest answers with words.
    """
    by = basis.asked.by or basis.holding.attributes
    found: dict[str, Any] | None = basis.kept.once(
        ("heard", who, by[:1], basis.holding.themes), lambda: _heard(basis, who, tuple(by[:1]))
    )
    return found


def _heard(basis: Basis, who: str, by: tuple[str, ...]) -> dict[str, Any] | None:
    if basis.holding.tables.codings is None:
        return None
    every, mine = telling(basis, who)
    mine = mine & every.said
    calls = _latest(every, mine & every.call)
    interviews = len(calls) >= FEWEST
    told = calls if interviews else _latest(every, mine)
    if len(told) < FEWEST:
        return None
    named: dict[int, list[str]] = {}
    chosen = np.isin(every.row, told)
    for row, theme in zip(every.row[chosen].tolist(), every.theme[chosen].tolist(), strict=True):
        named.setdefault(row, []).append(every.keys[theme])
    codes, values = parted(basis, every, by)
    lines: list[dict[str, Any]] = []
    for place, row in enumerate(reversed(told)):
        part = values[codes[row]] if codes[row] != UNKNOWN else None
        found_here: list[str | None] = [*named.get(row, ())]
        for one in found_here or [None]:
            lines.append({"interview": str(row), "theme": one, "place": place, "part": part})
    table = pa.Table.from_pylist(
        lines, schema=pa.schema([("interview", pa.string()), ("theme", pa.string()), ("place", pa.int64()), ("part", pa.string())])
    )  # fmt: skip
    try:
        found = saturation(
            table, interview="interview", theme="theme", order="place", by=("part",) if by else (), level=basis.level,
            replicates=REPLICATES,
        )  # fmt: skip
    except UserError:
        return None
    return {
        "interviews": interviews, "count": len(told), "by": by[0] if by else "",
        "answers": [(every.source[row].as_py(), every.external_id[row].as_py(), row in named) for row in told],
        **_told(found, interviews),
    }  # fmt: skip


def whose(found: dict[str, Any], kinds: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """The same with a note on who coded these comments; `kinds` are of the readings that count, by source and id.

    A model finds only themes that it knows, however many others are named. So of answers that it coded the sentence is
    about the codebook alone, nothing is said of new themes, and the note tells how many comments fit none.
    """
    what = "interview" if found["interviews"] else "comment"
    read = [(kinds[source, external_id], named) for source, external_id, named in found["answers"] if (source, external_id) in kinds]  # fmt: skip
    model = sum(kind == "model" for kind, _ in read)
    people = len(read) - model
    if not model:
        return {**found, "note": f"Coded by people: {count_words(people, what)}." if people else ""}
    coded = f"{count_words(model, what)} coded by the model" + (f", {people:,} by people" if people else "")
    none = sum(not named for _, named in read)
    note = f"{coded}. The model finds only reasons in the codebook; {none:,} of the {len(read):,} fit no reason in it."
    if found["interviews"]:
        return {**found, "note": note}
    sentence = found["sentence"].replace("what they would say", "what they would say of the reasons in the codebook")
    return {**found, "sentence": sentence, "news": "", "note": note}


def _latest(every: Answered, chosen: Flags) -> list[int]:
    """The latest of the chosen answers by day, source and id, the last one first."""
    places = np.flatnonzero(chosen)
    if len(places) > LATEST:  # all of the day at which so many are reached
        day = np.partition(every.day[places], len(places) - LATEST)[len(places) - LATEST]
        places = places[every.day[places] >= day]
    taken = pa.array(places)
    table = pa.table(
        {"place": taken, "day": every.day[places], "source": every.source.take(taken), "id": every.external_id.take(taken)}
    )  # fmt: skip
    newest = table.sort_by([(name, "descending") for name in ("day", "source", "id")]).slice(0, LATEST)
    found: list[int] = newest.column("place").to_pylist()
    return found


def _told(found: Saturation, interviews: bool) -> dict[str, Any]:
    whole = found.whole()
    what = "interviews" if interviews else "answers"
    known = [row for row in found.rows() if row["by"] and row["segment"][0]]
    segments = [
        {
            "name": row["segment"][0], "interviews": row["interviews"], "coverage": row["coverage"],
            "elsewhere": row["gap_elsewhere"], "never": row["gap_never"], "themes": row["themes"],
            "equal_themes": row["equal_themes"],
        }
        for row in known if not row["suppressed"] and row["coverage"] is not None
    ]  # fmt: skip
    segments.sort(key=lambda row: (row["coverage"], row["name"]))
    least = segments[0]["name"] if len(segments) > 1 else ""
    absent = [row for row in found.elsewhere.to_pylist() if row["segment"] == least and row["chance"] <= BY_CHANCE]
    return {
        "sentence": found.summary().replace("interviews", what),
        "coverage": whole["coverage"],
        "never": whole.get("never_heard"),
        "chart": heard_curve(found.curve.to_pylist(), level=found.level, width="container", what=what.capitalize()),
        "outlook": [row for row in found.outlook.to_pylist() if row["coverage"] is not None],
        "news": found.news().replace("interview", what[:-1]),
        "segments": segments,
        "equal_coverage": found.equal_coverage.get("part"),
        "few": [{"name": row["segment"][0], "interviews": row["interviews"]} for row in known if row["suppressed"]],
        "least": least,
        "absent": [{"theme": row["theme"], "interviews": row["interviews"]} for row in absent[:ABSENT]],
        "themes": whole["themes"],
    }
