"""Real, public files that winback is tried on. They lie in a folder shared/data beside the project and are never
committed: where it is missing, the functions say so.

Each loader gives canonical `Tables` with Arrow tables, one row a row of the file that can be read; further columns are
attributes. Source, licence and quirks of each file stand in the README beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from winback.errors import UserError
from winback.scales import Bands
from winback.tables import CUSTOMERS, DATE, FEEDBACK, FLOAT, MONEY, TIME, Tables, check

# The column of the question in each year's file; before 2017 it is "SFO Airport as a whole", 1 to 5.
_SFO_QUESTIONS = {
    2010: "Q6N", 2011: "Q8N", 2012: "Q8N_WHOLE", 2013: "Q7O_WHOLE", 2014: "Q7ALL", 2015: "Q7ALL", 2016: "Q7ALL",
    2017: "NETPRO",
}  # fmt: skip


def shared_data(name: str) -> Path | None:
    """The folder shared/data/`name`, looked for upwards from the current folder and from this module; None without."""
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            found = folder / "shared" / "data" / name
            if found.is_dir():
                return found
    return None


def sfo_survey(year: int = 2017) -> Tables:
    """San Francisco Airport passenger survey (DataSF), 2010 to 2017, one row a passenger, with weights where there are.

    2017 has the 0-10 question; the other years the 1-5 mark for the airport as a whole. Attributes, where the year has
    them: boarding_area, strata, airline, and the language the passenger answered in as lang (codes of the year's
    dictionary). Raises UserError where the file is missing or there was no survey in the year.
    """
    if year not in _SFO_QUESTIONS:
        raise UserError(
            f"There is no survey of {year}; take a year from {min(_SFO_QUESTIONS)} to {max(_SFO_QUESTIONS)}."
        )
    raw = _read("sfo_survey", f"sfo_{year}.csv.gz")
    raw = raw.rename_columns([name.lstrip("*") for name in raw.column_names])  # 2016 has *RESPNUM
    question = _SFO_QUESTIONS[year]
    ten = question == "NETPRO"
    columns = {
        "source": pa.repeat(f"sfo_{year}", raw.num_rows),
        "external_id": raw["RESPNUM"],
        "respondent": raw["RESPNUM"],
        "local_date": pa.array([_day_of_may(text, year) for text in raw["INTDATE"].to_pylist()], DATE),
        "score": _within(_numbers(raw[question]), 0 if ten else 1, 10 if ten else 5),
        "kind": pa.repeat("survey", raw.num_rows),
        "survey": pa.repeat("transactional", raw.num_rows),
    }
    if "WEIGHT" in raw.column_names:
        columns["weight"] = _numbers(raw["WEIGHT"])
    for name, there in (("boarding_area", "BAREA"), ("strata", "STRATA"), ("airline", "AIRLINE"), ("lang", "LANG")):
        if there in raw.column_names:
            columns[name] = _blanks(raw[there])
    return Tables(feedback=check(FEEDBACK, pa.table(columns)), bands=Bands.of("0-10" if ten else "1-5"))


def nhs_fft() -> Tables:
    """NHS Friends and Family Test comments of two English trusts, with labelled themes.

    The score runs from 5 (very poor) to 1 (very good). Comments that say "Did not answer" are blank. Attributes: trust,
    service, subservice, question, sentiment. Codings: the labellers' themes. Raises UserError where the file is missing.
    """
    raw = _read("nhs_fft", "nhs_fft_comments.csv.gz")
    comment = _blanks(raw["text"])
    comment = pc.if_else(pc.equal(comment, "Did not answer"), None, comment)
    columns = {
        "source": pa.repeat("nhs_fft", raw.num_rows),
        "external_id": raw["comment_id"],
        "local_date": _blanks(raw["date"]).cast(DATE),
        "respondent": _blanks(raw["respondent_id"]),
        "score": _within(_numbers(raw["fft_code"]), 1, 5),
        "kind": pa.repeat("survey", raw.num_rows),
        "language": pa.repeat("en", raw.num_rows),
        "comment": comment,
        **{name: _blanks(raw[name]) for name in ("trust", "service", "subservice", "question", "sentiment")},
    }
    themes = [name for name in raw.column_names if name.startswith("theme: ")]
    kept = [name for name in themes if name not in ("theme: Not assigned", "theme: Labelling not possible")]
    codings: dict[str, list[str]] = {"external_id": [], "theme": []}
    ids = raw["comment_id"].to_pylist()
    for name in kept:
        rows = np.flatnonzero(np.array(raw[name].to_pylist()) == "1")
        codings["external_id"] += [ids[row] for row in rows]
        codings["theme"] += [name.removeprefix("theme: ")] * len(rows)
    size = len(codings["theme"])
    coded = {"source": pa.repeat("nhs_fft", size), **codings, "coder": pa.repeat("labeller", size)}
    return Tables(feedback=check(FEEDBACK, pa.table(columns)), codings=pa.table(coded), bands=Bands.of("5-1"))


def olist_reasons() -> Tables:
    """Olist orders with review, score 1-5 and the complaint reason people voted for. Non-commercial use only.

    Attributes: state, city, category, order_status, reason and reason_class. `money` is the order's value in BRL.
    Raises UserError where the file is missing.
    """
    raw = _read("olist_reasons", "olist_reasons.csv.gz")
    answered = pc.strptime(_blanks(raw["review_answer_timestamp"]), "%Y-%m-%d %H:%M:%S+00:00", "us")
    columns = {
        "source": pa.repeat("olist", raw.num_rows),
        "external_id": raw["id"],
        "occurred_at": answered.cast(TIME),
        "local_date": answered.cast(DATE),
        "customer": raw["id"],  # no customer's id is known: an order is a customer
        "score": _within(_numbers(raw["review_score"]), 1, 5),
        "kind": pa.repeat("review", raw.num_rows),
        "touchpoint": pa.repeat("order", raw.num_rows),
        "language": pa.repeat("pt", raw.num_rows),
        "comment": _blanks(raw["review_comment_message"]),
        "money": _blanks(raw["order_products_value"]).cast(MONEY),
        "state": _blanks(raw["customer_state"]),
        "city": _blanks(raw["customer_city"]),
        "category": _blanks(raw["product_category_name"]),
        "order_status": _blanks(raw["order_status"]),
        "reason": _blanks(raw["most_voted_subclass"]),
        "reason_class": _blanks(raw["most_voted_class"]),
    }
    return Tables(
        feedback=check(FEEDBACK, pa.table(columns)), bands=Bands.of("1-5"), currency="BRL", zone="America/Sao_Paulo"
    )


def drug_reviews() -> Tables:
    """Druglib.com reviews, rating 1-10 without dates. The three texts of a review are joined in `comment`.

    Attributes: drug, condition (small letters), effectiveness, side_effects. Raises UserError where the file is missing.
    """
    raw = _read("drug_reviews", "druglib_reviews.csv.gz")
    texts = [pc.fill_null(raw[name], "") for name in ("benefitsReview", "sideEffectsReview", "commentsReview")]
    columns = {
        "source": pa.repeat("druglib", raw.num_rows),
        "external_id": raw["id"],
        "score": _within(_numbers(raw["rating"]), 1, 10),
        "kind": pa.repeat("review", raw.num_rows),
        "language": pa.repeat("en", raw.num_rows),
        "comment": _blanks(pc.utf8_trim_whitespace(pc.binary_join_element_wise(*texts, " "))),
        "drug": _blanks(raw["urlDrugName"]),
        "condition": pc.utf8_lower(_blanks(raw["condition"])),
        "effectiveness": _blanks(raw["effectiveness"]),
        "side_effects": _blanks(raw["sideEffects"]),
    }
    return Tables(feedback=check(FEEDBACK, pa.table(columns)), bands=Bands.of("1-10"))


def telco_base() -> Tables:
    """IBM's fictional telephone company: 7,043 customers, one snapshot without dates.

    `customers.revenue` is twelve times the monthly charge in USD; every further column is an attribute, with
    tenure_months, monthly_charges and total_charges as numbers and churn as Yes or No. Raises UserError where the file
    is missing.
    """
    raw = _read("telco_base", "telco_base.csv.gz")
    monthly = raw["MonthlyCharges"].cast(pa.decimal128(18, 4))
    renamed = {"customerID": "customer", "tenure": "tenure_months", "MonthlyCharges": "", "TotalCharges": ""}
    columns = {
        renamed.get(name, _snake(name)): _blanks(raw[name]) for name in raw.column_names if renamed.get(name) != ""
    }
    columns["tenure_months"] = _numbers(raw["tenure"])
    columns["monthly_charges"] = _numbers(raw["MonthlyCharges"])
    columns["total_charges"] = _numbers(raw["TotalCharges"])
    columns["revenue"] = pc.multiply(monthly, pa.scalar(12, pa.decimal128(2, 0))).cast(MONEY)
    return Tables(customers=check(CUSTOMERS, pa.table(columns)), currency="USD")


def _read(folder: str, file: str) -> pa.Table:
    """The file with every cell as text. Raises UserError where it is missing."""
    found = shared_data(folder)
    if found is None or not (found / file).is_file():
        raise UserError(
            f"{file} is not here: it is a public file that winback does not bring along. Put it into "
            f"shared/data/{folder}/ beside the project (its README there says where it comes from)."
        )
    names = pacsv.open_csv(found / file, parse_options=_PARSE).schema.names
    texts = pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    return pacsv.read_csv(found / file, parse_options=_PARSE, convert_options=texts)


_PARSE = pacsv.ParseOptions(newlines_in_values=True)


def _blanks(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text with null where a cell is empty or only spaces."""
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text as numbers, null where a cell is empty."""
    return _blanks(column).cast(FLOAT)


def _day_of_may(text: str, year: int) -> dt.date | None:
    """The day of the interview: a day of May, or a date with month and time in 2016."""
    day = text.split("/")[1] if "/" in text else text
    return dt.date(year, 5, int(float(day))) if day and 1 <= float(day) <= 31 else None


def _within(scores: pa.ChunkedArray, low: float, high: float) -> pa.ChunkedArray:
    """Scores on the scale; codes beside it (not asked, don't know) are no scores."""
    return pc.if_else(pc.and_(pc.greater_equal(scores, low), pc.less_equal(scores, high)), scores, None)


def _snake(name: str) -> str:
    """CamelCase as snake_case."""
    return "".join(_letters(name)).lstrip("_")


def _letters(name: str | Sequence[str]) -> Iterator[str]:
    before = ""
    for letter in name:
        yield f"_{letter.lower()}" if letter.isupper() and before.islower() else letter.lower()
        before = letter
