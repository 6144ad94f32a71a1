"""Numbers, dates, money and sentences as every report writes them, and nowhere else.

A score has its sign, no decimals and a true minus; changes have one decimal. Percent stands off by a space. Money
has its currency first and no cents from 100. Shares of fewer than 500 are told as counts: 22 of 31.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from winback.charts.labels import DASH, MONTHS, day, interval, money, period, rounded, segment, signed

__all__ = ["DASH", "interval", "money", "period", "segment", "signed"]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COUNTED_BELOW = 500

REASONS = {
    "score_out_of_range": "score outside the scale",
    "score_not_a_number": "score is not a number",
    "date_unreadable": "date could not be read",
    "date_implausible": "date before 1990 or in the future",
    "ragged": "row with too many or too few fields",
    "duplicate_id": "id seen before",
    "nul_byte": "NUL byte in the row",
}
"""Words for the usual reasons of a rejected row; any other reason is shown with its underscores as spaces."""


def number(value: float) -> str:
    """2,386: a count with thousands parted."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"


def plural(count: int, singular: str, many: str | None = None) -> str:
    """1 answer, 2,386 answers, no comma forgotten."""
    return f"{count:,} {singular if count == 1 else many or singular + 's'}"


def likely(low: float | None, high: float | None) -> str:
    """An interval in a sentence: likely between +18 and +25."""
    if low is None or high is None:
        return ""
    return f"likely between {signed(low)} and {signed(high)}"


def percent(share: float | None) -> str:
    """31 %; a share that is not quite nothing or everything does not pretend to be: < 1 %, > 99 %, > −1 %."""
    if share is None:
        return DASH
    if 0 < share < 0.005:
        return "< 1 %"
    if -0.005 < share < 0:
        return "> −1 %"
    if 0.995 <= share < 1:
        return "> 99 %"
    return f"{str(rounded(100 * share)).replace('-', '−')} %"


def chance(probability: float | None) -> str:
    """A probability: 93 %, never surer than > 99 % or < 1 %."""
    if probability is None:
        return DASH
    if probability > 0.99:
        return "> 99 %"
    return "< 1 %" if probability < 0.01 else percent(probability)


def part(count: int, total: int) -> str:
    """22 of 31; from 500 on the share alone: 23 %."""
    if total < COUNTED_BELOW:
        return f"{count:,} of {total:,}"
    return percent(count / total)


def weighted(cell: Mapping[str, Any]) -> bool:
    """Whether a cell's figures are weighted by design: then its shares are not those of its counts."""
    return bool(cell.get("weighted")) or cell.get("n_eff") is not None


def shares(cell: Mapping[str, Any]) -> tuple[float, float, float]:
    """Shares of detractors, passives and promoters of a cell; by weight where the answers are weighted."""
    names = ("detractor", "passive", "promoter")
    if all(cell.get(f"{name}_share") is not None for name in names):
        detractor, passive, promoter = (float(cell[f"{name}_share"]) for name in names)
        return detractor, passive, promoter
    total = cell["answers"] or 1
    return cell["detractors"] / total, cell["passives"] / total, cell["promoters"] / total


def mix(cell: Mapping[str, Any], band: str) -> str:
    """23 % detractors, or 22 of 31 detractors where few answered (or 1 of 31: detractor)."""
    names = ("detractor", "passive", "promoter")
    if weighted(cell) or cell["answers"] >= COUNTED_BELOW:
        return f"{percent(shares(cell)[names.index(band)])} {band}s"
    return f"{part(cell[f'{band}s'], cell['answers'])} {band}s"


def score(cell: Mapping[str, Any]) -> str:
    """+21 [+18, +25] for a cell, or why there is none: 7 answers: too few to show."""
    if cell.get("suppressed") or cell.get("nps") is None:
        return f"{plural(cell['answers'], 'answer')}: too few to show"
    return f"{signed(cell['nps'])} {interval(cell['low'], cell['high'])}"


def too_few(answers: int, minimum: int) -> str:
    """The sentence of a cell under the minimum; that it counts in the totals stands in the method."""
    return f"{plural(answers, 'answer')}: too few to show a score ({minimum} needed)."


