"""Undoing an import: everything is put ready first, seen by nobody, and one switch takes all its rows away.

A version that this import replaced comes back by the switch alone, unless a later import has replaced this one's: then
the older version is linked to that later one. A customer whose only profile came with this import, and of whom other
rows remain, gets a bare profile that the switch uncovers.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone

from winback.errors import UserError
from winback.server.bulk import insert, stored_time
from winback.server.customers.models import (
    Contact,
    ContactProfile,
    Customer,
    CustomerPeriod,
    CustomerProfile,
    Departure,
    Invitation,
    OptOut,
)
from winback.server.database import atomic
from winback.server.exports.actions import request
from winback.server.feedback.models import Feedback
from winback.server.imports import files
from winback.server.imports.identities import bare_profile
from winback.server.imports.overlays import origin_of
from winback.server.imports.rules import GONE, OPEN, UndoPreview
from winback.server.imports.settling import LATE, SAME
from winback.server.imports.telling import tell_undone
from winback.server.imports.writers import VERSIONED
from winback.server.jobs.actions import enqueue
from winback.server.sources import late
from winback.server.sources.actions import mark_dirty
from winback.server.sources.models import LateWrite, RejectedRow, SyncRun
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

AT_ONCE = 1_000
# whom the profiles are of: gone with the last thing that is known of them
KNOWN_BY: dict[type[Any], tuple[type[Any], str]] = {
    CustomerProfile: (Customer, "customer_id"), ContactProfile: (Contact, "contact_id"),
}  # fmt: skip
SEEN = Q(superseded_by=None) | ~Q(superseded_by__state="published")


def preview(run: SyncRun) -> UndoPreview:
    """What undoing the import would do. Counts rows of its own table."""
    model = model_of(run.table)
    mine = model.objects.filter(run=run)
    if model is CustomerProfile:
        mine = mine.filter(bare=False)
    later = mine.filter(superseded_by__state="published").count()
    replaced = model.objects.filter(superseded_by=run).exclude(run=run)
    if model is CustomerProfile:
        replaced = replaced.filter(bare=False)
    back = replaced.count()
    still = 0
    if later:
        same = SAME.get(model, ("source_id", "external_id"))
        newer = model.objects.filter(run=run, superseded_by__state="published", **{n: OuterRef(n) for n in same})
        still = replaced.filter(Exists(newer)).count()
    return UndoPreview(new=mine.count() - later - (back - still), back=back - still, later=later)


def model_of(table: str) -> type[Any]:
    return {
        "feedback": Feedback, "customers": CustomerProfile, "customer_periods": CustomerPeriod,
        "departures": Departure, "contacts": ContactProfile, "invitations": Invitation,
    }[table]  # fmt: skip


def begin(*, run: SyncRun, by: Access | None = None) -> None:
    """Have a published import undone. Raises UserError where it cannot be, or another is on its way."""
    with atomic():
        workspace = Workspace.objects.select_for_update(no_key=True).get(pk=run.workspace_id)
        run = SyncRun.objects.get(pk=run.pk)
        if run.live or run.state != "published" or run.undoing:
            raise UserError("Only an import that is published can be undone, and only once.")
        others = SyncRun.objects.filter(workspace=workspace).exclude(pk=run.pk)
        if there := others.filter(state__in=("staging", "staged")).first():
            raise UserError(f"{there.file_name} is being imported; undo this when it is done.")
        if others.exclude(undoing="").exists():
            raise UserError("Another import is being undone; wait until it is done.")
        late.alone(workspace.pk)  # whoever writes after this knows of it
        SyncRun.objects.filter(pk=run.pk).update(undoing=by.label if by else "winback")
        audit.record(verb="import undo asked", target=run.file_name, by=by, workspace=workspace, run=run.pk)
        enqueue(task="imports.undo", workspace_id=workspace.pk, key=f"run {run.pk}", run_id=run.pk)


def undo(
    *, run: SyncRun, tell: Callable[[int], None] = lambda done: None, seconds: float = math.inf, at: Any = (0, 0)
) -> tuple[int, int] | None:
    """Undo an import for which this was asked, for about so many seconds; doing any of it twice does no harm.

    Returns where to go on (`at`), None where nothing is left to do.
    """
    run.refresh_from_db()
    if run.state != "published" or not run.undoing:
        return None
    until = time.monotonic() + seconds
    step, last = at
    steps = [*(partial(_relink, run, model) for model in VERSIONED), partial(_keep_known, run)]
    for place in range(step, len(steps)):
        for row in steps[place](last if place == step else 0):
            tell(row)
            if time.monotonic() > until:
                return place, row
    _switch(run)
    return None


def _switch(run: SyncRun) -> None:
    with atomic():
        late.alone(run.workspace_id)
        mine = (
            SyncRun.objects.filter(pk=run.pk, state="published")
            .exclude(undoing="")
            .update(
                state="undone", undone_at=timezone.now(), undoing="", options={**run.options, "undone_by": run.undoing}
            )
        )
        if not mine:
            return
        _yield_to_late(run)
        mark_dirty(workspace=run.workspace, table="customers")
        audit.record(
            verb="import undone",
            target=run.file_name,
            workspace=run.workspace,
            run=run.pk,
            asked_by=run.undoing,
        )
        tell_undone(run)
        enqueue(task="imports.sweep", workspace_id=run.workspace_id, key=f"run {run.pk}", run_id=run.pk)
        request(workspace=run.workspace)
    run.refresh_from_db()


def _yield_to_late(run: SyncRun) -> None:
    """What pages and the API have written of somebody since all was put ready is what is seen, and nothing beside it."""
    for table, model in LATE.items():
        (name,) = SAME[model]
        noted = sorted(late.of(run.pk, table))
        for start in range(0, len(noted), AT_ONCE):
            part = {f"{name}__in": noted[start : start + AT_ONCE]}
            live = model.objects.filter(SEEN, workspace=run.workspace_id, run__live=True, **part)
            by_run: dict[int, list[int]] = defaultdict(list)
            for whose, home in live.values_list(name, "run_id"):
                by_run[home].append(whose)
            for home, ids in by_run.items():
                older = model.objects.filter(superseded_by=run, **{f"{name}__in": ids})
                older.exclude(run=run).update(superseded_by=home)
    LateWrite.objects.filter(run=run).delete()


def _relink(run: SyncRun, model: type[Any], last: int) -> Iterator[int]:
    """What this run replaced, and a later one replaced again, is replaced by the later one.

    Yields the row it has come to. An answer's day is marked with the later one, which now is what hides it.
    """
    mine = model.objects.filter(run=run, superseded_by__isnull=False).exclude(superseded_by=run)
    if not mine.exists():
        return
    same = SAME.get(model, ("source_id", "external_id"))
    while True:
        older = list(
            model.objects.filter(superseded_by=run, id__gt=last)
            .exclude(run=run)
            .order_by("id")
            .values_list("id", *same)[:AT_ONCE]
        )
        if not older:
            return
        last = older[-1][0]
        later = _later(mine, model, same, [row[1:] for row in older])
        moved: dict[int, list[int]] = defaultdict(list)
        for pk, *key in older:
            if (target := later.get(tuple(key))) is not None:
                moved[target].append(pk)
        with atomic():
            for target, ids in moved.items():
                model.objects.filter(pk__in=ids).update(superseded_by=target)
                if model is Feedback:
                    days = set(Feedback.objects.filter(pk__in=ids).values_list("local_date", flat=True))
                    mark_dirty(workspace=run.workspace, table="feedback", days=days, run=SyncRun(pk=target))
        yield last


def _later(mine: Any, model: type[Any], same: tuple[str, ...], keys: list[tuple[Any, ...]]) -> dict[Any, int]:
    """Which run replaced this run's version of each of these things."""
    last = same[1] if model is Feedback else same[0]
    named = {key[same.index(last)] for key in keys}
    found = {
        tuple(row[:-1]): row[-1] for row in mine.filter(**{f"{last}__in": named}).values_list(*same, "superseded_by_id")
    }
    if model is Departure:  # its last day may have been corrected: the customer's only one is meant
        by_customer: dict[int, set[int]] = defaultdict(set)
        for (customer, _), target in found.items():
            by_customer[customer].add(target)
        for key in keys:
            if key not in found and len(by_customer[key[0]]) == 1:
                found[key] = next(iter(by_customer[key[0]]))
    return found


