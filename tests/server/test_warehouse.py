from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from winback.server import warehouse
from winback.server.warehouse import GRACE, File, Manifest, fresh_name, read, swap, sweep

NOW = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)


def a_file(place: Path, name: str) -> File:
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PAR1")
    return File("feedback", "2026-09", name, 3, ("score",), ("plan",), {"api": {"answers": {"": 3}}})


def test_a_manifest_comes_back_as_it_was(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    manifest = Manifest("1", NOW, (a_file(tmp_path, "feedback/a.parquet"),), {"7": "published"}, {}, {"api": True})
    swap(tmp_path, manifest)
    assert read(tmp_path) == manifest
    assert manifest.of("feedback") == manifest.files and manifest.of("customers") == ()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["manifest.json"]


@pytest.mark.parametrize("text", ["", "{", '{"format": 0}'])
def test_what_is_no_manifest_of_ours_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    assert read(tmp_path) is None


def test_old_files_stay_for_a_while_and_rubbish_does_not(tmp_path: Path) -> None:
    kept, old, older, rubbish = (a_file(tmp_path, f"feedback/{n}.parquet") for n in ("kept", "old", "older", "rubbish"))
    dropped = {old.name: NOW.isoformat(), older.name: (NOW - GRACE).isoformat()}
    manifest = Manifest("1", NOW, (kept,), {}, dropped)
    swap(tmp_path, manifest)
    swept = sweep(tmp_path, manifest, now=NOW)
    assert dict(swept.dropped) == {old.name: NOW.isoformat()}
    assert sorted(path.name for path in (tmp_path / "feedback").iterdir()) == ["kept.parquet", "old.parquet"]
    assert not (tmp_path / rubbish.name).exists()
    assert sweep(tmp_path, swept, now=NOW) is swept


def test_names_never_come_twice() -> None:
    assert fresh_name("feedback", "2026-09") != fresh_name("feedback", "2026-09")
    assert warehouse.folder(Path("/x"), 7) == Path("/x/warehouse/7")


def test_vectors_live_as_long_as_the_file_they_were_made_from(tmp_path: Path) -> None:
    (tmp_path / "feedback").mkdir()
    (tmp_path / "vectors").mkdir()
    old, new = a_file(tmp_path, "feedback/2026-10-aa.parquet"), a_file(tmp_path, "feedback/2026-11-bb.parquet")
    names = {file.name: warehouse.vectors_of(file) for file in (old, new)}
    assert names[new.name] == ("vectors/2026-11-bb.0.static-5.arrow",)
    for (name,) in names.values():
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "vectors" / "2026-11-bb.0.static-5.arrow.half").write_bytes(b"")
    (tmp_path / "vectors" / "2026-11-bb.0.arrow").write_bytes(b"of another model")
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    manifest = Manifest("x", now, (new,), dropped={old.name: now.isoformat()})
    sweep(tmp_path, manifest, now=now)
    assert {path.name for path in (tmp_path / "vectors").iterdir()} == {
        "2026-10-aa.0.static-5.arrow",
        "2026-11-bb.0.static-5.arrow",
    }
    sweep(tmp_path, manifest, now=now + GRACE)
    assert {path.name for path in (tmp_path / "vectors").iterdir()} == {"2026-11-bb.0.static-5.arrow"}


def test_vectors_are_of_the_model_that_searches() -> None:
    from winback.text.embedding import DEFAULT

    assert warehouse.MODEL == DEFAULT
