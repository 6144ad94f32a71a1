"""Files: CSV, TSV, XLSX, Parquet and JSON lines, packed with gzip or not, as exported by anything."""

from __future__ import annotations

from pathlib import Path

from winback.connectors.csvfile.feedback import Options, to_feedback
from winback.connectors.csvfile.mapping import Columns
from winback.connectors.csvfile.staging import stage
from winback.connectors.reading import Reading

__all__ = ["Columns", "Options", "read_feedback"]


def read_feedback(path: str | Path, columns: Columns | None = None, options: Options | None = None) -> Reading:
    """Read a file of answers into the canonical `feedback` table.

    `columns` names columns where detection is not wanted; `options` has scale, bands, blanks, zone and currency.
    Raises UserError, naming file and line and what to do, where nothing can be read.
    """
    return to_feedback(stage(Path(path)), columns or Columns(), options or Options())
