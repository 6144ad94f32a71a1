"""How the report was made: files, mapping, rows taken and not taken, and the method in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winback.analysis.tally import Tally
from winback.report import words
from winback.report.inputs import Inputs


def of_columns(inputs: Inputs) -> dict[str, Any]:
    """Which column was read as what, and how the score was read."""
    reading = inputs.reading
    mapping = {role: list(column) if isinstance(column, tuple) else column for role, column in reading.mapping.items()}
    return {
        "mapping": {**mapping, "by": [inputs.spelled.get(name, name) for name in reading.attributes]},
        "detected": list(reading.detected),
        "bands": reading.tables.bands.describe(),
        "scale_given": reading.scale_given,
    }


def score_read(doc: Mapping[str, Any]) -> str:
    """How a document's score was read: score from stars (detected), on a scale of 1–5: detractors 1–3, …"""
    found = " (detected)" if "score" in doc["detected"] else ""
    said = words.bands(doc["bands"])
    assumed = "" if doc["scale_given"] else " (assumed from the values found)"
    return f"score from {doc['mapping']['score']}{found}, {said[0].lower()}{said[1:]}{assumed}"


def of_files(inputs: Inputs) -> dict[str, Any]:
    """The document's account of its files."""
    reading = inputs.reading
    mapping = {role: list(column) if isinstance(column, tuple) else column for role, column in reading.mapping.items()}
    return {
        "file": {
            "name": reading.file.name, "format": reading.file.format, "encoding": reading.file.encoding,
            "delimiter": reading.file.delimiter, "compressed": reading.file.compressed,
        },
        "mapping": {**mapping, "by": list(inputs.reading.attributes)},
        "detected": list(reading.detected),
        "other_files": [
            {"table": table, "name": file.name, "rows": file.rows, "mapping": dict(file.mapping), "rejected": dict(file.rejected)} for table, file in inputs.reading.beside.items()
        ],
        "rejected": dict(reading.rejected),
        "rejected_examples": [dict(example) for example in reading.examples],
        "warnings": list(inputs.reading.warnings),
    }  # fmt: skip


def segments_note(inputs: Inputs) -> str | None:
    """What could be split by as well."""
    return next((warning for warning in inputs.reading.warnings if warning.startswith("Also possible")), None)


def notes(inputs: Inputs, whole: Tally, options: Any) -> list[str]:
    """The method, a sentence each."""
    mapping, level = inputs.reading.mapping, f"{100 * options.level:g} %"
    found = [
        "The score is 100 (promoters - detractors) / answers, from counts, over the answered only; groups are pooled, never averaged.",
        f"Intervals are adjusted Wald at {level} (Rocks 2016): the true score of everyone who might have answered lies inside about as often.",
        f"A group with fewer than {options.minimum} answers shows its count and no figure; it counts in the totals.",
        "Ranking uses the score steadied towards the whole (empirical Bayes); “worse than the rest” is the chance that a group’s score is below that of all others.",
    ]
    if whole.once_per_person:
        found.append(f"Each person ({mapping['respondent']}) counts once in every window, by the latest answer in it.")
    else:
        found.append(
            "Every answer counts, also two of one person; name the person with --respondent to count each once."
        )
    if whole.weighted:
        found.append(f"Answers are weighted by {mapping['weight']}; intervals rest on the effective number of answers.")
    if mapping["date"]:
        found.append(
            f"Days are days in {inputs.reading.tables.zone}; times without a zone in the file are taken as local to it."
        )
    if inputs.reading.without_date:
        found.append(f"{inputs.reading.without_date:,} rows have no date: they count in the whole and in no period.")
    return found
