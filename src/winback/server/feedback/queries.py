"""Reads of feedback, within what the asker may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, Expression, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf

from winback.scales import Bands, plain
from winback.server.customers.models import CustomerProfile
from winback.server.customers.queries import attribute, profiles_for
from winback.server.feedback.models import Feedback
from winback.server.feedback.rules import SPLIT_BY
from winback.server.feedback.searching import with_text
from winback.server.sources.models import Source
from winback.server.workspaces.access import Access

FIELDS = (*SPLIT_BY, "kind", "survey")
BAND_NAMES = ("detractor", "passive", "promoter")


@dataclass(frozen=True)
class Choice:
    """What a reader of feedback asks for; blank is everything. `attributes` may be the answer's or its customer's.

    A field or an attribute that is asked for with a blank value is one that has none.
    """

    text: str = ""
    meaning: bool = False  # the text says what the comment is to mean, not which words it has: see meaning.nearest
    band: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    source: int | None = None
    customer: int | None = None
    commented: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)


def feedback_for(access: Access) -> QuerySet[Feedback]:
    """The visible feedback this access may see: none with a scope of teams or own cases, as in figures."""
    rows: QuerySet[Feedback] = Feedback.objects.visible(access.workspace)
    if access.scope.own or access.scope.teams:
        return rows.none()
    for place, (name, values) in enumerate(access.scope.segments.items()):
        rows = _with_attribute(rows, access, f"scope_{place}", name, values)
    return rows


def _with_attribute(
    rows: QuerySet[Feedback], access: Access, alias: str, name: str, values: Sequence[str]
) -> QuerySet[Feedback]:
    """Rows whose attribute, or else whose customer's, is one of the values."""
    theirs = _theirs(access, name).filter(told__in=list(values))
    silent = Q(**{f"{alias}__isnull": True}) & Q(
        Exists(theirs)
    )  # in this order: else every row's customer is looked up
    return rows.annotate(**{alias: _own(name)}).filter(Q(**{f"{alias}__in": list(values)}) | silent)


def _without_attribute(rows: QuerySet[Feedback], access: Access, alias: str, name: str) -> QuerySet[Feedback]:
    """Rows that have no value of an attribute, nor has their customer."""
    theirs = _theirs(access, name).filter(told__isnull=False).exclude(told="")
    return rows.annotate(**{alias: _own(name)}).filter(Q(**{f"{alias}__isnull": True}) & ~Q(Exists(theirs)))


def _own(name: str) -> Expression:
    """What an answer itself says of an attribute: its own attribute, else the column of that name; null where neither."""
    told = NullIf(attribute(name), Value("", TextField()))
    return Coalesce(told, NullIf(F(name), Value("")), output_field=TextField()) if name in SPLIT_BY else told


def _theirs(access: Access, name: str) -> QuerySet[Any]:
    """The profiles of a row's customer, with an attribute as `told`."""
    profiles = CustomerProfile.objects.visible(access.workspace).filter(customer=OuterRef("customer"))
    found: QuerySet[Any] = profiles.annotate(told=attribute(name))
    return found


def bands_of(source: Source) -> Bands:
    """How the scores of a source read."""
    return Bands.of(source.scale, detractors=source.detractors or None, promoters=source.promoters or None)


def band_name(score: float | None, bands: Bands) -> str:
    """detractor, passive or promoter; blank where the question was not answered."""
    return "" if score is None else BAND_NAMES[int(bands.classify([score])[0])]


def chosen(access: Access, choice: Choice) -> QuerySet[Feedback]:
    """The feedback somebody asked for."""
    rows = feedback_for(access)
    if choice.since:
        rows = rows.filter(local_date__gte=choice.since)
    if choice.until:
        rows = rows.filter(local_date__lte=choice.until)
    if choice.source:
        rows = rows.filter(source_id=choice.source)
    if choice.customer:
        rows = rows.filter(customer_id=choice.customer)
    if choice.commented:
        rows = rows.exclude(comment="")
    if choice.text:
        rows = with_text(rows, access.workspace, choice.text)
    if choice.band:
        rows = rows.filter(_in_band(access, choice.band))
    for name, value in choice.fields.items():
        rows = rows.filter(**{name: value})
    for place, (name, value) in enumerate(choice.attributes.items()):
        alias = f"asked_{place}"
        rows = _with_attribute(rows, access, alias, name, [value]) if value else _without_attribute(rows, access, alias, name)  # fmt: skip
    return rows


