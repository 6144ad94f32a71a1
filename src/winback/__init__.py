"""winback turns detractors into promoters, as a system.

The library: `read` a file into canonical tables; ask `nps`, `segments`, `trend`, `decompose`, `profit` of it or of any
pandas, Polars, DuckDB, PySpark, Ibis or Arrow frame. Results print themselves, draw themselves with `.chart()`, and
hold an Arrow `.table`.

    >>> import winback as wb
    >>> wb.nps(wb.read("feedback.csv"), by=["region"])

Everything is imported when it is first used (the list of analyses imports nothing), so that `winback --help` answers at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from winback.analysis import ANALYSES

if TYPE_CHECKING:
    from winback.analysis.decompose import decompose as decompose
    from winback.analysis.drivers import drivers as drivers
    from winback.analysis.flareups import flareups as flareups
    from winback.analysis.localise import localise as localise
    from winback.analysis.nps import nps as nps
    from winback.analysis.profit import profit as profit
    from winback.analysis.saturation import saturation as saturation
    from winback.analysis.segments import segments as segments
    from winback.analysis.themes import themes as themes
    from winback.analysis.trend import trend as trend
    from winback.connectors import read as read
    from winback.datasets import sample_company as sample_company
    from winback.errors import UserError as UserError
    from winback.errors import WinbackError as WinbackError
    from winback.scales import Bands as Bands
    from winback.tables import Tables as Tables

__version__ = "0.1.0"

_PLACES = {
    "read": "winback.connectors",
    **{name: f"winback.analysis.{name}" for name in ANALYSES},
    "sample_company": "winback.datasets",
    "Tables": "winback.tables",
    "Bands": "winback.scales",
    "UserError": "winback.errors",
    "WinbackError": "winback.errors",
}
__all__ = [*sorted(_PLACES), "__version__"]  # noqa: PLE0604 - names are loaded on first use


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'winback' has no attribute {name!r}")
    value = getattr(importlib.import_module(_PLACES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
