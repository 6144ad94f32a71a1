"""What the detractors of a flare-up name, beside what those of the same segment named before; and who says it.

Customers are counted, not sentences. Live and within the asker's scope.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import chosen
from winback.server.themes.queries import naming, theme_entry
from winback.server.watch.changes import BEYOND, COMPARED, choice_of, held, inside, standard_errors
from winback.server.watch.models import Alarm
from winback.server.workspaces.access import Access

MOST = 6  # themes shown
LEAST = 2  # customers who name one


@dataclass(frozen=True)
class Theme:
    """Of the detractors who say why, how many customers name a theme: in the window, and in the twelve weeks before."""

    name: str
    now: int
    of_now: int
    before: int
    of_before: int

    @property
    def share_now(self) -> float:
        return self.now / self.of_now

    @property
    def share_before(self) -> float | None:
        return self.before / self.of_before if self.of_before else None

    @property
    def more(self) -> bool:
        """Whether it is named more than before by more than chance."""
        return standard_errors(self.now, self.of_now, self.before, self.of_before) > BEYOND


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
    rows = inside(found, alarm, before, alarm.until)
    rows = rows.filter(found.tables.bands.is_detractor(score), nw.col("comment").str.strip_chars() != "")
    own = nw.concat_str([nw.col("source"), nw.col("external_id")], separator=" ")
    rows = rows.with_columns(
        wb_now=day >= alarm.since,
        wb_who=nw.when(~nw.col("customer").is_null()).then(nw.col("customer")).otherwise(own) if "customer" in names else own,
    )  # fmt: skip
    who = nw.col("wb_who").n_unique().alias("n")
    told = rows.group_by("wb_now").agg(who).collect(backend="pyarrow").to_native().to_pylist()
    said = {row["wb_now"]: row["n"] for row in told}
    codings = nw.from_native(found.tables.codings).lazy().select("source", "external_id", "theme")
    joined = rows.join(codings, on=["source", "external_id"], how="inner")
    counts: dict[str, dict[bool, int]] = {}
    for row in joined.group_by("theme", "wb_now").agg(who).collect(backend="pyarrow").to_native().to_pylist():
        counts.setdefault(row["theme"], {})[row["wb_now"]] = row["n"]
    themes = [
        Theme(name, of.get(True, 0), said.get(True, 0), of.get(False, 0), said.get(False, 0)) for name, of in counts.items()
    ]  # fmt: skip
    kept = [one for one in themes if one.now >= LEAST]
    return sorted(kept, key=lambda one: (-one.now, one.name))[:MOST]


def words_of(access: Access, alarm: Alarm) -> QuerySet[Feedback]:
    """The comments behind an alarm: of its detractors, or of those who name its theme."""
    if alarm.theme_id:
        rows = chosen(access, choice_of(alarm, commented=True))
        try:
            return naming(access, rows, theme_entry(access, alarm.theme_id, quoted=0))
        except Http404:  # the theme counts no longer
            return rows
    return chosen(access, choice_of(alarm, band="detractor", commented=True))
