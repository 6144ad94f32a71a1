"""The SQL over one state of a workspace's files: its tables as frames, for one sort of answers and within one scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from winback.server import warehouse
from winback.server.exports import codings
from winback.server.exports.engines import Engine, engine
from winback.server.exports.parquet import ID
from winback.server.exports.rules import Sort
from winback.server.exports.splitting import attributes_shown
from winback.server.feedback.rules import SPLIT_BY
from winback.server.warehouse import File, Manifest
from winback.server.workspaces.access import Access
from winback.tables import TABLES

_OURS = "attribute "
BESIDE = ("customers", "contacts", "customer_periods", "departures", "invitations")


class Opening:
    """One state of the files as one may see it. `filled`: values by source and column (see rules.pooled).

    `sort` names the answers that are wanted; None is all of them. After `frames`, `attributes` are the columns to split
    by and `called` the names of themes by their keys.
    """

    def __init__(
        self, access: Access, manifest: Manifest, filled: Mapping[str, Mapping[str, int]], sort: Sort | None
    ) -> None:
        self.access, self.manifest, self.sort = access, manifest, sort
        self.place: Path = warehouse.folder(settings.HOME, access.workspace.pk)
        self.engine: Engine = engine(settings.WAREHOUSE_URL)
        self.sources = sort.sources if sort else tuple(sorted(filled))
        self.filled = {name for source in self.sources for name in filled.get(source, {})}
        self.weighted = [source for source in self.sources if filled.get(source, {}).get("weight")]
        self.attributes: list[str] = []
        self.called: dict[str, str] = {}
        self._name_columns()

    def _name_columns(self) -> None:
        """Attributes by the names they get among the answers' columns, with their spellings: own ones and the customers'."""
        mine = _spelled(name.removeprefix(_OURS) for name in self.filled if name.startswith(_OURS))
        customers = (
            self.manifest.of("customers") if "customer" in self.filled else ()
        )  # else no answer says whose it is
        theirs = _spelled(name for file in customers for name in file.attributes)
        self.canonical = [c.name for c in TABLES["feedback"].columns if c.name in self.filled or c.name == "source"]
        have = {name.lower() for name in self.canonical}
        self.own = {(f"{name} (column)" if name.lower() in have else name): names for name, names in mine.items()}
        have |= {name.lower() for name in self.own}
        self.joined = {(f"{name} (customers)" if name.lower() in have else name): n for name, n in theirs.items()}

    def frames(self) -> dict[str, Any]:
        """The tables that have something in them."""
        plain = [name for name in SPLIT_BY if name in self.filled]
        self.attributes = attributes_shown(
            self.access.workspace, self.sources, own=list(self.own), plain=plain, joined=list(self.joined)
        )
        feedback = self._feedback(self.canonical, self.own, self._wanted(self.attributes))
        frames: dict[str, Any] = {"feedback": self.engine.frame(f"SELECT * FROM ({feedback}) AS f")}
        for table in BESIDE:
            if (query := self._beside(table)) is not None:
                frames[table] = self.engine.frame(query)
        if (query := self._codings(feedback)) is not None:
            frames["codings"] = self.engine.frame(query)
        return frames

    def counted(self) -> dict[str, dict[str, int]]:
        """Answers by source and sort of survey ("" where unknown), within the scope."""
        if "score" not in self.filled:
            return {}
        segments = set(self.access.scope.segments)
        canonical = [name for name in self.canonical if name in {"source", "survey", "score", "customer", *segments}]
        own = {name: names for name, names in self.own.items() if names & segments}
        rows = self._feedback(canonical, own, self._wanted(()))
        survey = "survey" if "survey" in canonical else f"CAST(NULL AS {self.engine.text})"
        query = f"SELECT source, {survey} AS asked, score FROM ({rows}) AS f"
        found: dict[str, dict[str, int]] = {}
        for source, asked, answers in self.engine.rows(
            f"SELECT source, asked, count(score) AS answers FROM ({query}) AS s GROUP BY source, asked"
        ):
            found.setdefault(source, {})[asked or ""] = answers
        return found

    def _wanted(self, attributes: Iterable[str]) -> dict[str, set[str]]:
        """The customers' attributes to be joined to answers: these, and those that the scope is about."""
        chosen, segments = set(attributes), set(self.access.scope.segments)
        return {name: names for name, names in self.joined.items() if name in chosen or names & segments}

    def _feedback(self, canonical: Sequence[str], own: Mapping[str, set[str]], joined: Mapping[str, set[str]]) -> str:
        q = self.engine
        numbered = len(self.sources) > 1 or self.manifest.numbered.get(self.sources[0], False)
        fields = {name: q.name(name) for name in canonical}
        if "row_number" in fields and not numbered:
            fields["row_number"] = q.name(ID)
        if "weight" in fields and len(self.weighted) < len(self.sources):
            fields["weight"] = "coalesce(weight, 1)"
        parts = [f"source IN ({', '.join(q.literal(name) for name in self.sources)})"]
        if self.sort and not self.sort.alone:
            parts.append(f"survey = {q.literal(self.sort.survey)}" if self.sort.survey else "survey IS NULL")
        query = self._scan("feedback", fields, own, where=" AND ".join(parts))
        if joined:
            theirs = ", ".join(f"c.{q.name(name)}" for name in joined)
            customers = self._scan("customers", {"wb_customer": "customer"}, joined)
            query = (
                f"SELECT f.*, {theirs} FROM ({query}) AS f LEFT JOIN ({customers}) AS c ON f.customer = c.wb_customer"
            )
        if segments := self.access.scope.segments:
            places = _by_spelling(own), {name: name for name in SPLIT_BY if name in canonical}, _by_spelling(joined)
            told = {name: [columns[name] for columns in places if name in columns] for name in segments}
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
            spelled = _by_spelling(theirs)
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
        rows = (
            f"FROM {q.parquet(self.place, files)} AS c JOIN {names} ON c.theme = n.theme_key "
            f"JOIN (SELECT source, external_id FROM ({feedback}) AS f) AS a "
            "ON a.source = c.source AND a.external_id = c.external_id"
        )
        if len(set(self.called.values())) == len(self.called):
            return f"SELECT c.source, c.external_id, n.theme_name AS theme, c.excerpt, c.coder, c.confidence {rows}"
        # of themes merged into one the surest counts
        return (
            "SELECT c.source, c.external_id, n.theme_name AS theme, max(c.excerpt) AS excerpt, max(c.coder) AS coder, "
            f"max(c.confidence) AS confidence {rows} GROUP BY c.source, c.external_id, n.theme_name"
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


def _by_spelling(columns: Mapping[str, set[str]]) -> dict[str, str]:
    return {spelling: name for name, spellings in columns.items() for spelling in spellings}


def _spelled(names: Any) -> dict[str, set[str]]:
    """Attributes by name; spellings that differ in case only are one, called by the first of them."""
    first: dict[str, str] = {}
    found: dict[str, set[str]] = {}
    for name in sorted(set(names)):
        shown = first.setdefault(name.lower(), name)
        found.setdefault(shown, set()).add(name)
    return found
