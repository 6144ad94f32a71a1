"""What the page's boxes show, made from the report's document: groups, figures, order, and words for what is absent.

Nothing is computed here that the document does not say: rows are grouped, ranked, rounded so that they add up, and
given their chart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from winback import charts
from winback.charts.control import control
from winback.charts.themes import contribution_chart
from winback.report import words
from winback.report.absent import states
from winback.report.layout import parts
from winback.report.marks import Axis

FIRST_ROWS = 12
"""Rows of a segment table that are shown at once; the rest come with a button."""
MOST_ROWS = 60
"""Rows of a segment table that stand in the page at all; a file must stay small enough to mail."""
MOST_ON_PAPER = 6
"""Tables of segments up to which pairs of attributes are printed as well; of more, the pair that was chosen."""
MOVED_ROWS = 6
HEAT_ROWS = 24
"""Rows of the heat map: the segments that have a score most often. Its table has them all."""

THEME_MONTHS = 6
"""Months of the table of themes by month; the JSON has them all."""
QUOTED_THEMES = 3

ROLES = (
    ("score", "score"), ("date", "date"), ("customer", "customer"), ("respondent", "person"), ("id", "id"),
    ("weight", "weight"), ("value", "value"), ("text", "words"), ("by", "segments"),
)  # fmt: skip


def context(doc: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the templates need beside the document itself."""
    segments: list[Mapping[str, Any]] = doc["segments"]
    profit = doc["profit"]
    kind = (profit["from_detractors"] or {}).get("kind") or (profit["basis"] or "revenue").replace("_", " ")
    as_of = words.moment(doc["made_at"], doc["time_zone"])
    trends = trend_figures(doc)
    return {
        "doc": doc,
        "as_of": as_of,
        "year": int(as_of.split(",")[0][-4:]),
        "window": words.span(doc["window"]["first"], doc["window"]["last"]),
        "asked": words.span(doc["window"]["since"], doc["window"]["until"]),
        "mapping": mapping(doc),
        "detected": words.listed([dict(ROLES).get(role, role) for role in doc["detected"]]),
        "bands": words.bands(doc["bands"]),
        "said": {name: words.scale_range(value) for name, value in doc["bands"].items()},
        "rows_line": rows_line(doc["rows"]),
        "row_facts": row_facts(doc["rows"]),
        "rejected": [(words.reason(name), count) for name, count in sorted(doc["rejected"].items(), key=_most)],
        "file_line": file_line(doc["file"]),
        "parts": parts(
            known(doc), small=doc["headline"]["small"], titles={"trend": trends[0]["title"]} if trends else {}
        ),
        "groups": groups(segments, doc["overall"]["nps"]),
        "has_money": any(row.get("revenue_from_detractors") is not None for row in segments),
        "money_name": f"{kind} from detractors",
        "basis_name": (profit["basis"] or "money").replace("_", " "),
        "basis_at_risk": "revenue",
        "worth": (profit["basis"] or "").replace("_", " ")
        if any(person["worth"] is not None for person in doc["people"])
        else "",
        "trends": trends,
        "gave": _figure("gave", "What they gave", charts.distribution(doc["distribution"], width="container"))
        if doc["distribution"]
        else None,
        "total": sum(row["answers"] for row in doc["distribution"]) or 1,
        "heat": heat(doc),
        "flareups": flare_figure(doc),
        "tiers": _figure("tiers", "Profit tiers", charts.mix(profit["tiers"], width="container"))
        if profit["tiers"]
        else None,
        "sensitivity": sensitivity(profit["sensitivity"]),
        "unit_costs": ", ".join(
            f"{name} {words.money(cost, doc['currency'])}" for name, cost in (profit["unit_costs"] or {}).items()
        ),
        "moved": moved(doc["decompose"]),
        "themes": themes(doc),
        "voices": [(band, said) for band, said in _voices(doc["voices"]) if said],
        "states": states(doc),
    }