def given(value: float | None) -> str:
    """A score as a person gave it: 7, or 7.5."""
    if value is None:
        return DASH
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def scale_range(text: str) -> str:
    """0–6 for 0-6, as printed."""
    return text.replace("-", DASH) if text and text[0] != "-" else text


def bands(described: Mapping[str, str]) -> str:
    """On a scale of 0–10: detractors 0–6, passives 7–8, promoters 9–10."""
    said = {name: scale_range(value) for name, value in described.items()}
    passives = "" if said["passives"] == "between" else f" passives {said['passives']},"
    return f"On a scale of {said['scale']}: detractors {said['detractors']},{passives} promoters {said['promoters']}"


def short_day(date: str | dt.date | None, year: int | None = None) -> str:
    """19 Nov inside the report's year, else 19 Nov 2025."""
    if date is None:
        return DASH
    found = day(date)
    tail = "" if found.year == year else f" {found.year}"
    return f"{found.day} {MONTHS[found.month - 1]}{tail}"


def full_day(date: str | dt.date) -> str:
    """Thu 19 Nov 2026."""
    found = day(date)
    return f"{WEEKDAYS[found.weekday()]} {found.day} {MONTHS[found.month - 1]} {found.year}"


def span(first: str | None, last: str | None) -> str:
    """22 Aug – 19 Nov 2026; the first year only where it differs; "" where nothing is known."""
    if first is None or last is None:
        return f"until {short_day(last)}" if last else f"since {short_day(first)}" if first else ""
    start, end = day(first), day(last)
    if start == end:
        return short_day(end)
    return f"{short_day(start, end.year)} {DASH} {short_day(end)}"


def moment(at: str, zone: str) -> str:
    """Thu 19 Nov 2026, 14:05 in the zone of the report, from an ISO time in UTC."""
    there = dt.datetime.fromisoformat(at)
    there = (there if there.tzinfo else there.replace(tzinfo=dt.UTC)).astimezone(ZoneInfo(zone))
    return f"{full_day(there.date())}, {there:%H:%M}"


def share(row: Mapping[str, Any]) -> str:
    """A share with its interval: 12 % [10 %, 14 %]."""
    if row["share"] is None:
        return DASH
    return f"{percent(row['share'])} [{percent(row['low'])}, {percent(row['high'])}]"


def themes_note(found: Mapping[str, Any], how: str) -> str:
    """What the figures of themes are, and what was not understood."""
    said = (
        f"Customers are counted, each once: {plural(found['commented'], 'comment')} of {plural(found['answers'], 'answer')}, "
        f"{how}. Contributions, with that of customers who name none, add up to the score: association, not cause."
    )
    foreign = [f"{one['name']} ({one['comments']:,})" for one in found["not_understood"][:3]]
    return said + (f" Not understood, and in no theme: comments in {listed(foreign)}." if foreign else "")


def rises(row: Mapping[str, Any]) -> str:
    """A theme that is named more than its months before lead to expect."""
    return f"Rising: {row['name']}, named by {plural(row['customers'], 'customer')} in {row['period']} where {row['expected']:.0f} were to be expected."


def adding_up(parts: Sequence[float], total: float, decimals: int = 1) -> list[float]:
    """Parts rounded so that they add up to the rounded total (largest remainder, ties to the first).

    −2.44 and −0.53 make −2.97: written with one decimal −2.5, −0.5 and −3.0, not −2.4, −0.5 and −3.0.
    """
    step = Decimal(1).scaleb(-decimals)
    near = [rounded(value, decimals) for value in parts]
    missing = int((rounded(total, decimals) - sum(near, Decimal(0))) / step)
    lean = [Decimal(repr(float(value))) - shown for value, shown in zip(parts, near, strict=True)]
    direction = 1 if missing > 0 else -1
    for index in sorted(range(len(near)), key=lambda i: -direction * lean[i])[: abs(missing)]:
        near[index] += direction * step
    return [float(value) for value in near]


def reason(name: str) -> str:
    """A reason for rejecting a row in words."""
    return REASONS.get(name, name.replace("_", " "))


def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
