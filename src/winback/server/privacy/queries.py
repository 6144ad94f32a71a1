"""Who somebody is to winback, what is held of them, and what an erasure would reach."""

from __future__ import annotations

from typing import Any

from winback.server.customers import personal as of_customers
from winback.server.customers.models import Contact, ContactProfile, Customer
from winback.server.exports import personal as of_exports
from winback.server.feedback import personal as of_feedback
from winback.server.feedback.models import Feedback
from winback.server.imports import personal as of_imports
from winback.server.jobs import personal as of_jobs
from winback.server.outbox import personal as of_outbox
from winback.server.redaction import Person
from winback.server.runs import personal as of_runs
from winback.server.sources import personal as of_sources
from winback.server.themes import personal as of_themes
from winback.server.watch import personal as of_watch
from winback.server.workspaces import personal as of_workspaces

# Every slice that may hold something of a person; each has erase(person=…) and export(person=…). Who says who they are
# comes last: the others are found by it. Readings of comments are found by the answers' ids, before these go.
# imports first: a file that is being read in just now brings nothing more of somebody whose rows have been erased
SLICES: tuple[Any, ...] = (
    of_imports, of_themes, of_feedback, of_sources, of_outbox, of_jobs, of_runs, of_exports, of_watch, of_workspaces, of_customers,
)  # fmt: skip


def person_of(customer: Customer, *, token: str = "") -> Person:
    """A customer with everybody at it, and every name they were known by."""
    ids = set(ContactProfile.objects.filter(customer=customer).values_list("contact_id", flat=True))
    contacts = Contact.objects.filter(pk__in=ids)
    people = set(contacts.values_list("external_id", flat=True))
    respondents = set(
        Feedback.objects.filter(customer=customer).exclude(respondent="").values_list("respondent", flat=True)
    )
    return Person(
        workspace_id=customer.workspace_id,
        customer_ids=(customer.pk,),
        contact_ids=tuple(sorted(ids)),
        ids=tuple(sorted({customer.external_id} | people | respondents)),
        people=tuple(sorted(people)),
        names=of_customers.names_of(customer.workspace, customer, contacts),
        token=token,
    )


def one_person(contact: Contact, *, token: str = "") -> Person:
    """One person at a customer."""
    return Person(
        workspace_id=contact.workspace_id,
        customer_ids=(),
        contact_ids=(contact.pk,),
        ids=(contact.external_id,),
        people=(contact.external_id,),
        names=of_customers.names_of(contact.workspace, None, Contact.objects.filter(pk=contact.pk)),
        token=token,
    )


def held(person: Person) -> dict[str, list[dict[str, Any]]]:
    """Everything held of somebody, by kind; kinds without anything are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for part in SLICES:
        found |= {kind: rows for kind, rows in part.export(person=person).items() if rows}
    order = ("customers", "people", "answers", "months", "departures")
    return dict(
        sorted(found.items(), key=lambda item: (order.index(item[0]) if item[0] in order else len(order), item[0]))
    )
