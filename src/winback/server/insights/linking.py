"""From a figure to the answers behind it: addresses of the feedback page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from winback.charts.labels import segment
from winback.server.insights.rules import Window, answers_query

if TYPE_CHECKING:
    from winback.server.insights.basis import Basis


def answers_link(
    basis: Basis, part: Mapping[str, str | None] | None = None, band: str = "", window: Window | None = None
) -> str:
    """The query of the feedback page with the answers behind a figure; a blank value asks for those without one."""
    sort = basis.holding.sort
    survey = None if sort.alone else sort.survey or ""
    return answers_query(basis.asked, window or basis.window, part, band=band, survey=survey)


def linked(row: Mapping[str, Any], basis: Basis) -> dict[str, Any]:
    part = dict(zip(row["by"], row["segment"], strict=True))
    return {
        "name": segment(row["segment"], row["by"]),
        "href": answers_link(basis, part),
        "unhappy": answers_link(basis, part, "detractor"),
    }
