"""Themes in figures: points that add up to the score, shares of persons, groups, money and movement, by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import narwhals as nw
import pyarrow as pa
import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast
from tests.server.insights.worlds import paid
from tests.server.themes.worlds import guessed, themes
from winback.analysis.codebook import Codebook, Theme
from winback.analysis.coding import SCHEMA
from winback.analysis.themes import themes as themes_in_figures
from winback.errors import UserError
from winback.server.customers.models import Customer, Departure
from winback.server.feedback.models import Feedback
from winback.server.insights.basis import Basis
from winback.server.insights.queries import opened, segments, themes_basis
from winback.server.insights.queries import themes as document
from winback.server.insights.theming import saying, telling, themes_of, where
from winback.server.sources.actions import ensure_source, live_run, mark_dirty
from winback.server.themes.actions import merge, retire
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def world(cast: Cast) -> None:
    """Ten answers: four detractors (three say why), two passives, four promoters (one says why)."""
    rows = [
        answer("d1", 1, comment="late", customer="c1", attributes={"region": "North"}),
        answer("d2", 2, comment="late and rude", customer="c2", attributes={"region": "North"}),
        answer("d3", 3, comment="something", customer="c3", attributes={"region": "South"}),
        answer("d4", 4, customer="c4", attributes={"region": "South"}),
        *(answer(f"a{n}", 7, attributes={"region": "South"}) for n in range(2)),
        answer("p1", 10, comment="never late", customer="c5", attributes={"region": "South"}),
        *(answer(f"p{n}", 9, attributes={"region": "North"}) for n in range(2, 5)),
    ]
    told(cast.larkspur, rows)
    cast.larkspur.attributes, cast.larkspur.minimum = ["region"], 2
    cast.larkspur.save()
    late, rude = themes(cast, "Late", "Rude")
    named = {"d1": [late], "d2": [late, rude], "d3": [], "p1": [late]}
    for name, found in named.items():
        guessed(Feedback.objects.get(external_id=name), found)
    fresh(cast.larkspur)


def basis_of(cast: Cast, who: str = "hanna") -> Basis:
    found = opened(cast.access(who), {})
    assert found is not None
    return found


def test_points_add_up_to_what_detractors_take(cast: Cast) -> None:
    world(cast)
    found = themes_of(basis_of(cast))
    assert (found["answers"], found["said"], found["total"]) == (4, 3, -40.0)
    rows = {row["theme"]: row for row in found["themes"]}
    assert list(rows) == ["Late", "Rude"]
    assert (rows["Late"]["points"], rows["Rude"]["points"], found["other"]) == (-15.0, -5.0, -20.0)
    assert (rows["Late"]["named"], rows["Late"]["share"]) == (2, 0.5), "of all four detractors, the silent one included"
    # without d1, d2 and p1, who name it: 3 promoters and 2 detractors of 7
    assert rows["Late"]["without"] == pytest.approx(100 / 7)
    north, south = rows["Late"]["groups"]
    assert (north["group"], north["named"], north["answers"], north["share"]) == ("North", 2, 2, 1.0)
    assert (south["group"], south["named"], south["answers"], south["share"]) == ("South", 0, 2, 0.0)
    # all or none of two, Wilson: z²/(n + z²) = 0.6576
    assert (north["low"], north["high"]) == (pytest.approx(1 - 0.6576, abs=1e-4), 1.0)
    assert (south["low"], south["high"]) == (0.0, pytest.approx(0.6576, abs=1e-4))


def test_everybody_together_add_up_to_the_score(cast: Cast) -> None:
    world(cast)
    found = themes_of(basis_of(cast), who="all", order="share")
    assert (found["answers"], found["said"], found["total"]) == (10, 4, 0.0)
    assert sum(row["points"] for row in found["themes"]) + found["other"] == pytest.approx(0.0)
    assert [row["named"] for row in found["themes"]] == [3, 1]
    assert themes_of(basis_of(cast), who="promoter")["themes"][0]["points"] == 10.0
    assert themes_of(basis_of(cast), who="lost")["themes"] == []


def test_a_person_counts_once_by_the_latest_answer(cast: Cast) -> None:
    told(
        cast.larkspur,
        [
            answer("1", 2, "2026-09-01", comment="late", respondent="ann"),
            answer("2", 3, "2026-09-02", comment="rude", respondent="ann"),
        ],
    )
    late, rude = themes(cast, "Late", "Rude")
    for name, theme in (("1", late), ("2", rude)):
        guessed(Feedback.objects.get(external_id=name), [theme])
    fresh(cast.larkspur)
    assert [(row["theme"], row["named"]) for row in themes_of(basis_of(cast))["themes"]] == [("Rude", 1)]


def test_money_of_those_who_name_it_counts_each_customer_once(cast: Cast) -> None:
    world(cast)
    paid(cast.larkspur, [("c1", "100"), ("c2", "30"), ("c5", "7")])
    rows = {row["theme"]: row["money"] for row in themes_of(basis_of(cast), order="money")["themes"]}
    assert rows == {"Late": 130.0, "Rude": 30.0}


def test_a_change_of_the_codebook_shows_at_once(cast: Cast) -> None:
    world(cast)
    basis = basis_of(cast)
    assert len(themes_of(basis)["themes"]) == 2
    late, rude = (row for row in cast.larkspur.themes.order_by("id"))
    merge(access=cast.access("hanna"), pk=rude.pk, into=late.pk)
    found = themes_of(basis_of(cast))
    assert [(row["theme"], row["named"], row["points"]) for row in found["themes"]] == [("Late", 2, -20.0)]
    retire(access=cast.access("hanna"), pk=late.pk)
    assert themes_of(basis_of(cast))["themes"] == []


def test_what_is_named_more_lately_is_called_rising_and_what_is_named_less_falling(cast: Cast) -> None:
    late, rude, slow = themes(cast, "Late", "Rude", "Slow")
    rows, named = [], {}
    for month in range(1, 11):
        for n in range(30):
            key = f"{month}-{n}"
            rows.append(answer(key, 2, f"2026-{month:02}-{1 + n % 28:02}", comment="x"))
            named[key] = [late] if n < (18 if month > 9 else 2) else [rude] if n >= 25 else [slow] if month < 10 else []
    told(cast.larkspur, rows)
    for row in Feedback.objects.filter(external_id__in=named):
        guessed(row, named[row.external_id])
    fresh(cast.larkspur)
    found = {row["theme"]: row for row in themes_of(basis_of(cast))["themes"]}
    assert [found[name]["moving"] for name in ("Late", "Rude", "Slow")] == ["rising", "", "falling"]
    assert [part["named"] for part in found["Late"]["months"]] == [2] * 9 + [18]
    assert found["Late"]["months"][0] == {"named": 2, "answers": 30, "share": pytest.approx(1 / 15)}


def test_the_page_and_the_library_say_the_same(cast: Cast) -> None:
    world(cast)
    paid(cast.larkspur, [("c1", "100"), ("c2", "30"), ("c5", "7")])
    basis = basis_of(cast)
    tables = basis.tables
    feedback = nw.from_native(tables.feedback).lazy().collect(backend="pyarrow").to_native()
    feedback = feedback.sort_by("external_id")
    ids = feedback.column("external_id").to_pylist()
    codings = nw.from_native(tables.codings).lazy().collect(backend="pyarrow").to_native().to_pylist()
    table = pa.Table.from_pylist([{**dict.fromkeys(SCHEMA.names), "row": ids.index(one["external_id"]), "theme": one["theme"], "start": 0, "end": 0, "confidence": 1.0} for one in codings], schema=SCHEMA)  # fmt: skip
    book = Codebook((Theme("Late", "Late"), Theme("Rude", "Rude")))
    library = themes_in_figures(
        replace(tables, feedback=feedback), book, by=["region"], codings=table, minimum=2, **basis.columns
    )
    theirs = {row["theme"]: row for row in library.rows()}
    for who, name in (("all", "share"), ("detractor", "detractor_share"), ("promoter", "promoter_share")):
        for row in themes_of(basis, who=who)["themes"]:
            assert row["share"] == theirs[row["theme"]][name]
            assert row["without"] == theirs[row["theme"]]["nps_without"]
    page = themes_of(basis, who="all")
    assert page["total"] == pytest.approx(library.score)
    assert page["other"] == pytest.approx(theirs[None]["contribution"])
    for row in page["themes"]:
        one = theirs[row["theme"]]
        assert (row["named"], row["low"], row["high"]) == (one["customers"], one["low"], one["high"])
        assert row["points"] == pytest.approx(one["contribution"])
        assert row["money"] == float(one["revenue"])
        parts = {
            part["segment"]: part
            for part in library.segments.to_pylist()
            if part["by"] == "region" and part["theme"] == row["theme"]
        }
        assert [(cell["named"], cell["answers"], cell["share"]) for cell in row["groups"]] == [
            (parts[cell["group"]]["customers"], parts[cell["group"]]["answers"], parts[cell["group"]]["share"])
            for cell in row["groups"]
        ]


def test_a_proposal_counts_once_it_is_accepted(cast: Cast) -> None:
    world(cast)
    cast.larkspur.themes.filter(name="Rude").update(state="proposed")
    assert [row["theme"] for row in themes_of(basis_of(cast))["themes"]] == ["Late"]


def test_of_a_group_with_fewer_answers_than_the_minimum_no_counts_by_band_are_told(cast: Cast) -> None:
    world(cast)  # five answers in each region, two of them detractors'
    for minimum, shown in ((5, [("North", 2, True), ("South", 2, True)]), (6, [])):
        Workspace.objects.filter(pk=cast.larkspur.pk).update(minimum=minimum)
        basis = basis_of(cast)
        assert [(one["name"], one["answers"], one["few"]) for one in where(basis, "Late", by="region")] == shown
        document = themes_of(basis)
        assert [one["name"] for one in document["groups"]] == [name for name, _, _ in shown]
        assert all(len(row["groups"]) == len(shown) for row in document["themes"])


def test_of_a_group_asked_for_that_is_too_small_nothing_is_told_but_its_answers(cast: Cast) -> None:
    world(cast)  # two detractors of five answers in each region
    Workspace.objects.filter(pk=cast.larkspur.pk).update(minimum=3)
    nothing = {"named": None, "share": None, "low": None, "high": None}
    assert themes_of(basis_of(cast))["themes"][0]["groups"] == [
        {"group": "North", "answers": 2, **nothing}, {"group": "South", "answers": 2, **nothing},
    ]  # fmt: skip
    assert where(basis_of(cast), "Late", by="region") == [
        {"name": "North", "answers": 2, "few": True, **nothing}, {"name": "South", "answers": 2, "few": True, **nothing},
    ]  # fmt: skip


def test_lost_is_who_has_left_and_not_who_was_migrated_or_has_given_notice(cast: Cast) -> None:
    world(cast)
    run = live_run(source=ensure_source(workspace=cast.larkspur, name="exits", kind="api", table="departures"))
    days = {"c1": "2026-10-01", "c2": "2026-10-01", "c5": "2099-01-01"}
    for customer, day in days.items():
        row = Customer.objects.get(workspace=cast.larkspur, external_id=customer)
        kind = "migrated" if customer == "c2" else "cancelled"
        Departure.objects.create(workspace=cast.larkspur, run=run, customer=row, kind=kind, end_date=dt.date.fromisoformat(day))  # fmt: skip
    mark_dirty(workspace=cast.larkspur, table="departures", days=[dt.date(2026, 10, 1), dt.date(2099, 1, 1)])
    fresh(cast.larkspur)
    found = themes_of(basis_of(cast), who="lost")
    assert (found["answers"], [(row["theme"], row["named"]) for row in found["themes"]]) == (1, [("Late", 1)])


def test_who_is_quoted_is_who_is_counted(cast: Cast) -> None:
    days = {
        "1": ("2026-07-01", "ann"),
        "2": ("2026-09-01", "ann"),
        "3": ("2026-09-02", "bob"),
        "4": ("2026-09-03", "bob"),
    }
    told(cast.larkspur, [answer(name, 2, day, comment="late", respondent=who) for name, (day, who) in days.items()])
    told(cast.larkspur, [answer("5", 10, "2026-09-04", comment="never late", respondent="eve")])
    late, _rude = themes(cast, "Late", "Rude")
    for row in Feedback.objects.all():
        guessed(row, [late])
    fresh(cast.larkspur)
    window = {"since": ["2026-08-01"], "until": ["2026-10-31"]}
    basis = opened(cast.access("hanna"), window)
    assert basis is not None
    assert [name for _, name in saying(basis, "Late", "detractor")] == ["4", "2"], "of the window, each person's latest"
    assert [name for _, name in saying(basis, "Late", "all")] == ["5", "4", "2"]
    assert saying(basis, "Late", "lost") == [] and saying(basis, "Rude", "all") == []


def test_themes_by_profit_tier(cast: Cast) -> None:
    world(cast)
    tiers = {"by": ["profit_tier"], "who": ["all"]}
    with pytest.raises(UserError, match="import revenue or margin"):
        document(cast.access("hanna"), tiers)
    paid(cast.larkspur, [("c1", "100"), ("c2", "80"), ("c3", "60"), ("c4", "40"), ("c5", "-20"), ("c6", "20")])
    Workspace.objects.filter(pk=cast.larkspur.pk).update(minimum=1)
    found = document(cast.access("hanna"), tiers)
    assert found is not None and found["by"] == ["profit_tier"]
    # fifths of five who bring money; nobody of tier 5 has answered, and who names no customer is in no tier
    assert [one["name"] for one in found["groups"]] == ["tier 1", "tier 2", "tier 3", "tier 4", "negative"]
    rows = {row["theme"]: [cell["named"] for cell in row["groups"]] for row in found["themes"]}
    assert rows == {"Late": [1, 1, 0, 0, 1], "Rude": [0, 1, 0, 0, 0]}
    basis = themes_basis(cast.access("hanna"), tiers)
    assert basis is not None
    assert [place["name"] for place in where(basis, "Late", who="all", by="profit_tier")] == [
        one["name"] for one in found["groups"]
    ]
    with pytest.raises(UserError, match="no attribute"):
        segments(cast.access("hanna"), {"by": ["profit_tier"]})


def test_where_a_theme_is_named_within_ones_scope(cast: Cast) -> None:
    world(cast)
    places = where(basis_of(cast), "Late", by="region")
    assert [(place["name"], place["named"], place["answers"], place["few"]) for place in places] == [
        ("North", 2, 2, False), ("South", 0, 2, False),
    ]  # fmt: skip
    mine = themes_of(basis_of(cast, "norah"))
    assert (mine["answers"], mine["said"]) == (2, 2)
    assert telling(basis_of(cast), "detractor")[1].sum() == 4


def test_the_document_takes_only_what_it_knows(cast: Cast) -> None:
    world(cast)
    today = {"since": ["2026-01-01"], "until": [dt.date(2026, 12, 31).isoformat()]}
    assert document(cast.access("hanna"), today | {"who": ["all"]})["who"] == "all"  # type: ignore[index]
    with pytest.raises(Exception, match="cannot be chosen"):
        document(cast.access("hanna"), {"who": ["angry"]})