def _keep_known(run: SyncRun, last: int) -> Iterator[int]:
    """Bare profiles for customers who would have none, though other rows speak of them; uncovered by the switch.

    Yields the profile it has come to.
    """
    while True:
        part = list(
            CustomerProfile.objects.filter(run=run, id__gt=last)
            .order_by("id")
            .values_list("id", "customer_id")[:AT_ONCE]
        )
        if not part:
            return
        last = part[-1][0]
        with atomic():
            late.alone(run.workspace_id)
            _uncovered(run, {customer for _, customer in part})
        yield last


def _uncovered(run: SyncRun, ids: set[int]) -> None:
    """Bare profiles for these of its customers, where they will have none."""
    now = stored_time(timezone.now())
    after = Q(run__state="published") & ~Q(run=run) & (SEEN | Q(superseded_by=run))
    ids -= set(CustomerProfile.objects.filter(after, customer_id__in=ids).values_list("customer_id", flat=True))
    homes: dict[int, int] = {}
    for model in (Feedback, CustomerPeriod, Departure, Invitation, ContactProfile):
        found = model.objects.filter(after, customer_id__in=ids).order_by().values_list("customer_id")
        homes |= dict(found.annotate(home=Min("run_id")))
    parents = CustomerProfile.objects.filter(after, parent_id__in=ids).order_by().values_list("parent_id")
    homes |= dict(parents.annotate(home=Min("run_id")))
    for home in set(homes.values()):
        constants = bare_profile(run.workspace_id, now) | {"run_id": home, "superseded_by_id": run.pk}
        mine = [(customer,) for customer, place in homes.items() if place == home]
        insert(CustomerProfile, constants, ["customer_id"], mine, replacing=("customer_id", "run_id"))


