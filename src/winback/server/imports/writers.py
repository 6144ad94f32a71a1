"""Rows of a file become versions in the database: one writer a table, all with the same two steps.

`prepare` looks up what is there and decides, row by row, what is new, changed or the same; it may take its time.
`write` runs inside a transaction and only writes. A version that is replaced stays, marked with the run that replaces it.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from winback.server.bulk import insert
from winback.server.customers.models import ContactProfile, CustomerPeriod, CustomerProfile, Departure, Invitation
from winback.server.feedback.masking import SENTENCE, masking_of
from winback.server.feedback.models import Feedback
from winback.server.imports import bulk
from winback.server.imports.identities import Identities
from winback.server.sources.models import SyncRun

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.server.sources.models import Versioned


@dataclass
class Prepared:
    """A piece of a file, ready to be written."""

    rows: Iterable[tuple[Any, ...]]
    customers: Sequence[int] = ()  # who needs a profile
    replaced: list[int] = field(default_factory=list)
    days: dict[str, set[Any]] = field(default_factory=dict)  # dirty days by table
    opted_out: Sequence[int] = ()  # contacts
    new: int = 0
    changed: int = 0
    same: int = 0
    masked: dict[str, int] = field(default_factory=dict)  # see SyncRun


class Writer(ABC):
    """What all tables have in common. `columns` are names in the database, in the order of the rows."""

    model: ClassVar[type[Versioned]]
    columns: tuple[str, ...]
    unique: ClassVar[tuple[str, ...]] = ()
    profiles = True  # its customers need a profile

    def __init__(self, run: SyncRun, account: dict[str, Any]) -> None:
        self.run, self.account = run, account
        self.customers = Identities(run)

    def constants(self, now: str) -> dict[str, Any]:
        return {
            "workspace_id": self.run.workspace_id, "run_id": self.run.pk, "superseded_by_id": None, "updated_at": now,
        }  # fmt: skip

    @abstractmethod
    def prepare(self, batch: pa.RecordBatch, now: str) -> Prepared:
        """The rows of a batch as they will be written."""

    def write(self, prepared: Prepared, now: str) -> None:
        """Write a piece; call it inside a transaction."""
        if prepared.customers:
            self.customers.show_bare(list(prepared.customers), now)
        if prepared.new or prepared.changed:
            insert(self.model, self.constants(now), self.columns, prepared.rows, replacing=self.unique)
        if prepared.replaced:
            bulk.supersede(self.model, prepared.replaced, self.run.pk)


class FeedbackWriter(Writer):
    """Answers: a row is named by its source and its id there, and a digest tells whether it is still the same."""

    model = Feedback
    columns = (
        "external_id", "row_number", "occurred_at", "local_date", "customer_id", "respondent", "score", "kind", "survey",
        "channel", "touchpoint", "journey_stage", "product", "language", "comment", "money", "weight", "attributes", "digest",
    )  # fmt: skip
    FILE = (
        "external_id", "line", "occurred_at", "local_date", "customer", "respondent", "score", "kind", "survey",
        "channel", "touchpoint", "journey_stage", "product", "language", "comment", "money", "weight", "attributes", "digest",
    )  # fmt: skip
    TOLD = ("comment", "attributes", "customer", "respondent")  # what is masked, and by whose names

    def __init__(self, run: SyncRun, account: dict[str, Any]) -> None:
        super().__init__(run, account)
        self._masking = masking_of(run.workspace)
        self._first = not Feedback.objects.filter(source_id=run.source_id).exclude(run=run).exists()

    def constants(self, now: str) -> dict[str, Any]:
        return super().constants(now) | {"source_id": self.run.source_id}

    def prepare(self, batch: pa.RecordBatch, now: str) -> Prepared:
        lists = {name: batch.column(name).to_pylist() for name in self.FILE}
        from django.db import connection

        if connection.vendor != "sqlite":
            lists["occurred_at"] = [text and f"{text}+00" for text in lists["occurred_at"]]
        there = {} if self._first else self._there(lists["external_id"])
        names = {name for name in lists["customer"] if name is not None}
        ids = self.customers.of(names, now)
        lists["customer"] = [None if name is None else ids[name] for name in lists["customer"]]
        if there:
            return self._compared(lists, there)
        texts, masked = self._masked(*(lists[name] for name in self.TOLD))
        lists["comment"], lists["attributes"] = texts
        needy = self.customers.without_profile({pk for pk in lists["customer"] if pk is not None})
        days = {"feedback": set(lists["local_date"]), **({"customers": {None}} if needy else {})}
        return Prepared(zip(*lists.values(), strict=True), needy, days=days, new=len(batch), masked=masked)

    def _masked(
        self,
        comments: Sequence[str],
        attributes: Sequence[str],
        customers: Sequence[int | None],
        respondents: Sequence[str],
    ) -> tuple[tuple[list[str], list[str]], dict[str, int]]:
        """Comments and attributes (JSON) as they are to be stored, and what was masked in them."""
        if self._masking is None:
            return (list(comments), list(attributes)), {}
        # few have sentences in their attributes: those of the others are not read
        told = [json.loads(one) if one and one.count(" ") >= SENTENCE - 1 else {} for one in attributes]
        texts, masked = self._masking.answers(list(zip(comments, told, customers, respondents, strict=True)))
        stored = [
            json.dumps(after, ensure_ascii=False) if after != before else one
            for (_, after), before, one in zip(texts, told, attributes, strict=True)
        ]
        return ([comment for comment, _ in texts], stored), masked

    def _there(self, keys: list[str]) -> dict[str, tuple[int, int, Any]]:
        """The versions that are seen of these rows: id, digest and day, by key."""
        runs = SyncRun._meta.db_table
        seen = (
            f"f.source_id = %s AND EXISTS (SELECT 1 FROM {runs} r WHERE r.id = f.run_id AND r.state = 'published') "
            f"AND NOT EXISTS (SELECT 1 FROM {runs} r WHERE r.id = f.superseded_by_id AND r.state = 'published')"
        )
        table, columns = f"{Feedback._meta.db_table} f", "f.external_id, f.id, f.digest, f.local_date"
        found = bulk.named(table, columns, "f.external_id", keys, seen, [self.run.source_id])
        return {key: (pk, digest, None if day is None else str(day)) for key, pk, digest, day in found}

    def _compared(self, lists: dict[str, list[Any]], there: dict[str, tuple[int, int, Any]]) -> Prepared:
        """Leave out what is the same."""
        rows: list[tuple[Any, ...]] = []
        replaced: list[int] = []
        days: set[Any] = set()
        customers: set[int] = set()
        for row in zip(*lists.values(), strict=True):
            old = there.get(row[0])
            if old is not None:
                if old[1] == row[-1]:
                    continue
                replaced.append(old[0])
                days.add(old[2])
            rows.append(row)
            days.add(row[3])
            if row[4] is not None:
                customers.add(row[4])
        masked: dict[str, int] = {}
        if self._masking is not None:
            columns = dict(zip(self.FILE, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}
            if columns:
                (columns["comment"], columns["attributes"]), masked = self._masked(
                    *(columns[name] for name in self.TOLD)
                )
                rows = list(zip(*columns.values(), strict=True))
        needy = self.customers.without_profile(customers)
        same = len(lists["external_id"]) - len(rows)
        dirty = {"feedback": days} if rows else {}
        if needy:
            dirty["customers"] = {None}
        changed = len(replaced)
        new = len(rows) - changed
        return Prepared(rows, needy, replaced, dirty, new=new, changed=changed, same=same, masked=masked)


def writer_of(run: SyncRun, account: dict[str, Any]) -> Writer:
    """The writer for what the run imports."""
    from winback.server.imports.overlays import (
        ContactWriter,
        DepartureWriter,
        InvitationWriter,
        PeriodWriter,
        ProfileWriter,
    )

    writers: dict[str, type[Writer]] = {
        "feedback": FeedbackWriter, "customers": ProfileWriter, "customer_periods": PeriodWriter,
        "departures": DepartureWriter, "contacts": ContactWriter, "invitations": InvitationWriter,
    }  # fmt: skip
    return writers[run.table](run, account)


VERSIONED: tuple[type[Versioned], ...] = (
    Feedback,
    CustomerPeriod,
    Departure,
    Invitation,
    ContactProfile,
    CustomerProfile,
)
