from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.server.factories import Cast
from tests.server.imports.bringing import begun
from winback.server.customers.models import CustomerProfile
from winback.server.imports import actions, files, personal
from winback.server.imports.personal import PIECE, holds
from winback.server.jobs.actions import run_due
from winback.server.redaction import Person

ANN = Person(1, (1,), (), ids=("C-1000",), people=(), names=("Ann Zoë",))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_text_in_any_encoding_packed_or_not(tmp_path: Path, encoding: str) -> None:
    text = "id;name\n1;Ann Zoë\n2;Ben\n".encode(encoding)
    (tmp_path / "plain").write_bytes(text)
    (tmp_path / "packed").write_bytes(gzip.compress(text))
    assert holds(tmp_path / "plain", ANN) and holds(tmp_path / "packed", ANN)
    (tmp_path / "other").write_bytes("id;name\n1;Ann Zola\n".encode(encoding))
    assert not holds(tmp_path / "other", ANN)


def test_a_name_over_the_edge_of_a_piece(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * (PIECE - 4) + b"C-1000" + b"x" * PIECE)
    assert holds(tmp_path / "big", ANN)


def test_workbooks_and_tables(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", "<si><t>Ann Zoë</t></si>")
    pq.write_table(pa.table({"n": [1], "name": ["ann zoë"]}), tmp_path / "table")
    pq.write_table(pa.table({"n": [1], "name": ["Ben"]}), tmp_path / "other")
    assert holds(tmp_path / "book", ANN) and holds(tmp_path / "table", ANN) and not holds(tmp_path / "other", ANN)


def test_a_packed_file_that_cannot_be_read_is_taken_to_hold_them(tmp_path: Path) -> None:
    (tmp_path / "cut").write_bytes(gzip.compress(b"a" * 1000)[:20])
    assert holds(tmp_path / "cut", ANN)


@pytest.mark.django_db
def test_an_import_that_is_published_in_the_moment_of_an_erasure_stays(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the rows of everybody in the file would go with those of one."""
    run = begun(cast.larkspur, "customer,name\nC-1000,Ann Zoë\nC2,Bo\n", "customers.csv")
    remove = files.remove

    def first_published(folder: Path) -> None:
        assert actions._take_turn(run) and actions._stage(run, 60, lambda done, total: None)
        actions.publish(run=run)
        remove(folder)

    monkeypatch.setattr(files, "remove", first_published)
    ann = Person(cast.larkspur.pk, (1,), (), ids=("C-1000",), people=(), names=("Ann Zoë",))
    assert personal.erase(person=ann) == {"uploads": 1}
    run.refresh_from_db()
    assert run.state == "published" and CustomerProfile.objects.visible(cast.larkspur).count() == 2


@pytest.mark.django_db
def test_an_import_on_its_way_that_holds_somebody_erased_ends(cast: Cast) -> None:
    run = begun(cast.larkspur, "customer,name\nC-1000,Ann Zoë\nC2,Bo\n", "customers.csv")
    assert actions._take_turn(run)
    ann = Person(cast.larkspur.pk, (1,), (), ids=("C-1000",), people=(), names=("Ann Zoë",))
    assert personal.erase(person=ann) == {"uploads": 1}
    run_due()
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", personal.SENTENCE) and not CustomerProfile.objects.exists()
