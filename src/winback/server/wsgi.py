"""What granian serves."""

from __future__ import annotations

import threading

from winback.server.start import django_ready

django_ready()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 (after the settings)

from winback.server.insights.queries import warm  # noqa: E402

application = WSGIHandler()

# the analyses load beside the first requests, which need none of them
_loading = threading.Timer(2.0, warm)
_loading.daemon = True
_loading.start()
