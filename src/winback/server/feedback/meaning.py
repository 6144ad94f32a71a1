"""The comments nearest in meaning to some words, of those that somebody may see.

The vectors stand beside the Parquet (exports.vectors) and say which rows to look at; the database says which of them are to
be seen, by whom, and what they hold now, as with words (searching.py). So no scope is applied twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import QuerySet

from winback.server import warehouse
from winback.server.feedback.models import Feedback
from winback.server.feedback.narrowing import NARROW, few_of
from winback.server.feedback.queries import Choice, chosen
from winback.server.workspaces.access import Access

NEAREST = 100  # comments at most
FLOOR = 0.3  # cosine; what is farther has no more to do with the words than most have
LOOKED_AT = 2_000  # of the nearest of all, before those that a narrow choice leaves are looked at by themselves
AT_ONCE = 150  # rows asked for together: for more, SQLite reads the whole workspace instead of each


@dataclass(frozen=True)
class Nearest:
    """The comments, the nearest first, each with its cosine; among how many, as of when; and how many wait to be turned."""

    rows: tuple[tuple[Feedback, float], ...] = ()
    searched: int = 0
    as_of: dt.datetime | None = None
    waiting: bool = False


def nearest(access: Access, choice: Choice, *, most: int = NEAREST) -> Nearest:
    """The comments of a choice nearest to its text."""
    import numpy as np

    from winback.text.embedding import embedder
    from winback.text.nearest import CANDIDATES, Vectors, embed

    place = warehouse.folder(settings.HOME, access.workspace.pk)
    manifest = warehouse.read(place)
    if manifest is None:
        return Nearest()
    names = [
        name for file in manifest.of("feedback") if "comment" in file.columns for name in warehouse.vectors_of(file)
    ]
    there = [place / name for name in names if (place / name).exists()]
    model = embedder()
    vectors, query = Vectors(there, model.name), embed(choice.text, model)
    told = Nearest(searched=vectors.count, as_of=manifest.as_of, waiting=len(there) < len(names))
    if query is None:
        return told
    rows = chosen(access, replace(choice, text="")).exclude(comment="")
    some = few_of(access, choice, place, manifest)
    if some is not None:  # these alone, exactly
        ranked = vectors.of(query, some)
        found, _ = _of(rows, ranked.ids.tolist(), ranked.cosines.tolist(), most, until=len(ranked.ids))
        return replace(told, rows=_read(found))
    ranked = vectors.nearest(query)
    found, all_seen = _of(rows, ranked.ids.tolist(), ranked.cosines.tolist(), most, until=LOOKED_AT)
    if not all_seen:
        ids = list(rows.order_by("-id").values_list("pk", flat=True)[: NARROW + 1])
        # few: these alone, exactly; many: far enough among all for every fiftieth to be enough
        few = len(ids) <= NARROW
        ranked = (
            vectors.of(query, np.array(ids, dtype=np.int64)) if few else vectors.nearest(query, most=8 * CANDIDATES)
        )
        found, _ = _of(rows, ranked.ids.tolist(), ranked.cosines.tolist(), most, until=len(ranked.ids))
    return replace(told, rows=_read(found))


def _read(found: Sequence[tuple[int, float]]) -> tuple[tuple[Feedback, float], ...]:
    read = Feedback.objects.select_related("source", "customer").in_bulk([pk for pk, _ in found])
    return tuple((read[pk], cosine) for pk, cosine in found if pk in read)


def _of(
    rows: QuerySet[Feedback], ids: Sequence[int], cosines: Sequence[float], most: int, *, until: int
) -> tuple[list[tuple[int, float]], bool]:
    """The first of these ids that are among the rows; and whether there can be no further ones."""
    found: list[tuple[int, float]] = []
    end = min(until, len(ids))
    for start in range(0, end, AT_ONCE):
        last = min(start + AT_ONCE, end)
        near = {pk: cosine for pk, cosine in zip(ids[start:last], cosines[start:last], strict=True) if cosine >= FLOOR}
        seen = set(rows.filter(pk__in=list(near)).values_list("pk", flat=True))
        found += [(pk, near[pk]) for pk in near if pk in seen]
        if len(found) >= most or len(near) < last - start:
            return found[:most], True
    return found, until >= len(ids)
