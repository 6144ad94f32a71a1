"""A chart as a page of its own: one file with everything inside, drawn without a network."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from winback.charts.tokens import TOKENS, Mode

if TYPE_CHECKING:
    from winback.charts.spec import Chart

LIBRARIES = ("vega.min.js", "vega-lite.min.js", "vega-embed.min.js")

EMBED: dict[str, Any] = {
    "ast": True,
    "defaultStyle": False,
    "tooltip": {"disableDefaultStyle": True},
    "actions": False,
    "renderer": "svg",
}
"""How vega-embed is called: no eval, no styles of its own, so that a strict content security policy holds."""

TOOLTIP_STYLE = (
    "#vg-tooltip-element{visibility:hidden;position:fixed;z-index:99;padding:6px 9px;border-radius:6px;"
    "font:12px/1.45 Inter,system-ui,sans-serif;background:var(--wb-card);color:var(--wb-ink);"
    "border:1px solid var(--wb-line);box-shadow:0 2px 8px rgb(0 0 0/.12);pointer-events:none;max-width:320px}"
    "#vg-tooltip-element.visible{visibility:visible}#vg-tooltip-element td{padding:0 4px;vertical-align:top}"
    "#vg-tooltip-element td.key{color:var(--wb-ink-2);text-align:right}#vg-tooltip-element table{border-spacing:0}"
)


def library(name: str) -> str:
    """The text of a vendored script, without the line that points a debugger at its source map."""
    text = (files("winback") / "report" / "static" / name).read_text(encoding="utf-8")
    return text.split("\n//# sourceMappingURL=")[0].rstrip("\n")


def json_block(value: Any) -> str:
    """JSON that may stand inside a script element, whatever a customer wrote: no "<", no line separators."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def digest(text: str) -> str:
    """The source expression of a content security policy that allows exactly this inline text."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"


def policy(scripts: list[str], styles: list[str]) -> str:
    """A content security policy under which only these inline scripts and styles run, and nothing is fetched."""
    return "; ".join(
        (
            "default-src 'none'",
            "img-src data: blob:",
            "style-src " + " ".join(digest(text) for text in styles),
            "script-src " + " ".join(digest(text) for text in scripts),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def standalone(chart: Chart, *, mode: Mode = "light") -> str:
    """The chart as one HTML page with the drawing scripts inside."""
    colours = TOKENS[mode]
    style = (
        ":root{" + "".join(f"--wb-{name}:{colours[name]};" for name in ("card", "ink", "ink-2", "line")) + "}"
        f"body{{margin:16px;background:{colours['card']};color:{colours['ink']};font:14px/1.5 Inter,system-ui,sans-serif}}"
        f"p{{color:{colours['ink-2']};max-width:68ch}}" + TOOLTIP_STYLE
    )
    draw = (
        "vegaEmbed('#chart',JSON.parse(document.getElementById('spec').textContent),"
        f"{json.dumps(EMBED)}).catch(function(e){{document.getElementById('chart').textContent=String(e)}})"
    )
    scripts = [*(library(name) for name in LIBRARIES), draw]
    title = html.escape(str(chart.get("title") or "Chart"))
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy(scripts, [style])}">',
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>',
            f"<style>{style}</style></head><body>",
            f'<div id="chart" role="img" aria-label="{html.escape(chart.description)}"></div>',
            f"<p>{html.escape(chart.description)}</p>",
            f'<script type="application/json" id="spec">{json_block(chart.picture(mode))}</script>',
            *(f"<script>{text}</script>" for text in scripts),
            "</body></html>\n",
        )
    )
