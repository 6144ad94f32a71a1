"""Every address. A new page is a line here and a line in navigation.PAGES."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from winback.server import pages
from winback.server.api import api
from winback.server.customers import views as customers
from winback.server.feedback import views as feedback
from winback.server.imports import views as imports
from winback.server.insights import views as insights
from winback.server.insights import why_views as why
from winback.server.operations import views as operations
from winback.server.outbox import views as outbox
from winback.server.people import audit_views, key_views, me_views, workspace_views
from winback.server.people import views as people
from winback.server.privacy import views as privacy
from winback.server.stories import views as stories
from winback.server.themes import desk_views as desk
from winback.server.themes import views as themes
from winback.server.watch import views as watch

handler403 = pages.forbidden
handler404 = pages.not_found
handler429 = pages.too_often  # allauth's limits ask for it
handler500 = pages.broken

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("healthz", pages.health, name="health"),
    path("api/v1/", api.urls),
    # people change their address by a new invitation, and nobody signs up: these two of allauth's pages are closed
    path("accounts/email/", pages.closed),
    path("accounts/3rdparty/signup/", pages.closed),
    path("accounts/", include("allauth.urls")),
    path("w/<slug:slug>/customers/", stories.customers, name="customers"),
    path("w/<slug:slug>/customers/<int:pk>/", stories.customer, name="customer"),
    path("w/<slug:slug>/customers/<int:pk>/edit", stories.customer_edit, name="customer_edit"),
    path("w/<slug:slug>/customers/<int:pk>/stop", stories.customer_stop, name="customer_stop"),
    path("w/<slug:slug>/customers/<int:pk>/people/<int:contact_pk>", stories.customer_contact, name="customer_contact"),
    path("w/<slug:slug>/accounts/", stories.accounts, name="accounts"),
    path("w/<slug:slug>/search", stories.search, name="search"),
    path("w/<slug:slug>/feedback/", feedback.feedback_list, name="feedback"),
    path("w/<slug:slug>/feedback/<int:pk>/", feedback.feedback_one, name="feedback_one"),
    path("w/<slug:slug>/feedback/export", feedback.feedback_export, name="feedback_export"),
    path("w/<slug:slug>/contacting/", customers.contacting, name="contacting"),
    path("w/<slug:slug>/contacting/list", customers.contacting_list, name="contacting_list"),
    path("me/", me_views.me, name="me"),
    path("me/views/<int:pk>/delete/", me_views.forget_view, name="me_forget_view"),
    path("workspaces/new/", workspace_views.new, name="workspace_new"),
    path("welcome/<str:token>/", people.welcome, name="welcome"),
    # ---- figures ----
    path("w/<slug:slug>/month/", insights.month, name="month"),
    path("w/<slug:slug>/pulse/", insights.pulse, name="pulse"),
    path("w/<slug:slug>/segments/", insights.segments, name="segments"),
    path("w/<slug:slug>/segments/views/", insights.save_view, name="segments_save"),
    path("w/<slug:slug>/segments/views/<int:pk>/delete/", insights.delete_view, name="segments_view_delete"),
    path("w/<slug:slug>/profit/", insights.profit, name="profit"),
    path("w/<slug:slug>/profit/tier/<int:number>/", insights.tier, name="profit_tier"),
    path("w/<slug:slug>/journey/", insights.journey, name="journey"),
    path("w/<slug:slug>/themes/", why.themes, name="themes"),
    path("w/<slug:slug>/themes/heard", why.heard, name="heard"),
    path("w/<slug:slug>/drivers/", why.drivers, name="drivers"),
    path("w/<slug:slug>/readiness/", insights.readiness, name="readiness"),
    path("w/<slug:slug>/figures/<slug:page>.<slug:kind>", insights.export, name="figures_export"),
    # ---- flare-ups ----
    path("w/<slug:slug>/flareups/", watch.flareups, name="flareups"),
    path("w/<slug:slug>/flareups/past/", watch.past, name="flareups_past"),
    path("w/<slug:slug>/flareups/watched/", watch.watched, name="flareups_watched"),
    path("w/<slug:slug>/flareups/who/", watch.who, name="flareups_who"),
    path("w/<slug:slug>/flareups/tell", watch.tell, name="flareups_tell"),
    path("w/<slug:slug>/flareups/look", watch.look, name="flareups_look"),
    path("w/<slug:slug>/flareups/<int:pk>/", watch.flareup, name="flareup"),
    path("w/<slug:slug>/flareups/<int:pk>/take", watch.decide, {"verb": "take"}, name="flareups_take"),
    path("w/<slug:slug>/flareups/<int:pk>/dismiss", watch.decide, {"verb": "dismiss"}, name="flareups_dismiss"),
    path("w/<slug:slug>/flareups/<int:pk>/assign", watch.decide, {"verb": "assign"}, name="flareups_assign"),
    path("w/<slug:slug>/flareups/<int:pk>/snooze", watch.decide, {"verb": "snooze"}, name="flareups_snooze"),
    path("w/<slug:slug>/flareups/<int:pk>/judge", watch.decide, {"verb": "judge"}, name="flareups_judge"),
    path("w/<slug:slug>/flareups/<int:pk>/note", watch.decide, {"verb": "note"}, name="flareups_note"),
    path("w/<slug:slug>/flareups/<int:pk>/undo", watch.decide, {"verb": "undo"}, name="flareups_undo"),
    path("w/<slug:slug>/flareups/<int:pk>/same-boat/", watch.same_boat, name="flareups_same_boat"),
    path("w/<slug:slug>/flareups/<int:pk>/same-boat.csv", watch.same_boat_export, name="flareups_same_boat_export"),
    # ---- reasons and the desk where comments are sorted ----
    path("w/<slug:slug>/reasons/", themes.reasons, name="reasons"),
    path("w/<slug:slug>/reasons/new", themes.new, name="reasons_new"),
    path("w/<slug:slug>/reasons/propose", themes.propose, name="reasons_propose"),
    path("w/<slug:slug>/reasons/read", themes.read, name="reasons_read"),
    path("w/<slug:slug>/reasons/suggest", themes.suggest, name="reasons_suggest"),
    path("w/<slug:slug>/reasons/accept", themes.accept, name="reasons_accept"),
    path("w/<slug:slug>/reasons/changes/", themes.history, name="reasons_history"),
    path("w/<slug:slug>/reasons/changes/<int:pk>/undo", themes.undo, name="reasons_undo"),
    path("w/<slug:slug>/reasons.csv", themes.export, name="reasons_export"),
    path("w/<slug:slug>/reasons/<int:pk>/", themes.reason, name="reason"),
    path("w/<slug:slug>/reasons/<int:pk>/comments/", themes.comments, name="reason_comments"),
    path("w/<slug:slug>/reasons/<int:pk>/change", themes.change, name="reason_change"),
    path("w/<slug:slug>/reasons/<int:pk>/suggestion", themes.suggestion, name="reason_suggestion"),
    path("w/<slug:slug>/reasons/<int:pk>/merge", themes.merge, name="reason_merge"),
    path("w/<slug:slug>/reasons/<int:pk>/split", themes.split, name="reason_split"),
    path("w/<slug:slug>/reasons/<int:pk>/retire", themes.retire, name="reason_retire"),
    path("w/<slug:slug>/desk/", desk.start, name="desk"),
    path("w/<slug:slug>/desk/next", desk.next_comment, name="desk_next"),
    path("w/<slug:slug>/desk/<int:pk>/", desk.comment, name="desk_comment"),
    path("w/<slug:slug>/desk/disagreements/", desk.disagreements, name="desk_disagreements"),
    path("w/<slug:slug>/desk/settle", desk.settle, name="desk_settle"),
    # ---- imports ----
    path("w/<slug:slug>/import/", imports.imports, name="imports"),
    path("w/<slug:slug>/import/upload", imports.upload, name="imports_upload"),
    path("w/<slug:slug>/import/moving", imports.moving, name="imports_moving"),
    path("w/<slug:slug>/import/all", imports.start_all, name="imports_start_all"),
    path("w/<slug:slug>/import/<int:pk>/", imports.run, name="imports_run"),
    path("w/<slug:slug>/import/<int:pk>/read", imports.read, name="imports_read"),
    path("w/<slug:slug>/import/<int:pk>/start", imports.start, name="imports_start"),
    path("w/<slug:slug>/import/<int:pk>/cancel", imports.cancel, name="imports_cancel"),
    path("w/<slug:slug>/import/<int:pk>/undo", imports.undo, name="imports_undo"),
    path("w/<slug:slug>/import/<int:pk>/progress", imports.progress, name="imports_progress"),
    path("w/<slug:slug>/import/<int:pk>/rejected.csv", imports.rejected, name="imports_rejected"),
    # ---- people and rights ----
    path("w/<slug:slug>/people/", people.people, name="people"),
    path("w/<slug:slug>/people/invite/", people.invite, name="people_invite"),
    path("w/<slug:slug>/people/invitations/<int:pk>/withdraw/", people.withdraw, name="people_withdraw"),
    path("w/<slug:slug>/people/<int:pk>/", people.member, name="people_member"),
    path("w/<slug:slug>/people/<int:pk>/remove/", people.remove, name="people_remove"),
    path("w/<slug:slug>/keys/", key_views.keys, name="keys"),
    path("w/<slug:slug>/keys/<int:pk>/revoke/", key_views.revoke, name="keys_revoke"),
    path("w/<slug:slug>/settings/", workspace_views.workspace_settings, name="settings"),
    path("w/<slug:slug>/settings/masking/", privacy.mask, name="settings_mask"),
    path("w/<slug:slug>/settings/delete/", workspace_views.delete, name="settings_delete"),
    path("w/<slug:slug>/audit/", audit_views.page, name="audit"),
    path("w/<slug:slug>/audit.csv", audit_views.export, name="audit_export"),
    path("w/<slug:slug>/more/", workspace_views.more, name="more"),
    # ---- what leaves the house ----
    path("w/<slug:slug>/outbox/", outbox.outbox, name="outbox"),
    path("w/<slug:slug>/outbox/<int:pk>/", outbox.message, name="outbox_message"),
    path("w/<slug:slug>/outbox/<int:pk>/preview/", outbox.preview, name="outbox_preview"),
    path("w/<slug:slug>/outbox/<int:pk>/withdraw/", outbox.withdraw, name="outbox_withdraw"),
    path("w/<slug:slug>/outbox/<int:pk>/retry/", outbox.retry, name="outbox_retry"),
    path("w/<slug:slug>/outbox/withdraw/", outbox.withdraw_all, name="outbox_withdraw_all"),
    path("w/<slug:slug>/outbox/sending/", outbox.switch, name="outbox_switch"),
    path("w/<slug:slug>/outbox/webhooks/", outbox.targets, name="outbox_targets"),
    path("w/<slug:slug>/outbox/webhooks/<int:pk>/", outbox.target_change, name="outbox_target"),
    # ---- people's rights ----
    path("w/<slug:slug>/privacy/", privacy.privacy, name="privacy"),
    path("w/<slug:slug>/customers/<int:pk>/held/", privacy.customer, name="privacy_customer"),
    path("w/<slug:slug>/customers/<int:pk>/held/export", privacy.export, name="privacy_export"),
    path("w/<slug:slug>/customers/<int:pk>/erase/", privacy.erase, name="privacy_erase"),
    # ---- what runs behind the pages ----
    path("w/<slug:slug>/jobs/", operations.jobs, name="jobs"),
    path("w/<slug:slug>/jobs/<int:pk>/retry/", operations.retry, name="jobs_retry"),
    path("w/<slug:slug>/jobs/<int:pk>/cancel/", operations.cancel, name="jobs_cancel"),
]
