"""Files: CSV, TSV, XLSX, Parquet and JSON lines, packed with gzip or not, as exported by anything.

A file takes these steps, each a module:

    opening     what sort of file is it, and may it be opened?     (unpacking, dialect)
    delimited, jsonlines, workbook                                 bytes become rows of text (lines, records)
    staging     the rows as they stand are put on the engine       (staged, engine, shelf, arrow; parquet)
    profile     what the columns look like, on a sample
    mapping     which column is which                              (naming, synonyms)
    scoring, moments, cells                                        what values mean (numbers, dates)
    account     every row is taken, or rejected with its reason
    feedback    the canonical table of answers; tabular (canonical), unitcosts: the files beside it;
                together: all of them, joined
"""

from __future__ import annotations

from pathlib import Path

from winback.connectors.csvfile.feedback import Options, to_feedback
from winback.connectors.csvfile.mapping import Columns
from winback.connectors.csvfile.staged import Staged
from winback.connectors.csvfile.staging import stage
from winback.connectors.csvfile.together import read_together
from winback.connectors.reading import Reading

__all__ = ["Columns", "Options", "Staged", "read_feedback", "read_together", "stage", "to_feedback"]


def read_feedback(path: str | Path, columns: Columns | None = None, options: Options | None = None) -> Reading:
    """Read a file of answers into the canonical `feedback` table.

    `columns` names columns where detection is not wanted; `options` has scale, bands, blanks, zone and currency.
    Raises UserError, naming file and line and what to do, where nothing can be read.
    """
    return to_feedback(stage(Path(path)), columns or Columns(), options or Options())
