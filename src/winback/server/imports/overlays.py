"""Customers, months, departures, contacts, invitations: what a file says lies over what is known already.

A column that the file does not have leaves what is known; a blank cell of a column that it has makes it blank. What a
person or the API has said of the same customer is a version like any other.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone

from winback.server.bulk import stored_time
from winback.server.customers.models import (
    Contact,
    ContactProfile,
    CustomerPeriod,
    CustomerProfile,
    Departure,
    Invitation,
    OptOut,
)
from winback.server.customers.people import OF_AN_IMPORT
from winback.server.database import ten_thousandths
from winback.server.imports.identities import Identities
from winback.server.imports.writers import Prepared, Writer
from winback.server.sources.models import SyncRun

if TYPE_CHECKING:
    import pyarrow as pa

JSON = ("counts", "attributes")
SEVERAL = "several imports"  # the origin of an opt-out that more than one of them told
BLANK: Mapping[str, Any] = {
    "name": "", "acquired_by": "", "owner_name": "", "role": "", "email": "", "phone": "", "language": "", "kind": "",
    "stated_reason": "", "counts": {}, "attributes": {}, "contact": "", "survey": "", "channel": "", "reason_not_sent": "",
}  # fmt: skip


def stored(value: Any) -> Any:
    """A value as it lies in the database, to be compared and written again."""
    if isinstance(value, Decimal):
        return ten_thousandths(value)
    if isinstance(value, dt.datetime):
        return stored_time(value)
    return value.isoformat() if isinstance(value, dt.date) else value


class Overlay(Writer):
    """A row of the file over the version that is seen of the same thing."""

    FIELDS: ClassVar[Mapping[str, str]]  # column of the file: column in the database
    KEY: ClassVar[tuple[str, ...]]  # columns in the database that name the thing
    TABLE: ClassVar[str]

    def __init__(self, run: SyncRun, account: dict[str, Any]) -> None:
        super().__init__(run, account)
        self._first = not self.model.objects.filter(workspace_id=run.workspace_id).exclude(run=run).exists()
        self._said = [name for name in self.FIELDS if name in account["fields"]]
        self._parts = {"counts": set(account["counts"]), "attributes": set(account["attributes"])}
        self.columns = (*self.KEY, *(name for name in self.FIELDS.values() if name not in self.KEY), *self.further())

    def further(self) -> tuple[str, ...]:
        """Columns that are the same in every row, given by `tail`."""
        return ()

    def tail(self) -> tuple[Any, ...]:
        return ()

    def known(self, keys: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], dict[str, Any]]:
        """What is seen now of these things, by key: values as stored, with `id`."""
        return {tuple(values[name] for name in self.KEY): values for values in self._visible(keys)}

    def _visible(self, keys: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
        if self._first:
            return []
        named = {key[0] for key in keys}
        rows = self.model.objects.visible(self.run.workspace).filter(**{f"{self.KEY[0]}__in": named}).order_by("id")
        return [{name: stored(value) for name, value in row.items()} for row in rows.values("id", *self.columns)]

    def find(self, key: tuple[Any, ...], row: Mapping[str, Any], known: Mapping[Any, dict[str, Any]]) -> dict[str, Any] | None:  # fmt: skip
        return known.get(key)

    def prepare(self, batch: pa.RecordBatch, now: str) -> Prepared:
        read = [self._read(row, now_ids) for row, now_ids in self._rows(batch, now)]
        known = self.known([key for key, _ in read])
        prepared = Prepared([])
        rows: list[tuple[Any, ...]] = []
        for key, said in read:
            old = self.find(key, said, known)
            values = self._over(old, said)
            if old is not None and not old.get("bare") and all(values[n] == old[n] for n in values):
                prepared.same += 1
                continue
            if old is not None:
                prepared.replaced.append(old["id"])
            if old is None or old.get("bare"):
                prepared.new += 1
            else:
                prepared.changed += 1
            self.note(prepared, key, said, old)
            texts = {name: json.dumps(value, ensure_ascii=False) if name in JSON else value for name, value in values.items()}  # fmt: skip
            rows.append((*(texts[name] for name in self.columns[: len(self.columns) - len(self.tail())]), *self.tail()))
        prepared.rows = rows
        prepared.days = {self.TABLE: self.days(rows)} if rows else {}
        prepared.customers = self.customers.without_profile(self.needy(read))
        if prepared.customers:
            prepared.days.setdefault("customers", set()).add(None)
        return prepared

    def _rows(self, batch: pa.RecordBatch, now: str) -> list[tuple[dict[str, Any], dict[str, int]]]:
        rows = batch.to_pylist()
        names = {row[name] for row in rows for name in ("customer", "parent") if row.get(name)}
        ids = self.customers.of(names, now)
        return [(row, ids) for row in rows]

    def _read(self, row: dict[str, Any], ids: dict[str, int]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """A row of the file by the names of the database."""
        said: dict[str, Any] = {}
        for name in self._said:
            value = row[name]
            if name in ("customer", "parent"):
                value = ids[value] if value else None
            elif name in JSON:
                value = json.loads(value)
            said[self.FIELDS[name]] = value
        self.amend(said, row)
        return tuple(said.get(name) for name in self.KEY), said

    def amend(self, said: dict[str, Any], row: dict[str, Any]) -> None:
        """What this table does further with a row."""

    def _over(self, old: dict[str, Any] | None, said: dict[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in self.columns[: len(self.columns) - len(self.tail())]:
            before = BLANK.get(name) if old is None else old[name]
            if name in JSON:
                kept = {key: value for key, value in (before or {}).items() if key not in self._parts[name]}
                values[name] = {**kept, **said.get(name, {})}
            else:
                values[name] = said.get(name, before)
        return values

    def note(self, prepared: Prepared, key: tuple[Any, ...], said: dict[str, Any], old: dict[str, Any] | None) -> None:
        """What else follows from a row that is new or changed."""

    def days(self, rows: list[tuple[Any, ...]]) -> set[Any]:
        return {None}

    def needy(self, read: list[tuple[tuple[Any, ...], dict[str, Any]]]) -> set[int]:
        """Customers who need a profile beside the rows."""
        return {said["customer_id"] for _, said in read if said.get("customer_id") is not None}


class ProfileWriter(Overlay):
    """Customers: one row a customer; its parent account is a customer too."""

    model, TABLE = CustomerProfile, "customers"
    KEY = ("customer_id",)
    unique = ("customer_id", "run_id")
    FIELDS = {
        "customer": "customer_id", "customer_name": "name", "since_date": "since_date", "acquired_by": "acquired_by",
        "parent": "parent_id", "owner_name": "owner_name", "renewal_date": "renewal_date", "revenue": "revenue",
        "margin": "margin", "counts": "counts", "attributes": "attributes",
    }  # fmt: skip

    def further(self) -> tuple[str, ...]:
        return ("bare",)

    def tail(self) -> tuple[Any, ...]:
        return (False,)

    def needy(self, read: list[tuple[tuple[Any, ...], dict[str, Any]]]) -> set[int]:
        own = {key[0] for key, _ in read}
        return {said["parent_id"] for _, said in read if said.get("parent_id") is not None} - own


class PeriodWriter(Overlay):
    """Money by customer and month."""

    model, TABLE = CustomerPeriod, "customer_periods"
    KEY = ("customer_id", "month")
    FIELDS = {
        "customer": "customer_id", "month": "month", "revenue": "revenue", "cost": "cost", "discounts": "discounts",
        "margin": "margin",
    }  # fmt: skip

    def days(self, rows: list[tuple[Any, ...]]) -> set[Any]:
        return {row[1] for row in rows}


class DepartureWriter(Overlay):
    """Departures: named by customer and last day; a notice whose end was open, or was told otherwise, is the same one.

    Two notices whose ends are both open are two, told from each other by their days.
    """

    model, TABLE = Departure, "departures"
    KEY = ("customer_id", "end_date")
    FIELDS = {
        "customer": "customer_id", "departure_kind": "kind", "notice_date": "notice_date", "end_date": "end_date",
        "stated_reason": "stated_reason", "annual_value": "annual_value",
    }  # fmt: skip

    def amend(self, said: dict[str, Any], row: dict[str, Any]) -> None:
        if "kind" in said:
            said["kind"] = said["kind"] or ""

    def known(self, keys: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], dict[str, Any]]:
        self._of: dict[int, list[dict[str, Any]]] = {}
        for old in self._visible(keys):
            self._of.setdefault(old["customer_id"], []).append(old)
        return {}

    def find(self, key: tuple[Any, ...], row: Mapping[str, Any], known: Mapping[Any, dict[str, Any]]) -> dict[str, Any] | None:  # fmt: skip
        notice, mine = row.get("notice_date"), self._of.get(key[0], [])
        on_the_day = [old for old in mine if old["end_date"] == key[1]]
        noticed = [old for old in mine if notice and old["notice_date"] == notice]
        for old in on_the_day:
            if old in noticed:
                return old
        for old in on_the_day:
            if key[1] or not notice or not old["notice_date"]:
                return old
        return next(iter(noticed), None) or next((old for old in mine if key[1] and old["end_date"] is None), None)


class InvitationWriter(Overlay):
    """Who was asked, and who was not and why: named by the invitation's id."""

    model, TABLE = Invitation, "invitations"
    KEY = ("external_id",)
    FIELDS = {
        "invitation": "external_id", "customer": "customer_id", "contact": "contact", "survey": "survey",
        "channel": "channel", "sent_at": "sent_at", "delivered": "delivered", "bounced": "bounced",
        "answered_at": "answered_at", "reason_not_sent": "reason_not_sent",
    }  # fmt: skip

    def amend(self, said: dict[str, Any], row: dict[str, Any]) -> None:
        if "contact" in said:
            said["contact"] = said["contact"] or ""


