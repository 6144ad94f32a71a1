"""Files beside the answers: customers, months of money, departures, contacts, invitations, cases, unit costs.

Each becomes its canonical table. Columns are told by their names; `given` overrules. A value that does not fit its
column is left blank and counted; a row without its key is rejected and counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from winback.connectors.csvfile.dates import date_format
from winback.connectors.csvfile.feedback import check_zone, label_sql, money_sql, text_sql
from winback.connectors.csvfile.mapping import find_by_name, resolve, words_of
from winback.connectors.csvfile.numbers import is_blank, number_format
from winback.connectors.csvfile.profile import Profile, profile
from winback.connectors.csvfile.staging import Staged, stage
from winback.errors import UserError
from winback.tables import DATE, DEPARTURE_KINDS, FLAG, FLOAT, MONEY, STRING, TABLES, TIME, Column

if TYPE_CHECKING:
    import duckdb

_ID = r"( ?(id|no|nr|number|nummer|key|code|ref))?"
_CUSTOMER = (rf"(customer|client|account|cust|acct|kunde|kunden|cliente|subscriber){_ID}", r"id|company( id)?")
SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "customers": {
        "customer": _CUSTOMER,
        "customer_name": (r"(customer|account|company|client) ?name|name|company|kundenname",),
        "since_date": (r"(customer )?since( date)?|start( date)?|joined( at| on)?|signup( date)?|kunde seit|created( at)?",),
        "acquired_by": (r"acquired (by|through|via)|acquisition( channel| source)?|referral( source)?|how they came|lead source|referred( by)?",),
        "parent": (r"parent( account)?( id)?|group( id)?|holding",),
        "owner_name": (r"(account )?(owner|manager)( name)?|csm",),
        "renewal_date": (r"(contract )?renewal( date)?|contract end( date)?|renews( on)?|valid until",),
        "revenue": (r"(annual |yearly |total )?(revenue|turnover|sales|arr|umsatz|receita)( 12m| 12 months| last 12 months| per year)?|acv|arr|mrr|monthly charges?",),
        "margin": (r"(annual |yearly |gross |contribution )?(margin|profit|marge|deckungsbeitrag)( 12m| 12 months| last 12 months)?",),
        "count_calls": (r"(count |number of |n )?calls?( count| 12m| last 12 months)?",),
        "count_tickets": (r"(count |number of |n )?(support )?tickets?( count| 12m| last 12 months)?",),
        "count_visits": (r"(count |number of |n )?visits?( count| 12m| last 12 months)?|truck rolls?",),
        "count_returns": (r"(count |number of |n )?returns?( count| 12m| last 12 months)?",),
        "count_credits": (r"(count |number of |n )?credits?( count| 12m| last 12 months)?",),
    },
    "customer_periods": {
        "customer": _CUSTOMER,
        "month": (r"month|period|monat|mes|m.s|date|month start",),
        "revenue": (r"revenue|turnover|sales|umsatz|receita|amount|billed|invoiced",),
        "cost": (r"cost( to serve)?|costs|kosten|custo",),
        "discounts": (r"discounts?|credits?|rebates?|rabatte?",),
        "margin": (r"(gross |contribution )?(margin|profit|marge|deckungsbeitrag)",),
    },
    "departures": {
        "customer": _CUSTOMER,
        "departure_kind": (r"(departure |churn |leaving |exit )?(kind|type)|how",),
        "notice_date": (r"notice( date| given)?|cancell?ed (at|on)|kündigung.*",),
        "end_date": (r"(contract )?end( date)?|ended( at| on)?|left( at| on)?|churn(ed)?( date| at| on)?|departure date|last day|date",),
        "stated_reason": (r"(stated )?reason|(churn |departure |leaving )reason|grund|why",),
        "annual_value": (r"(annual|yearly|contract) value|annual revenue|acv|arr|value",),
    },
    "contacts": {
        "contact": (rf"(contact|person|respondent){_ID}", r"e ?mail"),
        "customer": _CUSTOMER,
        "contact_name": (r"(contact )?name|full name",),
        "contact_role": (r"(contact )?role|funktion|position",),
        "language": (r"language|lang|sprache",),
        "opted_out": (r"opted? ?out|do not contact|unsubscribed",),
    },
    "invitations": {
        "invitation": (r"invitation( id)?|invite( id)?|id",),
        "customer": _CUSTOMER,
        "contact": (rf"(contact|person|respondent|recipient){_ID}",),
        "survey": (r"survey( type| kind)?",),
        "channel": (r"channel",),
        "sent_at": (r"(invited|sent)( at| on| date)?",),
        "delivered": (r"delivered",),
        "bounced": (r"bounced",),
        "answered_at": (r"(answered|responded|completed)( at| on| date)?",),
        "reason_not_sent": (r"(reason )?not sent( reason)?|reason",),
    },
    "cases": {
        "case_id": (r"case( id| no| number)?|ticket( id)?|id",),
        "customer": _CUSTOMER,
        "feedback_id": (r"(feedback|response|answer)( id)?",),
        "opened_at": (r"(opened|created)( at| on| date)?",),
        "contacted_at": (r"(first )?contact(ed)?( at| on| date)?",),
        "closed_at": (r"(closed|resolved)( at| on| date)?",),
        "status": (r"status|state",),
        "root_cause": (r"(root )?cause",),
        "action_taken": (r"action( taken)?|resolution",),
        "cost": (r"cost|redress|goodwill|compensation",),
    },
}  # fmt: skip
_KIND_WORDS = {
    "cancelled": r"cancel+(ed|lation)?|terminated|gekündigt|churned|voluntary",
    "not_renewed": r"not renewed|non renewal|nonrenewal|expired|not renewing",
    "downgraded": r"downgraded?|contraction|reduced",
    "lapsed": r"lapsed?|inactive|dormant",
    "ended_by_us": r"ended by us|involuntary|terminated by us|non ?payment|fraud",
    "unavoidable": r"unavoidable|deceased|moved( away)?|bankrupt(cy)?|insolvent|closed down",
    "migrated": r"migrated|migration|merged|transferred",
}
assert set(_KIND_WORDS) == set(DEPARTURE_KINDS)


@dataclass(frozen=True)
class TableFile:
    """A canonical table read from a file, lazily, and how: mapping (canonical: column), rows and warnings."""

    table: str
    name: str
    frame: duckdb.DuckDBPyRelation
    mapping: Mapping[str, str]
    rows: int
    rejected: Mapping[str, int]
    warnings: tuple[str, ...]
    attributes: tuple[str, ...]
    currency: str


def read_table(
    path: str | Path,
    table: str,
    *,
    connection: duckdb.DuckDBPyConnection | None = None,
    given: Mapping[str, str] | None = None,
    zone: str = "UTC",
    date_order: str | None = None,
) -> TableFile:
    """Read a file as the canonical table of that name (customers, customer_periods, departures, …).

    `given` maps canonical names to columns where their names do not say it. Raises UserError where the file
    cannot be read or its key columns cannot be told.
    """
    check_zone(zone)
    staged = stage(Path(path), connection)
    profiles = profile(staged)
    form, file = TABLES[table], staged.facts.name
    mapping = _map(table, staged, profiles, given or {})
    missing = [column.name for column in form.columns if column.required and column.name not in mapping]
    if missing:
        raise UserError(
            f"{file} has no column that is plainly the {missing[0]} of {table}; name it with "
            f"--map {table}.{missing[0]}=COL. Its columns: {', '.join(staged.names[:12])}."
        )
    expressions, warnings, currency = {}, [], ""
    for canonical, column in mapping.items():
        expression, seen = _expression(staged, profiles[column], form.column(canonical), zone, date_order)
        expressions[canonical] = expression
        currency = currency or seen
        if form.column(canonical).type in (MONEY, DATE, TIME, FLOAT):
            unread = _unread(staged, column, expression)
            if unread:
                warnings.append(f'{file}: {unread:,} values of "{column}" cannot be read and are left blank.')
    attributes: list[str] = []
    if form.open:
        for name in staged.names:
            fits = profiles[name].is_attribute() and profiles[name].filled > 0.5
            if (
                name not in mapping.values()
                and name.lower() not in {n.lower() for n in (*expressions, *form.names)}
                and fits
            ):
                expressions[name.replace('"', '""')] = label_sql(staged, name)
                attributes.append(name)
    keys = [column.name for column in form.columns if column.required]
    chosen = ", ".join(f'{expression} AS "{name}"' for name, expression in expressions.items())
    whole = f"SELECT line AS file_line, {chosen} FROM raw"
    has_keys = " AND ".join(f"{key} IS NOT NULL" for key in keys) or "true"
    rejected = {}
    if without := staged.one(f"SELECT count(*) FROM ({whole}) WHERE NOT ({has_keys})")[0]:
        rejected["without_key"] = int(without)
    query = f"SELECT * FROM ({whole}) WHERE {has_keys}"
    unique = [key for key in form.key if key in expressions]
    if table in ("customers", "customer_periods") and unique:
        listed = ", ".join(unique)
        total, distinct = staged.one(f"SELECT count(*), count(DISTINCT ({listed})) FROM ({query})")
        if distinct < total:
            # The last row of a customer (or customer and month) is the newest export of it.
            query = (
                f"SELECT * FROM ({query}) QUALIFY row_number() OVER (PARTITION BY {listed} ORDER BY file_line DESC) = 1"
            )
            rejected["duplicate_key"] = int(total - distinct)
    if table == "departures" and "departure_kind" in mapping:
        warnings += _unknown_kinds(staged, mapping["departure_kind"])
    frame = staged.sql(f"SELECT * EXCLUDE (file_line) FROM ({query})")
    return TableFile(
        table, file, frame, mapping, staged.rows, {**staged.rejects.counts, **rejected}, tuple(warnings), tuple(attributes), currency
    )  # fmt: skip


def _map(table: str, staged: Staged, profiles: Mapping[str, Profile], given: Mapping[str, str]) -> dict[str, str]:
    form, mapping = TABLES[table], {}
    for canonical, column in given.items():
        if canonical not in form.names:
            raise UserError(f"The table {table} has no column {canonical} (--map); it knows {', '.join(form.names)}.")
        mapping[canonical] = resolve(column, staged.names, option=f"--map {table}.{canonical}", file=staged.facts.name)
    for column in form.columns:
        if column.name in mapping or column.name not in SYNONYMS[table]:
            continue
        free = [name for name in staged.names if name not in mapping.values() and _fits(profiles[name], column)]
        exact = [name for name in free if words_of(name) == column.name.replace("_", " ")]
        found = exact or find_by_name(column.name, free, SYNONYMS[table])
        if found:
            mapping[column.name] = found[0]
    return mapping


def _fits(seen: Profile, column: Column) -> bool:
    if seen.filled == 0:
        return column.required
    if column.type in (DATE, TIME):
        return seen.dates >= 0.8 or (column.name == "month" and _is_months(seen))
    if column.type == MONEY:
        return seen.dates < 0.5 and (seen.numeric > 0.9 or number_format(seen.values) is not None)
    if column.type == FLOAT:
        return seen.numeric > 0.9
    return True


def _is_months(seen: Profile) -> bool:
    return all(len(v) in (6, 7) and v[:4].isdigit() and v[-2:].isdigit() for v in seen.values)


def _expression(staged: Staged, seen: Profile, column: Column, zone: str, order: str | None) -> tuple[str, str]:
    """SQL for one canonical column, and the currency seen in it."""
    engine, text = staged.column(seen.name), staged.is_text(seen.name)
    if column.name == "month" and _is_months(seen):
        digits = f"regexp_replace(trim(CAST({engine} AS VARCHAR)), '[^0-9]', '', 'g')"
        return f"CAST(TRY_STRPTIME({digits} || '01', '%Y%m%d') AS DATE)", ""
    if column.type in (DATE, TIME):
        if text:
            values = sorted(value for value in seen.values if not is_blank(value))
            moment = date_format(values, column=seen.name, order=order).sql(engine, zone)
        else:
            moment = f"timezone('{zone}', CAST({engine} AS TIMESTAMP))"
        day = f"CAST(timezone('{zone}', {moment}) AS DATE)"
        if column.name == "month":
            return f"CAST(date_trunc('month', {day}) AS DATE)", ""
        return (moment if column.type == TIME else day), ""
    if column.type == MONEY:
        return money_sql(staged, seen.name, seen)
    if column.type == FLOAT:
        return f"TRY_CAST({engine} AS DOUBLE)", ""
    if column.type == FLAG:
        return f"lower(CAST({engine} AS VARCHAR)) IN ('1', 'true', 'yes', 'y', 'ja', 'x', 'sim')", ""
    if column.name == "departure_kind":
        label = f"lower(regexp_replace(trim(CAST({engine} AS VARCHAR)), '[_-]', ' ', 'g'))"
        cases = " ".join(
            f"WHEN regexp_full_match({label}, '{words}') THEN '{kind}'" for kind, words in _KIND_WORDS.items()
        )
        return f"CASE {cases} END", ""
    return (label_sql if column.type == STRING and column.choices else text_sql)(staged, seen.name), ""


def _unread(staged: Staged, column: str, expression: str) -> int:
    text = text_sql(staged, column)
    if not staged.is_text(column):
        return 0
    blanks = f"{text} IS NULL OR lower({text}) IN ('na', 'n/a', 'nan', 'null', 'none', '-')"
    return int(staged.one(f"SELECT count(*) FROM raw WHERE ({expression}) IS NULL AND NOT ({blanks})")[0])


def _unknown_kinds(staged: Staged, column: str) -> list[str]:
    label = f"lower(regexp_replace(trim(CAST({staged.column(column)} AS VARCHAR)), '[_-]', ' ', 'g'))"
    known = " OR ".join(f"regexp_full_match({label}, '{words}')" for words in _KIND_WORDS.values())
    found = staged.sql(f"SELECT DISTINCT {label} FROM raw WHERE NOT ({known}) LIMIT 5").fetchall()
    if not found:
        return []
    listed = ", ".join(f'"{row[0]}"' for row in sorted(found))
    return [f"{staged.facts.name}: kinds of departure not known: {listed}; they may be {', '.join(DEPARTURE_KINDS)}."]


def read_unit_costs(path: str | Path) -> dict[str, Decimal]:
    """Cost of one call, ticket, visit, return or credit, from a file with a column for each or a row for each.

    Keys are call, ticket, visit, return, credit. Raises UserError where a name or a number is not known.
    """
    staged = stage(Path(path))
    file = staged.facts.name
    rows = staged.sql("SELECT * EXCLUDE (line) FROM raw ORDER BY line LIMIT 20").fetchall()
    pairs: list[tuple[str, object]] = list(zip(staged.names, rows[0], strict=True))
    if not any(_unit(name) for name in staged.names) or (len(staged.names) == 2 and len(rows) > 1):
        pairs = [(str(row[0]), row[1]) for row in rows if len(row) > 1]
    costs: dict[str, Decimal] = {}
    for name, value in pairs:
        unit = _unit(name)
        if unit is None:
            raise UserError(
                f'{file} has a unit cost for "{name}"; winback knows call, ticket, visit, return and credit.'
            )
        found = number_format([str(value)])
        try:
            text = str(value).strip()
            cost = Decimal(
                "".join(
                    c
                    for c in (text.replace(",", ".") if found and found.decimal == "," else text.replace(",", ""))
                    if c in "0123456789.-"
                )
            )
        except InvalidOperation:
            raise UserError(f'{file}: the cost of one {unit}, "{value}", is no number; write it like 4.50.') from None
        if found is None or cost < 0:
            raise UserError(f'{file}: the cost of one {unit}, "{value}", is no cost; write it like 4.50.')
        costs[unit] = cost
    if not costs:
        raise UserError(f"{file} has no unit costs; give a column each for call, ticket, visit, return or credit.")
    return costs


def _unit(name: str) -> str | None:
    words = words_of(name)
    return next((unit for unit in ("call", "ticket", "visit", "return", "credit") if unit in words), None)
