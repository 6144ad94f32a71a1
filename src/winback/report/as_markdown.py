"""The report as Markdown: the same figures in the same order, for a pull request, a wiki or a mail.

What a file's cells say is escaped, so that a customer's words make no heading, link, table cell or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from winback.report import words
from winback.report.sections import MOST_ROWS, context

_ALWAYS = re.compile(r"[\\`*|]|~~|(?<=\])\(|(?<![^\W_])_|_(?![^\W_])")
_AT_START = re.compile(r"^(?:[-+=>#\[]|\d+[.)])")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u0590-\u08ff]")


def render(doc: Mapping[str, Any]) -> str:
    """The document as Markdown (CommonMark with tables)."""
    view = context(doc)
    blocks: list[str] = list(_header(doc, view))
    for part in view["parts"]:
        section = _SECTIONS.get(part["name"])
        if section:
            blocks += [block for block in section(doc, view) if block]
    return "\n\n".join(blocks) + "\n"


def text(value: Any) -> str:
    """A file's own words as plain text on one line: nothing in them is markup, and their direction stays theirs."""
    line = " ".join(str(value).split())
    line = _ALWAYS.sub(lambda found: "\\" + found.group(0), re.sub(r"&(?=#|\w+;)", "&amp;", line))
    line = line.replace("<", "&lt;").replace("://", "\\://")
    line = re.sub(r"(?i)\b(www)\.", r"\1\\.", line)
    line = _AT_START.sub(lambda found: found.group(0)[:-1] + "\\" + found.group(0)[-1], line)
    return f"\u2068{line}\u2069" if _BIDI.search(line) else line


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """A table whose first columns are words and whose others are figures."""
    rule = ["---"] * left + ["--:"] * (len(heads) - left)
    lines = [heads, rule, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _header(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {text(doc['title'])}"
    if doc["headline"]["sentences"]:
        yield " ".join(text(sentence) for sentence in doc["headline"]["sentences"])
    window = view["window"] or "no dates"
    yield f"{text(doc['file']['name'])} · {window} · days in {doc['time_zone']} · figures as of {view['as_of']}"
    read = "; ".join(f"{role} from {text(columns)}" for role, columns in view["mapping"])
    yield f"Read as: {read}. {view['bands']}{'' if doc['scale_given'] else ' (assumed from the values found)'}."
    notes = [f"> {text(warning)}" for warning in doc["warnings"]]
    if doc["rows"]["rejected"]:
        why = ", ".join(f"{count:,} × {text(reason)}" for reason, count in view["rejected"])
        notes.append(f"> **{words.plural(doc['rows']['rejected'], 'row was', 'rows were')} rejected:** {why}.")
    yield "\n>\n".join(notes)


def _score(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    cell = doc["overall"]
    yield "## Score"
    if cell["nps"] is None:
        yield words.too_few(cell["answers"], doc["minimum"])
        return
    yield (
        f"**{words.signed(cell['nps'])}** {words.interval(cell['low'], cell['high'])}, "
        f"{words.likely(cell['low'], cell['high'])} at {words.percent(doc['level'])}, "
        f"from {words.plural(cell['answers'], 'answer')}{_asked(doc)}: "
        + ", ".join(words.mix(cell, band) for band in ("detractor", "passive", "promoter"))
        + "."
    )


def _asked(doc: Mapping[str, Any]) -> str:
    response = doc.get("response")
    return f", {words.percent(response['rate'])} of those asked" if response else ""


def _trend(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {view['trends'][0]['title'] if view['trends'] else 'How the score moves'}"
    if not view["trends"]:
        yield _absent(view, "trend")
    if doc["trend_sentence"]:
        yield text(doc["trend_sentence"])
    for figure in view["trends"]:
        rows = [
            [
                words.period(row["unit"], row["period"]) + (" (running)" if row["partial"] else ""),
                f"{row['answers']:,}",
                words.signed(row["nps"]),
                words.interval(row["low"], row["high"]) or "too few",
                words.signed(row["trailing_quarter"]["nps"]) if row["trailing_quarter"] else words.DASH,
            ]
            for row in figure["rows"]
        ]
        yield table([figure["unit"], "Answers", "Score", "Interval", "Trailing quarter"], rows)


def _moved(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    yield "## What moved, and why"
    change = view["moved"]
    if not change:
        yield _absent(view, "decompose")
        return
    yield (
        f"From {words.signed(change['before']['nps'])} to {words.signed(change['after']['nps'])}: "
        f"**{words.signed(change['change'], 1)} points {change['interval']}**. Of these, "
        f"{words.signed(change['rate'], 1)} is people feeling differently and {words.signed(change['mix'], 1)} is "
        f"different people answering. {text(change['sentence'])}"
    )
    rows = [
        [row["label"] or _name(row), *(words.signed(row[name], 1) for name in ("rate", "mix", "total"))]
        for row in change["rows"]
    ]
    yield table(["Segment", "How they feel", "Who answered", "Together"], rows)


def _gave(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    yield "## What they gave"
    rows = [
        [words.given(row["score"]), row["band"], f"{row['answers']:,}", words.percent(row["answers"] / view["total"])]
        for row in doc["distribution"]
    ]
    yield table(["Score", "Band", "Answers", "Share"], rows, left=2) if rows else _absent(view, "distribution")


def _segments(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    yield "## Who the detractors are"
    if not view["groups"]:
        yield _absent(view, "segments")
    money = [view["money_name"].capitalize()] if view["has_money"] else []
    for group in view["groups"]:
        yield f"### {text(group['title'])}"
        rows = []
        for row in group["rows"]:
            line = [_name(row), f"{row['answers']:,}"]
            if row["nps"] is None:
                line += ["too few", words.DASH, words.DASH, words.DASH]
            else:
                line += [words.score(row), words.signed(row["shrunk_nps"])]
                line += [words.percent(row["share_of_detractors"]), words.chance(row["p_worse"])]
            rows.append(line + [words.money(row["revenue_from_detractors"], doc["currency"]) for _ in money])
        yield table(
            ["Segment", "Answers", "Score", "Steadied", "Of all detractors", "Worse than the rest", *money], rows
        )
        if group["left"]:
            yield f"{words.plural(group['left'], 'further segment')} with better scores beyond these {MOST_ROWS}."
    if doc["segments_note"]:
        yield text(doc["segments_note"])


def _flareups(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    found = doc["flareups"]
    yield "## Flare-ups"
    yield text(found["summary"])
    for row in found["findings"]:
        yield f"* {text(row['sentence'])}"


def _heat(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    found = view["heat"]
    yield "## Over time"
    heads = ["Segment", *(words.period(doc["heat"]["unit"], start) for start in found["periods"])]
    cells = [[words.signed(cell["nps"]) if cell else words.DASH for cell in row["cells"]] for row in found["rows"]]
    yield table(heads, [[_name(row), *line] for row, line in zip(found["rows"], cells, strict=True)])


def _profit(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    profit, currency = doc["profit"], doc["currency"]
    yield f"## {text(profit['question'])}"
    if not profit["tiers"]:
        yield _absent(view, "profit")
        return
    if profit["answer"]:
        yield text(profit["answer"])
    rows = [
        [
            text(row["label"]),
            f"{row['customers']:,}",
            f"{row['heard']:,}",
            words.money(row["money"], currency),
            words.score(row) if row["nps"] is not None else "too few",
            words.part(row["detractors"], row["answers"]) if row["nps"] is not None else words.DASH,
            words.money(row["money_from_detractors"], currency),
        ]
        for row in profit["tiers"]
    ]
    yield table(
        ["Tier", "Customers", "Heard", view["basis_name"].capitalize(), "Score", "Detractors", "Of detractors"], rows
    )
    if profit["sensitivity"]:
        yield "If the unit costs were half, or double:"
        cases = [case["unit_costs"] for case in profit["sensitivity"]]
        lines = [
            [row["label"], *(words.score(cell) if cell else words.DASH for cell in row["cells"])]
            for row in view["sensitivity"]
        ]
        yield table(["Tier", *cases], lines)


def _money(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    profit, currency = doc["profit"], doc["currency"]
    yield "## What it costs"
    lines = []
    if found := profit["from_detractors"]:
        lines.append(f"**{view['money_name'].capitalize()}:** {text(found['sentence'])}")
    risk = profit["at_risk"]
    assumed = " (rests on an assumption)" if risk["status"] == "assumed" else ""
    lines.append(f"**{view['basis_at_risk'].capitalize()} at risk{assumed}:** {text(risk['sentence'])}")
    if found := profit["mix_cost"]:
        lines.append(
            f"**What the mix costs a year:** {words.money(found['money'], currency)}{_between(found, currency)}. "
            + text(found["sentence"])
        )
    if found := profit["earned_growth"]:
        lines.append(f"**Earned growth:** {words.signed(100 * found['rate'])} %. {text(found['sentence'])}")
    yield "\n".join(f"* {line}" for line in lines)


def _between(row: Mapping[str, Any], currency: str) -> str:
    if row["low"] is None or row["high"] is None:
        return ""
    return f" [{words.money(row['low'], currency)}, {words.money(row['high'], currency)}]"


def _people(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    yield "## Whom to call first"
    if not doc["people"]:
        yield _absent(view, "people")
    for person in doc["people"]:
        facts = [
            f"gave {words.given(person['score'])}",
            *(text(v) for v in person["segment"].values() if v is not None),
        ]
        facts += [words.short_day(person["date"], view["year"])] if person["date"] else []
        facts += [words.money(person["worth"], doc["currency"])] if person["worth"] is not None else []
        line = f"* **{text(person['who'])}** · {' · '.join(facts)}"
        yield line + (f"\n  > {text(person['comment'])}" if person["comment"] else "")


def _themes(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    found, shown = doc["themes"], view["themes"]
    yield "## Why"
    yield text(found["summary"])
    heads = ["Theme", "In their words", "Customers", "Share", "Of detractors", "Of promoters", "Contribution"]
    heads += ["Revenue"] if shown["has_money"] else []
    rows = []
    for row in shown["rows"]:
        said = [
            one["said"]
            for one in row["quotations"]
            if one["band"] == ("detractor" if row["contribution"] < 0 else "promoter")
        ]
        said = said or [one["said"] for one in row["quotations"]]
        quotation = f"“{text(said[0])}”" if said else words.DASH
        if row["most_in"]:
            quotation += f" Most in {text(words.segment([row['most_in']['segment']], [row['most_in']['by']]))}."
        line = [
            text(row["name"]),
            quotation,
            f"{row['customers']:,}",
            words.share(row),
            words.percent(row["detractor_share"]),
        ]
        line += [words.percent(row["promoter_share"]), words.signed(row["points"], 1)]
        rows.append(line + ([words.money(row["revenue"], doc["currency"])] if shown["has_money"] else []))
    more = [words.DASH] if shown["has_money"] else []
    if shown["left"]:
        left = [words.plural(shown["left"], "further theme"), *[words.DASH] * 5]
        rows.append([*left, words.signed(shown["left_points"], 1), *more])
    none = found["no_theme"]
    rest = [
        "No theme",
        words.DASH,
        f"{none['customers']:,}",
        words.percent(none["share"]),
        *(words.percent(none[f"{band}_share"]) for band in ("detractor", "promoter")),
    ]
    rows.append([*rest, words.signed(shown["none_points"], 1), *more])
    yield table(heads, rows, 2)
    yield words.themes_note(found, shown["how"])
    for row in found["rising"]:
        yield f"* {text(words.rises(row))}"


def _voices(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    yield "## What they say"
    if not view["voices"]:
        yield _absent(view, "voices")
    for band, said in view["voices"]:
        yield f"### {band.capitalize()}s"
        for voice in said:
            who = [words.given(voice["score"]), *([text(voice["who"])] if voice["who"] else [])]
            who += [words.short_day(voice["date"], view["year"])] if voice["date"] else []
            yield f"> {text(voice['comment'])}\n>\n> ({', '.join(who)})"


def _readiness(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    yield "## What the data allow"
    yield "\n".join(
        f"* {'[x]' if item['possible'] else '[ ]'} **{text(item['title'])}.** {text(item['sentence'])}"
        + (f" Opens with: {text(item['opens'])}." if item["opens"] else "")
        for item in doc["readiness"]
    )


def _made(doc: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    yield "## How it was made"
    lines = [f"File: {text(doc['file']['name'])} ({view['file_line']})"]
    for other in doc["other_files"]:
        columns = ", ".join(f"{name} from {text(column)}" for name, column in other["mapping"].items())
        lines.append(
            f"{other['table'].replace('_', ' ').capitalize()}: {text(other['name'])}, {words.plural(other['rows'], 'row')}; {columns}"
        )
    facts = "; ".join(f"{count:,} {said}" for count, said in view["row_facts"])
    lines += [
        f"{view['bands']} ({'as given' if doc['scale_given'] else 'assumed from the values found'})",
        f"Found by winback, not given: {view['detected']}" if view["detected"] else "",
        f"Window: {view['window'] or 'no dates'}{', asked: ' + view['asked'] if view['asked'] else ''}",
        f"Rows: {doc['rows']['read']:,} read; {facts}",
        f"{words.plural(doc['minimum'], 'answer')} needed to show a score; intervals at {words.percent(doc['level'])}",
        *(text(example["message"]) for example in doc["rejected_examples"]),
        *(text(note) for note in doc["notes"]),
        f"winback {doc['version']}, {doc['schema']}",
    ]
    yield "\n".join(f"* {line}" for line in lines if line)


def _name(row: Mapping[str, Any]) -> str:
    return text(words.segment(row["segment"], row["by"]))


def _absent(view: Mapping[str, Any], name: str) -> str:
    state = view["states"][name]
    opens = f" What would open it: {text(state['opens'])}." if state["opens"] else ""
    return f"*{state['title']}.* {text(state['sentence'])}{opens}"


_SECTIONS = {
    "score": _score, "trend": _trend, "moved": _moved, "gave": _gave, "segments": _segments, "heat": _heat, "flareups": _flareups,
    "profit": _profit, "money": _money, "themes": _themes, "people": _people, "voices": _voices, "readiness": _readiness, "made": _made,
}  # fmt: skip
