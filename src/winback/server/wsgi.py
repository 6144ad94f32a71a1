"""What granian serves."""

from __future__ import annotations

from winback.server.start import django_ready

django_ready()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 (after the settings)

application = WSGIHandler()
