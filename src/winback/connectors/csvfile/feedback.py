"""A file of answers becomes the canonical `feedback` table, every row of it accounted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from winback.connectors.csvfile import scoring
from winback.connectors.csvfile.dates import EARLIEST, DateFormat, date_format
from winback.connectors.csvfile.mapping import Columns, complete
from winback.connectors.csvfile.numbers import BLANKS, NumberFormat, number_format, score_of
from winback.connectors.csvfile.profile import Profile, profile
from winback.connectors.csvfile.scoring import ScoreColumn
from winback.connectors.csvfile.staging import Staged
from winback.connectors.reading import Reading, SourceFile
from winback.errors import UserError
from winback.scales import plain
from winback.tables import FEEDBACK, FEEDBACK_KINDS, SURVEY_KINDS, Tables

if TYPE_CHECKING:
    import pyarrow as pa

EXAMPLES = 5  # rejected rows shown for each reason
SAFE_TO_CHECK_IDS = 2_000_000  # rows up to which ids are checked for doubles without being asked
_BLANK_LIST = ", ".join("'" + word.replace("'", "''") + "'" for word in sorted(BLANKS))
_PLAIN_DATES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")


@dataclass(frozen=True)
class Options:
    """How a file of answers is to be read, beyond its columns."""

    scale: str | None = None
    detractors: str | None = None
    promoters: str | None = None
    blanks: tuple[str, ...] = ()
    zone: str = "UTC"
    date_order: str | None = None
    currency: str = ""
    today: dt.date | None = None


def to_feedback(staged: Staged, given: Columns, options: Options) -> Reading:
    """The canonical feedback of a staged file, lazily, with counts of what was not taken and why.

    Raises UserError where no score can be read, or a given column or option does not fit the file.
    """
    zone = check_zone(options.zone)
    profiles = profile(staged)
    columns = complete(given, profiles, file=staged.facts.name)
    assert columns.score is not None
    score = scoring.understand(
        staged, columns.score, scale=options.scale, detractors=options.detractors, promoters=options.promoters, blanks=options.blanks
    )  # fmt: skip
    warnings: list[str] = []
    expressions = {"source": f"'{_quoted(staged.facts.name)}'", "row_number": "line", "score": score.value}
    reasons = [score.reason] if score.reason else []
    without_date = 0
    if columns.date:
        when = _Dates(staged, columns.date, zone, options.date_order, options.today)
        expressions |= when.expressions
        reasons += when.reasons
        without_date = when.blank
    for role in ("customer", "respondent", "external_id"):
        if column := getattr(columns, role):
            expressions[role] = text_sql(staged, column)
    if columns.text:
        expressions["comment"] = _joined([text_sql(staged, column) for column in columns.text])
    currency = options.currency
    if columns.money:
        expressions["money"], seen = money_sql(staged, columns.money, profiles[columns.money])
        currency = currency or seen
    if columns.weight:
        weight = f"TRY_CAST({staged.column(columns.weight)} AS DOUBLE)"
        expressions["weight"] = weight
        reasons.append(f"CASE WHEN {weight} IS NULL OR NOT {weight} >= 0 OR isinf({weight}) THEN 'weight_unusable' END")
    expressions |= _plain(staged, columns, profiles)
    doubles = _doubles(staged, columns, warnings, asked=given.external_id is not None)
    reason = f"coalesce({', '.join(reasons)})" if reasons else None
    attributes = _attributes(staged, columns, expressions)
    chosen = ", ".join(f'{expression} AS "{name}"' for name, expression in expressions.items())
    if reason or doubles:
        # A later row with the same id is the same answer, corrected: the earlier one gives way.
        ids = text_sql(staged, columns.external_id) if doubles and columns.external_id else "NULL"
        last = (
            f"lead(line) OVER (PARTITION BY {ids} ORDER BY line) IS NOT NULL AND {ids} IS NOT NULL"
            if doubles
            else "false"
        )
        judged = f"SELECT *, {reason or 'NULL'} AS bad, {last} AS superseded FROM raw"
        feedback = staged.sql(f"SELECT {chosen} FROM ({judged}) WHERE bad IS NULL AND NOT superseded")
        why = f"SELECT line, coalesce(bad, 'duplicate_id') AS reason, * EXCLUDE (line, bad, superseded) FROM ({judged}) WHERE bad IS NOT NULL OR superseded"
    else:
        feedback = staged.sql(f"SELECT {chosen} FROM raw")
        why = None
    rejected = _counts(staged, why)
    if columns.left_out:
        warnings.append(f"Also possible as attributes: {', '.join(columns.left_out)}; add them with --by.")
    return Reading(
        tables=Tables(feedback=feedback, bands=score.bands, currency=currency, zone=options.zone),
        file=SourceFile(
            staged.facts.name,
            staged.facts.format,
            staged.facts.encoding,
            staged.facts.delimiter,
            staged.facts.compressed,
        ),
        mapping=_printed(columns),
        detected=tuple({"external_id": "id", "money": "value"}.get(role, role) for role in columns.detected),
        scale_given=score.scale_given,
        rows=staged.rows + sum(staged.rejects.counts.values()),
        blank=score.blank,
        without_date=without_date,
        rejected=rejected,
        examples=_examples(staged, why, columns, score),
        warnings=tuple(warnings),
        attributes=attributes,
        plain=columns.plain,
        _rejected_rows=_rejected_rows(staged, why, columns, score),
    )


def check_zone(zone: str) -> str:
    """The name of a time zone, if there is such a zone. Raises UserError otherwise."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserError(f'--tz "{zone}" is no time zone; give a name like Europe/Berlin or UTC.') from None
    return zone


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def text_sql(staged: Staged, column: str) -> str:
    """A column as text, trimmed, NULL where blank."""
    engine = staged.column(column)
    if not staged.is_text(column):
        return f"CAST({engine} AS VARCHAR)"
    return f"nullif(trim({engine}), '')"


