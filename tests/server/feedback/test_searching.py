"""Rare words by way of the Parquet: the same rows as the database finds alone, whatever has happened since it was written."""

from __future__ import annotations

import pytest

from tests.server.exports.worlds import answer, fresh, told
from tests.server.factories import Cast, make_customer
from tests.server.imports.bringing import brought
from winback.server.exports.parquet import ID as WRITTEN
from winback.server.feedback import searching
from winback.server.feedback.models import Feedback
from winback.server.feedback.personal import erase
from winback.server.feedback.queries import Choice, chosen
from winback.server.imports import undoing
from winback.server.jobs.actions import run_due
from winback.server.redaction import Person
from winback.server.workspaces.models import Workspace

FILE = "id,score,comment,occurred_at\nf1,0,Nobody came,2026-10-01T10:00:00Z\nf2,10,Fine,2026-10-01T10:00:00Z\n"
WORDS = {"a": "Nobody came", "b": "nobody knew", "c": "100% fine", "d": "50_50", "e": "Fine", "f": ""}


@pytest.fixture(autouse=True)
def _any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "FEW", 1)


def found(cast: Cast, text: str, who: str = "hanna") -> list[str]:
    return sorted(chosen(cast.access(who), Choice(text=text)).values_list("external_id", flat=True))


def by_parquet(workspace: Workspace, text: str) -> int | None:
    """How many rows are looked at; None for all."""
    looked = searching._candidates(workspace, text)
    return None if looked is None else len(looked)


def test_ids_of_rows_stand_where_they_are_looked_for() -> None:
    assert searching.ID == WRITTEN


def test_the_same_rows_are_found_as_by_reading_all(cast: Cast) -> None:
    told(cast.larkspur, [answer(key, 3, comment=text) for key, text in WORDS.items()])
    told(cast.merritt, [answer("z", 3, comment="nobody")])
    expected = {"NOBODY": ["a", "b"], "100%": ["c"], "%": ["c"], "0_5": ["d"], "fine": ["c", "e"], "f": ["c", "e", "f"], "no": ["a", "b"], "b": ["a", "b"], "x": []}  # fmt: skip
    assert {text: found(cast, text) for text in expected} == expected, "before anything was written"
    assert by_parquet(cast.larkspur, "fine") is None
    fresh(cast.larkspur)
    assert {text: found(cast, text) for text in expected} == expected
    assert {text: by_parquet(cast.larkspur, text) for text in ("NOBODY", "%", "x")} == {"NOBODY": 2, "%": 1, "x": 0}


def test_what_has_changed_since_is_found_as_it_stands_now(cast: Cast) -> None:
    told(cast.larkspur, [answer(key, 3, f"2026-09-0{n + 1}", comment=text) for n, (key, text) in enumerate(WORDS.items())])  # fmt: skip
    fresh(cast.larkspur)
    told(cast.larkspur, [answer("b", 3, "2026-09-02", comment="well"), answer("new", 3, comment="nobody at all")])
    assert (found(cast, "nobody"), found(cast, "well")) == (["a", "new"], ["b"])
    assert by_parquet(cast.larkspur, "well") == 1


def test_an_import_is_found_when_it_is_published_and_not_when_it_is_undone(cast: Cast) -> None:
    told(cast.larkspur, [answer("a", 3, comment="fine")])
    fresh(cast.larkspur)
    run = brought(cast.larkspur, FILE, scale="0-10")
    assert (run.state, found(cast, "nobody")) == ("published", ["f1"])
    fresh(cast.larkspur)
    assert (found(cast, "nobody"), by_parquet(cast.larkspur, "nobody")) == (["f1"], 1)
    undoing.begin(run=run)
    run_due()
    assert found(cast, "nobody") == []


def test_a_scope_holds_and_so_does_an_erasure(cast: Cast) -> None:
    make_customer(cast.larkspur, "C1")
    rows = [("a", "North", "C1"), ("b", "South", "C2")]
    told(cast.larkspur, [answer(key, 3, customer=who, comment="Nobody came", attributes={"region": region}) for key, region, who in rows])  # fmt: skip
    fresh(cast.larkspur)
    assert (found(cast, "nobody", "norah"), found(cast, "nobody")) == (["a"], ["a", "b"])
    customer = Feedback.objects.get(external_id="a").customer
    assert customer is not None
    erase(person=Person(cast.larkspur.pk, (customer.pk,), (), ("C1",), (), (), token="t"))
    assert found(cast, "nobody") == ["b"]


def test_what_many_have_said_is_read_from_the_newest(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "RARE", 2)
    told(cast.larkspur, [answer(key, 3, comment="Nobody came") for key in "abc"])
    fresh(cast.larkspur)
    assert (by_parquet(cast.larkspur, "nobody"), found(cast, "nobody")) == (None, ["a", "b", "c"])
