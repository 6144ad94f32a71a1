from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from winback.datasets.truths import Fix, Truths
from winback.tables import Tables

ROOT = Path(__file__).resolve().parents[2]

FIX = Fix("CHG-1", "A title", "A theme", "region=West", dt.date(2026, 2, 9), 12.5, 0.3, 0.1, 0.1, 0.1)


def test_a_fix_worked_where_the_score_rose() -> None:
    assert FIX.worked
    assert not dataclasses.replace(FIX, effect=0.0).worked


def test_truths_are_frozen(truths: Truths) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        truths.seed = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        truths.flare.segments["region"] = "South"  # type: ignore[index]


def test_the_reference_page_has_these_numbers(tables: Tables, truths: Truths) -> None:
    page = " ".join((ROOT / "docs" / "reference" / "sample-company.md").read_text(encoding="utf-8").split())
    flare, (worked, idle), tier = truths.flare, truths.fixes, truths.profitable
    leaving, mix, silent, segment = truths.leaving, truths.mix, truths.silent, truths.silent_segment
    kinds = tables.departures["departure_kind"].to_pylist()
    own = sum(kind in leaving.kinds for kind in kinds)
    fewer = kinds.count("downgraded")
    said = [
        *(f"| `{name}` | {getattr(tables, name).num_rows:,} |" for name in tables.present()[:-2]),
        f"{own} by own choice, {len(kinds) - own - fewer} other endings, {fewer} downgrades",
        f"{tables.invitations['sent_at'].null_count:,} of them not sent",
        f"Of the {flare.answers} answers there {flare.share:.1%} are".replace("%", " %"),
        f"instead of {flare.expected_share:.1%}".replace("%", " %"),
        f"effective {worked.effective:%-d %B %Y}, region West",
        f"{worked.effect:.1f} points higher",
        f"{worked.share_before:.0%} of West's detractors before and by {worked.share_since:.0%}".replace("%", " %"),
        f"by {worked.share_before_elsewhere:.0%} and {worked.share_since_elsewhere:.0%}".replace("%", " %"),
        f"effective {idle.effective:%-d %B %Y}, plan Home Plus",
        f"by {idle.share_before:.0%} before and by {idle.share_since:.0%} since".replace("%", " %"),
        f"by {idle.share_before_elsewhere:.0%} and {idle.share_since_elsewhere:.0%}".replace("%", " %"),
        f"{tier.share:.1%} of the answers of Business".replace("%", " %"),
        f"{tier.share_elsewhere:.1%} of the other plans' there (odds ratio {tier.odds_ratio:.1f})".replace("%", " %"),
        f"{tier.share_below:.1%} of Business customers below. {tier.customers} of".replace("%", " %"),
        f"at {leaving.ratio} times the monthly rate", f"a promoter at {leaving.promoter_ratio} times",
        f"each of the {leaving.customers.num_rows:,} customers", f"For the {leaving.detractors} whose",
        f"| revenue | €{leaving.revenue_of_detractors:,.2f} | €{leaving.revenue_at_risk:,.2f} |",
        f"| margin | €{leaving.margin_of_detractors:,.2f} | €{leaving.margin_at_risk:,.2f} |",
        f"from {mix.share_before:.1%} to {mix.share_since:.1%} of all".replace("%", " %"),
        f"score {-mix.gap:.1f} points lower", f"by −{-mix.effect:.1f} points",
        f"from {segment.start:%-d %B %Y} on: {segment.answered_before:.1%} of".replace("%", " %"),
        f"then {segment.answered_since:.1%}. {segment.answers_before} answers".replace("%", " %"),
        f"before and {segment.answers_since} since",
        f"{silent.answered:.1%} of what was sent".replace("%", " %"),
        f"answered is {silent.nps_of_answers:+.1f}, of everybody asked {silent.nps_of_asked:+.1f}",
        f"{silent.detractors_of_answers:.1%} of the answers and {silent.detractors_of_silent:.1%} of".replace("%", " %"),
        f"correlate at {truths.retest:.2f}",
    ]  # fmt: skip
    assert [words for words in said if words not in page] == []