def label_sql(staged: Staged, column: str) -> str:
    """A column as the name of a group: trimmed text; NULL where blank or a word for nothing."""
    engine = staged.column(column)
    if not staged.is_text(column):
        return f"CAST({engine} AS VARCHAR)"
    return f"CASE WHEN lower(trim({engine})) IN ({_BLANK_LIST}) THEN NULL ELSE trim({engine}) END"


def _joined(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"nullif(concat_ws(chr(10), {', '.join(texts)}), '')"


def money_sql(staged: Staged, column: str, seen: Profile) -> tuple[str, str]:
    """An expression of type DECIMAL(18, 4) for a column of money, and the currency seen in it."""
    engine = staged.column(column)
    if not staged.is_text(column):
        return f"TRY_CAST({engine} AS DECIMAL(18, 4))", ""
    found = number_format(seen.values)
    if found is None:
        example = next((value for value in seen.values if number_format([value]) is None), "")
        raise UserError(f'"{column}" of {staged.facts.name} is no money: it has "{example[:40]}"; give another column.')
    return NumberFormat(found.decimal).sql(engine), found.currency


class _Dates:
    """The date column understood: expressions, reasons to reject, and how many rows have none."""

    def __init__(self, staged: Staged, column: str, zone: str, order: str | None, today: dt.date | None) -> None:
        engine, type_ = staged.column(column), staged.types[staged.names.index(column)]
        self.reasons: list[str] = []
        last = (today or dt.datetime.now(ZoneInfo(zone)).date()) + dt.timedelta(days=1)
        if staged.is_text(column):
            distinct = staged.sql(
                f"SELECT DISTINCT trim({engine}) FROM raw WHERE lower(trim({engine})) NOT IN ({_BLANK_LIST}) LIMIT 5000"
            )
            values = [row[0] for row in distinct.fetchall()]
            # Sorted: an engine gives distinct values in any order, and the format must not depend on it.
            found: DateFormat = date_format(sorted(values)[:2000], column=column, order=order)
            moment = found.sql(engine, zone)
            unread = f"CASE WHEN {moment} IS NULL AND {engine} IS NOT NULL AND lower(trim({engine})) NOT IN ({_BLANK_LIST}) THEN 'date_unreadable' END"
            self.reasons.append(unread)
            blank = f"{engine} IS NULL OR lower(trim({engine})) IN ({_BLANK_LIST})"
            local = f"CAST(timezone('{zone}', {moment}) AS DATE)"
        elif type_ == "TIMESTAMP WITH TIME ZONE":
            moment, blank = engine, f"{engine} IS NULL"
            local = f"CAST({moment} AS DATE)" if zone == "UTC" else f"CAST(timezone('{zone}', {moment}) AS DATE)"
        elif type_ in _PLAIN_DATES:
            moment, blank = f"timezone('{zone}', CAST({engine} AS TIMESTAMP))", f"{engine} IS NULL"
            local = f"CAST({engine} AS DATE)"
        else:
            raise UserError(
                f'"{column}" of {staged.facts.name} is no date (it holds {type_.lower()}); give another column with --date.'
            )
        self.expressions = {"occurred_at": moment, "local_date": local}
        first_day, last_day, blanks = staged.one(
            f"SELECT min({local}), max({local}), count(*) FILTER ({blank}) FROM raw"
        )
        self.blank = int(blanks)
        if first_day is None:
            raise UserError(
                f'"{column}" of {staged.facts.name} holds no date that can be read; give another column with --date.'
            )
        # Compared only where some day is out of bounds: the check costs as much as the rest of the reading.
        if first_day < EARLIEST:
            self.reasons.append(f"CASE WHEN {local} < DATE '{EARLIEST}' THEN 'date_implausible' END")
        if last_day > last:
            self.reasons.append(f"CASE WHEN {local} > DATE '{last}' THEN 'date_in_future' END")


def _plain(staged: Staged, columns: Columns, profiles: Mapping[str, Profile]) -> dict[str, str]:
    """Expressions of the columns that are canonical by name; kinds only where their words are ours."""
    choices = {"kind": FEEDBACK_KINDS, "survey": SURVEY_KINDS}
    found = {}
    for role, column in columns.plain.items():
        if role in choices and not {v.strip().lower() for v in profiles[column].values} <= set(choices[role]):
            continue
        label = label_sql(staged, column)
        found[role] = f"lower({label})" if role in choices else label
    return found


def _attributes(staged: Staged, columns: Columns, expressions: dict[str, str]) -> tuple[str, ...]:
    """Add an expression for every attribute under the name of its column; return the names in frames."""
    names = []
    for column in columns.by:
        role = next((role for role, name in columns.plain.items() if name == column and role in expressions), None)
        if role is None and column.lower() in FEEDBACK.names:
            raise UserError(
                f'The column "{column}" of {staged.facts.name} has a name that winback uses for something else; rename it, or leave it out of --by.'
            )
        if role is None or role != column:
            clash = next((name for name in expressions if name.lower() == column.lower()), None)
            if clash is not None:
                raise UserError(f'The columns "{clash}" and "{column}" differ in case only; rename one of them.')
            expressions[column.replace('"', '""')] = label_sql(staged, column)
        names.append(column)
    return tuple(names)


def _doubles(staged: Staged, columns: Columns, warnings: list[str], *, asked: bool) -> bool:
    """Whether some id occurs twice. On very large files it is looked at only when the id was given."""
    if not columns.external_id:
        return False
    if staged.rows > SAFE_TO_CHECK_IDS and not asked:
        warnings.append(
            f'Doubles of "{columns.external_id}" were not looked for in {staged.rows:,} rows; add --id {columns.external_id} to do so.'
        )
        return False
    engine = text_sql(staged, columns.external_id)
    distinct, filled = staged.one(f"SELECT count(DISTINCT {engine}), count({engine}) FROM raw")
    return bool(distinct < filled)


def _counts(staged: Staged, why: str | None) -> dict[str, int]:
    counts = dict(staged.rejects.counts)
    if why:
        for reason, count in staged.sql(
            f"SELECT reason, count(*) FROM ({why}) GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall():
            counts[reason] = counts.get(reason, 0) + count
    return counts


def _sentence(
    staged: Staged, columns: Columns, score: ScoreColumn, line: int, reason: str, row: Mapping[str, Any]
) -> str:
    where = f"{staged.facts.name} line {line}"
    scale = score.bands.scale
    value = {
        "score": row.get(columns.score or ""), "date": row.get(columns.date or ""),
        "weight": row.get(columns.weight or ""), "id": row.get(columns.external_id or ""),
    }  # fmt: skip
    shown = {role: "" if text is None else str(text)[:60] for role, text in value.items()}
    number = score_of(shown["score"])
    shown["score"] = shown["score"] if number is None else plain(number)
    return {
        "score_not_a_number": f'{where}: score "{shown["score"]}" is no number; map it with --blank "{shown["score"]}" if it means no answer',
        "score_out_of_range": f'{where}: score "{shown["score"]}" is outside {scale}; map it with --blank {shown["score"]}',
        "date_unreadable": f'{where}: date "{shown["date"]}" cannot be read; write it like 2026-11-21',
        "date_implausible": f'{where}: date "{shown["date"]}" lies before 1990; correct it or leave it blank',
        "date_in_future": f'{where}: date "{shown["date"]}" lies in the future; correct it or leave it blank',
        "weight_unusable": f'{where}: weight "{shown["weight"]}" is missing, negative or no number; correct it',
        "duplicate_id": f'{where}: a later row has the same id "{shown["id"]}" and replaces this one',
    }[reason]


def _examples(staged: Staged, why: str | None, columns: Columns, score: ScoreColumn) -> list[dict[str, Any]]:
    kept: dict[str, int] = {}
    examples = []
    for line, reason, sentence, _ in staged.rejects.kept:
        kept[reason] = kept.get(reason, 0) + 1
        if kept[reason] <= EXAMPLES:
            examples.append({"line": line, "reason": reason, "message": sentence})
    if why:
        ranked = f"SELECT *, row_number() OVER (PARTITION BY reason ORDER BY line) AS place FROM ({why}) QUALIFY place <= {EXAMPLES} ORDER BY line"
        relation = staged.sql(ranked)
        for record in relation.fetchall():
            row = _by_name(staged, relation.columns, record)
            message = _sentence(staged, columns, score, row["line"], row["reason"], row)
            examples.append({"line": row["line"], "reason": row["reason"], "message": message})
    return sorted(examples, key=lambda example: int(example["line"]))


def _by_name(staged: Staged, columns: Sequence[str], record: Sequence[Any]) -> dict[str, Any]:
    names = {staged.column(name): name for name in staged.names}
    return {names.get(column, column): value for column, value in zip(columns, record, strict=True)}


def _rejected_rows(staged: Staged, why: str | None, columns: Columns, score: ScoreColumn) -> Callable[[], pa.Table]:
    def rows() -> pa.Table:
        import pyarrow as pa

        names = ["line", "reason", "what to do", *staged.names]
        records: list[list[Any]] = []
        for line, reason, sentence, fields in staged.rejects.kept:
            padded = [*fields, *[None] * len(staged.names)][: len(staged.names)]
            # Fields beyond the header's are not lost: they stand in the last column.
            if len(fields) > len(staged.names) and staged.names:
                padded[-1] = (staged.facts.delimiter or " ").join(fields[len(staged.names) - 1 :])
            records.append([line, reason, sentence, *padded])
        if why:
            relation = staged.sql(f"SELECT * FROM ({why}) ORDER BY line")
            for record in relation.fetchall():
                row = _by_name(staged, relation.columns, record)
                sentence = _sentence(staged, columns, score, row["line"], row["reason"], row)
                records.append([row["line"], row["reason"], sentence, *[row[name] for name in staged.names]])
        records.sort(key=lambda record: int(record[0]))
        arrays = [
            pa.array([None if r[i] is None else (r[i] if i == 0 else str(r[i])) for r in records])
            for i in range(len(names))
        ]
        types = [pa.int64()] + [pa.string()] * (len(names) - 1)
        return pa.Table.from_arrays(
            [array.cast(type_) for array, type_ in zip(arrays, types, strict=True)], names=names
        )

    return rows


def _printed(columns: Columns) -> dict[str, str | tuple[str, ...] | None]:
    return {
        "score": columns.score, "date": columns.date, "customer": columns.customer, "respondent": columns.respondent,
        "id": columns.external_id, "weight": columns.weight, "value": columns.money, "text": columns.text, "by": columns.by,
    }  # fmt: skip
