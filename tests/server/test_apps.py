from __future__ import annotations

from allauth.mfa import signals
from django.apps import apps


def test_second_factors_are_watched_once() -> None:
    before = len(signals.authenticator_added.receivers)
    assert before >= 1
    apps.get_app_config("winback").ready()
    assert len(signals.authenticator_added.receivers) == before
