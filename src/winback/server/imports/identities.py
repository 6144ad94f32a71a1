"""Who the rows of an import speak of: ids of customers and contacts, made where they are new.

Every customer that anything is known of has one profile to be seen; one known from other tables only has a bare one,
written by the import that named the customer first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from winback.server.bulk import insert
from winback.server.customers.models import Contact, Customer, CustomerProfile
from winback.server.database import atomic
from winback.server.imports import bulk
from winback.server.sources.models import SyncRun

REMEMBERED = 300_000  # customers whose ids are held in memory at once
AT_ONCE = 5_000


class Identities:
    """The ids of a run's customers, or of its contacts."""

    def __init__(self, run: SyncRun, model: type[Customer] | type[Contact] = Customer) -> None:
        self._run, self._model = run, model
        self._ids: dict[str, int] = {}
        self._shown: set[int] = set()

    def of(self, names: Iterable[str], now: str) -> dict[str, int]:
        """The ids of these; the new ones are made, in a transaction of their own. They show nothing by themselves."""
        if len(self._ids) > REMEMBERED:
            self._ids, self._shown = {}, set()
        if unknown := sorted({name for name in names if name not in self._ids}):
            self._find(unknown)
            if missing := [name for name in unknown if name not in self._ids]:
                for start in range(0, len(missing), AT_ONCE):
                    with atomic():
                        bulk.insert_names(self._model, self._run.workspace_id, missing[start : start + AT_ONCE], now)
                self._find(missing)
        return self._ids

    def _find(self, names: list[str]) -> None:
        table = self._model._meta.db_table
        for start in range(0, len(names), AT_ONCE):
            part = names[start : start + AT_ONCE]
            given = [self._run.workspace_id]
            self._ids.update(bulk.named(table, "external_id, id", "external_id", part, "workspace_id = %s", given))

    def without_profile(self, ids: Collection[int]) -> list[int]:
        """Which of these customers have no profile that is seen, or that this run has written already."""
        asked = sorted(pk for pk in set(ids) if pk not in self._shown)
        if not asked:
            return []
        profiles, runs = CustomerProfile._meta.db_table, SyncRun._meta.db_table
        seen = f"p.run_id = %s OR (EXISTS (SELECT 1 FROM {runs} r WHERE r.id = p.run_id AND r.state = 'published') AND NOT EXISTS (SELECT 1 FROM {runs} r WHERE r.id = p.superseded_by_id AND r.state = 'published'))"
        for start in range(0, len(asked), AT_ONCE):
            part = asked[start : start + AT_ONCE]
            found = bulk.numbered(f"{profiles} p", "p.customer_id", "p.customer_id", part, f"({seen})", [self._run.pk])
            self._shown.update(pk for (pk,) in found)
        return [pk for pk in asked if pk not in self._shown]

    def show_bare(self, ids: list[int], now: str) -> None:
        """Write bare profiles; call it in the transaction of the rows that need them."""
        constants: dict[str, Any] = bare_profile(self._run.workspace_id, now) | {"run_id": self._run.pk}
        insert(CustomerProfile, constants, ["customer_id"], ((pk,) for pk in ids), replacing=("customer_id", "run_id"))
        self._shown.update(ids)


def bare_profile(workspace_id: int, now: str) -> dict[str, Any]:
    """The columns of a profile that says nothing but that there is such a customer."""
    return {
        "workspace_id": workspace_id, "superseded_by_id": None, "updated_at": now, "name": "", "acquired_by": "",
        "owner_name": "", "counts": "{}", "attributes": "{}", "bare": True,
    }  # fmt: skip
