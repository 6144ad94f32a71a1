"""The colours of winback, in one place: charts name them ("$promoter"), the report's style sheet is made from them.

Three bands, three colours, never red and green: promoter blue, passive warm grey, detractor orange. They differ in
lightness and in hue for every kind of colour blindness, and never stand alone. `-soft` is a background and `-ink`
the text on it (at least 4.5 : 1 in both modes). `heat-d3` to `heat-p3` run from far below the whole to far above it.
"""

from __future__ import annotations

from typing import Any, Literal

Mode = Literal["light", "dark"]

LIGHT: dict[str, str] = {
    "promoter": "#2a6fb5", "promoter-soft": "#dce9f6", "promoter-ink": "#1d5590",
    "passive": "#aaa296", "passive-soft": "#edeae4", "passive-ink": "#645c50",
    "detractor": "#d0591f", "detractor-soft": "#fbe5d8", "detractor-ink": "#a23f0f",
    "late": "#a8264f", "late-soft": "#f9e1e8",
    "done": "#3f6b54", "done-soft": "#e2eee6",
    "brand": "#57407c", "brand-soft": "#ece6f4", "brand-strong": "#3e2c5c", "brand-fg": "#ffffff",
    "ink": "#26221d", "ink-2": "#655e54", "line": "#e4dfd6", "grid": "#efebe4", "zero": "#8d857a",
    "paper": "#faf8f4", "card": "#ffffff", "band": "#e9e3d8", "warm": "#fdf6e9", "warm-line": "#eedcb8",
    "heat-d3": "#b84c17", "heat-d2": "#e19675", "heat-d1": "#e9c0ad", "heat-0": "#edeae4",
    "heat-p1": "#b3c5d8", "heat-p2": "#7ba1ca", "heat-p3": "#2a6fb5", "heat-on": "#ffffff",
}  # fmt: skip

DARK: dict[str, str] = {
    "promoter": "#6fabea", "promoter-soft": "#1f3348", "promoter-ink": "#9cc8f5",
    "passive": "#8f877c", "passive-soft": "#34302b", "passive-ink": "#c4bcb0",
    "detractor": "#f0874c", "detractor-soft": "#452a1c", "detractor-ink": "#f8ac80",
    "late": "#f2799b", "late-soft": "#472230",
    "done": "#8cc3a3", "done-soft": "#22362b",
    "brand": "#c0a8e6", "brand-soft": "#352c45", "brand-strong": "#dacbf2", "brand-fg": "#221a30",
    "ink": "#ece7df", "ink-2": "#b3aa9e", "line": "#38332d", "grid": "#302c27", "zero": "#8d857a",
    "paper": "#191714", "card": "#211e1b", "band": "#3a352e", "warm": "#2b2519", "warm-line": "#54452a",
    "heat-d3": "#f0874c", "heat-d2": "#86573d", "heat-d1": "#5e4435", "heat-0": "#34302b",
    "heat-p1": "#434c55", "heat-p2": "#50667d", "heat-p3": "#6fabea", "heat-on": "#1b1815",
}  # fmt: skip

TOKENS: dict[Mode, dict[str, str]] = {"light": LIGHT, "dark": DARK}

FONT = "Inter, system-ui, 'Segoe UI', Roboto, sans-serif"

_SMALL: dict[str, Any] = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 11, "titleFontSize": 11,
                          "titleFontWeight": 400, "labelColor": "$ink-2", "titleColor": "$ink-2"}  # fmt: skip

CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "aria": False,
    "view": {"stroke": None},
    "axis": {**_SMALL, "gridColor": "$grid", "domain": False, "ticks": False, "labelPadding": 6},
    "text": {"font": FONT, "fontSize": 11, "color": "$ink-2"},
    "header": {"labelFont": FONT, "labelFontSize": 12, "labelFontWeight": 600, "labelColor": "$ink", "title": None},
    "legend": _SMALL,
    "title": {"font": FONT, "fontSize": 15, "fontWeight": 600, "color": "$ink", "anchor": "start", "offset": 14,
              "subtitleFont": FONT, "subtitleFontSize": 11, "subtitleColor": "$ink-2"},
}  # fmt: skip
"""What every chart shares; laid under a spec's own `config`."""


def variables(mode: Mode) -> str:
    """The colours of a mode as CSS custom properties: `--wb-promoter:#2a6fb5;…`."""
    return "".join(f"--wb-{name}:{colour};" for name, colour in TOKENS[mode].items())


def fill(value: Any, colours: dict[str, str]) -> Any:
    """A copy of a spec with each token ("$ink") replaced; data is left as it is, whatever it holds.

    A segment that happens to be called "$ink" is a customer's word, not a colour.
    """
    if isinstance(value, dict):
        return {k: v if k in ("data", "datasets") else fill(v, colours) for k, v in value.items()}
    if isinstance(value, list):
        return [fill(item, colours) for item in value]
    if isinstance(value, str) and value.startswith("$"):
        return colours.get(value[1:], value)
    return value
