"""Fields of Django's forms in our look."""

from __future__ import annotations

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def control(field: BoundField) -> SafeString:
    """The field with the class of its kind."""
    small = isinstance(field.field.widget, CheckboxInput | RadioSelect)
    return field.as_widget(attrs={"class": "form-check-input" if small else "form-control"})


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the label stands after the field."""
    return isinstance(field.field.widget, CheckboxInput)
