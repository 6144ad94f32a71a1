"""Figures over many rows are read here: a workspace's canonical tables, as far as the one who asks may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from winback.connectors.csvfile.mapping import MOST_ATTRIBUTES
from winback.errors import UserError
from winback.server import warehouse
from winback.server.customers.models import Segmentation
from winback.server.exports import codings
from winback.server.exports.engines import Engine, engine
from winback.server.exports.parquet import ID
from winback.server.exports.rules import Sort, pooled, sorts_of
from winback.server.sources.models import Source, SyncRun
from winback.server.warehouse import File, Manifest
from winback.server.workspaces.access import Access
from winback.tables import TABLES, Tables

if TYPE_CHECKING:
    from winback.analysis.tally import AnswerColumns

PLAIN = ("channel", "touchpoint", "journey_stage", "product", "language")  # canonical columns that one can split by
_OURS = "attribute "


@dataclass(frozen=True)
class Holding:
    """A workspace's tables as far as one may see them: one sort of survey on one scale, customers' attributes joined.

    `tables` are frames of DuckDB or Spark over the Parquet of one manifest; `connection` is the engine they lie on.
    `attributes` are the columns of `tables.feedback` to split by, the company's own before how and about what it asked.
    `version` names the state: the same version, scope and sort give the same figures. `as_of` is when the rows were
    read. `columns` says how answers are to be counted: hand it to the analyses (`nps(tables, **holding.columns)`).
    `themes` are the names under which codings are read: another codebook is another state of `tables.codings`.
    """

    tables: Tables
    attributes: tuple[str, ...]
    version: str
    as_of: dt.datetime
    sorts: tuple[Sort, ...]
    sort: Sort
    connection: Any
    columns: AnswerColumns
    themes: tuple[str, ...] = ()


def manifest_of(access: Access) -> Manifest | None:
    """The state of the Parquet that counts now; None before anything was written."""
    return warehouse.read(warehouse.folder(settings.HOME, access.workspace.pk))


def holding(access: Access, *, sort: str | None = None) -> Holding | None:
    """The tables for figures. None where there are no answers yet; UserError where there is no such sort.

    A scope by segments restricts answers and customers and all that hangs on them. Teams and own cases say nothing of
    which answers one may see: with such a scope there are no figures, and None.
    """
    manifest = manifest_of(access)
    if manifest is None or access.scope.teams or access.scope.own:
        return None
    answers = manifest.of("feedback")
    counted, filled = pooled(file.stats for file in answers)
    scales = {
        name: (scale, detractors, promoters)
        for name, scale, detractors, promoters in Source.objects.filter(workspace=access.workspace).values_list(
            "name", "scale", "detractors", "promoters"
        )
    }
    sorts = sorts_of(counted, scales)
    if not sorts or not any(one.answers for one in sorts):
        return None
    chosen = next((one for one in sorts if one.key == sort), None) if sort else sorts[0]
    if chosen is None:
        known = ", ".join(one.title for one in sorts)
        raise UserError(f"There are no answers of the sort {sort} here; there are {known}.")
    return _Opening(access, manifest, chosen, filled).holding(sorts)


class _Opening:
    """The SQL over one state of the files, for one sort and one scope."""

    def __init__(self, access: Access, manifest: Manifest, sort: Sort, filled: Mapping[str, Mapping[str, int]]) -> None:
        self.access, self.manifest, self.sort = access, manifest, sort
        self.place: Path = warehouse.folder(settings.HOME, access.workspace.pk)
        self.engine: Engine = engine(settings.WAREHOUSE_URL)
        self.filled = {name for source in sort.sources for name in filled.get(source, {})}
        self.called: dict[str, str] = {}
        self.weighted = [source for source in sort.sources if filled.get(source, {}).get("weight")]

    def holding(self, sorts: tuple[Sort, ...]) -> Holding:
        scope = self.access.scope
        mine = _spelled(name.removeprefix(_OURS) for name in self.filled if name.startswith(_OURS))
        theirs = _spelled(name for file in self.manifest.of("customers") for name in file.attributes)
        canonical = [c.name for c in TABLES["feedback"].columns if c.name in self.filled or c.name == "source"]
        plain = [name for name in PLAIN if name in self.filled]
        have = {name.lower() for name in canonical}
        own = {(f"{name} (column)" if name.lower() in have else name): names for name, names in mine.items()}
        have |= {name.lower() for name in own}
        joined = {(f"{name} (customers)" if name.lower() in have else name): names for name, names in theirs.items()}
        attributes = self._attributes(list(own), plain, list(joined))
        wanted = {name: names for name, names in joined.items() if name in attributes or names & set(scope.segments)}

        feedback = self._feedback(canonical, own, wanted)
        frames: dict[str, Any] = {"feedback": self.engine.frame(f"SELECT * FROM ({feedback}) AS f")}
        for table in ("customers", "contacts", "customer_periods", "departures", "invitations"):
            if (query := self._beside(table)) is not None:
                frames[table] = self.engine.frame(query)
        if (query := self._codings(feedback)) is not None:
            frames["codings"] = self.engine.frame(query)
        workspace = self.access.workspace
        tables = Tables(**frames, bands=self.sort.bands, currency=workspace.currency, zone=workspace.zone)
        columns: AnswerColumns = {"bands": self.sort.bands, "one_source": len(self.sort.sources) == 1}
        if self.weighted:
            columns["weight"] = "weight"
        return Holding(
            tables, tuple(attributes), self.manifest.id, self.manifest.as_of, sorts, self.sort, self.engine.connection,
            columns, tuple(f"{key} {name}" for key, name in sorted(self.called.items())),
        )  # fmt: skip

    def _attributes(self, own: Sequence[str], plain: Sequence[str], joined: Sequence[str]) -> list[str]:
        """What to split by: as the workspace lists it, else as a report on the same files has it; hidden ones left out."""
        known = [*own, *plain, *joined]
        found = [name for name in self.access.workspace.attributes if name in known] or self._as_in_a_report(
            own, plain, joined
        )
        said = Segmentation.objects.filter(workspace=self.access.workspace).values_list(
            "attribute", "hidden", "position"
        )
        hidden = {name for name, out, _ in said if out}
        places = {name: place for name, _, place in said}
        found = [name for name in found if name not in hidden]
        return sorted(found, key=lambda name: places.get(name, 0)) if any(places.values()) else found

    def _as_in_a_report(self, own: Sequence[str], plain: Sequence[str], joined: Sequence[str]) -> list[str]:
        """The answers' attributes in the order of their file, then as many of the customers' as a report takes."""
        told = self._told(source__name__in=self.sort.sources, table="feedback")
        mine = [name for name in told if name in own or name in plain]
        mine += [name for name in own if name not in mine] + ([] if told else list(plain))
        order = self._told(table="customers")
        theirs = [name for name in joined if not name.endswith(" (customers)")]
        theirs.sort(key=lambda name: order.index(name) if name in order else len(order))
        return [*mine, *theirs[: max(MOST_ATTRIBUTES - len(mine), 0)]] if order else [*mine, *theirs]

    def _told(self, **of: Any) -> list[str]:
        """Attributes as files named them, those of the latest first."""
        runs = SyncRun.objects.filter(workspace=self.access.workspace, live=False, state="published", **of)
        found: dict[str, None] = {}
        for options in runs.order_by("-published_at", "-id").values_list("options", flat=True)[:100]:
            found |= dict.fromkeys(_attributes_told(options.get("told", {})))
        return list(found)

    def _feedback(self, canonical: Sequence[str], own: Mapping[str, set[str]], joined: Mapping[str, set[str]]) -> str:
        q = self.engine
        numbered = len(self.sort.sources) > 1 or self.manifest.numbered.get(self.sort.sources[0], False)
        fields = {name: q.name(name) for name in canonical}
        if "row_number" in fields and not numbered:
            fields["row_number"] = q.name(ID)
        if "weight" in fields and len(self.weighted) < len(self.sort.sources):
            fields["weight"] = "coalesce(weight, 1)"
        parts = [f"source IN ({', '.join(q.literal(name) for name in self.sort.sources)})"]
        if not self.sort.alone:
            parts.append(f"survey = {q.literal(self.sort.survey)}" if self.sort.survey else "survey IS NULL")
        query = self._scan("feedback", fields, own, where=" AND ".join(parts))
        if joined:
            theirs = ", ".join(f"c.{q.name(name)}" for name in joined)
            customers = self._scan("customers", {"wb_customer": "customer"}, joined)
            query = (
                f"SELECT f.*, {theirs} FROM ({query}) AS f LEFT JOIN ({customers}) AS c ON f.customer = c.wb_customer"
            )
        if segments := self.access.scope.segments:
            of_answers, of_customers = _columns_by_spelling(own), _columns_by_spelling(joined)
            told = {
                name: [
                    *(
                        [of_answers[name]]
                        if name in of_answers
                        else [name]
                        if name in canonical and name in PLAIN
                        else []
                    ),
                    *([of_customers[name]] if name in of_customers else []),
                ]
                for name in segments
            }
            query = f"SELECT * FROM ({query}) AS s WHERE {self._within(told)}"
        return query

    def _within(self, alternatives: Mapping[str, Sequence[str]]) -> str:
        """A test for the scope: for each attribute the first of its columns with a value has one of those allowed.

        A scope over an attribute that nothing here has shows nothing.
        """
        q = self.engine
        tests = []
        for name, values in self.access.scope.segments.items():
            columns = [q.name(column) for column in alternatives[name]]
            told = f"coalesce({', '.join(columns)})" if len(columns) > 1 else columns[0] if columns else "''"
            tests.append(
                f"{told} IN ({', '.join(q.literal(value) for value in values)})" if columns and values else "1 = 0"
            )
        return " AND ".join(tests)

    def _beside(self, table: str) -> str | None:
        """A table beside the answers; None where it is empty."""
        files = self.manifest.of(table)
        if not files:
            return None
        filled = {name for file in files for name in file.columns}
        fields = {c.name: self.engine.name(c.name) for c in TABLES[table].columns if c.name in filled or c.required}
        own = _spelled(name for file in files for name in file.attributes)
        query = self._scan(table, fields, {n: s for n, s in own.items() if n.lower() not in fields})
        if segments := self.access.scope.segments:
            theirs = _spelled(name for file in self.manifest.of("customers") for name in file.attributes)
            seen = self._scan("customers", {"wb_customer": "customer"}, theirs)
            spelled = _columns_by_spelling(theirs)
            told = {name: [spelled[name]] if name in spelled else [] for name in segments}
            allowed = f"SELECT wb_customer FROM ({seen}) AS c WHERE {self._within(told)}"
            query = f"SELECT * FROM ({query}) AS b WHERE customer IN ({allowed})"
        return query

    def _codings(self, feedback: str) -> str | None:
        """The themes that count, by their names, of the answers at hand; None where no comment was read."""
        files = self.manifest.of("codings")
        if not files or not {"external_id"} <= self.filled:
            return None
        q = self.engine
        self.called = dict(codings.names(self.access.workspace))
        pairs = ", ".join(f"({q.literal(key)}, {q.literal(name)})" for key, name in self.called.items())
        names = f"(VALUES {pairs or '(NULL, NULL)'}) AS n(theme_key, theme_name)"
        # of themes merged into one the surest counts
        return (
            "SELECT c.source, c.external_id, n.theme_name AS theme, max(c.excerpt) AS excerpt, max(c.coder) AS coder, "
            f"max(c.confidence) AS confidence FROM {q.parquet(self.place, files)} AS c "
            f"JOIN {names} ON c.theme = n.theme_key "
            f"JOIN (SELECT source, external_id FROM ({feedback}) AS f) AS a "
            "ON a.source = c.source AND a.external_id = c.external_id "
            "GROUP BY c.source, c.external_id, n.theme_name"
        )

    def _scan(self, table: str, fields: Mapping[str, str], own: Mapping[str, set[str]], *, where: str = "") -> str:
        """All files of a table as one SELECT: those with the same attributes are read together."""
        q = self.engine
        groups: dict[tuple[str, ...], list[File]] = {}
        for file in self.manifest.of(table):
            groups.setdefault(file.attributes, []).append(file)
        parts = []
        for attributes, files in groups.items():
            shown = [f"{expression} AS {q.name(name)}" for name, expression in fields.items()]
            for name, spellings in own.items():
                there = [f"a{place}" for place, one in enumerate(attributes) if one in spellings]
                value = (
                    f"coalesce({', '.join(there)})"
                    if len(there) > 1
                    else there[0]
                    if there
                    else f"CAST(NULL AS {q.text})"
                )
                shown.append(f"{value} AS {q.name(name)}")
            test = f" WHERE {where}" if where else ""
            parts.append(f"SELECT {', '.join(shown)} FROM {q.parquet(self.place, files)}{test}")
        if not parts:
            empty = ", ".join(f"CAST(NULL AS {q.text}) AS {q.name(name)}" for name in (*fields, *own))
            return f"SELECT {empty} WHERE 1 = 0"
        return " UNION ALL ".join(parts)


def _attributes_told(told: Mapping[str, Any]) -> list[str]:
    """The attributes of a file in its order: those that are canonical columns by the names they have here."""
    others = iter(told.get("attributes", ()))
    roles = {column: role for role, column in told.get("plain", {}).items()}
    named = [roles.get(column) or next(others, "") for column in told.get("columns_read", {}).get("by", ())]
    return [name for name in (*named, *others) if name]


def _columns_by_spelling(columns: Mapping[str, set[str]]) -> dict[str, str]:
    return {spelling: name for name, spellings in columns.items() for spelling in spellings}


def _spelled(names: Any) -> dict[str, set[str]]:
    """Attributes by name; spellings that differ in case only are one, called by the first of them."""
    first: dict[str, str] = {}
    found: dict[str, set[str]] = {}
    for name in sorted(set(names)):
        shown = first.setdefault(name.lower(), name)
        found.setdefault(shown, set()).add(name)
    return found
