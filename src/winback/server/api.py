"""The API: rows come in, figures go out. Schemas here, everything else in the actions and queries that pages use too."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from winback import __version__
from winback.errors import UserError
from winback.server.api_page import ApiPage
from winback.server.customers.actions import record_customers
from winback.server.customers.models import CustomerProfile
from winback.server.customers.queries import profiles_for
from winback.server.customers.rules import NewCustomer
from winback.server.feedback.actions import record
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import feedback_for
from winback.server.feedback.rules import NewFeedback
from winback.server.insights.api import router as figures
from winback.server.middleware import FULL, is_full
from winback.server.sources.actions import ensure_source
from winback.server.sources.rules import Recorded
from winback.server.watch.api import router as flare_ups
from winback.server.workspaces import limits
from winback.server.workspaces.access import Access
from winback.server.workspaces.queries import access_for_key
from winback.server.workspaces.rules import at_least

MOST_ROWS = 5000
# Rows a key may send: twice what batches are promised to bear, so that only a loop that ran wild meets it.
PER_MINUTE = 600_000
GUESSES = 60  # wrong keys a minute from one address, or rows of others with one key


class Refused(Exception):  # noqa: N818 (an answer, not an error)
    """An answer with a status and a sentence."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.headers = status, headers


class Key(HttpBearer):
    """`Authorization: Bearer wb_…`, a key that an administrator made."""

    def authenticate(self, request: HttpRequest, token: str) -> Access | None:
        address = request.META.get("REMOTE_ADDR") or None
        access = access_for_key(token, address=address)
        if access is None and (seconds := limits.wait(f"api-guess {address}", per_minute=GUESSES)):
            raise Refused(429, "Too many wrong keys from here.", **{"Retry-After": str(seconds)})
        return access


api = NinjaAPI(
    title="winback",
    version="1",
    description=(
        "Send feedback and customers as they happen; doing the same again changes nothing. "
        f"winback {__version__}. A key is made under Keys by an administrator."
    ),
    auth=Key(),
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url="/docs",
    docs=ApiPage(),
)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    response = api.create_response(request, {"detail": str(refused)}, status=refused.status)
    for name, value in refused.headers.items():
        response[name] = value
    return response


@api.exception_handler(UserError)
def _user_error(request: HttpRequest, error: UserError) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=422)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    return api.create_response(request, {"detail": f"More than {most} MiB at once; send fewer rows."}, status=413)


@api.exception_handler(OSError)
@api.exception_handler(OperationalError)
def _trouble(request: HttpRequest, error: Exception) -> HttpResponse:
    if is_full(error):
        return api.create_response(request, {"detail": FULL}, status=507)
    raise error


