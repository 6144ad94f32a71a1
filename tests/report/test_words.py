"""Numbers, dates and sentences as the report writes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winback.report import words


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (21.0, 0, "+21"), (-3.2, 0, "−3"), (0.0, 0, "0"), (-0.4, 0, "0"), (0.5, 0, "+1"), (-2.5, 0, "−3"),
        (-3.0, 1, "−3.0"), (0.04, 1, "0.0"), (None, 0, "–"), (100, 0, "+100"),
    ],
)  # fmt: skip
def test_signed(value: float | None, decimals: int, said: str) -> None:
    assert words.signed(value, decimals) == said


def test_interval_and_sentence() -> None:
    assert words.interval(17.8, 24.6) == "[+18, +25]"
    assert words.interval(-7.5, 1.5, 1) == "[−7.5, +1.5]"
    assert words.interval(None, None) == ""
    assert words.likely(18.0, 25.0) == "likely between +18 and +25"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.31, "31 %"),
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.004, "< 1 %"),
        (0.999, "> 99 %"),
        (None, "–"),
        (-0.024, "−2 %"),
        (-0.002, "> −1 %"),
    ],
)
def test_percent(share: float | None, said: str) -> None:
    assert words.percent(share) == said


@pytest.mark.parametrize(
    ("p", "said"), [(0.93, "93 %"), (0.9999, "> 99 %"), (0.003, "< 1 %"), (1.0, "> 99 %"), (0.0, "< 1 %")]
)
def test_chance_is_never_certain(p: float, said: str) -> None:
    assert words.chance(p) == said


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("527900.00", "EUR", "€527,900"), ("88.40", "EUR", "€88.40"), ("99.999", "USD", "$100.00"), ("100.49", "GBP", "£100"),
        ("-4100.00", "EUR", "−€4,100"), ("1200", "CHF", "CHF 1,200"), ("1200.6", "", "1,201"), (None, "EUR", "–"), ("0", "EUR", "€0"),
    ],
)  # fmt: skip
def test_money(amount: str | None, currency: str, said: str) -> None:
    assert words.money(amount, currency) == said


def test_counts_beside_small_shares() -> None:
    assert words.part(22, 31) == "22 of 31"
    assert words.part(549, 2386) == "23 %"
    cell = {"answers": 31, "detractors": 22, "passives": 5, "promoters": 4}
    assert words.mix(cell, "detractor") == "22 of 31 detractors"
    weighted = cell | {"weighted": True, "detractor_share": 0.5, "passive_share": 0.3, "promoter_share": 0.2}
    assert words.mix(weighted, "detractor") == "50 % detractors"


def test_weighted_by_its_effective_size() -> None:
    assert words.weighted({"n_eff": 12.5}) and words.weighted({"weighted": True})
    assert not words.weighted({"answers": 3}) and not words.weighted({"n_eff": None})


def test_singular_and_plural() -> None:
    assert words.plural(1, "answer") == "1 answer"
    assert words.plural(2386, "answer") == "2,386 answers"
    assert words.plural(1, "person", "people") == "1 person"
    assert words.plural(0, "person", "people") == "0 people"


def test_days() -> None:
    assert words.full_day("2026-11-19") == "Thu 19 Nov 2026"
    assert words.short_day("2026-11-19", 2026) == "19 Nov"
    assert words.short_day("2025-11-19", 2026) == "19 Nov 2025"
    assert words.span("2026-08-22", "2026-11-19") == "22 Aug – 19 Nov 2026"
    assert words.span("2025-11-01", "2026-11-19") == "1 Nov 2025 – 19 Nov 2026"
    assert words.span("2026-11-19", "2026-11-19") == "19 Nov 2026"
    assert words.span(None, "2026-11-19") == "until 19 Nov 2026"
    assert words.span("2026-11-19", None) == "since 19 Nov 2026"
    assert words.span(None, None) == ""


def test_a_moment_is_told_in_the_zone_of_the_report() -> None:
    assert words.moment("2026-06-30T23:30:00Z", "Europe/Dublin") == "Wed 1 Jul 2026, 00:30"
    assert words.moment("2026-11-19T14:05:00", "UTC") == "Thu 19 Nov 2026, 14:05"


def test_periods() -> None:
    assert words.period("month", "2026-11-01") == "Nov 2026"
    assert words.period("quarter", "2026-10-01") == "Q4 2026"
    assert words.period("week", "2026-11-16") == "16 Nov 2026"


def test_segments() -> None:
    assert words.segment(["North", "Business"], ["region", "plan"]) == "North · Business"
    assert words.segment([None, "Business"], ["region", "plan"]) == "(no region) · Business"
    assert words.segment(["  ", None]) == "(blank) · (blank)"
    assert words.segment(["two\nlines\u2028here"]) == "two lines here"


def test_bands_are_printed_with_their_scale() -> None:
    described = {"scale": "0-10", "detractors": "0-6", "passives": "7-8", "promoters": "9-10"}
    assert words.bands(described) == "On a scale of 0–10: detractors 0–6, passives 7–8, promoters 9–10"
    assert words.bands(described | {"passives": "between"}) == "On a scale of 0–10: detractors 0–6, promoters 9–10"


def test_too_few() -> None:
    assert words.too_few(7, 10) == "7 answers: too few to show a score (10 needed)."
    assert words.score({"answers": 1, "nps": None, "suppressed": True}) == "1 answer: too few to show"


def test_reasons_have_words() -> None:
    assert words.reason("score_out_of_range") == "score outside the scale"
    assert words.reason("something_new") == "something new"


def test_parts_of_the_mockup_add_up() -> None:
    assert words.adding_up([-2.44, -0.53], -2.97) == [-2.5, -0.5]
    assert words.adding_up([0.04] * 10, 0.4) == pytest.approx([0.1] * 4 + [0.0] * 6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-50, 50, allow_nan=False), min_size=1, max_size=30))
def test_parts_always_add_up_to_the_rounded_total(parts: list[float]) -> None:
    total = sum(parts)
    shown = words.adding_up(parts, total)
    assert words.signed(sum(shown), 1) == words.signed(total, 1)
    assert all(abs(a - b) <= 0.1001 for a, b in zip(shown, parts, strict=True))
