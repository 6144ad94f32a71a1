"""The one Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WinbackConfig(AppConfig):
    name = "winback.server"
    label = "winback"
    verbose_name = "winback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from winback.server.workspaces.sign_in import watch_second_factors

        watch_second_factors()
