"""How people sign in: by e-mail, by invitation only; a second factor and OpenID Connect where wanted. All audited.

A sign-in belongs to a person, not to a workspace: it is written into the audit of each workspace the person is in, so
that each administrator sees who came in, and goes when that workspace goes.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.jobs.actions import enqueue
from winback.server.sealed import opened, seal
from winback.server.workspaces import ended
from winback.server.workspaces.models import AuditEvent, Membership, User


def record_for(user: User, verb: str, *, by: User | None, address: str | None = None, **detail: Any) -> None:
    """Write what happened to an account into the audit of each workspace of its owner."""
    ids: list[int | None] = list(
        Membership.objects.filter(user=user, workspace__removing_at__isnull=True).values_list("workspace_id", flat=True)
    )
    with atomic():
        AuditEvent.objects.bulk_create(
            AuditEvent(
                workspace_id=workspace, by=by, by_label=by.email if by else "somebody", verb=verb, target=user.email,
                detail=detail, address=address,
            )
            for workspace in (ids or [None])
        )  # fmt: skip


def _address(request: HttpRequest | None) -> str | None:
    return (request.META.get("REMOTE_ADDR") or None) if request is not None else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up: an administrator invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Called once every factor is given."""
        super().login(request, user)
        records = request.session.get("account_authentication_methods", [])
        ways = sorted({str(record.get("method")) for record in records})
        record_for(user, "signed in", by=user, address=_address(request), way=", ".join(ways))

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            record_for(request.user, "signed out", by=request.user, address=_address(request))
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password. An address that nobody has is not written down: people type passwords there."""
        user = User.objects.filter(email__iexact=str(credentials.get("email", "")).strip()).first()
        if user is not None:
            record_for(user, "sign-in failed", by=None, address=_address(request))

    def set_password(self, user: User, password: str) -> None:
        ended.password(user)  # the one before does not come back with a backup
        super().set_password(user, password)
        record_for(user, "password set", by=user, address=_address(self.request))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """By a job: the page answers as fast for an address that nobody has, and no link lies in the database."""
        if settings.MAIL_CONFIGURED:
            enqueue(task="accounts.reset", key=f"reset-{user.pk}", user=user.pk)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As middleware.trusted_proxies found it."""
        return str(request.META.get("REMOTE_ADDR", ""))


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on opens the door only to people who were invited under the same, verified address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals what second factors are made of."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises UserError where it was sealed under another secret key."""
        text = opened(encrypted_text)
        if text is None:
            raise UserError(
                "Your second factor was set up under another secret key of this winback, and cannot be checked any more. "
                "Ask whoever runs it for a sign-in link without a second factor."
            )
        return text


def reset_link(user: User) -> str:
    """The address at which somebody sets a new password; good for as long as PASSWORD_RESET_TIMEOUT, and once."""
    from allauth.account.forms import default_token_generator  # which loads the adapter above
    from allauth.account.utils import user_pk_to_url_str

    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path: str = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return f"{settings.BASE_URL}{path.replace('UID-KEY', key)}"


def send_reset(user: User) -> None:
    """Mail somebody the link that sets a new password.

    This is the one mail that does not pass a workspace's outbox: it belongs to no workspace, goes only to the person
    who just asked for it, and its link is for nobody else's eyes. Raises UserError without a mail server.
    """
    if not settings.MAIL_CONFIGURED:
        raise UserError("No mail server is set up: set WINBACK_MAIL_URL, or hand over a link (winback sign-in-link).")
    text = render_to_string("account/email/reset.txt", {"user": user, "link": reset_link(user)})
    EmailMessage("Set a new password for winback", text, to=[user.email]).send()


def watch_second_factors() -> None:
    """Audit second factors as they come, go and fail.

    allauth offers no hook of its adapter for these, so this connects to its signals; nothing else here uses signals.
    """
    from allauth.mfa import signals

    def told(verb: str) -> Any:
        def receiver(*, request: HttpRequest, user: User, **_: Any) -> None:
            record_for(user, verb, by=user, address=_address(request))

        return receiver

    for signal, verb in (
        (signals.authenticator_added, "second factor added"),
        (signals.authenticator_removed, "second factor removed"),
        (signals.authenticator_reset, "recovery codes renewed"),
    ):
        signal.connect(told(verb), weak=False, dispatch_uid=f"winback {verb}")

    def failed(*, request: HttpRequest, user: User, **_: Any) -> None:
        record_for(user, "second factor failed", by=None, address=_address(request))

    signals.authentication_failed.connect(failed, weak=False, dispatch_uid="winback second factor failed")
