"""What stored analyses hold of a person. Only reduced counts are allowed there: names of segments, never of people."""

from __future__ import annotations

from typing import Any

from winback.server.redaction import Person
from winback.server.runs.models import AnalysisRun

MODELS = (AnalysisRun,)


def erase(*, person: Person) -> dict[str, int]:
    """Take out a name that came in as the name of a segment, or as a parameter."""
    count = 0
    for run in AnalysisRun.objects.filter(workspace_id=person.workspace_id).iterator(chunk_size=500):
        if person.holds([run.params, run.result]):
            AnalysisRun.objects.filter(pk=run.pk).update(
                params=person.without(run.params), result=person.without(run.result)
            )
            count += 1
    return {"analyses": count}


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    found = AnalysisRun.objects.filter(workspace_id=person.workspace_id).iterator(chunk_size=500)
    return {
        "analyses": [{"name": run.name, "made": run.made_at} for run in found if person.holds([run.params, run.result])]
    }
