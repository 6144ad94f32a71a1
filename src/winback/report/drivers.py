"""`winback drivers`: from a file of answers to its document (`winback.drivers/1`) and what is shown of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from winback import __version__
from winback.analysis.drivers import Drivers
from winback.charts.drivers import importance_chart, room_chart
from winback.charts.labels import signed
from winback.report import account
from winback.report.inputs import Inputs
from winback.report.single import Part, Table, View
from winback.report.words import DASH, moment, percent, plural, segment

SCHEMA = "winback.drivers/1"
MOST = 40  # segments on the page; the JSON has them all


def document(found: Drivers, inputs: Inputs, *, title: str | None = None) -> dict[str, Any]:
    """Everything the analysis says, as plain data."""
    spelled = inputs.spelled
    rows = [
        {**_without(row, "by", "segment"), "driver": spelled.get(row["driver"], row["driver"]), "of": _of(row, spelled)}
        for row in found.rows()
    ]
    models = [{**_without(row, "by", "segment"), "of": _of(row, spelled)} for row in found.models.to_pylist()]
    whole, *parts = models
    reading = inputs.reading
    return {
        "schema": SCHEMA,
        "version": __version__,
        "made_at": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
        "title": title or f"What goes with the score: {reading.file.name}",
        "file": reading.file.name,
        "rows": {"read": reading.rows, "rejected": inputs.rejected(), "blank": reading.blank},
        "score": reading.mapping["score"],
        **account.of_columns(inputs),
        "respondent": reading.mapping["respondent"],
        "weight": reading.mapping["weight"],
        "level": found.level,
        "sentences": [_respelled(found, spelled)],
        **{name: whole[name] for name in ("answers", "complete", "r_squared", "r_squared_low", "r_squared_high", "method")},
        "drivers": [_without(row, "of") for row in rows if row["of"] is None],
        "segments": [
            {**(part["of"] or {}), **_without(part, "of"), "drivers": [_without(row, "of") for row in rows if row["of"] == part["of"]]}
            for part in parts
        ],
        "warnings": [*inputs.reading.warnings, *found.notes],
        "notes": _notes(found.level, whole["method"]),
    }  # fmt: skip


def view(doc: dict[str, Any]) -> View:
    """What the page and the Markdown show of the document."""
    once = f", each {doc['respondent']} once" if doc["respondent"] else ""
    weighted = f", weighted by {doc['weight']}" if doc["weight"] else ""
    complete = (
        f"{plural(doc['answers'], 'answer')} with a score ({doc['complete']:,} without any blank){once}{weighted}"
    )
    return View(
        title=doc["title"],
        sentences=tuple(doc["sentences"]),
        made_of=(doc["file"], account.score_read(doc), complete, f"figures as of {moment(doc['made_at'], 'UTC')} UTC"),
        warnings=tuple(doc["warnings"]),
        parts=(_importance(doc), *_room(doc), *_segments(doc)),
        notes=tuple(doc["notes"]),
        schema=doc["schema"],
    )  # fmt: skip


def _importance(doc: dict[str, Any]) -> Part:
    says = []
    if doc["r_squared"] is not None:
        says.append(
            f"The drivers explain {percent(doc['r_squared'])} [{percent(doc['r_squared_low'])}, "
            f"{percent(doc['r_squared_high'])}] of the differences in score. The figures below are parts of that."
        )
    heads = (
        "Driver",
        "Importance",
        f"{percent(doc['level'])} interval",
        "Rank, likely",
        "With one more",
        "Mean",
        "Blank",
    )
    rows = [
        (
            row["driver"], percent(row["importance"]), _interval(row), _ranks(row), signed(row["slope"], 2),
            DASH if row["mean"] is None else f"{row['mean']:.2f}", percent(row["blank_share"]),
        )
        for row in doc["drivers"]
    ]  # fmt: skip
    caption = (
        "With one more: the points of score that go with one more of the driver, looked at by itself. This is association: "
        "it does not say what the score would do if the driver were improved."
    )
    return Part("importance", "What goes with the score", tuple(says), importance_chart(doc["drivers"], level=doc["level"]), caption, Table("drivers", heads, tuple(rows)))  # fmt: skip


def _room(doc: dict[str, Any]) -> list[Part]:
    ratings = [row for row in doc["drivers"] if row["dissatisfied"] is not None and row["importance"] is not None]
    if not ratings:
        return []
    ratings.sort(key=lambda row: -(row["priority"] or 0.0))
    rows = [
        (row["driver"], percent(row["importance"]), percent(row["dissatisfied"]), row["scale"], DASH if row["priority"] is None else f"{100 * row['priority']:.1f}")
        for row in ratings
    ]  # fmt: skip
    first = ratings[0]
    says = ("Look first at what matters and goes badly: the top right of the picture.",)
    if first["priority"]:
        says = (f"{first['driver']} has most of both: {percent(first['importance'])} of what is explained, and {percent(first['dissatisfied'])} are not satisfied with it.",)  # fmt: skip
    caption = "Dissatisfied: marks in the lower six tenths of the scale (0–6 of 0–10, 1–3 of 1–5). Priority: importance × dissatisfied, in percent. A name that would cover another is left out of the picture."
    return [Part("room", "Importance against room to improve", says, room_chart(doc["drivers"]), caption, Table("room", ("Driver", "Importance", "Dissatisfied", "Scale", "Priority"), tuple(rows)))]  # fmt: skip


def _segments(doc: dict[str, Any]) -> list[Part]:
    """A line a segment with what matters most in it; the JSON has every driver of each."""
    found = []
    for place, name in enumerate(dict.fromkeys(part["by"] for part in doc["segments"])):
        parts = [one for one in doc["segments"] if one["by"] == name]
        told = [one for one in parts if not one["suppressed"]]
        rows = []
        for part in told[:MOST]:
            first = [one for one in part["drivers"] if one["importance"] is not None][:3]
            names = [f"{one['driver']}: {percent(one['importance'])} {_interval(one)}" for one in first]
            rows.append((segment([part["segment"]], [name]), *names, *[DASH] * (3 - len(names)), percent(part["r_squared"]), f"{part['answers']:,}"))  # fmt: skip
        says = []
        if len(told) > MOST:
            says.append(f"{plural(len(told) - MOST, 'further segment')} {'is' if len(told) == MOST + 1 else 'are'} in the JSON.")  # fmt: skip
        if few := [one for one in parts if one["suppressed"]]:
            named = ", ".join(f"{segment([one['segment']], [name])} ({one['answers']:,})" for one in few[:5])
            more = f" and {len(few) - 5:,} more" if len(few) > 5 else ""
            says.append(f"Too few answers for these drivers: {named}{more}.")
        heads = (name, f"Most with, {percent(doc['level'])} interval", "Then", "Then", "Explained", "Answers")
        table = Table(f"by-{place}", heads, tuple(rows), left=4) if rows else None
        found.append(Part(f"by-{place}", f"By {name}", tuple(says), table=table))
    return found


def _notes(level: float, method: str | None) -> list[str]:
    how = (
        "Importance is Johnson’s relative weight (2000): there are too many drivers to try all subsets."
        if method == "relative_weights"
        else "Importance is LMG, the Shapley value of R² (Lindeman, Merenda and Gold 1980): a driver’s gain in R², averaged over all orders in which drivers can enter."
    )
    return [
        how,
        f"Intervals at {percent(level)} are a bootstrap over persons. A driver without any effect still shows a small part, which is never below nought.",
        "Missing answers: means and covariances by maximum likelihood (EM) from all that was answered; no row is left out. This is right where blanks come by chance, or by chance given the other answers.",
        "Association, not cause: one bad experience lowers all marks, and who is content for another reason marks everything well.",
        "A driver that hardly varies explains nothing, which does not mean that it is unimportant.",
    ]


def _of(row: Mapping[str, Any], spelled: Mapping[str, str]) -> dict[str, Any] | None:
    if not row["by"]:
        return None
    return {"by": spelled.get(row["by"][0], row["by"][0]), "segment": row["segment"][0]}


def _respelled(found: Drivers, spelled: Mapping[str, str]) -> str:
    sentence = found.summary()
    for name, own in spelled.items():
        if name != own:
            sentence = sentence.replace(name, own)
    return sentence


def _interval(row: Mapping[str, Any]) -> str:
    return DASH if row["low"] is None else f"[{percent(row['low'])}, {percent(row['high'])}]"


def _ranks(row: Mapping[str, Any]) -> str:
    if row["rank_low"] is None:
        return DASH
    low, high = row["rank_low"], row["rank_high"]
    return f"{low}" if low == high else f"{low}–{high}"


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def columns_of(inputs: Inputs, names: Sequence[str]) -> dict[str, str]:
    """The frame's column of each name as the user spelled it."""
    from winback.connectors.csvfile.mapping import words_of

    by_words = {words_of(own): frame for frame, own in inputs.spelled.items()}
    return {name: next((frame for frame, own in inputs.spelled.items() if own == name), by_words[words_of(name)]) for name in names}  # fmt: skip
