"""Pages that belong to no slice: the way in, and what is shown when there is nothing to show."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from winback.server.workspaces.access import SignInNeeded
from winback.server.workspaces.models import Membership, User


def home(request: HttpRequest) -> HttpResponse:
    """To the only workspace, or a choice of them."""
    if not isinstance(request.user, User):
        raise SignInNeeded
    memberships = list(
        Membership.objects.filter(user=request.user, workspace__removing_at__isnull=True)
        .select_related("workspace")
        .order_by("workspace__name")
    )
    if len(memberships) == 1 and "all" not in request.GET:
        return HttpResponseRedirect(reverse("month", args=[memberships[0].workspace.slug]))
    return render(request, "pages/home.html", {"memberships": memberships})


def health(request: HttpRequest) -> HttpResponse:
    """That the process answers; for a load balancer."""
    return HttpResponse("ok\n", content_type="text/plain")


def refused(request: HttpRequest, sentence: str, status: int = 400) -> HttpResponse:
    """A sentence: as a page, or as a note in place for a partial update."""
    partial = request.headers.get("HX-Request") == "true"
    return render(
        request, "pages/note.html" if partial else "pages/refused.html", {"sentence": sentence}, status=status
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(request, str(exception or "") or "This is not open to you.", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "pages/not_found.html", status=404)


def closed(request: HttpRequest) -> HttpResponse:
    """A page of a library that winback does not offer."""
    raise Http404


def too_often(request: HttpRequest) -> HttpResponse:
    """Asked more often than the limits allow."""
    return render(request, "429.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/broken.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refused(
        request,
        "This page was open for too long, or in another window you signed out. Load it again, then repeat what you did.",
        403,
    )
