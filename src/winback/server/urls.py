"""Every address. A new page is a line here and a line in navigation.PAGES."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from winback.server import pages

handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.broken

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("healthz", pages.health, name="health"),
    path("accounts/", include("allauth.urls")),
]
