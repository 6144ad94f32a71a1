"""The sorting desk: which comment comes next, and on whose desk it lies.

A lease keeps a comment to one person; where two are to code it, it has two seats. Who leaves without a word gives it
free after a quarter of an hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.feedback.queries import feedback_for
from winback.server.themes.actions import nodes_of
from winback.server.themes.models import DeskLease, Reading, Skipped
from winback.server.themes.rules import ends
from winback.server.themes.words import Key
from winback.server.workspaces.access import Access

LEASE = dt.timedelta(minutes=15)
LOOKED_AT = 200  # candidates of a kind that are looked at together
MOST_LOOKED_AT = 10_000
EVERY = 3  # of so many comments that somebody codes one at most is a second reading, while there are others

# in which order comments come: the name in an address, and what it is called
QUEUES = {"unsure": "where the model is least sure", "newest": "newest first", "none": "where no theme was found"}


@dataclass(frozen=True)
class Queue:
    """Which comments somebody wants to code: an order of QUEUES, or those in which the model found a theme."""

    order: str = "unsure"
    theme: int | None = None


def claim(*, access: Access, queue: Queue = Queue()) -> DeskLease | None:
    """The next comment for this person, theirs until coded, skipped or left; None where there is nothing to code.

    What lies on their desk already comes first. Comments somebody skipped come at last.
    """
    if access.user is None:
        raise UserError("Comments are coded by people; an API key is none.")
    now = timezone.now()
    with atomic():
        _run_out(access, now).delete()
        for lease in DeskLease.objects.filter(workspace=access.workspace, user=access.user).order_by("id"):
            if _still_there(access, lease):
                DeskLease.objects.filter(pk=lease.pk).update(until=now + LEASE)
                return lease
            lease.delete()
        skipped = set(
            Skipped.objects.filter(workspace=access.workspace, user=access.user).values_list("source_id", "external_id")
        )
        for again in (False, True):
            if again and not skipped:
                break
            for key, seat in _candidates(access, queue):
                if (key in skipped) != again:
                    continue
                if (taken := _take(access, key, seat, now)) is not None:
                    return taken
        return None


def skip(*, access: Access, pk: int) -> None:
    """Put a comment aside: others get it, and oneself at last."""
    with atomic():
        lease = lease_of(access, pk)
        Skipped.objects.get_or_create(
            workspace=access.workspace, source_id=lease.source_id, external_id=lease.external_id, user=access.user
        )
        lease.delete()


def leave(*, access: Access) -> None:
    """Give free what lies on one's desk."""
    with atomic():
        DeskLease.objects.filter(workspace=access.workspace, user=access.user).delete()


def take(*, access: Access, key: Key) -> DeskLease:
    """Take this comment onto one's desk, to code it or to correct what one coded. Raises UserError while others have it."""
    if access.user is None or not feedback_for(access).filter(source_id=key[0], external_id=key[1]).exists():
        raise Http404("There is no such comment.")
    now = timezone.now()
    with atomic():
        _run_out(access, now).delete()
        DeskLease.objects.filter(workspace=access.workspace, user=access.user).delete()
        for seat in (0, 1) if Reading.objects.filter(source_id=key[0], external_id=key[1], coder=access.user) else (0,):
            if (taken := _take(access, key, seat, now)) is not None:
                return taken
    raise UserError("Somebody else is coding this comment right now.")


def lease_of(access: Access, pk: int) -> DeskLease:
    """What lies on one's own desk. Raises Http404 for anything else."""
    lease = DeskLease.objects.filter(workspace=access.workspace, pk=pk, user=access.user).first()
    if lease is None or not feedback_for(access).filter(source_id=lease.source_id, external_id=lease.external_id):
        raise Http404("That comment is not on your desk any more.")
    return lease


def _run_out(access: Access, now: dt.datetime) -> QuerySet[DeskLease]:
    """Leases that have ended; those that end later than any would were taken before the clock was set back."""
    over = Q(until__lt=now) | Q(until__gt=now + 2 * LEASE)
    return DeskLease.objects.filter(over, workspace=access.workspace)


