"""Every model that may hold something of a person belongs to a slice that erases and exports it."""

from __future__ import annotations

import inspect

import pytest
from django.apps import apps
from django.db import models

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from winback.server.customers.models import Contact, Customer
from winback.server.privacy.queries import SLICES, held, one_person, person_of

# models without a word of anybody's: the hash of who, and colleagues, who are users and no customers
NOBODY = {"Erasure", "AccessExport", "RetentionRule", "User"}


def may_hold_somebody(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Whether a model leads to a customer or contact, or has a field in which words may stand."""
    if model in (Customer, Contact):
        return True
    for field in model._meta.get_fields():
        if isinstance(field, models.JSONField | models.TextField) or field.name == "customer_id":
            return True
        target = field.related_model if isinstance(field, models.ForeignKey) else None
        if isinstance(target, type) and target not in seen and may_hold_somebody(target, seen | {model}):
            return True
    return False


def test_every_model_that_may_hold_somebody_is_in_a_slice() -> None:
    known = {model for part in SLICES for model in part.MODELS}
    ours = {model for model in apps.get_app_config("winback").get_models() if may_hold_somebody(model)}
    missing = sorted(model.__name__ for model in ours - known if model.__name__ not in NOBODY)
    assert not missing, f"{missing}: erase and export them in their slice's personal.py and name them in its MODELS"


def test_every_slice_erases_and_exports() -> None:
    for part in SLICES:
        for name in ("erase", "export"):
            assert list(inspect.signature(getattr(part, name)).parameters) == ["person"], part.__name__


@pytest.mark.django_db
def test_a_customer_is_everybody_there_by_every_name_there_was(cast: Cast) -> None:
    ws = cast.larkspur
    customer = make_customer(ws, "C-1000", name="Old Name")
    make_customer(ws, "C-1000", name="New Name")
    contact = make_contact(ws, "P-1", customer="C-1000", name="Ann Other", email="ann@example.com")
    make_feedback(ws, "F1", customer="C-1000", respondent="resp-9")
    person = person_of(customer)
    assert person.ids == ("C-1000", "P-1", "resp-9") and person.people == ("P-1",)
    assert set(person.names) >= {"New Name", "Ann Other", "ann@example.com"}
    assert (one_person(contact).customer_ids, one_person(contact).names) == ((), ("Ann Other", "ann@example.com"))
    found = held(person)
    assert list(found)[:3] == ["customers", "people", "answers"]
    assert "months" not in found