def _most(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _voices(voices: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(band, voices.get(band) or []) for band in ("detractor", "passive", "promoter")]


def _figure(identity: str, name: str, chart: charts.Chart, **more: Any) -> dict[str, Any]:
    return {"id": identity, "name": name, "chart": chart, **more}


def mapping(doc: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Which column is which, in words: ("score", "nps_score"), ("segments", "region, plan")."""
    found = []
    for role, word in ROLES:
        columns = doc["mapping"].get(role)
        if columns:
            found.append((word, columns if isinstance(columns, str) else ", ".join(columns)))
    return found


def row_facts(rows: Mapping[str, int]) -> list[tuple[int, str]]:
    """What became of the rows read, without the kinds that did not occur."""
    facts = (
        ("answers", "counted"),
        ("blank", "without a score"),
        ("rejected", "rejected"),
        ("superseded", "earlier answers of the same person"),
        ("outside_window", "outside the window"),
        ("without_date", "without a date"),
        ("other_surveys", "of other sorts of survey"),
    )
    return [(rows[name], text) for name, text in facts if rows.get(name)]


def rows_line(rows: Mapping[str, int]) -> str:
    """2,471 rows read: 41 without a score, 4 rejected."""
    facts = [f"{count:,} {text}" for count, text in row_facts(rows) if text != "counted"]
    return words.plural(rows["read"], "row") + " read" + (f": {', '.join(facts)}" if facts else ", all counted")


def file_line(file: Mapping[str, Any]) -> str:
    """CSV, utf-8, parted by commas, compressed."""
    marks = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    said = [str(file["format"]).upper(), file["encoding"] or ""]
    if file["delimiter"]:
        said.append(f"parted by {marks.get(file['delimiter'], file['delimiter'])}")
    if file["compressed"]:
        said.append("compressed")
    return ", ".join(part for part in said if part)


def known(doc: Mapping[str, Any]) -> dict[str, bool]:
    """Which boxes have something to show."""
    profit = doc["profit"]
    money = profit["from_detractors"] or profit["mix_cost"] or profit["earned_growth"] or profit["at_risk"]["money"]
    return {
        "score": True,
        "trend": bool(doc["trend"]),
        "moved": moved(doc["decompose"]) is not None,
        "gave": bool(doc["distribution"]),
        "segments": bool(doc["segments"]),
        "heat": heat(doc) is not None,
        "flareups": bool(doc.get("flareups")),
        "profit": bool(profit["tiers"]),
        "money": bool(money or profit["tiers"]),
        "themes": bool(doc.get("themes")),
        "people": bool(doc["people"]),
        "voices": any(said for _, said in _voices(doc["voices"])),
        "readiness": bool(doc["readiness"]),
    }


def groups(segments: Sequence[Mapping[str, Any]], whole: float | None) -> list[dict[str, Any]]:
    """Segments by the attributes that split them, worst first by the steadied score; too few answers come last.

    Tables split by as many attributes share one axis: the small cells of pairs would squeeze the others.
    """
    found: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in segments:
        found.setdefault(tuple(row["by"]), []).append(row)
    axes = {depth: Axis.over([row for row in segments if len(row["by"]) == depth], whole) for depth in map(len, found)}
    return [
        {
            "by": list(by),
            "title": " × ".join(by),
            "axis": axes[len(by)],
            "rows": sorted(rows, key=_worst_first)[:MOST_ROWS],
            "all": len(rows),
            "left": max(0, len(rows) - MOST_ROWS),
            "first": FIRST_ROWS,
            "pair": len(by) > 1 and len(found) > MOST_ON_PAPER,
        }
        for by, rows in found.items()
    ]


def _worst_first(row: Mapping[str, Any]) -> tuple[bool, float, float]:
    if row["suppressed"] or row["nps"] is None:
        return True, 0.0, -row["answers"]
    steadied = row["shrunk_nps"] if row["shrunk_nps"] is not None else row["nps"]
    return False, steadied, -(row["p_worse"] or 0.0)


def trend_figures(doc: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One figure for each unit of time in the trend, newest row first in its table."""
    figures = []
    for unit in dict.fromkeys(row["unit"] for row in doc["trend"]):
        rows = [row for row in doc["trend"] if row["unit"] == unit]
        once = f"The latest answer of each person in the {unit}." if doc["mapping"].get("respondent") else ""
        running = f"The open point is a {unit} still running." if any(row["partial"] for row in rows) else ""
        gaps = "A gap is too few answers." if any(row["nps"] is None for row in rows) else ""
        figures.append(
            _figure(
                f"trend-{unit}",
                f"Score by {unit}",
                charts.over_time(rows, width="container"),
                title=f"{unit.capitalize()} by {unit}",
                unit=unit.capitalize(),
                drawn=sum(row["nps"] is not None for row in rows) > 1,
                rows=rows[::-1],
                trailing=any(row["trailing_quarter"] for row in rows),
                caption=" ".join(part for part in (once, running, gaps) if part),
            )
        )
    return figures


def heat(doc: Mapping[str, Any]) -> dict[str, Any] | None:
    """The heat map and its table: a row a segment, a column a period."""
    found = doc["heat"]
    if not found or not found["rows"] or doc["overall"]["nps"] is None:
        return None
    periods = sorted({row["period"] for row in found["rows"]})
    by_segment: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in found["rows"]:
        by_segment.setdefault(tuple(row["segment"]), {})[row["period"]] = row
    scored = {name: sum(cell["nps"] is not None for cell in cells.values()) for name, cells in by_segment.items()}
    fullest = sorted(scored, key=lambda name: -scored[name])[:HEAT_ROWS]
    drawn = {name for name in fullest if scored[name] >= (1 if len(scored) <= FIRST_ROWS else 2)}
    chart = charts.heat(
        [row for row in found["rows"] if tuple(row["segment"]) in drawn],
        whole=doc["overall"]["nps"],
        unit=found["unit"],
        by=found["by"],
        width="container",
    )
    rows = [
        {"segment": segment, "by": found["by"], "cells": [cells.get(start) for start in periods]}
        for segment, cells in by_segment.items()
    ]
    left = len(by_segment) - len(drawn)
    if not drawn:
        return None
    return _figure("heat", "Score over time by segment", chart, periods=periods, rows=rows, left=left)


def flare_figure(doc: Mapping[str, Any]) -> dict[str, Any] | None:
    """The strongest flare-up as a control chart; None where nothing burns."""
    found = doc.get("flareups")
    if not found or not found["findings"]:
        return None
    chart = control(found["findings"][0]["history"], width="container")
    return _figure("flareups", "Flare-ups", chart, rows=found["findings"])


def themes(doc: Mapping[str, Any]) -> dict[str, Any] | None:
    """Themes with their chart and rows, the one that takes most off the score first; contributions add up as written."""
    found = doc.get("themes")
    if not found:
        return None
    shown, none = found["themes"][:MOST_ROWS], found["no_theme"]
    left = found["themes"][MOST_ROWS:]
    parts = [row["contribution"] for row in shown] + [sum(row["contribution"] for row in left), none["contribution"]]
    points = words.adding_up(parts, found["score"])
    months = sorted({row["period"] for row in found["trend"]})[-THEME_MONTHS:]
    by_month = {(row["theme"], row["period"]): row for row in found["trend"]}
    rows = [
        {**row, "points": point, "months": [by_month.get((row["theme"], month)) for month in months]}
        for row, point in zip(shown, points, strict=False)
    ]
    return _figure(
        "themes",
        "Themes",
        contribution_chart(_farthest(found["themes"]), width="container"),
        rows=rows,
        first=FIRST_ROWS,
        left=len(left),
        left_points=points[-2],
        none_points=points[-1],
        months=months if len(months) > 1 else [],
        voices=[_unhappy_first(row) for row in rows if row["contribution"] < 0 and row["quotations"]][:QUOTED_THEMES],
        has_money=any(row["revenue"] for row in rows),
        has_lost=any(row["lost_share"] is not None for row in rows),
        has_where=any(row["most_in"] for row in rows),
        how=(
            "coded by the codebook given"
            if found["codebook"] == "given"
            else f"found in {words.plural(found['made_from'], 'comment')}, named by phrases that customers use"
        ),
    )


def _farthest(themes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The themes that are drawn: more do not fit on a sheet of paper with what stands before them."""
    return sorted(themes, key=lambda row: -abs(row["contribution"]))[:FIRST_ROWS]


def _unhappy_first(row: Mapping[str, Any]) -> dict[str, Any]:
    unhappy = [one for one in row["quotations"] if one["band"] == "detractor"]
    return {**row, "quotations": [*unhappy, *(one for one in row["quotations"] if one["band"] != "detractor")]}


def sensitivity(cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Tiers as rows, one cell for each assumption about unit costs."""
    labels = dict.fromkeys(tier["label"] for case in cases for tier in case["tiers"])
    found = [{tier["label"]: tier for tier in case["tiers"]} for case in cases]
    return [{"label": label, "cells": [tiers.get(label) for tiers in found]} for label in labels]


def moved(change: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The change and its parts, rounded so that rows and columns add up as they are written."""
    if change is None or change["change"] is None:
        return None
    rate, mix = words.adding_up([change["rate"], change["mix"]], change["change"])
    rows = sorted(change["segments"], key=lambda row: -abs(row["total"]))
    rates = words.adding_up([row["rate"] for row in rows], rate)
    mixes = words.adding_up([row["mix"] for row in rows], mix)
    shown = [
        {
            "label": "",
            "sum": False,
            "segment": row["segment"],
            "by": change["by"],
            "rate": own_rate,
            "mix": own_mix,
            "total": own_rate + own_mix,
        }
        for row, own_rate, own_mix in zip(rows, rates, mixes, strict=True)
    ]
    rest = shown[MOVED_ROWS:] if len(shown) > MOVED_ROWS + 1 else []
    kept = sorted(shown[: len(shown) - len(rest)], key=lambda row: row["total"])
    if rest:
        kept.append({"label": f"The other {len(rest)} segments", "sum": False, **_sum(rest)})
    reach = max((abs(row["rate"]) for row in kept), default=0.0)
    if kept:
        kept.append({"label": "All", "sum": True, "rate": rate, "mix": mix, "total": rate + mix})
    return {
        **change,
        "by": " × ".join(change["by"]),
        "rate": rate,
        "mix": mix,
        "change": rate + mix,
        "interval": words.interval(change["low"], change["high"], 1),
        "rows": kept,
        "reach": reach,
    }


def _sum(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {name: round(sum(row[name] for row in rows), 1) for name in ("rate", "mix", "total")}
