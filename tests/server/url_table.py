"""Who may ask for which address: the table that tests/server/test_every_url.py walks. A new address is a row here.

`least` is "anybody", "signed in", or the lowest role in the workspace. `methods` are those the view takes. `pk` makes
the object the address names, in the workspace it is given. `whole` pages refuse every membership with a scope. `outside`
makes an object that lies outside norah's scope (region North); she gets 404 for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from tests.server.watch.worlds import an_alarm
from winback.server.imports.asked import Asked
from winback.server.jobs.actions import enqueue
from winback.server.outbox.actions import put
from winback.server.outbox.models import WebhookTarget
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import SyncRun
from winback.server.themes.models import CodebookChange, Theme
from winback.server.workspaces.models import ApiKey, Membership, SavedView, User, Welcome, Workspace

Maker = Callable[[Cast, Workspace], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    least: str
    methods: tuple[str, ...] = ("GET",)
    make: Maker | None = None
    whole: bool = False
    outside: Maker | None = None
    status: int | None = None  # what those who may get, where it is not a page


def membership(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    user = User.objects.create_user(f"more-{User.objects.count()}@{workspace.slug}.example")
    return {"pk": Membership.objects.create(workspace=workspace, user=user, role="viewer").pk}


def welcome(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    tomorrow = timezone.now() + dt.timedelta(days=1)
    digest = f"{Welcome.objects.count():064d}"
    made = Welcome.objects.create(
        workspace=workspace, email="new@example.com", role="viewer", digest=digest, expires_at=tomorrow
    )
    return {"pk": made.pk}


def key(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    prefix = f"{ApiKey.objects.count():08d}"
    return {"pk": ApiKey.objects.create(workspace=workspace, name="a tool", prefix=prefix, digest="0" * 64).pk}


def mail(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    made = put(
        workspace=workspace, kind="mail", address="ann@example.com", subject="Hello", body="Hi", body_html="<p>Hi</p>"
    )
    return {"pk": made.pk}


def failed_mail(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    made = put(workspace=workspace, kind="mail", address="ann@example.com", subject="Hello", body="Hi")
    type(made).objects.filter(pk=made.pk).update(state="failed")
    return {"pk": made.pk}


def job(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    return {"pk": enqueue(task="exports.refresh", workspace_id=workspace.pk).pk}


def failed_job(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    made = enqueue(task="exports.refresh", workspace_id=workspace.pk)
    type(made).objects.filter(pk=made.pk).update(state="failed")
    return {"pk": made.pk}


def target(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    return {
        "pk": WebhookTarget.objects.create(workspace=workspace, url="https://example.com/hooks", secret="whsec_YQ==").pk
    }


def view(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    """A view of nobody's in the cast: the address belongs to its owner alone."""
    user = User.objects.create_user(f"view-{User.objects.count()}@example.com")
    return {"pk": SavedView.objects.create(workspace=workspace, user=user, page="pulse", name="mine", query="").pk}


