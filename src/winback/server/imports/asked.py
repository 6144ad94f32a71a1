"""How a file is to be read: what people said of it, as plain data that goes through a form, a folder and a database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

NONE = "-"  # instead of a column: there is none, do not look for one
SINGLE = ("score", "date", "customer", "respondent", "id", "weight", "value")
SEVERAL = ("text", "by")
LABELS = ("channel", "touchpoint", "journey_stage", "product", "language", "kind", "survey")


@dataclass(frozen=True)
class Asked:
    """What is known of a file beside its bytes. Blank means: tell it yourself.

    `columns` has for each role of a file of answers (SINGLE, LABELS, SEVERAL), or for each canonical column of another table,
    the file's column (for SEVERAL a list of them), or NONE.
    """

    file_name: str
    table: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)
    scale: str = ""
    detractors: str = ""
    promoters: str = ""
    blank: tuple[str, ...] = ()
    zone: str = "UTC"
    date_order: str = ""
    currency: str = ""
    survey: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Asked:
        """From what `stored` made."""
        known = {f.name for f in fields(cls)}
        given = {name: value for name, value in stored.items() if name in known}
        return cls(**{**given, "blank": tuple(given.get("blank", ()))})

    def stored(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {**asdict(self), "blank": list(self.blank), "columns": dict(self.columns)}

    @property
    def digest(self) -> str:
        """Tells whether something was read as is asked now."""
        told = json.dumps(self.stored(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()
