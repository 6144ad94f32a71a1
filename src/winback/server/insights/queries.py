"""The figures of a workspace as far as one may see them: the same for pages, exports and the API.

Each function answers with a plain document (see figures.py), or None where there are no answers at all. The analyses
and their engines are imported when the first figure is asked for, not when the process starts.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from winback.errors import UserError
from winback.server.customers.queries import profiles_for
from winback.server.feedback.queries import feedback_for
from winback.server.insights.rules import OF_THEMES, PROFIT_TIER, asked
from winback.server.sources.models import DirtyDay, SyncRun
from winback.server.stories.queries import with_figures
from winback.server.themes.models import Theme
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import SavedView, Workspace
from winback.tables import SURVEY_KINDS

if TYPE_CHECKING:
    from winback.server.exports.queries import Holding
    from winback.server.insights.basis import Basis

Query = Mapping[str, Sequence[str]]
QUARTER, YEAR = 3, 12
LATE = dt.timedelta(minutes=10)  # what came in so long ago and is not counted yet makes the figures old


def warm() -> None:
    """Load the analyses and their engines, so that the first reader does not wait for that. Takes a second or two."""
    import pyarrow as pa

    from winback.analysis.profit import profit
    from winback.analysis.segments import segments
    from winback.analysis.trend import trend
    from winback.server.insights import figures, hearing, month, ready, theming  # noqa: F401
    from winback.stats import decomposition, exposure, hazard  # noqa: F401

    day = pa.array([dt.date(2025, 1, 1), dt.date(2025, 2, 1)])
    few = pa.table({"score": [9.0, 3.0], "region": ["a", "b"], "respondent": ["1", "2"], "local_date": day})
    segments(few, by=("region",))
    trend(few)
    profit(few)


def today_in(workspace: Workspace) -> dt.date:
    return timezone.now().astimezone(ZoneInfo(workspace.zone)).date()


def scope_key(access: Access) -> str:
    return json.dumps(access.scope.stored(), sort_keys=True)


def held(access: Access, sort: str | None = None) -> Holding | None:
    """The tables of one sort of survey, by its key or by the survey's name; None where there are no answers."""
    from winback.server.exports.queries import holding

    if sort in SURVEY_KINDS:
        found = holding(access)
        if found is None or found.sort.survey == sort:
            return found
        sort = next((one.key for one in found.sorts if one.survey == sort), sort)
    return holding(access, sort=sort)


def opened(
    access: Access, query: Query, *, usual: int | None = None, sort: str | None = None, splits: Sequence[str] = ()
) -> Basis | None:
    """The answers that an address asks for; None where there are none of any kind. Raises UserError for what is wrong in it.

    `usual` whole months, and the sort of survey `sort`, are shown where the address names none. By `splits` it may ask
    to split, beside the attributes.
    """
    from winback.server.insights.basis import open_basis

    chosen = (query.get("survey") or [""])[-1] or sort or None
    found = held(access, chosen)
    if found is None:
        return None
    workspace = access.workspace
    return open_basis(
        found, asked(query, found.attributes, splits=splits), scope=scope_key(access), today=today_in(workspace), usual=usual,
        level=workspace.level, minimum=workspace.minimum,
    )  # fmt: skip


def pulse_basis(access: Access, query: Query) -> Basis | None:
    """The answers of Pulse and Segments: the last whole quarter, unless asked for otherwise."""
    return opened(access, query, usual=QUARTER)


def themes_basis(access: Access, query: Query) -> Basis | None:
    """The answers of Themes, which can be split by profit tier too. Raises UserError for that where no money is known."""
    basis = opened(access, query, usual=QUARTER, splits=(PROFIT_TIER,))
    if basis is not None and PROFIT_TIER in basis.asked.by and PROFIT_TIER not in basis.holding.attributes and not basis.has_worth:  # fmt: skip
        raise UserError("There are no profit tiers here: import revenue or margin by customer first.")
    return basis


def profit_basis(access: Access, query: Query) -> Basis | None:
    """The answers of Profit: all of them, since each customer counts by the latest one."""
    return opened(access, query)


def journey_basis(access: Access, query: Query) -> Basis | None:
    """The answers of Journey: a year, of the sort of survey that tells most of the journey."""
    return opened(access, query, usual=YEAR, sort=journey_sort(access))


def pulse(access: Access, query: Query, *, money: bool = True) -> dict[str, Any] | None:
    """How are we, what moved and why; the fields are those of the JSON report."""
    from winback.server.insights import figures

    basis = pulse_basis(access, query)
    return None if basis is None else figures.pulse(basis, money=money)


def segments(access: Access, query: Query) -> dict[str, Any] | None:
    """Segments by the attributes of the address, or by the first ones there are."""
    from winback.server.insights import figures

    basis = pulse_basis(access, query)
    return None if basis is None else figures.segments_of(basis, by_of(basis))


def by_of(basis: Basis) -> tuple[str, ...]:
    return basis.asked.by or tuple(basis.holding.attributes[:2])


def profit(access: Access, query: Query) -> dict[str, Any] | None:
    """Score against money."""
    from winback.server.insights import figures

    basis = profit_basis(access, query)
    return None if basis is None else figures.profit_of(basis)


