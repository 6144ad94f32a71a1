"""Writes around figures: saved views, and the audit of what was exported."""

from __future__ import annotations

from django.http import Http404

from winback.errors import UserError
from winback.server.database import atomic
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import SavedView

MOST_VIEWS = 50  # of one person on one page


def save_view(*, access: Access, page: str, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep a page's choices under a name; the same name again replaces them. Raises UserError without a name."""
    name = name.strip()
    if not name or len(name) > 80:
        raise UserError("Give the view a name of at most 80 characters.")
    if len(query) > 1000:
        raise UserError("These are too many choices to keep; take some filters away.")
    if access.user is None:
        raise UserError("Views are kept for people; an API key has none.")
    with atomic():
        mine = SavedView.objects.filter(workspace=access.workspace, user=access.user, page=page)
        if mine.count() >= MOST_VIEWS and not mine.filter(name=name).exists():
            raise UserError(f"You keep {MOST_VIEWS} views here already; take one away first.")
        view, _ = SavedView.objects.update_or_create(
            workspace=access.workspace, user=access.user, page=page, name=name,
            defaults={"query": query, "shared": shared},
        )  # fmt: skip
        audit.record(verb="view saved", target=name, by=access, page=page, shared=shared)
    return view


def delete_view(*, access: Access, pk: int) -> None:
    """Take away a view of one's own. Raises Http404 for anybody else's."""
    with atomic():
        view = SavedView.objects.filter(workspace=access.workspace, user=access.user, pk=pk).first()
        if view is None:
            raise Http404("There is no such view.")
        audit.record(verb="view taken away", target=view.name, by=access, page=view.page)
        view.delete()


def note_export(*, access: Access, page: str, kind: str, query: str) -> None:
    """Write to the audit that figures left the house."""
    with atomic():
        audit.record(verb="figures exported", target=f"{page}.{kind}", by=access, query=query[:500])
