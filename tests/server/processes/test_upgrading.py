"""A missing migration: serve refuses, upgrade makes a backup and takes the step."""

from __future__ import annotations

from pathlib import Path

from tests.server.processes.installations import Installation, free_port


def test_an_older_database_is_refused_until_it_is_upgraded(on_sqlite: Installation) -> None:
    on_sqlite.sql("DROP TABLE django_session")
    on_sqlite.sql("DELETE FROM django_migrations WHERE app = 'sessions'")
    for command in ("serve", "worker"):
        refused = on_sqlite.run(command)
        assert (refused.returncode, refused.stderr) == (
            2,
            "winback: The database is older than this winback (1 step to take). "
            "Run `winback upgrade`: it makes a backup first.\n",
        )
    done = on_sqlite.run("upgrade")
    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()
    (backup,) = (on_sqlite.home / "backups").iterdir()
    assert said[0].startswith(f"1/3  Backup: {backup} (")
    assert said[1:] == ["2/3  Database: 1 step taken", "3/3  Check: all is well"]
    with on_sqlite.running("serve", "--port", str(free_port()), says="winback is at"):
        refused = on_sqlite.run("upgrade")
        assert refused.returncode == 2
        assert "Stop it first" in refused.stderr
    again = on_sqlite.run("upgrade")
    assert again.stderr.splitlines()[:2] == [
        "1/3  No backup: nothing is to be changed",
        "2/3  Database: 0 steps taken",
    ]
    assert len(list((on_sqlite.home / "backups").iterdir())) == 1


def test_there_has_to_be_something_to_upgrade(tmp_path: Path) -> None:
    refused = Installation(tmp_path / "home").run("upgrade")
    assert (refused.returncode, refused.stderr) == (
        2,
        "winback: There is no winback here yet. Run `winback init`, which asks for what it needs.\n",
    )
