"""Which of a theme's comments to show: those with its telling words, the surest first, short, each said once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.analysis.codebook import Codebook
from winback.analysis.counts import BAND_NAMES
from winback.analysis.themes_counted import QUOTED

EACH = 2  # of each band
SCHEMA = pa.schema(
    [("theme", pa.string()), ("rank", pa.int32()), ("said", pa.string()), ("score", pa.float64()), ("band", pa.string())]
)  # fmt: skip


def quoted(
    coded: pa.Table, book: Codebook, texts: Sequence[str | None], scores: NDArray[Any], bands: NDArray[np.int64], *, each: int = EACH
) -> pa.Table:  # fmt: skip
    """Up to `each` quotations a theme and band, word for word, with the score of who said it. Columns: SCHEMA.

    coded: as `winback.analysis.codebook.assign` gives it; its rows are places in `texts`, `scores` and `bands`.
    """
    telling = {theme.key: [word.casefold() for word in theme.words[:5]] for theme in book.themes}
    found: dict[str, list[tuple[bool, float, int, str]]] = {}
    for row in coded.select(["row", "theme", "confidence", "start", "end"]).to_pylist():
        if row["theme"] is None:
            continue
        said = (texts[row["row"]] or "")[row["start"] : row["end"]].strip()
        if QUOTED[0] <= len(said) <= QUOTED[1]:
            plain = said.casefold()
            beside = not any(
                word in plain for word in telling.get(row["theme"], ())
            )  # what leads to it, not what it is
            found.setdefault(row["theme"], []).append((beside, -row["confidence"], row["row"], said))
    rows = []
    for theme, candidates in found.items():
        seen: dict[str, tuple[int, str]] = {}
        left = [each] * len(BAND_NAMES)
        for _, _, place, said in sorted(candidates):
            plain = " ".join(said.casefold().split())
            if left[bands[place]] and plain not in seen:
                seen[plain] = (place, said)
                left[bands[place]] -= 1
            if not any(left):
                break
        rows += [
            {"theme": theme, "rank": rank, "said": said, "score": float(scores[place]), "band": BAND_NAMES[bands[place]]}
            for rank, (place, said) in enumerate(seen.values(), 1)
        ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SCHEMA)