def listed(access: Access, customers: Sequence[tuple[str, float]]) -> list[dict[str, Any]]:
    """These customers (own ids, with what each brings) as a list shows them, in the same order."""
    brings = dict(customers)
    profiles = profiles_for(access).filter(customer__external_id__in=list(brings)).select_related("customer")
    items = with_figures(access, list(profiles), today=today_in(access.workspace))
    place = {name: number for number, name in enumerate(brings)}
    items.sort(key=lambda item: place[item["profile"].customer.external_id])
    return [{**item, "brings": brings[item["profile"].customer.external_id]} for item in items]


def journey(access: Access, query: Query) -> dict[str, Any] | None:
    """Score, answers and deaf spots by stage and touchpoint."""
    from winback.server.insights import figures

    basis = journey_basis(access, query)
    return None if basis is None else figures.journey(basis, stages_known(access, basis))


def drivers(access: Access, query: Query) -> dict[str, Any] | None:
    """What goes with the score."""
    basis = opened(access, query)
    return None if basis is None else drivers_document(basis, query)


def themes(access: Access, query: Query) -> dict[str, Any] | None:
    """Who names what, and what hangs on it."""
    basis = themes_basis(access, query)
    return None if basis is None else themes_document(basis, query)


def themes_document(basis: Basis, query: Query) -> dict[str, Any]:
    """The same of answers that are open already: `who` and `order` in the address choose whose, and their order.

    Raises UserError for what is none of WHO or ORDERS.
    """
    from winback.server.insights.theming import ORDERS, WHO, themes_of

    who, order = ((query.get(name) or [""])[-1] or OF_THEMES[name] for name in ("who", "order"))
    for value, known in ((who, WHO), (order, ORDERS)):
        if value not in known:
            raise UserError(f'"{value[:40]}" cannot be chosen here; it may be {", ".join(known)}.')
    return themes_of(basis, who=who, order=order)


def drivers_document(basis: Basis, query: Query) -> dict[str, Any]:
    """The same of answers that are open already: `driver` in the address names the drivers."""
    from winback.server.insights.driving import drivers_of

    return drivers_of(basis, [name for name in query.get("driver", ()) if name])


def readiness(access: Access) -> list[dict[str, Any]]:
    """What the data allow, and what would open the rest."""
    from winback.server.insights import ready

    themes = Theme.objects.filter(workspace=access.workspace, state="accepted", merged_into=None).count()
    return ready.ready(opened(access, {}), access.workspace.minimum, themes=themes)


def month(access: Access, query: Query) -> dict[str, Any] | None:
    """One month beside those before: `month=2026-11` in the address, else the latest."""
    from winback.server.insights.month import month_of
    from winback.server.insights.rules import month_asked

    chosen = month_asked((query.get("month") or [""])[-1])
    basis = opened(access, {name: values for name, values in query.items() if name not in ("since", "until", "last")})
    return None if basis is None else month_of(basis, chosen)


def journey_sort(access: Access) -> str | None:
    """The sort of survey that tells most of the journey: the transactional one, where there is one."""
    found = held(access)
    if found is None:
        return None
    return next((sort.key for sort in found.sorts if sort.survey == "transactional"), None)


def stages_known(access: Access, basis: Basis) -> dict[str, list[str]]:
    """Every stage and touchpoint that any answer of the same scope names, whatever its sort."""
    found: dict[str, list[str]] = basis.kept.once("stages known", lambda: _stages(access, basis))
    return found


def _stages(access: Access, basis: Basis) -> dict[str, list[str]]:
    from winback.server.insights.basis import values_of
    from winback.server.insights.figures import JOURNEY

    known: dict[str, set[str]] = {name: set() for name in JOURNEY}
    for sort in basis.holding.sorts:
        other = basis.holding if sort.key == basis.holding.sort.key else held(access, sort.key)
        if other is None:
            continue
        for name in JOURNEY:
            known[name] |= set(values_of(other, name))
    return {name: sorted(values) for name, values in known.items()}


def waiting_since(access: Access) -> dt.datetime | None:
    """When the oldest row came in, or was taken back, that the figures do not know yet; None where they know everything."""
    from winback.server.exports.queries import manifest_of

    workspace = access.workspace
    oldest = DirtyDay.objects.filter(workspace=workspace, run=None).order_by("marked_at").first()
    moments = [oldest.marked_at] if oldest else []
    manifest = manifest_of(access)
    known = manifest.runs if manifest else {}
    runs = SyncRun.objects.filter(workspace=workspace, live=False, state__in=("published", "undone"))
    for pk, state, published, undone in runs.values_list("id", "state", "published_at", "undone_at"):
        changed = undone if state == "undone" else published
        if changed is not None and known.get(str(pk), "undone" if state == "undone" else "") != state:
            moments.append(changed)
    return min(moments, default=None)


def nothing_yet(access: Access) -> str:
    """Why there are no figures: "own" for who sees own cases or a team's only, "waiting" where answers are not counted yet.

    Else "part" for who sees a part that has no answers, and "empty" where nobody has answered.
    """
    if access.scope.own or access.scope.teams:
        return "own"
    if feedback_for(access).filter(score__isnull=False).exists():
        return "waiting"
    return "empty" if access.scope.everything else "part"


def views_of(access: Access, page: str) -> list[SavedView]:
    """The saved views of a page: one's own, and those that are everyone's.

    Whoever sees a part of the workspace has their own: another's choices may name what lies outside it.
    """
    from django.db.models import Q

    mine = SavedView.objects.filter(workspace=access.workspace, page=page)
    theirs = Q(shared=True) if access.scope.everything else Q(pk__in=[])
    return list(mine.filter(Q(user=access.user) | theirs).select_related("user").order_by("name", "id"))
