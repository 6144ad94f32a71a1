"""Pictures of the analyses: rows in, a Vega-Lite spec out. The report's page and notebooks draw the same ones.

Every function takes rows (mappings) and options and returns a `Chart`, a dictionary that names its colours by token.
An interval is always drawn; a row under the minimum of answers is not; bars start at zero and scores show theirs.
"""

from __future__ import annotations

from winback.charts.decompose import parts
from winback.charts.profit import by_band, mix
from winback.charts.score import distribution
from winback.charts.segments import heat, whiskers
from winback.charts.spec import Chart
from winback.charts.trend import over_time

__all__ = ["Chart", "by_band", "distribution", "heat", "mix", "over_time", "parts", "whiskers"]
