"""`winback saturation`: from a file of codings to its document (`winback.saturation/1`) and what is shown of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from winback import __version__
from winback.analysis.saturation import Saturation, detectable
from winback.charts.saturation import coverage_by_segment, heard_curve
from winback.connectors.csvfile.codings import CodingsFile
from winback.report.single import Part, Table, View
from winback.report.words import DASH, moment, percent, plural, segment

SCHEMA = "winback.saturation/1"
MOST = 40  # rows of a table on the page; the JSON has them all


def document(found: Saturation, file: CodingsFile, *, title: str | None = None) -> dict[str, Any]:
    """Everything the analysis says, as plain data."""
    whole, *parts = found.rows()
    base, run, threshold = found.rule_settings
    rule = found.rule
    spelled = {name: file.by.get(name, name) for name in found.equal_coverage} | dict(file.by)
    missing = found.elsewhere.to_pylist()
    segments = []
    for row in parts:
        name, value = row["by"][0], row["segment"][0]
        heard_elsewhere = [
            {"theme": one["theme"], "interviews": one["interviews"], "chance": one["chance"]}
            for one in missing
            if one["by"] == name and one["segment"] == value
        ]
        segments.append(_without(row, "by", "segment") | {"by": spelled[name], "segment": value, "elsewhere": heard_elsewhere})  # fmt: skip
    return {
        "schema": SCHEMA,
        "version": __version__,
        "made_at": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
        "title": title or f"How much has been heard: {file.name}",
        "file": file.name,
        "rows": file.rows,
        "rejected": dict(file.rejected),
        "mapping": {**file.mapping, "by": list(file.by.values())},
        "detected": list(file.detected),
        "level": found.level,
        "sentences": [sentence for sentence in (found.summary(), found.news()) if sentence],
        "whole": _without(whole, "by", "segment", "gap_elsewhere", "gap_never", "themes_elsewhere", "equal_interviews", "equal_themes"),
        "outlook": found.outlook.to_pylist(),
        "curve": found.curve.to_pylist(),
        "guest": {
            "base": base, "run": run, "threshold": threshold,
            "base_themes": rule.base_themes if rule else None,
            "runs": [{"interviews": at, "new": new, "ratio": ratio if rule and rule.base_themes else None} for at, new, ratio in (rule.runs if rule else ())],
            "stopped": rule.stopped if rule else None,
            "themes": rule.themes if rule else None,
            "sentence": found.rule_says(),
        },
        "detectable": detectable(int(whole["interviews"])),
        "themes": found.themes.to_pylist(),
        "equal_coverage": {spelled[name]: value for name, value in found.equal_coverage.items()},
        "segments": segments,
        "warnings": [*file.warnings, *found.notes],
        "notes": _notes(found),
    }  # fmt: skip


def view(doc: dict[str, Any]) -> View:
    """What the page and the Markdown show of the document."""
    read = ", ".join(f"{role} from {doc['mapping'][role]}" for role in ("interview", "theme"))
    by = f", split by {', '.join(doc['mapping']['by'])}" if doc["mapping"]["by"] else ""
    parts = [_curve(doc), _themes(doc), *_segments(doc)]
    return View(
        title=doc["title"],
        sentences=tuple(doc["sentences"]),
        made_of=(doc["file"], f"{plural(doc['rows'], 'row')}: {read}{by}", f"figures as of {moment(doc['made_at'], 'UTC')} UTC"),
        warnings=tuple(doc["warnings"]),
        parts=tuple(parts),
        notes=tuple(doc["notes"]),
        schema=doc["schema"],
    )  # fmt: skip


def _curve(doc: dict[str, Any]) -> Part:
    whole, level = doc["whole"], percent(doc["level"])
    rows = [
        ("now", _share(whole, "coverage"), f"{whole['themes']:,}", DASH),
        *(
            (f"{one['more']} more", _share(one, "coverage"), f"{whole['themes'] + one['new']:.1f}", _range(one))
            for one in doc["outlook"]
            if one["new"] is not None
        ),
    ]
    says = [doc["guest"]["sentence"]]
    says.append(
        "How likely a theme has come up by now, by how many would name it: "
        + "; ".join(
            f"{percent(one['share'])} of them, {percent(one['heard'])} ({one['interviews_for_95']} interviews make it 95 %)"
            for one in doc["detectable"]
        )
        + "."
    )
    caption = (
        "The line is the mean over all orders of the interviews, the dots are the order they were held in. Dashed: what is "
        f"foretold, with a band that holds what truly comes {level} of the time."
    )
    return Part(
        id="curve",
        title="How much has been heard",
        says=tuple(says),
        chart=heard_curve(doc["curve"], level=doc["level"]),
        caption=caption,
        table=Table("outlook", ("Interviews", f"Heard, {level} interval", "Themes", "New, likely"), tuple(rows)),
    )


def _themes(doc: dict[str, Any]) -> Part:
    rows = [(one["theme"], f"{one['interviews']:,}", percent(one["share"])) for one in doc["themes"][:MOST]]
    left = len(doc["themes"]) - len(rows)
    once = doc["whole"]["once"]
    says = ["No theme was named in one interview only: a sign that little is still to come."]
    if not rows:
        says = ["No theme was named yet."]
    elif once:
        says = [f"{plural(once, 'theme')} {'was' if once == 1 else 'were'} named once only: these tell how much is still to come."]  # fmt: skip
    if left > 0:
        says.append(f"{plural(left, 'further theme')} {'is' if left == 1 else 'are'} in the JSON, not here.")
    return Part("themes", "Themes", tuple(says), table=Table("themes", ("Theme", "Interviews", "Share"), tuple(rows)))  # fmt: skip


def _segments(doc: dict[str, Any]) -> list[Part]:
    found = []
    for place, name in enumerate(doc["mapping"]["by"]):
        rows = [row for row in doc["segments"] if row["by"] == name]
        common = doc["equal_coverage"].get(name)
        shown = []
        for row in rows:
            if row["coverage"] is None:
                shown.append((segment([row["segment"]], [name]), f"{row['interviews']:,}", "too few", *[DASH] * 4))
                continue
            shown.append(
                (
                    segment([row["segment"]], [name]), f"{row['interviews']:,}", _share(row, "coverage"), f"{row['themes']:,}",
                    f"{row['equal_themes']:.1f}" if row["equal_themes"] is not None else DASH,
                    percent(row["gap_elsewhere"]), percent(row["gap_never"]),
                )
            )  # fmt: skip
        says = [
            "What has not been heard from a segment is parted in two: said by others, but not yet here; and said by nobody yet."
        ]
        for row in rows[:3]:
            rare = [one for one in row["elsewhere"] if one["chance"] < 0.05]
            often = sorted(row["elsewhere"], key=lambda one: -one["interviews"])[:3]
            if often and row["coverage"] is not None:
                names = ", ".join(f"“{one['theme']}” ({one['interviews']})" for one in often)
                chance = (
                    f" {plural(len(rare), 'of these would', 'of these would')} hardly be missing by chance."
                    if rare
                    else ""
                )
                says.append(f"Heard elsewhere, not yet from {segment([row['segment']], [name])}: {plural(len(row['elsewhere']), 'theme')}, such as {names}.{chance}")  # fmt: skip
        equal = f"Themes at {percent(common)} coverage" if common is not None else "Themes at equal coverage"
        heads = (name, "Interviews", f"Heard, {percent(doc['level'])} interval", "Themes", equal, "Heard elsewhere only", "Never heard")  # fmt: skip
        drawn = [row | {"by": [name], "segment": [row["segment"]]} for row in rows]
        found.append(
            Part(f"by-{place}", f"By {name}", tuple(says), coverage_by_segment(drawn), "Segments are compared at equal coverage, not at equal numbers of interviews.", Table(f"by-{place}", heads, tuple(shown)))
        )  # fmt: skip
    return found


def _notes(found: Saturation) -> list[str]:
    level = percent(found.level)
    return [
        "Coverage is Good and Turing’s, for interviews (Chao and Jost 2012): the share of all mentions to come that belong to themes already known.",
        f"Its {level} interval inverts a score test. That of what further interviews bring is a bootstrap over simulated interviews (Chao and others 2014), and holds what will happen, not its mean only.",
        "The number of themes never heard is Chao2’s, a lower bound: there are at least so many.",
        "Looking ahead is sound to about twice the interviews held; beyond it the figures are rough.",
        "It holds for people like those interviewed: volunteers tell volunteers’ themes. Two names for one theme make it seem that more is to come: merge them first.",
        "A run without news is no proof: with forty themes it comes by chance after about twenty interviews.",
    ]


def _share(row: dict[str, Any], name: str) -> str:
    if row[name] is None:
        return DASH
    return f"{percent(row[name])} [{percent(row[f'{name}_low'])}, {percent(row[f'{name}_high'])}]"


def _range(one: dict[str, Any]) -> str:
    return f"{one['new']:.1f} [{one['new_low']:.0f}, {one['new_high']:.0f}]"


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
