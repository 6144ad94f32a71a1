"""What granian serves."""

from __future__ import annotations

import threading

from winback.server.start import django_ready

django_ready()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 (after the settings)
from django.urls import get_resolver  # noqa: E402

from winback.server.insights.queries import warm  # noqa: E402
from winback.server.staticfiles import compress  # noqa: E402

compress()
application = WSGIHandler()

# every page, by this one thread: two that import the same packages at once may meet a half-made module
_ = get_resolver().url_patterns

# the analyses load beside the first requests, which need none of them
_loading = threading.Timer(2.0, warm)
_loading.daemon = True
_loading.start()
