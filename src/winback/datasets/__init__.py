"""A sample company with planted truths, and loaders for real files."""

from __future__ import annotations

from winback.datasets.bulk import write_feedback_parquet
from winback.datasets.company import sample_company, sample_company_with_truths, sample_truths
from winback.datasets.export import write_sample
from winback.datasets.loaders import drug_reviews, nhs_fft, olist_reasons, sfo_survey, shared_data, telco_base
from winback.datasets.truths import Truths

__all__ = [
    "Truths",
    "drug_reviews",
    "nhs_fft",
    "olist_reasons",
    "sample_company",
    "sample_company_with_truths",
    "sample_truths",
    "sfo_survey",
    "shared_data",
    "telco_base",
    "write_feedback_parquet",
    "write_sample",
]