def _still_there(access: Access, lease: DeskLease) -> bool:
    mine = feedback_for(access).filter(source_id=lease.source_id, external_id=lease.external_id).exclude(comment="")
    return mine.exists()


def _take(access: Access, key: Key, seat: int, now: dt.datetime) -> DeskLease | None:
    assert access.user is not None
    try:
        with transaction.atomic():  # a savepoint: another may take it in this moment
            return DeskLease.objects.create(
                workspace=access.workspace, source_id=key[0], external_id=key[1], seat=seat, user=access.user,
                until=now + LEASE,
            )  # fmt: skip
    except IntegrityError:
        return None


def _candidates(access: Access, queue: Queue) -> Iterator[tuple[Key, int]]:
    """Comments to code with the seat to take: by the queue, and after every few those that wait for a second person.

    Only first readings teach the model: nobody is to begin with a pile of comments that are coded already.
    """
    mine = Reading.objects.filter(workspace=access.workspace, kind="person", coder=access.user)
    lately = list(mine.order_by("-at", "-id").values_list("stands", flat=True)[: EVERY - 1])
    due = len(lately) == EVERY - 1 and all(lately)
    if due:
        yield from _seconds(access)
    yield from _firsts(access, queue)
    if not due:
        yield from _seconds(access)


def _seconds(access: Access) -> Iterator[tuple[Key, int]]:
    """What somebody else has coded and a second person is to code, the latest first."""
    mine = Reading.objects.filter(source=OuterRef("source"), external_id=OuterRef("external_id"), coder=access.user)
    waiting = Reading.objects.filter(workspace=access.workspace, kind="person", double="waits").exclude(
        coder=access.user
    )
    waiting = waiting.filter(~Exists(mine)).order_by("-at", "-id")
    yield from ((key, 1) for key in _seen(access, list(waiting.values_list("source_id", "external_id")[:LOOKED_AT])))


def _firsts(access: Access, queue: Queue) -> Iterator[tuple[Key, int]]:
    """What nobody has coded yet, by the queue."""
    if queue.theme is None and queue.order == "newest":
        yield from ((key, 0) for key in _newest(access))
        return
    read = Reading.objects.filter(workspace=access.workspace, kind="model", stands=True).exclude(outcome="nothing")
    if queue.theme is not None:
        whole = [pk for pk, end in ends(nodes_of(access.workspace)).items() if end == queue.theme]
        read = read.filter(codings__theme_id__in=whole).distinct()
    elif queue.order == "none":
        read = read.filter(codings__isnull=True)
    ordered = read.order_by("confidence", "id").values_list("source_id", "external_id")
    found = False
    for start in range(0, MOST_LOOKED_AT, LOOKED_AT):
        keys = list(ordered[start : start + LOOKED_AT])
        if not keys:
            break
        for key in _seen(access, keys):
            found = True
            yield key, 0
    if not found and queue.theme is None and queue.order == "unsure":
        yield from ((key, 0) for key in _newest(access))  # nothing has been assigned yet


def _newest(access: Access) -> Iterator[Key]:
    by_people = Reading.objects.filter(
        source=OuterRef("source"), external_id=OuterRef("external_id"), kind__in=("person", "settled"), stands=True
    )
    rows = feedback_for(access).exclude(comment="").filter(~Exists(by_people)).order_by("-occurred_at", "-id")
    yield from rows.values_list("source_id", "external_id")[:MOST_LOOKED_AT].iterator(chunk_size=LOOKED_AT)


def _seen(access: Access, keys: list[Key]) -> list[Key]:
    """Those of the keys that this access may see, and that have words, in their order; not those on somebody's desk."""
    rows = (
        feedback_for(access)
        .exclude(comment="")
        .filter(source_id__in={source for source, _ in keys}, external_id__in=[external_id for _, external_id in keys])
    )
    visible = set(rows.values_list("source_id", "external_id"))
    return [key for key in keys if key in visible]
