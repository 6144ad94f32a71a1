"""Wakes Django up, for the command line and for the processes that `winback serve` starts."""

from __future__ import annotations

import os


def django_ready() -> None:
    """Load the settings and the models; twice does nothing. Raises UserError where a setting is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winback.server.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
