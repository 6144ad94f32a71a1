"""What the watch may hold of a person: a name that came in as a segment's, or that a colleague wrote into a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from winback.server.redaction import Person
from winback.server.watch.models import Alarm, AlarmEvent, SegmentOwner, Telling, TellingChoice, Watch, WatchPlan

MODELS: tuple[type[Model], ...] = (Alarm, AlarmEvent, SegmentOwner, Telling, TellingChoice, Watch, WatchPlan)

# of each model the fields in which words may stand; the others hold counts, days and colleagues
WORDS: Mapping[type[Model], Sequence[str]] = {
    Alarm: ("by", "segment", "causes"),
    AlarmEvent: ("note", "before"),
    SegmentOwner: ("attribute", "value"),
    Watch: ("listed",),
}


def erase(*, person: Person) -> dict[str, int]:
    """Take the person's names out; the counts of the segment stay."""
    count = 0
    for model, fields in WORDS.items():
        for row in _holding(model, fields, person):
            said = {name: person.without(getattr(row, name)) for name in fields}
            model._default_manager.filter(pk=row.pk).update(**said)
            count += 1
    return {"flare-ups": count}


def export(*, person: Person) -> dict[str, list[dict[str, Any]]]:
    return {
        "flare-ups": [
            {name: getattr(row, name) for name in fields}
            for model, fields in WORDS.items()
            for row in _holding(model, fields, person)
        ]
    }


def _holding(model: type[Model], fields: Sequence[str], person: Person) -> list[Any]:
    where = "alarm__workspace_id" if model is AlarmEvent else "workspace_id"
    rows = model._default_manager.filter(**{where: person.workspace_id}).only(*fields)
    return [
        row for row in rows.iterator(chunk_size=500) if person.holds([_plain(getattr(row, name)) for name in fields])
    ]


def _plain(value: Any) -> Any:
    """JSON as `Person.holds` looks into it: nothing where there is nothing."""
    return "" if value is None else value
