"""The database as a file, of its own kind and whole."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

import pytest

from tests.server.processes.installations import Installation


def unpacked(backup: Path, to: Path) -> Path:
    with tarfile.open(backup) as tar:
        tar.extractall(to, filter="data")
    return to


def packed(folder: Path, to: Path) -> Path:
    with tarfile.open(to, "w:gz") as tar:
        for path in sorted(folder.iterdir()):
            tar.add(path, path.name)
    return to


def test_a_damaged_database_is_refused_and_nothing_changes(on_sqlite: Installation, tmp_path: Path) -> None:
    assert on_sqlite.run("backup", str(tmp_path / "good")).returncode == 0
    folder = unpacked(tmp_path / "good", tmp_path / "unpacked")
    database = folder / "database"
    database.write_bytes(database.read_bytes()[:-4096])
    refused = on_sqlite.run("restore", "--yes", str(packed(folder, tmp_path / "damaged")))
    assert refused.returncode == 2
    assert refused.stderr.endswith("its database does not have the checksum it was written with.\n")
    # even where somebody has mended the checksum
    manifest = json.loads((folder / "manifest.json").read_text())
    import hashlib

    manifest["sha256"] = hashlib.sha256(database.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    refused = on_sqlite.run("restore", "--yes", str(packed(folder, tmp_path / "damaged-2")))
    assert refused.returncode == 2
    assert refused.stderr.startswith("winback: The database in this backup is damaged: ")
    assert on_sqlite.sql("SELECT count(*) FROM winback_workspace") == [(1,)]


@pytest.mark.xdist_group("postgres")
def test_a_backup_goes_back_into_its_own_kind_of_database(
    on_sqlite: Installation, on_postgres: Installation, tmp_path: Path
) -> None:
    assert on_sqlite.run("backup", str(tmp_path / "backup")).returncode == 0
    refused = on_postgres.run("restore", "--yes", str(tmp_path / "backup"))
    assert (refused.returncode, refused.stderr) == (
        2,
        "winback: This backup is of SQLite, and this installation uses PostgreSQL. "
        "Restore it into one of its own kind (DATABASE_URL).\n",
    )
    # pg_dump is said to be missing where it is
    on_postgres.more["PATH"] = str(Path(shutil.which("env") or "").parent / "nowhere")
    refused = on_postgres.run("backup", str(tmp_path / "other"))
    assert refused.stderr == (
        "winback: pg_dump is missing, which PostgreSQL's backups need: apt install postgresql-client.\n"
    )