@api.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    sentence = "This needs a key: send it as “Authorization: Bearer wb_…”. An administrator makes one under Keys."
    response = api.create_response(request, {"detail": sentence}, status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Each thing that is wrong, in a sentence with its place in the body."""
    wrong = [
        f"{'.'.join(str(part) for part in item['loc'][2:]) or 'the body'}: {item['msg']}" for item in error.errors[:20]
    ]
    return api.create_response(request, {"detail": "; ".join(wrong) + ".", "wrong": wrong}, status=422)


class _Strict(BaseModel):
    """Of pydantic alone: ninja's own Schema reads every field twice, through a wrapper meant for rows of a database."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


Text = Annotated[str, Field(max_length=200)]
Attributes = Annotated[dict[Annotated[str, Field(min_length=1, max_length=120)], Annotated[str, Field(max_length=400)]], Field(default_factory=dict)]  # fmt: skip


class FeedbackIn(_Strict):
    """One thing said. `external_id` is the id it has at its source: the same id again changes the row, never adds one."""

    external_id: Annotated[str, Field(min_length=1, max_length=200)]
    occurred_at: AwareDatetime | None = None
    customer: Text = ""
    respondent: Text = ""
    score: float | None = None
    kind: Text = "survey"
    survey: Text = ""
    channel: Text = ""
    touchpoint: Text = ""
    journey_stage: Text = ""
    product: Text = ""
    language: Text = ""
    comment: Annotated[str, Field(max_length=100_000)] = ""
    money: Annotated[Decimal, Field(max_digits=18, decimal_places=4)] | None = None
    weight: float | None = None
    attributes: Attributes


class CustomerIn(_Strict):
    """A customer. What is left out stays as it is known."""

    external_id: Annotated[str, Field(min_length=1, max_length=200)]
    name: Text | None = None
    since_date: dt.date | None = None
    acquired_by: Text | None = None
    parent: Text | None = None
    owner_name: Text | None = None
    renewal_date: dt.date | None = None
    revenue: Annotated[Decimal, Field(max_digits=18, decimal_places=4)] | None = None
    margin: Annotated[Decimal, Field(max_digits=18, decimal_places=4)] | None = None
    attributes: dict[Annotated[str, Field(min_length=1, max_length=120)], Annotated[str, Field(max_length=400)]] | None = None  # fmt: skip


class OneFeedback(FeedbackIn):
    source: Annotated[str, Field(max_length=120)] = "api"


class ManyFeedback(_Strict):
    source: Annotated[str, Field(max_length=120)] = "api"
    rows: Annotated[list[FeedbackIn], Field(max_length=MOST_ROWS)]


class OneCustomer(CustomerIn):
    source: Annotated[str, Field(max_length=120)] = "api customers"


class ManyCustomers(_Strict):
    source: Annotated[str, Field(max_length=120)] = "api customers"
    rows: Annotated[list[CustomerIn], Field(max_length=MOST_ROWS)]


class RefusedRow(BaseModel):
    """A row that was not taken: its place in `rows`, from 0, and why."""

    place: int
    sentence: str


class Taken(BaseModel):
    """What became of the rows."""

    new: int
    changed: int
    same: int
    refused: list[RefusedRow]
    masked: int | None = Field(
        None, description="Comments in which personal data were masked, where the workspace asks for that."
    )


class Problem(BaseModel):
    detail: str


ANSWERS: dict[Any, Any] = {200: Taken, 201: Taken, (401, 403, 422, 429): Problem}


@api.post("/feedback", response=ANSWERS, summary="One piece of feedback")
def feedback_one(request: HttpRequest, body: OneFeedback) -> HttpResponse:
    """201 where it is new, 200 where it was known (changed or the same), 422 with a sentence where it cannot be taken."""
    access = _may_send(request, 1)
    row = _feedback(body)
    _within(access, row.attributes)
    return _one(_record_feedback(access, body.source, [row]))


@api.post("/feedback/batch", response=ANSWERS, summary="Many pieces of feedback")
def feedback_many(request: HttpRequest, body: ManyFeedback) -> HttpResponse:
    """Up to 5,000 rows. Rows that cannot be taken are listed in `refused` and cost the others nothing."""
    access = _may_send(request, len(body.rows))
    rows = [_feedback(row) for row in body.rows]
    for row in rows:
        _within(access, row.attributes)
    return _many(_record_feedback(access, body.source, rows))


@api.post("/customers", response=ANSWERS, summary="One customer")
def customer_one(request: HttpRequest, body: OneCustomer) -> HttpResponse:
    """201 where the customer is new, 200 where it was known."""
    access = _may_send(request, 1)
    return _one(_record_customers(access, body.source, [body]))


@api.post("/customers/batch", response=ANSWERS, summary="Many customers")
def customer_many(request: HttpRequest, body: ManyCustomers) -> HttpResponse:
    """Up to 5,000 customers. Those that cannot be taken are listed in `refused` and cost the others nothing."""
    access = _may_send(request, len(body.rows))
    return _many(_record_customers(access, body.source, body.rows))


def _may_send(request: HttpRequest, rows: int) -> Access:
    """The access of the key, if it may write and has not sent too much. Raises Refused."""
    access: Access = request.auth  # type: ignore[attr-defined]  # ninja puts the answer of Key there
    if not at_least(access.role, "member"):
        raise Refused(403, "This key may read and not write; ask an administrator for one with the role member.")
    if seconds := limits.wait(f"api {access.label}", per_minute=PER_MINUTE, cost=float(max(rows, 1))):
        raise Refused(429, f"More than {PER_MINUTE:,} rows a minute with this key.", **{"Retry-After": str(seconds)})
    return access


def _within(access: Access, attributes: Any) -> None:
    """A key for a part of the workspace writes to that part only. Raises Refused."""
    if access.scope.own or access.scope.teams:
        raise Refused(403, f"This key is limited to {access.scope}; rows that are sent belong to none of that.")
    for name, values in access.scope.segments.items():
        if (attributes or {}).get(name) not in values:
            raise Refused(403, f"This key writes rows whose {name} is {' or '.join(values)} only.")


def _none_outside(access: Access, ids: QuerySet[Any, str]) -> None:
    """What is there outside the key's part stays as it is: else a row could be taken over. Raises Refused.

    That it is there cannot be hid from who may not write it, since ids are the workspace's; but it is not found out by
    trying many.
    """
    first = ids.first()
    if first is None:
        return
    if seconds := limits.wait(f"api-outside {access.label}", per_minute=GUESSES):
        raise Refused(429, "Too many rows outside what this key may write.", **{"Retry-After": str(seconds)})
    raise Refused(403, f'"{first}" lies outside what this key may write.')


def _no_customer_outside(access: Access, named: Collection[str]) -> None:
    """A customer known from answers alone belongs to no part yet, and may be written by any."""
    there = CustomerProfile.objects.visible(access.workspace).filter(customer__external_id__in=named, bare=False)
    outside = there.exclude(pk__in=profiles_for(access).values("pk"))
    _none_outside(access, outside.order_by("pk").values_list("customer__external_id", flat=True))


def _feedback(body: FeedbackIn) -> NewFeedback:
    fields = {name: getattr(body, name) for name in NewFeedback.__dataclass_fields__}
    return NewFeedback(**fields)


def _record_feedback(access: Access, source: str, rows: list[NewFeedback]) -> Recorded:
    place = ensure_source(workspace=access.workspace, name=source, kind="api", by=access)
    if not access.scope.everything:
        there = Feedback.objects.visible(access.workspace).filter(
            source=place, external_id__in=[row.external_id for row in rows]
        )
        outside = there.exclude(pk__in=feedback_for(access).values("pk")).order_by("pk")
        _none_outside(access, outside.values_list("external_id", flat=True))
        _no_customer_outside(access, {row.customer for row in rows if row.customer})
    return record(workspace=access.workspace, source=place, rows=rows, by=access)


def _record_customers(access: Access, source: str, bodies: Any) -> Recorded:
    for body in bodies:
        _within(access, body.attributes)
    place = ensure_source(workspace=access.workspace, name=source, kind="api", table="customers", by=access)
    if not access.scope.everything:
        _no_customer_outside(access, {body.external_id for body in bodies})
    rows = [NewCustomer(**{name: getattr(body, name) for name in CustomerIn.model_fields}) for body in bodies]
    return record_customers(workspace=access.workspace, source=place, rows=rows, by=access)


def _one(recorded: Recorded) -> HttpResponse:
    if recorded.refused:
        raise UserError(recorded.refused[0][1])
    return _told(recorded, 201 if recorded.new else 200)


def _many(recorded: Recorded) -> HttpResponse:
    return _told(recorded, 200)


def _told(recorded: Recorded, status: int) -> HttpResponse:
    """A Taken, written as it is: these are counts and sentences of our own, and need no second check."""
    refused = [{"place": place, "sentence": sentence} for place, sentence in recorded.refused]
    told: dict[str, Any] = {"new": recorded.new, "changed": recorded.changed, "same": recorded.same, "refused": refused}
    if recorded.masked is not None:
        told["masked"] = recorded.masked
    return HttpResponse(json.dumps(told), status=status, content_type="application/json; charset=utf-8")


api.add_router("/figures", figures)
api.add_router("/flareups", flare_ups)
