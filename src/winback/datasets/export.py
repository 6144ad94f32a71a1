"""The sample company as the files a user would have: one CSV for each system it might have been exported from."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from winback.datasets.codings import coded
from winback.datasets.company import sample_company_with_truths

# File, table, and which column stands under which heading. The headings are those of survey tools, CRMs and billing
# systems, not ours: reading them is part of what the sample is for.
_FILES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("feedback.csv", "feedback", {
        "Response ID": "external_id", "Answered at": "occurred_at", "Customer ID": "customer",
        "Contact ID": "respondent", "How likely are you to recommend us?": "score", "Why?": "comment",
        "Survey": "survey", "Channel": "channel", "Touchpoint": "touchpoint", "Journey stage": "journey_stage",
        "Product": "product", "Language": "language", "Region": "region", "Plan": "plan", "Industry": "industry",
    }),
    ("customers.csv", "customers", {
        "Customer ID": "customer", "Name": "customer_name", "Customer since": "since_date",
        "Acquired by": "acquired_by", "Parent account": "parent", "Account manager": "owner_name",
        "Renewal date": "renewal_date", "Calls (12 months)": "count_calls", "Tickets (12 months)": "count_tickets",
        "Visits (12 months)": "count_visits", "Returns (12 months)": "count_returns",
        "Credits (12 months)": "count_credits", "Region": "region", "Plan": "plan", "Industry": "industry",
    }),
    ("periods.csv", "customer_periods", {
        "Customer ID": "customer", "Month": "month", "Revenue": "revenue", "Cost to serve": "cost",
        "Discounts": "discounts", "Margin": "margin",
    }),
    ("departures.csv", "departures", {
        "Customer ID": "customer", "How it ended": "departure_kind", "Notice given": "notice_date",
        "Last day": "end_date", "Reason given": "stated_reason", "Annual value": "annual_value",
    }),
    ("contacts.csv", "contacts", {
        "Contact ID": "contact", "Customer ID": "customer", "Name": "contact_name", "Role": "contact_role",
        "Language": "language", "Opted out": "opted_out",
    }),
    ("invitations.csv", "invitations", {
        "Invitation ID": "invitation", "Customer ID": "customer", "Contact ID": "contact", "Survey": "survey",
        "Channel": "channel", "Sent at": "sent_at", "Delivered": "delivered", "Bounced": "bounced",
        "Answered at": "answered_at", "Reason not sent": "reason_not_sent",
    }),
    ("cases.csv", "cases", {
        "Case ID": "case_id", "Customer ID": "customer", "Response ID": "feedback_id", "Opened at": "opened_at",
        "First contact at": "contacted_at", "Closed at": "closed_at", "Status": "status", "Root cause": "root_cause",
        "Action taken": "action_taken", "Cost": "cost",
    }),
)  # fmt: skip
_CODINGS = {"Response ID": "external_id", "Theme": "theme", "Coded by": "coder"}
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_sample(folder: str | Path, seed: int = 1, size: int = 4000) -> tuple[Path, ...]:
    """Write the sample company as CSV files to a folder, made where it is missing; returns the paths.

    feedback.csv, customers.csv, periods.csv, departures.csv, contacts.csv, invitations.csv, cases.csv and codings.csv
    (what two colleagues found in some of the comments): UTF-8, comma, RFC 4180, headings as in real exports, dates in
    ISO 8601 and times in UTC with a Z, money with two decimals, flags as yes and no. Text that a spreadsheet would take
    for a formula begins with an apostrophe. The same seed and size give the same bytes; files of the same name are
    written over.

    Raises UserError where seed or size is out of range.
    """
    tables, truths = sample_company_with_truths(seed, size)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [_write(folder / name, getattr(tables, table), headings) for name, table, headings in _FILES]
    return (*paths, _write(folder / "codings.csv", coded(tables.feedback, truths.themes), _CODINGS))


def _write(path: Path, table: pa.Table, headings: Mapping[str, str]) -> Path:
    columns = [_cells(table.column(name)) for name in headings.values()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(headings)
        writer.writerows(zip(*columns, strict=True))
    return path


def _cells(column: pa.ChunkedArray) -> list[str]:
    """A column as it stands in the file; "" for a blank."""
    kind = column.type
    if pa.types.is_string(kind):
        return [_guarded(text) for text in column.to_pylist()]
    if pa.types.is_boolean(kind):
        return ["" if flag is None else ("yes" if flag else "no") for flag in column.to_pylist()]
    if pa.types.is_timestamp(kind):
        texts = pc.strftime(column.cast(pa.timestamp("s", tz="UTC")), "%Y-%m-%dT%H:%M:%SZ")
    elif pa.types.is_floating(kind):  # scores and counts: whole numbers
        texts = column.cast(pa.int64()).cast(pa.string())
    elif pa.types.is_decimal(kind):  # cents
        texts = column.cast(pa.decimal128(18, 2)).cast(pa.string())
    else:
        texts = column.cast(pa.string())
    return [text or "" for text in texts.to_pylist()]


def _guarded(text: str | None) -> str:
    """Text that a spreadsheet doesn't take for a formula."""
    if not text:
        return ""
    return "'" + text if text.startswith(_STARTS_FORMULA) else text
