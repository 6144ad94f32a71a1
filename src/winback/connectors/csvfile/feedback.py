"""A file of answers becomes the canonical `feedback` table, every row of it accounted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from winback.connectors.csvfile import moments, scoring
from winback.connectors.csvfile.account import Judged, Sentence, judge
from winback.connectors.csvfile.cells import label_sql, money_sql, number_sql, text_sql, unread_sql
from winback.connectors.csvfile.engine import literal, literals, trouble_as_sentence
from winback.connectors.csvfile.mapping import CHOICES, Columns, complete
from winback.connectors.csvfile.naming import names_in_frame
from winback.connectors.csvfile.numbers import score_of
from winback.connectors.csvfile.profile import Profile, profile
from winback.connectors.csvfile.scoring import ScoreColumn, Wanted
from winback.connectors.csvfile.staged import Staged
from winback.connectors.reading import Reading, SourceFile
from winback.errors import UserError
from winback.scales import Bands, plain
from winback.surfaces import option
from winback.tables import FEEDBACK, Tables

SAFE_TO_CHECK_IDS = 2_000_000  # rows up to which ids are checked for doubles without being asked


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


@dataclass
class _Plan:
    """What the table is made of: an expression for every column of it, and conditions to reject a row."""

    fields: dict[str, str]
    reasons: dict[str, str]
    warnings: list[str]
    helper: str | None = None
    currency: str = ""


def to_feedback(staged: Staged, given: Columns, options: Options) -> Reading:
    """The canonical feedback of a staged file, with counts of what was not taken and why.

    Raises UserError where no score can be read, or a given column or option does not fit the file.
    """
    with trouble_as_sentence(staged.facts):
        zone = moments.check_zone(options.zone)
        profiles = profile(staged)
        try:
            columns = complete(given, profiles, file=staged.facts.name)
        except UserError as error:  # what was odd in reading it, such as a second sheet, may be why
            raise UserError(" ".join([str(error), *staged.warnings])) from None
        assert columns.score is not None
        score = scoring.understand(
            staged, columns.score, Wanted(options.scale, options.detractors, options.promoters, options.blanks)
        )
        plan = _Plan(
            fields={"source": literal(staged.facts.name), "row_number": "line", "score": score.value},
            reasons=dict(score.reasons),
            warnings=list(staged.warnings),
            currency=options.currency,
        )
        if columns.date:
            _add_date(plan, staged, columns.date, options)
        if columns.arrived:
            came = moments.understand(
                staged, columns.arrived, zone=options.zone, order=options.date_order, today=options.today, alone=True
            )
            plan.fields["arrived"] = came.local_date
            plan.warnings += came.warnings
        _add_roles(plan, staged, columns, profiles)
        _add_plain(plan, staged, columns, profiles)
        attributes = names_in_frame(
            columns.by, [*FEEDBACK.names, *plan.fields], {column: role for role, column in columns.plain.items()}
        )
        for column, name in attributes.items():
            plan.fields.setdefault(name, label_sql(staged, column, profiles[column]))
        doubles = _doubles(plan, staged, columns, asked=given.external_id is not None)
        judged = judge(
            staged, plan.fields, plan.reasons, _sentence(columns, score.bands), helper=plan.helper,
            key=("external_id",) if doubles else (),
        )  # fmt: skip
        if columns.left_out:
            plan.warnings.append(
                f"Also possible as attributes: {', '.join(columns.left_out)}; add them with {option('--by')}."
            )
        return _reading(judged, plan, score, columns, options, zone, tuple(attributes.values()))


def _add_date(plan: _Plan, staged: Staged, column: str, options: Options) -> None:
    when = moments.understand(staged, column, zone=options.zone, order=options.date_order, today=options.today)
    plan.fields |= {"occurred_at": when.occurred_at, "local_date": when.local_date}
    plan.helper = when.helper
    plan.reasons |= when.reasons
    plan.warnings += when.warnings


def _add_roles(plan: _Plan, staged: Staged, columns: Columns, profiles: Mapping[str, Profile]) -> None:
    for role in ("customer", "respondent", "external_id"):
        if column := getattr(columns, role):
            plan.fields[role] = text_sql(staged, column)
    if columns.text:
        texts = [text_sql(staged, column) for column in columns.text]
        joined = f"nullif(concat_ws(chr(10), {', '.join(texts)}), '')"
        plan.fields["comment"] = texts[0] if len(texts) == 1 else joined
    if columns.money:
        money, seen = money_sql(staged, columns.money, profiles[columns.money])
        plan.fields["money"] = money
        plan.currency = plan.currency or seen
        if unread := staged.one(f"SELECT count(*) FROM raw WHERE {unread_sql(staged, columns.money, money)}")[0]:
            plan.warnings.append(
                f'{unread:,} values of "{columns.money}" are no money{f" in {seen}" if seen else ""} and are left blank.'
            )
    if columns.weight:
        weight = number_sql(staged, columns.weight, profiles[columns.weight])
        plan.fields["weight"] = weight
        usable = f"coalesce(isfinite({weight}) AND {weight} >= 0, false)"
        plan.reasons["weight_unusable"] = f"NOT {usable}"


def _add_plain(plan: _Plan, staged: Staged, columns: Columns, profiles: Mapping[str, Profile]) -> None:
    """Add the columns that are canonical by name. The sample had our words only; the rest of the file may not."""
    for role, column in columns.plain.items():
        label = label_sql(staged, column, profiles[column])
        if choices := CHOICES.get(role):
            label = f"CASE WHEN lower({label}) IN ({literals(choices)}) THEN lower({label}) END"
        plan.fields[role] = label


def _doubles(plan: _Plan, staged: Staged, columns: Columns, *, asked: bool) -> bool:
    """Whether some id occurs twice. On very large files it is looked at only when the id was given."""
    if not columns.external_id:
        return False
    if staged.rows > SAFE_TO_CHECK_IDS and not asked:
        known = option("--id", f'"{columns.external_id}"')
        plan.warnings.append(
            f'Doubles of "{columns.external_id}" were not looked for in {staged.rows:,} rows; add {known} to do so.'
        )
        return False
    engine = text_sql(staged, columns.external_id)
    distinct, filled = staged.one(f"SELECT count(DISTINCT {engine}), count({engine}) FROM raw")
    return bool(distinct < filled)


def _reading(
    judged: Judged,
    plan: _Plan,
    score: ScoreColumn,
    columns: Columns,
    options: Options,
    zone: str,
    attributes: tuple[str, ...],
) -> Reading:
    staged, facts = judged.staged, judged.staged.facts
    tally = judged.tally
    if columns.date and not tally.filled["local_date"]:
        raise UserError(
            f'"{columns.date}" of {facts.name} holds no date that can be read; give another column with {option("--date")}.'
        )
    return Reading(
        tables=Tables(feedback=judged.taken(), bands=score.bands, currency=plan.currency, zone=zone),
        file=SourceFile(facts.name, facts.format, facts.encoding, facts.delimiter, facts.compressed),
        mapping={
            "score": columns.score, "date": columns.date, "customer": columns.customer,
            "respondent": columns.respondent, "id": columns.external_id, "weight": columns.weight,
            "value": columns.money, "text": columns.text, "by": columns.by,
        },
        detected=tuple({"external_id": "id", "money": "value"}.get(role, role) for role in columns.detected),
        scale_given=options.scale is not None,
        rows=staged.rows + staged.rejects.total,
        blank=tally.lacking["score"],
        without_date=tally.lacking.get("local_date", 0),
        rejected=tally.rejected,
        examples=judged.examples(),
        warnings=tuple(plan.warnings),
        attributes=attributes,
        plain=columns.plain,
        _rejected_batches=judged.rejected_batches,
    )  # fmt: skip


def _sentence(columns: Columns, bands: Bands) -> Sentence:
    """What to say of a rejected row."""
    roles = {"score": columns.score, "date": columns.date, "weight": columns.weight, "id": columns.external_id}

    def sentence(reason: str, fields: Mapping[str, str]) -> str:
        shown = {role: fields[column][:60] for role, column in roles.items() if column}
        number = score_of(shown["score"])
        shown["score"] = shown["score"] if number is None else plain(number)
        blank, quoted = option("--blank", shown["score"]), option("--blank", f'"{shown["score"]}"')
        return _SENTENCES[reason].format(scale=bands.scale, blank=blank, quoted=quoted, **shown)

    return sentence


_SENTENCES = {
    "score_not_a_number": 'score "{score}" is no number; map it with {quoted} if it means no answer',
    "score_out_of_range": 'score "{score}" is outside {scale}; map it with {blank}',
    "date_unreadable": 'date "{date}" cannot be read; write it like 2026-11-21',
    "date_implausible": 'date "{date}" lies before 1990; correct it or leave it blank',
    "date_in_future": 'date "{date}" lies in the future; correct it or leave it blank',
    "weight_unusable": 'weight "{weight}" is missing, negative or no number; correct it',
    "duplicate_id": 'a later row has the same id "{id}" and replaces this one',
}
