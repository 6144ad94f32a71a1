"""The API as it is served, and beside it a bare endpoint: one INSERT, no key, no check. What bench/api.py compares."""

from __future__ import annotations

from winback.server.start import django_ready

django_ready()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import NinjaAPI, Schema  # noqa: E402

from winback.server import urls  # noqa: E402
from winback.server.database import atomic  # noqa: E402

bare = NinjaAPI(urls_namespace="bare", openapi_url=None, docs_url=None)


class Row(Schema):
    external_id: str
    score: float
    comment: str


@bare.post("/row")
def row(request, body: Row):
    with atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_bare (external_id, score, comment) VALUES (%s, %s, %s)",
            [body.external_id, body.score, body.comment],
        )
    return {"ok": True}


# with the middleware of any Django project, and past it as the API goes: see middleware.programs
addresses = bare.urls
urls.urlpatterns += [path("bare/", addresses), path("api/bare/", addresses)]
application = WSGIHandler()
