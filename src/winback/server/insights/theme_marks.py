"""Small marks of the Themes page: shares with whiskers on one scale, a line of months, cells of groups."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

_FILL = {"detractor": "f-d", "passive": "f-a", "promoter": "f-p"}
_STEPS = (0.05, 0.12, 0.25)  # shares from which a cell is coloured more


def top_of(rows: Sequence[Mapping[str, Any]]) -> float:
    """Where the scale of shares ends: the next tenth above every interval."""
    return max(0.1, math.ceil(10 * max((row["high"] for row in rows), default=0.1)) / 10)


def share_head(top: float) -> Markup:
    """The scale above a column of shares."""
    ends = ((0.0, "start"), (top / 2, "middle"), (top, "end"))
    texts = "".join(f"<text class=t x={100 * value / top:.1f}% y=12 text-anchor={anchor}>{100 * value:.0f} %</text>" for value, anchor in ends)  # fmt: skip
    return Markup(f"<svg class=wbm height=16 aria-hidden=true>{texts}</svg>")  # noqa: S704 (numbers only)


def share_mark(row: Mapping[str, Any], top: float, who: str, whole: float | None = None) -> Markup:
    """A share (dot) with its interval (line) and perhaps the whole (dashed); the figures stand beside it as text."""
    at = [f"{100 * min(row[name] / top, 1.0):.2f}%" for name in ("low", "high", "share")]
    dashed = "" if whole is None else f"<line x1={100 * min(whole / top, 1):.2f}% x2={100 * min(whole / top, 1):.2f}% y2=22 class=all />"  # fmt: skip
    return Markup(  # noqa: S704 (numbers, and a class of ours)
        f"<svg class=wbm height=22 aria-hidden=true><line x1=0% x2=0% y2=22 class=s-zero />{dashed}"
        f"<line x1={at[0]} x2={at[1]} y1=11 y2=11 class=s-ink2 stroke-width=2 stroke-linecap=round />"
        f"<circle cx={at[2]} cy=11 r=4.5 class={_FILL.get(who, 'f-ink')} /></svg>"
    )


def meter(share: float) -> Markup:
    """A part of a whole as a bar."""
    return Markup(  # noqa: S704 (numbers, and classes of ours)
        f'<svg class=wbm height=10 aria-hidden=true><rect width="100%" height=10 rx=3 class=f-grid />'
        f'<rect width="{100 * min(max(share, 0.0), 1.0):.1f}%" height=10 rx=3 class=f-brand /></svg>'
    )


def months_mark(months: Sequence[Mapping[str, Any]], top: float) -> Markup:
    """Shares by month as a line; a month in which too few spoke is a gap."""
    if len(months) < 2 or not top:
        return Markup("")
    points = [
        f"{2 + 56 * place / (len(months) - 1):.1f},{20 - 17 * min((part['share'] or 0.0) / top, 1.0):.1f}"
        for place, part in enumerate(months)
        if part["share"] is not None
    ]
    first, last = months[0]["share"], months[-1]["share"]
    label = (
        ""
        if first is None or last is None
        else f"{100 * first:.0f} % in the first month, {100 * last:.0f} % in the last"
    )
    return Markup(  # noqa: S704 (numbers only)
        f'<svg width="60" height="22" viewBox="0 0 60 22" role="img" aria-label="{escape(label or "by month")}">'
        f'<line x1="2" x2="58" y1="20" y2="20" class="s-grid"/><polyline points="{" ".join(points)}" class="s-ink2" stroke-width="1.5"/></svg>'
    )


def shade(share: float | None, who: str) -> str:
    """The class of a cell: deeper for a greater share, in the colour of who is asked."""
    if share is None:
        return "few"
    step = sum(share >= limit for limit in _STEPS)
    return "n" if not step else f"{'p' if who == 'promoter' else 'd'}{min(step, 2)}"
