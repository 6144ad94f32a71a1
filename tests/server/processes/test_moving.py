"""From SQLite to PostgreSQL, and what stands in the way."""

from __future__ import annotations

import json
import os
import secrets
import socket
from pathlib import Path

import pytest

from tests.peers import processes
from tests.peers.postgres import Server
from tests.server.processes.installations import WINBACK, Installation, free_port
from tests.server.processes.test_erased import PLANT
from winback.server.processes import lock
from winback.server.processes.moving import _taken

pytestmark = pytest.mark.xdist_group("postgres")
MORE = (
    PLANT
    + """
from winback.server.jobs.actions import enqueue
from winback.server.sources.models import RejectedRow, SyncRun
from winback.server.workspaces.access import Access
from winback.server.workspaces.keys import make_key
from winback.server.workspaces.rules import Scope
from winback.server.outbox.actions import add_target
by = Access(ws, "admin", Scope())
print(json.dumps([make_key(by=by, name="till")[1], add_target(by=by, url="https://example.com/hooks").secret]))
RejectedRow.objects.create(run=SyncRun.objects.first(), reason="odd", message="null\\x00 here", row={"a": "b\\x00c"})
enqueue(task="exports.refresh", workspace_id=ws.pk, key="1", workspace=ws.pk)
"""
)
LOOK = """
from winback.server.exports.actions import behind
from winback.server.feedback.models import Feedback
from winback.server.outbox.models import WebhookTarget
from winback.server.sources.models import RejectedRow
from winback.server.workspaces.models import Workspace
from winback.server.workspaces.queries import access_for_key
row = RejectedRow.objects.get()
told = Feedback.objects.order_by("id").values_list("external_id", "occurred_at", "score", "comment", "digest")
print(json.dumps([
    access_for_key(sys.argv[1]) is not None, WebhookTarget.objects.get().secret, row.message, row.row,
    behind(Workspace.objects.get()), [[str(value) for value in row] for row in told],
]))
"""


def test_all_is_there_and_goes_on(on_sqlite: Installation, postgres: Server) -> None:
    token, secret = on_sqlite.python(MORE)
    before = on_sqlite.python(LOOK, token)
    url = postgres.create(f"moved_{secrets.token_hex(4)}")
    moved = on_sqlite.run("move", "-", stdin=f"{url}\n")
    assert moved.returncode == 0, moved.stderr
    assert "  feedback: 50 rows\n" in moved.stderr and "2 texts held a null character" in moved.stderr
    there = Installation(on_sqlite.home, url)
    after = there.python(LOOK, token)
    assert (before[0], before[1], after[0], after[1]) == (True, secret, True, secret)
    assert after[2:4] == ["null\ufffd here", {"a": "b\ufffdc"}]
    assert after[4:] == before[4:] and len(after[5]) == 50
    assert there.python(PLANT.replace("range(50)", "range(60)")) is None  # new rows have numbers of their own
    assert there.sql("SELECT count(*) FROM winback_feedback") == [(60,)]
    assert on_sqlite.sql("SELECT count(*) FROM winback_feedback") == [(50,)]
    assert there.run("doctor").returncode == 0
    again = on_sqlite.run("move", url)
    assert again.returncode == 2 and "winback: The database there is not empty (" in again.stderr


def test_what_does_not_fit_leaves_nothing_there(on_sqlite: Installation, postgres: Server) -> None:
    on_sqlite.sql("UPDATE winback_workspace SET currency = 'EURO'")  # SQLite does not look at lengths
    url = postgres.create(f"moved_{secrets.token_hex(4)}")
    refused = on_sqlite.run("move", url)
    assert refused.returncode == 2 and "PostgreSQL does not take it: value too long" in refused.stderr
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert Installation(on_sqlite.home, url).sql(tables) == [(0,)]
    on_sqlite.sql("UPDATE winback_workspace SET currency = 'EUR'")
    assert on_sqlite.run("move", url).returncode == 0


def test_nothing_is_moved_while_winback_runs(on_sqlite: Installation) -> None:
    with lock.hold(on_sqlite.home, "workers"):
        refused = on_sqlite.run("move", "postgres://nobody@127.0.0.1:9/nothing")
    assert refused.returncode == 2 and f"in {on_sqlite.home} already (process {os.getpid()})" in refused.stderr


def test_winback_does_not_start_while_it_is_moved(on_sqlite: Installation, tmp_path: Path) -> None:
    """A target that is reached and says nothing keeps the move where it is; nobody else gets in until it has ended."""
    log = tmp_path / "move.log"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"
        moving = processes.start([str(WINBACK), "move", url], log=log, env=on_sqlite.environ)
        try:
            reached, _ = silent.accept()
            holders = [lock.holder(on_sqlite.home, what) for what in ("web", "workers")]
            assert holders == [{"pid": moving.pid}] * 2
            refused = on_sqlite.run("serve", "--port", str(free_port()))
            assert refused.returncode == 2 and f"already (process {moving.pid})" in refused.stderr
            reached.close()
            silent.close()
            assert moving.wait(60) == 2
        finally:
            processes.stop(moving)
    assert "winback: The database there does not answer: connection failed" in log.read_text()
    assert [lock.holder(on_sqlite.home, what) for what in ("web", "workers")] == [None, None]


def test_a_null_in_a_text_of_json_is_told_from_what_only_looks_like_one() -> None:
    words = json.dumps({"a": "x\\u0000", "b": "y\x00"})
    assert _taken([1, None, "a\x00", words]) == (
        [1, None, "a\ufffd", '{"a": "x\\\\u0000", "b": "y\ufffd"}'], 2,
    )  # fmt: skip
    assert _taken([json.dumps({"a": "x\\u0000"})]) == ([json.dumps({"a": "x\\u0000"})], 0)
    assert _taken(["plain \\u0000"]) == (["plain \\u0000"], 0)