class ContactWriter(Overlay):
    """People at customers. Who asked not to be contacted is heeded from the moment the row is read."""

    model, TABLE = ContactProfile, "contacts"
    KEY = ("contact_id",)
    FIELDS = {
        "contact": "contact_id", "customer": "customer_id", "contact_name": "name", "contact_role": "role",
        "email": "email", "phone": "phone", "language": "language",
    }  # fmt: skip

    def __init__(self, run: SyncRun, account: dict[str, Any]) -> None:
        super().__init__(run, account)
        self._people = Identities(run, Contact)
        self._ids: dict[str, int] = {}

    def prepare(self, batch: pa.RecordBatch, now: str) -> Prepared:
        names = batch.column("contact").to_pylist()
        ids = self._ids = self._people.of(names, now)
        prepared = super().prepare(batch, now)
        if "opted_out" in batch.schema.names:
            no = batch.column("opted_out").to_pylist()
            prepared.opted_out = [ids[name] for name, out in zip(names, no, strict=True) if out]
        return prepared

    def _read(self, row: dict[str, Any], ids: dict[str, int]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return super()._read({**row, "contact": self._ids[row["contact"]], "named": row["contact"]}, ids)

    def amend(self, said: dict[str, Any], row: dict[str, Any]) -> None:
        if "email" not in said and "@" in row["named"]:
            said["email"] = row["named"]

    def write(self, prepared: Prepared, now: str) -> None:
        super().write(prepared, now)
        known = OptOut.objects.filter(contact_id__in=prepared.opted_out, purpose="", channel="")
        # two imports said so: undoing one of them does not take it back
        known.filter(origin__startswith=OF_AN_IMPORT).exclude(origin=origin_of(self.run)).update(origin=SEVERAL)
        there = set(known.values_list("contact_id", flat=True))
        OptOut.objects.bulk_create(
            [
                OptOut(contact_id=pk, purpose="", channel="", origin=origin_of(self.run), since=timezone.now())
                for pk in prepared.opted_out
                if pk not in there
            ],
            ignore_conflicts=True,
        )


def origin_of(run: SyncRun) -> str:
    """Where an opt-out comes from that this run wrote; it goes with the run if that is undone."""
    return f"{OF_AN_IMPORT}{run.pk}"
