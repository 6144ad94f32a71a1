"""The same boat: customers with the exposure of a flare-up of whom nobody answered in its window.

They may have lived through the same and kept silent. A customer is exposed whose attributes are the segment's; an
attribute that is the answer's alone, such as the channel, counts by what was said of the customer in the year before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from winback.server.customers.contacting import may_contact_many
from winback.server.customers.models import Contact, ContactProfile, CustomerProfile, Departure
from winback.server.customers.queries import attribute, profiles_for
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import FIELDS
from winback.server.watch.models import Alarm
from winback.server.watch.rules import bare
from winback.server.workspaces.access import Access
from winback.tables import STAYED

YEAR = dt.timedelta(days=365)
CHANNELS = ("mail", "phone", "letter")
CHUNK = 500


@dataclass(frozen=True)
class Aboard:
    """A customer in the same boat: whom to reach there, by which channel, or why nobody may be."""

    customer: int
    external_id: str
    name: str
    owner: str
    person: str
    channel: str
    address: str
    why: str  # why nobody may be reached; "" where somebody may

    @property
    def may(self) -> bool:
        return not self.why


def silent_customers(access: Access, alarm: Alarm) -> QuerySet[CustomerProfile]:
    """The profiles of those exposed who did not answer in the window and had not left before it."""
    rows = profiles_for(access)
    answers = Feedback.objects.visible(access.workspace).filter(customer=OuterRef("customer"), score__isnull=False)
    for place, (name, value) in enumerate(zip(alarm.by, alarm.segment, strict=True)):
        rows = _exposed(rows, answers, alarm, f"exposed_{place}", bare(name), value)
    left = Departure.objects.visible(access.workspace).filter(customer=OuterRef("customer"), end_date__lt=alarm.since)
    left = left.exclude(kind__in=STAYED)
    heard = answers.filter(local_date__gte=alarm.since, local_date__lte=alarm.until)
    return rows.filter(~Exists(heard), ~Exists(left)).select_related("customer")


def _exposed(
    rows: QuerySet[CustomerProfile], answers: QuerySet[Feedback], alarm: Alarm, place: str, name: str, value: str
) -> QuerySet[CustomerProfile]:
    lately = answers.filter(local_date__gte=alarm.since - YEAR, local_date__lte=alarm.until)
    if name in FIELDS or name == "source":
        said = lately.filter(**{"source__name" if name == "source" else name: value})
        return rows.filter(Exists(said))
    said = lately.annotate(**{place: attribute(name)}).filter(**{place: value})
    return rows.annotate(**{place: attribute(name)}).filter(
        Q(**{place: value}) | Q(Exists(said), **{f"{place}__isnull": True})
    )


def aboard(access: Access, profiles: Sequence[CustomerProfile], *, at: dt.datetime) -> list[Aboard]:
    """Each with the first person who may be written to or called for service, in a fixed number of queries."""
    customers = [profile.customer_id for profile in profiles]
    people = ContactProfile.objects.visible(access.workspace).filter(customer__in=customers).select_related("contact")
    by_customer: dict[int, list[ContactProfile]] = {}
    for one in people.order_by("id"):
        by_customer.setdefault(one.customer_id or 0, []).append(one)
    contacts: list[Contact] = [one.contact for some in by_customer.values() for one in some]
    decisions = may_contact_many(contacts, workspace=access.workspace, purpose="service", channels=CHANNELS, at=at)
    return [_one(profile, by_customer.get(profile.customer_id, []), decisions) for profile in profiles]


def _one(profile: CustomerProfile, people: Sequence[ContactProfile], decisions: Any) -> Aboard:
    said = (profile.customer_id, profile.customer.external_id, profile.name, profile.owner_name)
    if not people:
        return Aboard(*said, "", "", "", "Nobody is known there.")
    for channel in CHANNELS:
        for person in people:
            if decisions[person.contact_id, channel]:
                address = {"mail": person.email, "phone": person.phone}.get(channel, "")
                return Aboard(*said, person.name, channel, address, "")
    whys = [decisions[person.contact_id, channel] for channel in CHANNELS for person in people]
    first = next((one for one in whys if one.reason != "no address"), whys[0])
    return Aboard(*said, people[0].name, "", "", first.detail)


HEAD = ("customer", "name", "owner", "person", "may be contacted", "by", "address", "why not")


def rows(access: Access, alarm: Alarm, *, at: dt.datetime) -> Iterator[list[str]]:
    """The list as rows of a table, a head first, some hundred customers at a time."""
    yield list(HEAD)
    after = 0
    while True:
        some = list(silent_customers(access, alarm).filter(pk__gt=after).order_by("id")[:CHUNK])
        if not some:
            return
        after = some[-1].pk
        for one in aboard(access, some, at=at):
            yield [
                one.external_id, one.name, one.owner, one.person, "yes" if one.may else "no", one.channel, one.address,
                one.why,
            ]  # fmt: skip
