"""Backup and restore while it runs, on both databases."""

from __future__ import annotations

import stat
import tarfile
from pathlib import Path
from urllib.request import urlopen

from tests.server.processes.installations import Installation, free_port, lines, until

KEYS = (
    "from winback.server.workspaces.access import Access; from winback.server.workspaces.models import ApiKey, Workspace; "
    "from winback.server.workspaces.keys import make_key, revoke_key; from winback.server.workspaces.rules import Scope; "
    "by = Access(Workspace.objects.get(), 'admin', Scope())"
)
WORKSPACE = "SELECT name, sending FROM winback_workspace"


def test_backup_and_restore_while_it_runs(installation: Installation, tmp_path: Path) -> None:
    upload = installation.home / "files" / "1" / "answers.csv"
    upload.parent.mkdir(parents=True)
    upload.write_text("score\n10\n")
    installation.sql("UPDATE winback_workspace SET sending = 'on'")
    installation.python(f"{KEYS}; make_key(by=by, name='leaked')")
    out, port, ran = tmp_path / "winback.tar.gz", free_port(), tmp_path / "ran"
    with installation.running("serve", "--port", str(port), says="winback is at") as server:
        done = installation.run("backup", str(out))
        assert done.returncode == 0, done.stderr
        assert done.stderr.startswith(f"{out}: ") and done.stderr.endswith("the database and 1 upload\n")
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        with tarfile.open(out) as tar:
            assert set(tar.getnames()) == {"manifest.json", "database", "secret-key", "files/1/answers.csv"}

        # what happens after it is undone by the restore
        installation.sql("UPDATE winback_workspace SET name = 'Changed since'")
        installation.sql("CREATE TABLE winback_of_a_later_version (id integer)")
        installation.python(f"{KEYS}; revoke_key(by=by, key=ApiKey.objects.get())")
        upload.write_text("changed since")
        (upload.parent / "later.csv").write_text("later")
        (installation.home / "warehouse" / "1").mkdir(parents=True)
        put_back = installation.run("restore", "--yes", str(out))
        assert put_back.returncode == 0, put_back.stderr
        assert "Nothing is sent until sending is switched on again." in put_back.stderr
        assert "Ended again, as since then: 1 key.\n" in put_back.stderr
        assert installation.sql("SELECT revoked_at IS NULL FROM winback_apikey") == [(False,)]

        assert installation.sql(WORKSPACE) == [("Larkspur Broadband", "off")]
        assert installation.sql("SELECT verb, target FROM winback_auditevent ORDER BY id DESC LIMIT 2") == [
            ("key revoked", "leaked"), ("backup restored", "winback.tar.gz"),
        ]  # fmt: skip
        assert upload.read_text() == "score\n10\n"
        assert sorted(path.name for path in upload.parent.iterdir()) == ["answers.csv"]
        assert not (installation.home / "warehouse").exists()
        assert not (installation.home / "run" / "restoring").exists()
        # the same processes go on, or new ones in their place
        until(lambda: _answers(port), told=lambda: server.said)
        installation.enqueue("test.write", path=str(ran))
        until(lambda: lines(ran) == ["ran"], told=lambda: server.said)


def test_what_cannot_be_backed_up_or_put_back_is_a_sentence(on_sqlite: Installation, tmp_path: Path) -> None:
    out = tmp_path / "winback.tar.gz"
    out.write_text("something else")
    refused = on_sqlite.run("backup", str(out))
    assert (refused.returncode, refused.stderr) == (
        2,
        f"winback: {out} is there already. Choose another name; a backup never replaces one.\n",
    )
    assert out.read_text() == "something else"
    nowhere = tmp_path / "nowhere" / "out"
    refused = on_sqlite.run("backup", str(nowhere))
    assert refused.stderr == f"winback: Cannot write {nowhere}: No such file or directory. Nothing was left there.\n"

    for path, told in (
        (out, f"winback: {out} is no backup of winback, or it is damaged (ReadError).\n"),
        (nowhere, f"winback: There is no file {nowhere}.\n"),
    ):
        refused = on_sqlite.run("restore", "--yes", str(path))
        assert (refused.returncode, refused.stderr) == (2, told)
    refused = on_sqlite.run("restore", str(out))
    assert refused.stderr == "winback: This replaces everything that is there. Say --yes if that is what you want.\n"
    assert on_sqlite.sql(WORKSPACE) == [("Larkspur Broadband", "off")]


def test_a_full_disk_leaves_no_half_of_a_backup(on_sqlite: Installation, tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    code = (
        "import resource, signal\n"
        "from pathlib import Path\n"
        "from winback.errors import UserError\n"
        "from winback.server.processes.backups import back_up\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"  # no file larger: the disk is full
        "try:\n    back_up(to=Path(sys.argv[1]))\n"
        "except UserError as error:\n    print(json.dumps(str(error)))\n"
    )
    told = on_sqlite.python(code, tmp_path / "small" / "out")
    assert "Nothing was left there." in told
    assert list((tmp_path / "small").iterdir()) == []


def test_a_restore_that_was_broken_off_keeps_the_pages_closed(on_sqlite: Installation) -> None:
    (on_sqlite.home / "run").mkdir(exist_ok=True)
    (on_sqlite.home / "run" / "restoring").write_text("")
    said = on_sqlite.run("doctor")
    assert said.returncode == 1
    assert "WRONG  folder    A restore was broken off." in said.stdout


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
