"""Making an installation, and bringing its database to this winback's shape."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from winback.errors import UserError
from winback.server.processes import lock
from winback.server.start import django_ready


def migrate() -> None:
    """Bring the database to this winback's shape; done already, this does nothing."""
    django_ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def require_nobody(home: Path) -> None:
    """Raise UserError while winback runs in this home on this machine."""
    for what in ("web", "workers"):
        with lock.hold(home, what):
            pass


@dataclass(frozen=True)
class Made:
    """Where an installation lies, and the address of its first workspace."""

    home: Path
    address: str


def install(*, email: str, name: str, password: str, workspace: str, zone: str, currency: str) -> Made:
    """Make database, first administrator and first workspace.

    Raises UserError where there is one already, or something given cannot be used; then nothing was made but the empty
    database.
    """
    django_ready()
    from django.conf import settings

    from winback.server.processes.ready import steps_missing

    require_nobody(settings.HOME)
    steps_missing()  # that the database answers, before anything is made
    migrate()

    from winback.server.database import atomic
    from winback.server.workspaces.actions import create_user, create_workspace
    from winback.server.workspaces.models import User

    if User.objects.exists():
        raise UserError(f"There is a winback in {settings.HOME} already. `winback serve` starts it.")
    require_good_password(password, email=email, name=name)
    slug = slug_of(workspace)
    with atomic():
        user = create_user(email=email, name=name, password=password, operator=True)
        create_workspace(slug=slug, name=workspace, owner=user, zone=zone, currency=currency)
    return Made(settings.HOME, f"{settings.BASE_URL}/w/{slug}/month/")


def require_good_password(password: str, *, email: str, name: str) -> None:
    """Raise UserError, saying what is wrong with it, where a password is too easily guessed."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from winback.server.workspaces.models import User

    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise UserError(" ".join(error.messages)) from None


def slug_of(name: str) -> str:
    """A workspace's name as it stands in addresses: "Larkspur Broadband" is larkspur-broadband."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "main"
