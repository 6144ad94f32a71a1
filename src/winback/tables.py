"""The canonical tables: the contract between where rows come from and what is computed from them.

CSV files, connectors and the server's database all become these tables; every analysis takes them and knows
nothing else. A frame may be anything Narwhals reads (pandas, Polars, DuckDB, PySpark, Ibis, Arrow), and may hold
further columns: in `feedback` and `customers` every further column is an attribute that customers can be split by.

Units: money is decimal(18, 4) in the currency of the `Tables`; times are UTC; `local_date` is the day in the zone
of the workspace and is what every window, trend and partition uses; a `month` is the first day of the month.
No column is a reserved word of DuckDB, Spark or PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from winback.errors import UserError
from winback.scales import Bands

STRING, FLOAT, INTEGER, DATE, FLAG = pa.string(), pa.float64(), pa.int64(), pa.date32(), pa.bool_()
TIME = pa.timestamp("us", tz="UTC")
MONEY = pa.decimal128(18, 4)

FEEDBACK_KINDS = ("survey", "review", "ticket", "call", "post")
SURVEY_KINDS = ("relationship", "transactional", "benchmark")
DEPARTURE_KINDS = ("cancelled", "not_renewed", "downgraded", "lapsed", "ended_by_us", "unavoidable", "migrated")
STAYED = ("downgraded", "migrated")  # kinds of departure after which somebody is still a customer


@dataclass(frozen=True)
class Column:
    """One column of a canonical table: what it is called, what it holds, and whether a row must have it."""

    name: str
    type: pa.DataType
    about: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A canonical table: its columns, the columns that name a row, and whether further columns are attributes."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    open: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


_CUSTOMER = Column("customer", STRING, "the customer's id in the company's own systems")

FEEDBACK = Table(
    "feedback",
    "one row an answer, review, ticket, call or post",
    (
        Column("source", STRING, "where the row came from: a file's or a connector's name", required=True),
        Column("external_id", STRING, "the row's id at its source; source and external_id name a row"),
        Column("row_number", INTEGER, "place of the row at its source, from 1; the last word among ties"),
        Column("occurred_at", TIME, "when it was said"),
        Column("local_date", DATE, "the day it was said in the workspace's zone"),
        _CUSTOMER,
        Column("respondent", STRING, "the person who answered; counted once in a window"),
        Column("score", FLOAT, "the raw score on its scale, kept for ever; blank where the question was skipped"),
        Column("kind", STRING, "what sort of feedback it is", choices=FEEDBACK_KINDS),
        Column("survey", STRING, "which sort of survey; sorts never mix in one figure", choices=SURVEY_KINDS),
        Column("channel", STRING, "how it reached us: e-mail, web, phone, shop"),
        Column("touchpoint", STRING, "what the customer was doing: order, installation, bill, support"),
        Column("journey_stage", STRING, "where in the journey: buying, starting, using, renewing"),
        Column("product", STRING, "what it was about"),
        Column("language", STRING, "language of the comment, ISO 639-1"),
        Column("comment", STRING, "the customer's own words"),
        Column("money", MONEY, "money that belongs to the answer itself, such as the order's value"),
        Column("weight", FLOAT, "survey weight by design; never switched on by detection"),
    ),
    key=("source", "external_id"),
    open=True,
)

CUSTOMERS = Table(
    "customers",
    "one row a customer: an account or a person",
    (
        Column("customer", STRING, "the customer's id in the company's own systems", required=True),
        Column("customer_name", STRING, "what to call the customer"),
        Column("since_date", DATE, "customer since"),
        Column("acquired_by", STRING, "how the customer came: referral, advert, shop, partner"),
        Column("parent", STRING, "the parent account's id"),
        Column("owner_name", STRING, "who looks after the account"),
        Column("renewal_date", DATE, "when the contract is up for renewal"),
        Column("revenue", MONEY, "revenue of the last 12 months, where no customer_periods are at hand"),
        Column("margin", MONEY, "margin of the last 12 months, where no customer_periods are at hand"),
        Column("count_calls", FLOAT, "calls taken from the customer in the last 12 months"),
        Column("count_tickets", FLOAT, "tickets worked on in the last 12 months"),
        Column("count_visits", FLOAT, "visits made in the last 12 months"),
        Column("count_returns", FLOAT, "returns handled in the last 12 months"),
        Column("count_credits", FLOAT, "credits granted in the last 12 months"),
    ),
    key=("customer",),
    open=True,
)

CONTACTS = Table(
    "contacts",
    "one row a person at a customer",
    (
        Column("contact", STRING, "the person's id", required=True),
        _CUSTOMER,
        Column("contact_name", STRING, "the person's name"),
        Column("contact_role", STRING, "decision maker, influencer or user"),
        Column("email", STRING, "where mail reaches the person"),
        Column("phone", STRING, "where a call reaches the person"),
        Column("language", STRING, "language to speak with the person, ISO 639-1"),
        Column("opted_out", FLAG, "asked not to be contacted"),
    ),
    key=("contact",),
)

CUSTOMER_PERIODS = Table(
    "customer_periods",
    "one row a customer and month: what came in and what it cost",
    (
        Column("customer", STRING, "the customer's id in the company's own systems", required=True),
        Column("month", DATE, "first day of the month", required=True),
        Column("revenue", MONEY, "revenue of the month"),
        Column("cost", MONEY, "cost to serve of the month"),
        Column("discounts", MONEY, "discounts and credits of the month"),
        Column("margin", MONEY, "revenue less cost to serve less discounts; computed where absent"),
    ),
    key=("customer", "month"),
)

DEPARTURES = Table(
    "departures",
    "one row a customer who left or shrank",
    (
        Column("customer", STRING, "the customer's id in the company's own systems", required=True),
        Column("departure_kind", STRING, "how it ended", choices=DEPARTURE_KINDS),
        Column("notice_date", DATE, "when notice was given"),
        Column("end_date", DATE, "the last day as a customer"),
        Column("stated_reason", STRING, "the reason in the customer's own words"),
        Column("annual_value", MONEY, "revenue of the last 12 months before leaving"),
        Column("derived", FLAG, "found by rule in customer_periods, not told by anybody"),
    ),
    key=("customer", "end_date"),
)

INVITATIONS = Table(
    "invitations",
    "one row a person asked, or not asked with the reason",
    (
        Column("invitation", STRING, "the invitation's id", required=True),
        _CUSTOMER,
        Column("contact", STRING, "the person asked"),
        Column("survey", STRING, "which sort of survey", choices=SURVEY_KINDS),
        Column("channel", STRING, "how the person was asked"),
        Column("sent_at", TIME, "when it was sent"),
        Column("delivered", FLAG, "it arrived"),
        Column("bounced", FLAG, "it came back"),
        Column("answered_at", TIME, "when it was answered"),
        Column("reason_not_sent", STRING, "rest period, opt-out, stop reason, bounce, invalid or quota"),
    ),
    key=("invitation",),
)

CASES = Table(
    "cases",
    "one row a follow-up with a customer",
    (
        Column("case_id", STRING, "the case's id", required=True),
        _CUSTOMER,
        Column("feedback_id", STRING, "external_id of the feedback it began with"),
        Column("opened_at", TIME, "when it was opened"),
        Column("contacted_at", TIME, "when the customer first heard from us"),
        Column("closed_at", TIME, "when it was closed"),
        Column(
            "status", STRING, "open, contacted, resolved or closed", choices=("open", "contacted", "resolved", "closed")
        ),
        Column("root_cause", STRING, "why it happened"),
        Column("action_taken", STRING, "what was done"),
        Column("cost", MONEY, "redress and goodwill given"),
    ),
    key=("case_id",),
)

INTERVIEWS = Table(
    "interviews",
    "one row a conversation held in a round of calls",
    (
        Column("interview", STRING, "the interview's id; its feedback has the same external_id", required=True),
        _CUSTOMER,
        Column("held_at", TIME, "when it was held"),
        Column("purpose", STRING, "whom the round was for", choices=("detractor", "lost", "passive", "promoter")),
        Column("executive", FLAG, "an executive held it"),
        Column("weight", FLOAT, "design weight of the draw"),
    ),
    key=("interview",),
)

CODINGS = Table(
    "codings",
    "one row a theme found in a piece of feedback",
    (
        Column("source", STRING, "source of the feedback", required=True),
        Column("external_id", STRING, "external_id of the feedback", required=True),
        Column("theme", STRING, "the theme's name in the codebook", required=True),
        Column("excerpt", STRING, "the words that carry it"),
        Column("coder", STRING, "a person's name, or a model with its version"),
        Column("confidence", FLOAT, "0 to 1; 1 for a person"),
    ),
    key=("source", "external_id", "theme", "coder"),
)

ISSUES = Table(
    "issues",
    "one row an issue being fixed: at most five are open at once",
    (
        Column("issue", STRING, "the issue's id", required=True),
        Column("title", STRING, "its name in words everyone uses"),
        Column("theme", STRING, "the theme behind it"),
        Column("accountable", STRING, "the one owner"),
        Column("accepted_date", DATE, "week 0 of its clock"),
        Column("closed_date", DATE, "when its effect was read and it was closed"),
    ),
    key=("issue",),
)

CHANGES = Table(
    "changes",
    "one row a change made to mend an issue",
    (
        Column("change_id", STRING, "the change's id", required=True),
        Column("issue", STRING, "the issue it mends"),
        Column("title", STRING, "what was changed"),
        Column("effective_date", DATE, "when customers first felt it"),
        Column("segments", STRING, "who felt it: attribute=value, joined by &; blank for everyone"),
    ),
    key=("change_id",),
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        FEEDBACK, CUSTOMERS, CONTACTS, CUSTOMER_PERIODS, DEPARTURES, INVITATIONS,
        CASES, INTERVIEWS, CODINGS, ISSUES, CHANGES,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """Canonical tables that belong together: one company, one zone, one currency, one scale.

    Each table is a frame of any kind, or None where the company has none. `bands` says how scores read;
    `currency` is an ISO 4217 code or blank where none is known.
    """

    feedback: Any = None
    customers: Any = None
    contacts: Any = None
    customer_periods: Any = None
    departures: Any = None
    invitations: Any = None
    cases: Any = None
    interviews: Any = None
    codings: Any = None
    issues: Any = None
    changes: Any = None
    bands: Bands = field(default_factory=Bands)
    currency: str = ""
    zone: str = "UTC"

    def __repr__(self) -> str:
        scale = self.bands.describe()["scale"]
        said = [
            ", ".join(self.present()) or "none",
            f"scores {scale}",
            *([self.currency] if self.currency else []),
            self.zone,
        ]
        return f"<Tables: {'; '.join(said)}>"

    def present(self) -> tuple[str, ...]:
        """Names of the tables at hand, in canonical order."""
        return tuple(name for name in TABLES if getattr(self, name) is not None)


def check(table: Table, frame: pa.Table) -> pa.Table:
    """Return the Arrow table with canonical columns cast to their types, in canonical order, attributes last.

    Raises UserError where a required column is missing, a value does not fit its type, a required value is
    blank, a choice is unknown, or a column is neither canonical nor (in an open table) an attribute.
    """
    missing = [c.name for c in table.columns if c.required and c.name not in frame.column_names]
    if missing:
        raise UserError(f"The table {table.name} lacks {', '.join(missing)}; it needs {', '.join(table.names)}.")
    further = [name for name in frame.column_names if name not in table.names]
    if further and not table.open:
        raise UserError(
            f"The table {table.name} has no column {further[0]}; it knows {', '.join(table.names)}. Take it out or rename it."
        )
    fields, arrays = [], []
    for column in table.columns:
        if column.name not in frame.column_names:
            continue
        values = frame.column(column.name)
        try:
            values = values.cast(column.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise UserError(f"{table.name}.{column.name} should hold {column.type}: {error}") from error
        if column.required and values.null_count:
            raise UserError(f"{table.name}.{column.name} is blank in {values.null_count} rows; every row needs it.")
        if column.choices:
            strange = sorted({v for v in values.unique().to_pylist() if v is not None} - set(column.choices))
            if strange:
                raise UserError(
                    f'{table.name}.{column.name} has "{strange[0]}"; it may be {", ".join(column.choices)} or blank.'
                )
        fields.append(pa.field(column.name, column.type))
        arrays.append(values)
    for name in further:
        fields.append(pa.field(name, frame.schema.field(name).type))
        arrays.append(frame.column(name))
    return pa.table(arrays, schema=pa.schema(fields))
