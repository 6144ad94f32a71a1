from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pytest

from winback.datasets import drug_reviews, loaders, nhs_fft, olist_reasons, sfo_survey, telco_base
from winback.datasets.loaders import shared_data
from winback.errors import UserError
from winback.tables import Tables


def bands(tables: Tables) -> list[int]:
    score = tables.feedback["score"].drop_null().to_numpy()
    counts = Counter(tables.bands.classify(score).tolist())
    return [counts[band] for band in range(3)]


@pytest.mark.usefixtures("shared_data")
class TestRealFiles:
    def test_sfo_2017(self) -> None:
        tables = sfo_survey()
        assert tables.feedback.num_rows == 2831
        assert tables.feedback["score"].null_count == 85
        assert sum(bands(tables)) == 2746
        assert bands(tables)[2] == 564 + 872
        assert tables.feedback["weight"].null_count == 0

    @pytest.mark.parametrize("year", range(2010, 2017))
    def test_sfo_before(self, year: int) -> None:
        tables = sfo_survey(year)
        assert 2800 <= tables.feedback.num_rows <= 3900
        assert set(tables.feedback["score"].drop_null().unique().to_pylist()) == {1.0, 2.0, 3.0, 4.0, 5.0}
        assert str(tables.bands.scale) == "1-5"
        assert tables.feedback["local_date"].null_count == 0
        assert {day.month for day in tables.feedback["local_date"].to_pylist()} == {5}

    def test_nhs(self) -> None:
        tables = nhs_fft()
        assert tables.feedback.num_rows == 5384
        assert bands(tables) == [281 + 218 + 319, 888, 3268]  # 1 is the best
        assert not pc.any(pc.equal(tables.feedback["comment"], "Did not answer")).as_py()
        themes = set(tables.codings["theme"].to_pylist())
        assert len(themes) == 44
        assert "Not assigned" not in themes
        assert pc.is_in(tables.codings["external_id"], tables.feedback["external_id"]).to_numpy().all()

    def test_olist(self) -> None:
        tables = olist_reasons()
        assert tables.feedback.num_rows == 2870
        assert bands(tables) == [646 + 176 + 249, 420, 1379]
        assert tables.currency == "BRL"
        assert tables.feedback["money"].to_pylist()[0] == Decimal("9.99")
        assert tables.feedback["reason_class"].null_count == 129

    def test_drugs(self) -> None:
        tables = drug_reviews()
        assert tables.feedback.num_rows == 2901
        assert bands(tables)[2] == 672 + 426
        assert str(tables.bands.scale) == "1-10"
        assert tables.feedback["condition"].to_pylist()[0] == "management of congestive heart failure"

    def test_telco(self) -> None:
        customers = telco_base().customers
        assert customers.num_rows == 7043
        assert customers["total_charges"].null_count == 11
        assert customers["revenue"].to_pylist()[0] == Decimal("358.20")  # 12 x 29.85
        assert Counter(customers["churn"].to_pylist()) == {"No": 5174, "Yes": 1869}
        assert {"senior_citizen", "streaming_tv", "tenure_months"} <= set(customers.column_names)


def test_the_folder_is_looked_for_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shared" / "data" / "made_up").mkdir(parents=True)
    below = tmp_path / "project" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert shared_data("made_up") == tmp_path / "shared" / "data" / "made_up"
    assert shared_data("not_there") is None


@pytest.mark.parametrize("load", [sfo_survey, nhs_fft, olist_reasons, drug_reviews, telco_base])
def test_a_missing_file_says_where_to_put_it(load: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaders, "shared_data", lambda name: None)
    with pytest.raises(UserError, match=r"csv\.gz is not here: .* shared/data/"):
        load()  # type: ignore[operator]


def test_a_year_without_a_survey() -> None:
    with pytest.raises(UserError, match="no survey of 2018; take a year from 2010 to 2017"):
        sfo_survey(2018)