def _in_band(access: Access, band: str) -> Q:
    """Scores in a band: every source reads its own scale, so those that read alike are asked together."""
    alike: dict[tuple[str, str, str], list[int]] = {}
    for source in Source.objects.filter(workspace=access.workspace):
        alike.setdefault((source.scale, source.detractors, source.promoters), []).append(source.pk)
    wanted = Q(pk__isnull=True)
    for (scale, detractors, promoters), sources in alike.items():
        bands = Bands.of(scale, detractors=detractors or None, promoters=promoters or None)
        low, high = ("gte", "lte") if bands.scale.reversed else ("lte", "gte")
        detractor = Q(**{f"score__{low}": bands.detractor_limit})
        promoter = Q(**{f"score__{high}": bands.promoter_limit})
        rule = {"detractor": detractor, "promoter": promoter, "passive": ~detractor & ~promoter}[band]
        wanted |= Q(source_id__in=sources, score__isnull=False) & rule
    return wanted


def newest_first(
    rows: QuerySet[Feedback], *, before: tuple[dt.datetime | None, int] | None, size: int
) -> tuple[list[Feedback], tuple[dt.datetime | None, int] | None]:
    """A page, newest first, after a place in that order; rows without a time come last. And the place of the next page."""
    if before is not None:
        at, pk = before
        undated = Q(occurred_at__isnull=True)
        if at is None:
            rows = rows.filter(undated, pk__lt=pk)
        else:
            rows = rows.filter(undated | Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=pk))
    dated = list(
        rows.filter(occurred_at__isnull=False)
        .select_related("source", "customer")
        .order_by("-occurred_at", "-id")[: size + 1]
    )
    if len(dated) <= size:
        rest = rows.filter(occurred_at__isnull=True).select_related("source", "customer").order_by("-id")
        dated += list(rest[: size + 1 - len(dated)])
    more = (dated[size - 1].occurred_at, dated[size - 1].pk) if len(dated) > size else None
    return dated[:size], more


def names_of(access: Access, customers: Sequence[int]) -> dict[int, str]:
    """What to call these customers: the name, else the id."""
    rows = (
        CustomerProfile.objects.visible(access.workspace)
        .filter(customer_id__in=customers)
        .values_list("customer_id", "name", "customer__external_id")
    )
    return {pk: name or external_id for pk, name, external_id in rows}


EXPORTED = (
    "source", "external_id", "occurred_at", "local_date", "customer", "respondent", "score", "band", "kind", "survey",
    "channel", "touchpoint", "journey_stage", "product", "language", "comment", "money", "weight",
)  # fmt: skip


def exported(access: Access, choice: Choice, rows: Iterable[Feedback] | None = None) -> Iterator[dict[str, Any]]:
    """The chosen rows as plain dictionaries, oldest first, attributes after the fields; streamed in chunks.

    Or the `rows` given, in their order.
    """
    bands: dict[int, Bands] = {}
    if rows is None:
        all_of_them = chosen(access, choice).select_related("source", "customer").order_by("occurred_at", "id")
        rows = all_of_them.iterator(chunk_size=2000)
    for row in rows:
        if row.source_id not in bands:
            bands[row.source_id] = bands_of(row.source)
        fields = {
            "source": row.source.name,
            "external_id": row.external_id,
            "occurred_at": row.occurred_at.isoformat() if row.occurred_at else "",
            "local_date": row.local_date.isoformat() if row.local_date else "",
            "customer": row.customer.external_id if row.customer else "",
            "respondent": row.respondent,
            "score": "" if row.score is None else plain(row.score),
            "band": band_name(row.score, bands[row.source_id]),
            "money": "" if row.money is None else str(row.money),
            "weight": "" if row.weight is None else plain(row.weight),
        }
        for name in EXPORTED:
            fields.setdefault(name, getattr(row, name, ""))
        yield {name: fields[name] for name in EXPORTED} | {
            name: value for name, value in row.attributes.items() if name not in fields
        }


def exported_names(access: Access, choice: Choice, rows: Iterable[Feedback] | None = None) -> list[str]:
    """Every column that `exported` gives of the same: the fields, then each attribute of any row, in alphabetical order."""
    if rows is None:
        held = chosen(access, choice).order_by().values_list("attributes", flat=True).iterator(chunk_size=2000)
    else:
        held = (row.attributes for row in rows)
    return [*EXPORTED, *sorted({name for attributes in held for name in attributes} - set(EXPORTED))]


def attribute_names(access: Access) -> list[str]:
    """The attributes of the newest feedback and customers, in alphabetical order."""
    newest = feedback_for(access).order_by("-occurred_at", "-id").values_list("attributes", flat=True)[:200]
    names = {name for attributes in newest for name in attributes}
    profiles = profiles_for(access).order_by("-id").values_list("attributes", flat=True)
    names |= {name for attributes in profiles[:200] for name in attributes}
    return sorted(names)