def sweep(*, run: SyncRun, most: int = 200_000, tell: Callable[[int], None] = lambda done: None) -> bool:
    """Delete what a run that failed, was cancelled or was undone has written; True where nothing is left."""
    run.refresh_from_db()
    if run.state not in GONE:
        return True
    done = 0
    with atomic():
        OptOut.objects.filter(origin=origin_of(run), contact__workspace=run.workspace_id).delete()
        LateWrite.objects.filter(run=run).delete()
    for model in VERSIONED:
        while ids := list(model.objects.filter(run=run).values_list("id", flat=True)[:AT_ONCE]):
            with atomic():
                late.alone(run.workspace_id)  # nobody names those meanwhile of whom nothing is left
                mine = model.objects.filter(pk__in=ids)
                whose = KNOWN_BY.get(model)
                known = list(mine.values_list(whose[1], flat=True)) if whose else []
                mine.delete()
                if whose:
                    _forget(whose[0], known)
            done += len(ids)
            tell(done)
            if done >= most:
                return False
        while ids := list(model.objects.filter(superseded_by=run).values_list("id", flat=True)[:AT_ONCE]):
            with atomic():
                model.objects.filter(pk__in=ids).update(superseded_by=None)
            done += len(ids)
            tell(done)
            if done >= most:
                return False
    with atomic():
        if run.state != "undone":
            RejectedRow.objects.filter(run=run).delete()
        options = {name: value for name, value in run.options.items() if name != "upload"}
        SyncRun.objects.filter(pk=run.pk).update(options={**options, "swept": True})
    if upload := run.options.get("upload"):
        files.remove(files.folder_of(run.workspace_id, upload))
    return True


def _forget(model: type[Any], ids: list[int]) -> None:
    """Customers, or contacts, of whom nothing at all is left."""
    gone = model.objects.filter(pk__in=ids)
    for relation in model._meta.related_objects:
        related, name = relation.related_model, relation.field.name
        gone = gone.exclude(Exists(related._default_manager.filter(**{name: OuterRef("pk")})))
    gone.delete()


def waiting(run: SyncRun) -> SyncRun | None:
    """The import that has to end before this one has its turn."""
    others = SyncRun.objects.filter(workspace=run.workspace_id, state__in=OPEN).exclude(pk=run.pk)
    return others.filter(Q(state__in=("staging", "staged")) | Q(created_at__lt=run.created_at)).order_by("created_at").first()  # fmt: skip