def customer(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    return {"pk": make_customer(workspace, "C-north", name="Northern", attributes={"region": "North"}).pk}


def southern_customer(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    return {"pk": make_customer(workspace, "C-south", name="Southern", attributes={"region": "South"}).pk}


def contact(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    named = customer(cast, workspace)
    return named | {"contact_pk": make_contact(workspace, "P-north", customer="C-north", name="Ann").pk}


def southern_contact(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    named = southern_customer(cast, workspace)
    return named | {"contact_pk": make_contact(workspace, "P-south", customer="C-south", name="Bo").pk}


def answer(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    customer(cast, workspace)
    return {"pk": make_feedback(workspace, "F-north", customer="C-north", comment="fine").pk}


def southern_answer(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    southern_customer(cast, workspace)
    return {"pk": make_feedback(workspace, "F-south", customer="C-south", comment="fine").pk}


def import_run(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    source = ensure_source(workspace=workspace, name="answers.csv", kind="file")
    run = SyncRun.objects.create(
        workspace=workspace, source=source, table="feedback", state="published", published_at=timezone.now(),
        file_name="answers.csv", mapping=Asked(file_name="answers.csv").stored(), options={"upload": "0" * 32},
    )  # fmt: skip
    return {"pk": run.pk}


def theme(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    return {"pk": Theme.objects.create(workspace=workspace, key="late", name="Late", state="accepted").pk}


def codebook_change(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    made = Theme.objects.create(workspace=workspace, key="late", name="Late", state="accepted")
    return {"pk": CodebookChange.objects.create(workspace=workspace, verb="made", theme=made).pk}


def fire(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    return {"pk": an_alarm(workspace, region="North").pk}


def southern_fire(cast: Cast, workspace: Workspace) -> dict[str, Any]:
    return {"pk": an_alarm(workspace, region="South").pk}


GET_POST = ("GET", "POST")
POST = ("POST",)

TABLE: Mapping[str, Row] = {
    # ---- the way in ----
    "home": Row("signed in"),
    "health": Row("anybody"),
    "welcome": Row("anybody", GET_POST, lambda cast, workspace: {"token": "no-such-token"}, status=404),
    "account_login": Row("anybody", GET_POST),
    "account_logout": Row("anybody", GET_POST),
    "account_inactive": Row("anybody"),
    "account_signup": Row("anybody"),
    "account_reauthenticate": Row("signed in", status=403),  # the cast has no password to ask for again
    "accounts/email/": Row("anybody", status=404),
    "account_email": Row("anybody", status=404),
    "account_email_verification_sent": Row("anybody"),
    "account_change_password": Row("signed in"),
    "account_set_password": Row("signed in"),
    "account_reset_password": Row("anybody"),
    "account_reset_password_from_key": Row("anybody", make=lambda cast, workspace: {"uidb36": "1", "key": "no-key"}),
    "account_reset_password_from_key_done": Row("anybody"),
    "account_reset_password_done": Row("anybody"),
    "account_confirm_login_code": Row("anybody"),
    "account_confirm_email": Row("anybody", make=lambda cast, workspace: {"key": "no-key"}),
    "mfa_index": Row("signed in"),
    "mfa_authenticate": Row("anybody"),
    "mfa_reauthenticate": Row("signed in", status=403),
    "mfa_activate_totp": Row("signed in"),
    "mfa_deactivate_totp": Row("signed in", status=404),
    "mfa_view_recovery_codes": Row("signed in", status=404),
    "mfa_generate_recovery_codes": Row("signed in"),
    "mfa_download_recovery_codes": Row("signed in", status=404),
    "socialaccount_login_cancelled": Row("anybody"),
    "socialaccount_login_error": Row("anybody"),
    "accounts/3rdparty/signup/": Row("anybody", status=404),
    "socialaccount_signup": Row("anybody", status=404),
    "socialaccount_connections": Row("signed in"),
    "accounts/social/login/cancelled/": Row("anybody"),
    "accounts/social/login/error/": Row("anybody"),
    "accounts/social/signup/": Row("anybody"),
    "accounts/social/connections/": Row("anybody"),
    "openid_connect_login": Row("anybody", make=lambda cast, workspace: {"provider_id": "none"}, status=404),
    "openid_connect_callback": Row("anybody", make=lambda cast, workspace: {"provider_id": "none"}, status=404),
    # ---- figures ----
    "month": Row("viewer"),
    "pulse": Row("viewer"),
    "segments": Row("viewer"),
    "segments_save": Row("viewer", POST),
    "segments_view_delete": Row("viewer", POST, view, status=404),  # one's own only
    "profit": Row("viewer"),
    "profit_tier": Row("viewer", make=lambda cast, workspace: {"number": 1}),
    "journey": Row("viewer"),
    "themes": Row("viewer"),
    "heard": Row("viewer"),
    "drivers": Row("viewer"),
    "readiness": Row("viewer"),
    "figures_export": Row("viewer", make=lambda cast, workspace: {"page": "pulse", "kind": "csv"}),
    # ---- the codebook is changed by who sees the whole; comments are coded within one's scope ----
    "reasons": Row("viewer"),
    "reasons_new": Row("manager", POST, whole=True),
    "reasons_propose": Row("manager", POST, whole=True),
    "reasons_read": Row("manager", POST, whole=True),
    "reasons_suggest": Row("manager", POST, whole=True),
    "reasons_accept": Row("manager", POST, whole=True),
    "reasons_history": Row("viewer"),
    "reasons_undo": Row("manager", POST, codebook_change, whole=True),
    "reasons_export": Row("member"),
    "reason": Row("viewer", ("GET",), theme),
    "reason_comments": Row("viewer", ("GET",), theme),
    "reason_change": Row("manager", POST, theme, whole=True),
    "reason_suggestion": Row("manager", POST, theme, whole=True),
    "reason_merge": Row("manager", POST, theme, whole=True),
    "reason_split": Row("manager", POST, theme, whole=True),
    "reason_retire": Row("manager", POST, theme, whole=True),
    "desk": Row("member"),
    "desk_next": Row("member", GET_POST, status=302),
    "desk_comment": Row("member", GET_POST, lambda cast, workspace: {"pk": 1}, status=404),  # on one's own desk only
    "desk_disagreements": Row("member"),
    "desk_settle": Row("member", POST),
    # ---- flare-ups ----
    "flareups": Row("viewer"),
    "flareups_past": Row("viewer"),
    "flareups_watched": Row("viewer"),
    "flareups_who": Row("manager", GET_POST, whole=True),
    "flareups_tell": Row("viewer", POST),
    "flareups_look": Row("manager", POST, whole=True),
    "flareup": Row("viewer", ("GET",), fire, outside=southern_fire),
    "flareups_take": Row("member", POST, fire, outside=southern_fire),
    "flareups_dismiss": Row("manager", POST, fire),
    "flareups_assign": Row("manager", POST, fire),
    "flareups_snooze": Row("member", POST, fire, outside=southern_fire),
    "flareups_judge": Row("member", POST, fire, outside=southern_fire),
    "flareups_note": Row("member", POST, fire, outside=southern_fire),
    "flareups_undo": Row("member", POST, fire, outside=southern_fire),
    "flareups_same_boat": Row("viewer", ("GET",), fire, outside=southern_fire),
    "flareups_same_boat_export": Row("member", ("GET",), fire, outside=southern_fire),
    # ---- imports: of the whole workspace ----
    "imports": Row("member", whole=True),
    "imports_upload": Row("member", POST, whole=True),
    "imports_moving": Row("member", whole=True),
    "imports_start_all": Row("member", POST, whole=True),
    "imports_run": Row("member", ("GET",), import_run, whole=True),
    "imports_read": Row("member", POST, import_run, whole=True),
    "imports_start": Row("member", POST, import_run, whole=True),
    "imports_cancel": Row("member", POST, import_run, whole=True),
    "imports_undo": Row("manager", GET_POST, import_run, whole=True),
    "imports_progress": Row("member", ("GET",), import_run, whole=True),
    "imports_rejected": Row("member", ("GET",), import_run, whole=True),
    # ---- customers and what they said ----
    "customers": Row("viewer"),
    "customer": Row("viewer", ("GET",), customer, outside=southern_customer),
    "customer_edit": Row("member", POST, customer, outside=southern_customer),
    "customer_stop": Row("member", POST, customer, outside=southern_customer),
    "customer_contact": Row("member", POST, contact, outside=southern_contact),
    "accounts": Row("viewer"),
    "search": Row("viewer"),
    "feedback": Row("viewer"),
    "feedback_one": Row("viewer", ("GET",), answer, outside=southern_answer),
    "feedback_export": Row("member"),
    "contacting": Row("member", whole=True),
    "contacting_list": Row("manager", POST, whole=True),
    # ---- the API: a key opens it, a session does not (tests/server/test_api.py) ----
    "api:api-root": Row("anybody", status=404),
    "api:openapi-json": Row("anybody"),
    "api:openapi-view": Row("anybody"),
    "api:feedback_one": Row("anybody", POST, status=401),
    "api:feedback_many": Row("anybody", POST, status=401),
    "api:customer_one": Row("anybody", POST, status=401),
    "api:customer_many": Row("anybody", POST, status=401),
    "api:figures": Row("anybody", status=401, make=lambda cast, workspace: {"page": "pulse"}),
    "api:readiness": Row("anybody", status=401),
    "api:alarms": Row("anybody", status=401),
    "api:alarm": Row("anybody", status=401, make=lambda cast, workspace: {"pk": 1}),
    # ---- oneself ----
    "me": Row("signed in", GET_POST),
    "me_forget_view": Row("signed in", ("POST",), view, status=404),
    "workspace_new": Row("signed in", GET_POST, status=403),
    # ---- people and rights ----
    "people": Row("admin", whole=True),
    "people_invite": Row("admin", ("POST",), whole=True),
    "people_withdraw": Row("admin", ("POST",), welcome, whole=True),
    "people_member": Row("admin", GET_POST, membership, whole=True),
    "people_remove": Row("admin", ("POST",), membership, whole=True),
    "keys": Row("admin", GET_POST, whole=True),
    "keys_revoke": Row("admin", ("POST",), key, whole=True),
    "settings": Row("admin", GET_POST, whole=True),
    "settings_mask": Row("admin", GET_POST, whole=True),
    "settings_delete": Row("admin", GET_POST, whole=True),
    "audit": Row("admin", whole=True),
    "audit_export": Row("admin", whole=True),
    "more": Row("viewer"),
    # ---- what leaves the house ----
    "outbox": Row("manager", whole=True),
    "outbox_message": Row("manager", ("GET",), mail, whole=True),
    "outbox_preview": Row("manager", ("GET",), mail, whole=True),
    "outbox_withdraw": Row("manager", ("POST",), mail, whole=True),
    "outbox_retry": Row("manager", ("POST",), failed_mail, whole=True),
    "outbox_withdraw_all": Row("admin", ("POST",), whole=True),
    "outbox_switch": Row("admin", GET_POST, whole=True),
    "outbox_targets": Row("admin", GET_POST, whole=True),
    "outbox_target": Row("admin", ("POST",), target, whole=True),
    # ---- people's rights ----
    "privacy": Row("admin", GET_POST, whole=True),
    "privacy_customer": Row("member", GET_POST, customer, whole=True),
    "privacy_export": Row("manager", POST, customer, whole=True),
    "privacy_erase": Row("admin", GET_POST, customer, whole=True),
    # ---- what runs behind the pages ----
    "jobs": Row("member", whole=True),
    "jobs_retry": Row("manager", ("POST",), failed_job, whole=True),
    "jobs_cancel": Row("manager", ("POST",), job, whole=True),
}
