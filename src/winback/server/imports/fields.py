"""What the fields of the import form are called: on the form, and in the reader's sentences that are shown beside it.

Knows neither Django nor the database: the reader runs in a process of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

# option of the command line: title of the field
TITLES: Mapping[str, str] = {
    "--score": "Score", "--date": "Date", "--customer": "Customer", "--respondent": "Person", "--id": "Id of the answer",
    "--weight": "Weight", "--value": "Money", "--text": "Comments", "--by": "Attributes", "--scale": "Scale",
    "--blank": "No answer", "--detractors": "Detractors", "--promoters": "Promoters", "--survey": "Sort of survey",
    "--date-format": "Dates like 01/02", "--currency": "Currency", "--tz": "Zone of times without one",
}  # fmt: skip
ORDERS: Mapping[str, str] = {"dmy": "day first", "mdy": "month first"}

# as the reader's sentences name them (winback.surfaces)
NAMES: Mapping[str, str] = {
    **{option: f"“{title}”" for option, title in TITLES.items()},
    **{f"--date-format {order}": f"“{TITLES['--date-format']}” {words}" for order, words in ORDERS.items()},
}
