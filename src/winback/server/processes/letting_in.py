"""Letting somebody in again, from the command line of the machine winback runs on."""

from __future__ import annotations

from winback.errors import UserError
from winback.server.start import django_ready


def link(address: str, *, drop_second_factor: bool = False) -> str:
    """A link that sets a new password; with `drop_second_factor` the second factor is switched off, too.

    Raises UserError where nobody has the address, or the account is closed.
    """
    django_ready()
    from allauth.mfa.models import Authenticator

    from winback.server.database import atomic
    from winback.server.workspaces.models import User
    from winback.server.workspaces.sign_in import record_for, reset_link

    user = User.objects.filter(email__iexact=address.strip()).first()
    if user is None or not user.is_active:
        raise UserError(f"Nobody signs in here as {address.strip()}.")
    with atomic():
        record_for(user, "sign-in link made", by=None, at="the command line")
        if drop_second_factor and Authenticator.objects.filter(user=user).delete()[0]:
            record_for(user, "second factor removed", by=None, at="the command line")
    return reset_link(user)
