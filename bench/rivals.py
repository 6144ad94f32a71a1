"""Public localisers beside ours: RiskLoc and AutoRoot, from a checkout of shaido987/riskloc, at their defaults.

They need pandas, loguru and kneed; nothing here is needed to use winback.
"""

from __future__ import annotations

import contextlib
import io
import sys
import types
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

DEFAULTS: dict[str, dict[str, Any]] = {
    "riskloc": {"risk_threshold": 0.5, "pep_threshold": 0.02, "n_remove": 5, "remove_relative": False, "prune_elements": True},
    "autoroot": {"delta_threshold": 0.25},
}  # fmt: skip


class Rival:
    """One public method: from a frame of leaves to a set of causes, each a sorted tuple of (attribute, value)."""

    def __init__(self, checkout: Path, name: str) -> None:
        if str(checkout) not in sys.path:
            sys.path.insert(0, str(checkout))
        sys.modules.setdefault("yaml", types.ModuleType("yaml"))  # asked for by readers that are not used here
        with contextlib.redirect_stdout(io.StringIO()):
            from loguru import logger
            from utils.evaluation import root_cause_postprocessing
            from utils.run_utils import run_method
        logger.remove()
        self.name, self._run, self._tidy = name, run_method, root_cause_postprocessing

    def __call__(self, frame: Any, attributes: Sequence[str], *, derived: bool) -> set[tuple[tuple[str, str], ...]]:
        """Causes of one case."""
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                found = self._run(
                    frame.copy(), [frame.copy(), None], list(attributes), self.name, DEFAULTS[self.name], derived, False
                )
                texts = list(self._tidy(found, self.name)) if len(found) else []
            except (ValueError, KeyError, IndexError, ZeroDivisionError):
                texts = []  # it fails on this case: it finds nothing
        return {tuple(sorted(tuple(part.split("=", 1)) for part in str(text).split("&"))) for text in texts if text}
