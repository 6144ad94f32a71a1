"""The last look before the switch: nothing may be seen twice, though pages and the API wrote while the file was read in.

What they wrote since is an older word than the import, which is published now; only a bare profile yields to one that
says something.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef

from winback.server.customers.models import ContactProfile, CustomerPeriod, CustomerProfile, Departure, Invitation
from winback.server.imports.writers import VERSIONED
from winback.server.sources.models import SyncRun, Versioned

# how long a transaction may have been open that wrote a row, and how far two machines' clocks may be apart
UNDER_WAY = dt.timedelta(minutes=10)

# columns that name the same thing in two versions
SAME: dict[type[Versioned], tuple[str, ...]] = {
    CustomerProfile: ("customer_id",),
    ContactProfile: ("contact_id",),
    CustomerPeriod: ("customer_id", "month"),
    Departure: ("customer_id", "end_date"),
    Invitation: ("external_id",),
}


def settle(run: SyncRun) -> int:
    """Put the versions that standing runs wrote while this one was staged in their place; returns how many."""
    since = run.options.get("staging_since")
    if since is None:
        return 0
    live = list(SyncRun.objects.filter(workspace=run.workspace_id, live=True).values_list("id", flat=True))
    settled = 0
    for model in VERSIONED:
        if model not in SAME or not live:
            continue
        mine = model.objects.filter(run=run, **{name: OuterRef(name) for name in SAME[model]})
        rivals = (
            model.objects.visible(run.workspace)
            .filter(run__in=live, updated_at__gte=dt.datetime.fromisoformat(since) - UNDER_WAY)
            .exclude(superseded_by=run)
            .filter(Exists(mine))
        )
        for rival in rivals:
            settled += 1
            if model is CustomerProfile and not rival.bare:
                named = {name: getattr(rival, name) for name in SAME[model]}
                bare = model.objects.filter(run=run, bare=True, **named).update(superseded_by=rival.run_id)
                if bare:
                    continue
            model.objects.filter(pk=rival.pk).update(superseded_by=run)
    return settled
