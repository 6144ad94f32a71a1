"""The frame around every page: where one is, and where one can go. A new page is a line in PAGES."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from winback.server.workspaces.access import Access


@dataclass(frozen=True)
class Page:
    """A line of the navigation: its title, the name of its URL, its icon, the keys that lead there, who sees it."""

    title: str
    url: str
    icon: str
    keys: str = ""
    role: str = "viewer"
    tab: bool = False  # among the five at the bottom of a phone


PAGES: tuple[tuple[str, tuple[Page, ...]], ...] = (
    ("", (
        Page("This month", "month", "layout-dashboard", "g m", tab=True),
        Page("Pulse", "pulse", "activity-heartbeat", "g p", tab=True),
    )),
    ("See", (
        Page("Segments", "segments", "chart-dots", "g s"),
        Page("Flare-ups", "flareups", "flame", "g f"),
        Page("Themes", "themes", "message-2-search", "g t"),
        Page("Drivers", "drivers", "adjustments", "g v"),
        Page("Profit", "profit", "coins", "g r"),
        Page("Journey", "journey", "route", "g j"),
        Page("Customers", "customers", "users", "g u", tab=True),
        Page("Accounts", "accounts", "building", "g a"),
        Page("Feedback", "feedback", "messages", "g b", tab=True),
    )),
    ("Hear", (
        Page("Reasons", "reasons", "book-2", "g x"),
        Page("Sorting desk", "desk", "keyboard", "g k", role="member"),
    )),
    ("Ask", (
        Page("Whom to contact", "contacting", "phone-off", "g w", role="member"),
        Page("Import", "imports", "file-import", "g i", role="member"),
        Page("Readiness", "readiness", "clipboard-check", "g d"),
    )),
    ("Run", (
        Page("Outbox", "outbox", "send", "g o", role="manager"),
        Page("Jobs", "jobs", "history", role="member"),
        Page("People", "people", "user-plus", role="admin"),
        Page("Keys", "keys", "key", role="admin"),
        Page("Settings", "settings", "settings", role="admin"),
        Page("Privacy", "privacy", "shield-lock", role="admin"),
        Page("Audit", "audit", "shield", role="admin"),
    )),
)  # fmt: skip


def frame(request: HttpRequest) -> dict[str, Any]:
    """What base.html needs: `access` and the navigation as this role sees it. Runs no query."""
    access: Access | None = getattr(request, "access", None)
    if access is None:
        return {"access": None, "navigation": ()}
    slug = access.workspace.slug
    name = request.resolver_match.view_name if request.resolver_match else ""
    groups = []
    for title, pages in PAGES:
        shown = [_shown(page, slug, name) for page in pages if access.may(page.role)]
        if shown:
            groups.append({"title": title, "pages": shown})
    return {"access": access, "workspace": access.workspace, "navigation": groups}


def _shown(page: Page, slug: str, name: str) -> dict[str, Any]:
    here = name in (page.url, page.url.removesuffix("s")) or name.startswith(f"{page.url}_")
    return {
        "title": page.title,
        "href": reverse(page.url, args=[slug]),
        "icon": page.icon,
        "keys": page.keys,
        "here": here,
        "tab": page.tab,
    }
