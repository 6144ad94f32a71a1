"""The report as one HTML file: styles, scripts and charts inside, nothing fetched, every figure also as text.

A content security policy is computed from the inline blocks: only they run, and nothing may be loaded. Whatever a
file's cell says stays text: Jinja escapes it, JSON blocks hold no "<", and charts never make expressions of names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from winback.charts import tokens
from winback.charts.page import EMBED, LIBRARIES, json_block, library, policy
from winback.report import marks, words
from winback.report.sections import context

_OPTION = re.compile(r"--[a-z][a-z-]*(?: (?:[A-Z]{3,}|\d+(?:-\d+)?)\b)?")
"""An option of the command line, which must not break after its hyphens."""

BOOT = "document.documentElement.classList.add('js')"


def render(doc: Mapping[str, Any]) -> str:
    """The document as a self-contained HTML page."""
    scripts = [BOOT, *_scripts()]
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            **context(doc),
            marks=marks,
            style=Markup(stylesheet()),  # noqa: S704 (our own)
            scripts=[Markup(script) for script in scripts],  # noqa: S704 (our own and the vendored)
            policy=Markup(policy(scripts, [stylesheet()])),  # noqa: S704
            config=Markup(json_block({"config": tokens.CONFIG, "embed": EMBED})),  # noqa: S704
        )
    )


@cache
def stylesheet() -> str:
    """The colours of both modes, then the report's own sheet. Paper is always light."""
    dark = f"color-scheme:dark;{tokens.variables('dark')}"
    return (
        f":root{{color-scheme:light;{tokens.variables('light')}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{{dark}}}}}\n" + _own("report.css")
    )


@cache
def _scripts() -> tuple[str, ...]:
    return (*(library(name) for name in LIBRARIES), _own("report.js"))


def _own(name: str) -> str:
    return (files("winback.report") / "static" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("winback.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        chance=words.chance,
        day=words.short_day,
        given=words.given,
        growth=growth,
        interval=lambda cell, decimals=0: words.interval(cell["low"], cell["high"], decimals),
        json=lambda value: Markup(json_block(value)),  # noqa: S704 (json_block leaves no "<")
        likely=lambda cell: words.likely(cell["low"], cell["high"]),
        mix=words.mix,
        money=words.money,
        of_detractors=of_detractors,
        part=words.part,
        percent=words.percent,
        period=words.period,
        plain=plain,
        plural=words.plural,
        say=say,
        rises=words.rises,
        score=words.score,
        share=words.share,
        segment=words.segment,
        signed=words.signed,
        span=words.span,
        themes_note=words.themes_note,
        too_few=words.too_few,
        weighted=words.weighted,
    )
    return environment


def say(sentence: str) -> Markup:
    """A sentence, escaped, in which a figure and its sign never part at the end of a line."""
    text = str(escape(sentence)).replace(" %", "\u00a0%").replace(", +", ",\u00a0+").replace(", −", ",\u00a0−")
    return Markup(_OPTION.sub(r'<span class="nowrap">\g<0></span>', text))  # noqa: S704 (escaped above)


def plain(value: float | None) -> str:
    """A figure for sorting and for CSV: ASCII, at most four decimals; "" for none."""
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def of_detractors(row: Mapping[str, Any], overall: Mapping[str, Any]) -> str:
    """How much of all detractors a segment holds: 22 of 71 where they are few, else 31 %."""
    if overall["detractors"] < words.COUNTED_BELOW and not words.weighted(overall):
        return words.part(row["detractors"], overall["detractors"])
    return words.percent(row["share_of_detractors"])


def growth(rate: float) -> str:
    """A rate with its sign: +10 %, −3 %."""
    return f"{words.signed(100 * rate)} %"
