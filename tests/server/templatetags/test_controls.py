from __future__ import annotations

from django import forms

from winback.server.templatetags.controls import control, is_tick


class Form(forms.Form):
    name = forms.CharField(help_text="As on your badge.")
    agree = forms.BooleanField()


def test_a_field_has_the_class_of_its_kind() -> None:
    form = Form()
    assert 'class="form-control"' in control(form["name"])
    assert 'aria-describedby="id_name_helptext"' in control(form["name"])
    assert 'class="form-check-input"' in control(form["agree"])
    assert (is_tick(form["name"]), is_tick(form["agree"])) == (False, True)
