"""What two colleagues found in some of the sample company's comments: a file such as a coding round leaves behind."""

from __future__ import annotations

import pyarrow as pa

from winback.datasets.comments import THEMES

CODED = 400  # comments that were coded, about; never more than a quarter of all
TWICE = 6  # every sixth of them by both colleagues
APART = 5  # of these every fifth differently
FIRST, SECOND = "Amara Diallo", "Hanna Lindqvist"
UNKNOWN = "Backup line does not switch over"  # came up after the codebook was made: nobody has a theme for it


def coded(feedback: pa.Table, themes: pa.Table) -> pa.Table:
    """Columns external_id, theme (null where none was found), coder; a row for each comment and coder.

    `themes` says which theme stands behind each comment, as `Truths.themes` does.
    """
    behind = dict(zip(themes.column("external_id").to_pylist(), themes.column("theme").to_pylist(), strict=True))
    ids, comments = (feedback.column(name).to_pylist() for name in ("external_id", "comment"))
    said = [one for one, comment in zip(ids, comments, strict=True) if comment and one in behind]
    chosen = said[:: max(4, len(said) // CODED)]
    none = {THEMES[-1], UNKNOWN}
    found = [None if behind[one] in none else behind[one] for one in chosen]
    rows = []
    for place, (one, theme) in enumerate(zip(chosen, found, strict=True)):
        rows.append({"external_id": one, "theme": theme, "coder": FIRST})
        if place % TWICE == 0:
            other = found[place - 1] if place // TWICE % APART == APART - 1 else theme
            rows.append({"external_id": one, "theme": other, "coder": SECOND})
    return pa.Table.from_pylist(
        rows, schema=pa.schema([(name, pa.string()) for name in ("external_id", "theme", "coder")])
    )
