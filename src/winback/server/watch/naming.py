"""What the detractors of a flare-up name, beside what those of the same segment named before; and who says it.

Customers are counted, not sentences. What is said to be named more than before is what they complain of more: detractors
praise too. Live and within the asker's scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import chosen
from winback.server.themes.queries import naming, theme_entry
from winback.server.watch.changes import BEYOND, COMPARED, choice_of, held, inside, standard_errors
from winback.server.watch.models import Alarm
from winback.server.watch.wording import is_praise
from winback.server.workspaces.access import Access

MOST = 6  # themes shown
LEAST = 2  # customers who name one
READ = 1500  # comments read for whether they praise, the newest of the window and of the time before it


@dataclass(frozen=True)
class Theme:
    """Of the detractors who say why, how many customers name a theme: in the window, and in the twelve weeks before.

    `cross`: customers who complain of it, of how many, now and before, among the newest comments.
    """

    name: str
    now: int
    of_now: int
    before: int
    of_before: int
    cross: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def share_now(self) -> float:
        return self.now / self.of_now

    @property
    def share_before(self) -> float | None:
        return self.before / self.of_before if self.of_before else None

    @property
    def more(self) -> bool:
        """Whether more complain of it than before, by more than chance."""
        return standard_errors(*self.cross) > BEYOND

    @property
    def praise(self) -> bool:
        """Whether most of those who name it now praise it."""
        return self.cross[0] / max(self.cross[1], 1) < 0.5 * self.share_now


def themes_of(access: Access, alarm: Alarm) -> list[Theme]:
    """The themes that the detractors of the window name, the most named first; none where no comment has been read."""
    import narwhals as nw

    from winback.analysis.frames import names_of

    found = held(access, alarm)
    if found is None or found.tables.codings is None:
        return []
    names = names_of(found.tables.feedback)
    if not {"local_date", "comment", "external_id", *alarm.by} <= set(names):
        return []
    day, score = nw.col("local_date"), nw.col("score").cast(nw.Float64)
    before = alarm.since - COMPARED
    rows = inside(found, alarm, before, alarm.until).filter(nw.col("comment").str.strip_chars() != "")
    own = nw.concat_str([nw.col("source"), nw.col("external_id")], separator=" ")
    rows = rows.with_columns(
        wb_now=day >= alarm.since, wb_low=found.tables.bands.is_detractor(score), wb_high=found.tables.bands.is_promoter(score),
        wb_who=nw.when(~nw.col("customer").is_null()).then(nw.col("customer")).otherwise(own) if "customer" in names else own,
    )  # fmt: skip
    who = nw.col("wb_who").n_unique().alias("n")
    codings = nw.from_native(found.tables.codings).lazy().select("source", "external_id", "theme", "excerpt")
    low = rows.filter(nw.col("wb_low"))
    said = {row["wb_now"]: row["n"] for row in _table(low.group_by("wb_now").agg(who))}
    counts: dict[str, dict[bool, int]] = {}
    joined = low.join(codings, on=["source", "external_id"], how="inner")
    for row in _table(joined.group_by("theme", "wb_now").agg(who)):
        counts.setdefault(row["theme"], {})[row["wb_now"]] = row["n"]
    most = sorted((name for name in counts if counts[name].get(True, 0) >= LEAST), key=lambda name: (-counts[name][True], name))  # fmt: skip
    if not most:
        return []
    liked = _liked(rows, codings, most[:MOST])
    now, then = (_complaints(low, codings, most[:MOST], liked, now=now) for now in (True, False))
    return [
        Theme(
            name, counts[name].get(True, 0), said.get(True, 0), counts[name].get(False, 0), said.get(False, 0),
            cross=(now[1].get(name, 0), now[0], then[1].get(name, 0), then[0]),
        )
        for name in most[:MOST]
    ]  # fmt: skip


def _table(rows: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rows.collect(backend="pyarrow").to_native().to_pylist()
    return found


def _liked(rows: Any, codings: Any, themes: list[str]) -> set[str]:
    """The themes that more promoters than detractors of the segment name: praise, where no word tells."""
    import narwhals as nw

    joined = rows.join(codings.filter(nw.col("theme").is_in(themes)), on=["source", "external_id"], how="inner")
    ends = joined.group_by("theme").agg(
        low=nw.col("wb_low").cast(nw.Int64).sum(), high=nw.col("wb_high").cast(nw.Int64).sum()
    )
    return {row["theme"] for row in _table(ends) if row["high"] > row["low"]}


def _complaints(
    rows: Any, codings: Any, themes: list[str], liked: set[str], *, now: bool
) -> tuple[int, dict[str, int]]:
    """Of the newest comments' customers, how many there are, and how many complain of each theme."""
    import narwhals as nw

    some = rows.filter(nw.col("wb_now") if now else ~nw.col("wb_now"))
    some = some.sort("local_date", "source", "external_id", descending=True).head(READ)
    some = some.select("source", "external_id", "comment", "wb_who")
    joined = some.join(codings.filter(nw.col("theme").is_in(themes)), on=["source", "external_id"], how="inner")
    cross: dict[str, set[str]] = {}
    for row in _table(joined.select("theme", "excerpt", "comment", "wb_who")):
        praise = is_praise(row["excerpt"] or row["comment"])
        if not (row["theme"] in liked if praise is None else praise):
            cross.setdefault(row["theme"], set()).add(row["wb_who"])
    everybody = _table(some.select(n=nw.col("wb_who").n_unique()))
    return int(everybody[0]["n"] or 0), {name: len(who) for name, who in cross.items()}


def words_of(access: Access, alarm: Alarm) -> QuerySet[Feedback]:
    """The comments behind an alarm: of its detractors, or of those who name its theme."""
    if alarm.theme_id:
        rows = chosen(access, choice_of(alarm, commented=True))
        try:
            return naming(access, rows, theme_entry(access, alarm.theme_id, quoted=0))
        except Http404:  # the theme counts no longer
            return rows
    return chosen(access, choice_of(alarm, band="detractor", commented=True))
