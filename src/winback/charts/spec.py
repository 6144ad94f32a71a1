"""A chart is a Vega-Lite 6 spec as a plain dictionary; colours are named by token and filled in when it is drawn.

One spec serves light and dark, the report's page and the notebook. Notebooks draw a `Chart` by themselves;
`Chart.save` writes it as JSON, as a page of its own that needs no network, as SVG or as PNG.
"""

from __future__ import annotations

import contextlib
import copy
import json
from pathlib import Path
from typing import Any

from winback.charts.tokens import CONFIG, TOKENS, Mode, fill
from winback.errors import UserError

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MIME = "application/vnd.vegalite.v6+json"
WIDTH = 640
ONCE: dict[str, Any] = {"values": [{}]}
"""Data for a line or a word that is drawn once, not once a row."""


class Chart(dict[str, Any]):
    """A Vega-Lite spec with colours by token, such as "$promoter"."""

    def resolved(self, mode: Mode = "light") -> dict[str, Any]:
        """The spec with its colours filled in for light or dark, and winback's config under its own."""
        spec = copy.deepcopy(dict(self))
        spec["config"] = _laid_over(copy.deepcopy(CONFIG), spec.get("config", {}))
        filled: dict[str, Any] = fill(spec, TOKENS[mode])
        return filled

    def picture(self, mode: Mode = "light") -> dict[str, Any]:
        """The resolved spec as a picture that stands alone: on a ground of its own, with a width of its own."""
        spec = self.resolved(mode)
        spec["config"]["background"] = TOKENS[mode]["card"]
        spec.setdefault("padding", 12)
        if spec.get("width") == "container":
            spec["width"] = WIDTH
        return spec

    @property
    def description(self) -> str:
        """The one sentence that says what the chart shows."""
        return str(self.get("description", ""))

    def save(self, path: str | Path, *, mode: Mode = "light", scale: float = 2.0) -> Path:
        """Write the chart to a file; its ending says how: .json, .html, .svg or .png.

        Raises UserError for another ending, and for .svg and .png where the extra "pictures" is not installed.
        """
        target = Path(path)
        ending = target.suffix.lower()
        if ending == ".json":
            target.write_text(json.dumps(self.picture(mode), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        elif ending == ".html":
            from winback.charts.page import standalone

            target.write_text(standalone(self, mode=mode), encoding="utf-8")
        elif ending == ".svg":
            target.write_text(self._svg(mode), encoding="utf-8")
        elif ending == ".png":
            png = _converter(ending).vegalite_to_png(json.dumps(self.picture(mode)), scale=scale)
            target.write_bytes(png)
        else:
            raise UserError(f"A chart cannot be saved as {target.name}; name it .json, .html, .svg or .png.")
        return target

    def _svg(self, mode: Mode) -> str:
        return str(_converter(".svg").vegalite_to_svg(json.dumps(self.picture(mode))))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """What a notebook draws: the spec, and an SVG beside it where one can be made."""
        bundle: dict[str, Any] = {MIME: self.picture(), "text/plain": f"Chart: {self.description}"}
        with contextlib.suppress(UserError):
            bundle["image/svg+xml"] = self._svg("light")
        return bundle


def chart(
    body: dict[str, Any], *, description: str, width: int | str = WIDTH, height: Any = None, title: str | None = None
) -> Chart:
    """A chart from the parts a picture has of its own: layers, encodings, data.

    `width` is in pixels, or "container" to fill the page's box; `title` is for pictures that stand alone.
    """
    spec = Chart({"$schema": SCHEMA, "description": description, **body})
    if width:
        spec["width"] = width
    if height is not None:
        spec["height"] = height
    if title:
        spec["title"] = title
    return spec


def spread(encoding: dict[str, Any], layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Layers with a common encoding laid under each one's own; None in a layer takes a channel out.

    Vega-Lite's schema has no word for "not in this layer", so the common encoding is written into each.
    """
    return [
        {**layer, "encoding": {k: v for k, v in {**encoding, **layer.get("encoding", {})}.items() if v is not None}}
        for layer in layers
    ]


def score_axis(title: str | None = None, **more: Any) -> dict[str, Any]:
    """An axis of scores: signs and true minus on its labels."""
    label = "(datum.value > 0 ? '+' : datum.value < 0 ? '\u2212' : '') + abs(datum.value)"
    return {"title": title, "labelExpr": label, "tickCount": 5, **more}


def share_axis(title: str | None = None, **more: Any) -> dict[str, Any]:
    """An axis of shares: "10 %" on its labels, with their space."""
    return {"title": title, "labelExpr": "format(100 * datum.value, '.2~f') + ' %'", "tickCount": 5, **more}


def score_domain(low: float, high: float, step: int = 10) -> list[int]:
    """A range of scores that holds the values and zero, on round steps, within −100 and 100."""
    low, high = min(low, 0.0), max(high, 0.0)
    first = max(-100, int(low // step) * step)
    last = min(100, -int(-high // step) * step)
    return [first, last if last > first else first + step]


def _laid_over(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(under.get(key), dict)
        under[key] = _laid_over(under[key], value) if both else value
    return under


def _converter(ending: str) -> Any:
    try:
        import vl_convert
    except ImportError as error:
        raise UserError(
            f'A chart is saved as {ending} with vl-convert, which is not installed: pip install "winback[pictures]", '
            "or save it as .html or .json."
        ) from error
    return vl_convert
