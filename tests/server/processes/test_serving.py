"""`winback serve` and `winback worker` as processes: one at a time, nothing left behind, work survives."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener, urlopen

import psutil
import pytest

from tests.server.processes.installations import PASSWORD, Installation, free_port, lines, until


def test_one_runs_a_second_is_refused_and_kill_leaves_nothing(on_sqlite: Installation, tmp_path: Path) -> None:
    port, ran = free_port(), tmp_path / "ran"
    on_sqlite.enqueue("test.write", path=str(ran))
    with on_sqlite.running("serve", "--port", str(port), says="winback is at") as first:
        assert f"winback is at http://127.0.0.1:{port} (Ctrl-C ends it)" in first.said
        with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.read() == b"ok\n"
        with urlopen(f"http://127.0.0.1:{port}/static/winback/theme.css") as answer:
            assert answer.headers["Content-Type"].startswith("text/css")
        until(lambda: lines(ran) == ["ran"], told=lambda: first.said)

        for words in (["serve", "--port", str(free_port())], ["worker"]):
            second = on_sqlite.run(*words)
            assert second.returncode == 2
            assert second.stderr.startswith("winback: ")
            assert f"in {on_sqlite.home} already (process {first.process.pid}" in second.stderr

        family = first.family()
        assert len(family) == 3  # granian, the process it forks for Django, and a worker
        first.process.kill()
        gone, alive = psutil.wait_procs(family, timeout=120)
        assert (len(gone), alive) == (3, [])

    # nothing is in the way of the next
    with on_sqlite.running("serve", "--port", str(port), says="winback is at") as again:
        family = again.family()
        again.process.send_signal(signal.SIGTERM)
        assert again.process.wait(60) == 0
        assert [process for process in family if process.is_running()] == []


def test_what_is_killed_is_started_again(on_sqlite: Installation) -> None:
    port = free_port()
    with on_sqlite.running("serve", "--port", str(port), says="winback is at") as running:
        for process in running.family():
            if "processes.work" in " ".join(process.cmdline()):
                process.kill()
        running.wait_for("Worker 1 ended (killed by SIGKILL); it is started again.")
        until(lambda: any("processes.work" in " ".join(child.cmdline()) for child in running.family()))


def test_without_workers_a_worker_runs_beside(on_sqlite: Installation, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    on_sqlite.enqueue("test.write", path=str(ran))
    with on_sqlite.running("serve", "--port", str(free_port()), "--no-worker", says="winback is at") as web:
        assert len(web.family()) == 2
        assert lines(ran) == []
        with on_sqlite.running("worker", says="1 worker (Ctrl-C ends it)") as worker:
            until(lambda: lines(ran) == ["ran"], told=lambda: worker.said)


def test_what_cannot_be_served_is_a_sentence(on_sqlite: Installation, tmp_path: Path) -> None:
    empty = Installation(tmp_path / "empty")
    refused = empty.run("serve")
    assert (refused.returncode, refused.stderr) == (
        2,
        "winback: There is no winback here yet. Run `winback init`, which asks for what it needs.\n",
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        refused = on_sqlite.run("serve", "--port", str(port))
    assert (refused.returncode, refused.stderr) == (
        2,
        f"winback: Cannot listen on 127.0.0.1 port {port}: Address already in use. Choose another with --port.\n",
    )
    wrong = Installation(on_sqlite.home, more={"WINBACK_WORKERS": "none"})
    refused = wrong.run("serve")
    assert (refused.returncode, refused.stderr) == (
        2,
        'winback: WINBACK_WORKERS should be a whole number from 1 to 64; "none" is not. Mend it and start again.\n',
    )


def test_once_does_what_is_due(on_sqlite: Installation, tmp_path: Path) -> None:
    on_sqlite.enqueue("test.write", 3, path=str(tmp_path / "ran"))
    ran = on_sqlite.run("worker", "--once")
    assert (ran.returncode, ran.stderr) == (0, "4 done\n")  # and what is scheduled
    assert lines(tmp_path / "ran") == ["ran"] * 3
    on_sqlite.enqueue("test.refuse")
    ran = on_sqlite.run("worker", "--once")
    assert ran.returncode == 1
    assert ran.stderr.endswith("1 done, 1 of them failed\n")


def test_a_task_whose_worker_kills_itself_runs_again(installation: Installation, tmp_path: Path) -> None:
    installation.enqueue("test.killer", path=str(tmp_path / "ran"))
    with installation.running("worker", says="1 worker") as worker:
        until(lambda: lines(tmp_path / "ran") == ["began", "began", "ended"], told=lambda: worker.said)
        until(lambda: installation.jobs("state, attempts", "test.killer") == [("done", 2)])


def test_a_task_whose_workers_are_killed_with_their_parent_runs_again(
    installation: Installation, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    installation.enqueue("test.slow", path=str(ran), seconds=1.5)
    with installation.running("worker", says="1 worker") as worker:
        until(lambda: lines(ran) == ["began"], told=lambda: worker.said)
        family = worker.family()
        worker.process.kill()
        assert psutil.wait_procs(family, timeout=120)[1] == []
    with installation.running("worker", says="1 worker") as worker:
        until(lambda: lines(ran) == ["began", "began", "ended"], told=lambda: worker.said)
        until(lambda: installation.jobs("state, attempts", "test.slow") == [("done", 2)])


@pytest.mark.xdist_group("postgres")
def test_several_workers_on_several_machines_do_each_job_once(on_postgres: Installation, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    other = Installation(tmp_path / "other", on_postgres.database, {"WINBACK_WORKERS": "2"})
    on_postgres.enqueue("test.write", 60, path=str(ran))
    with on_postgres.running("worker", says="1 worker"), other.running("worker", says="2 workers"):
        until(lambda: len(lines(ran)) >= 60)
        until(lambda: on_postgres.jobs("state", "test.write") == [("done",)] * 60)
    assert lines(ran) == ["ran"] * 60
    assert set(on_postgres.jobs("claims, attempts", "test.write")) == {(1, 1)}


def test_what_was_read_in_the_last_minute_is_in_the_audit_after_a_stop(on_sqlite: Installation) -> None:
    """Gathered in memory of the web process, which is told to stop before its minute is over."""
    pk = on_sqlite.python(
        "from winback.server.customers.actions import record_customers\n"
        "from winback.server.customers.models import Customer\n"
        "from winback.server.customers.rules import NewCustomer\n"
        "from winback.server.sources.actions import ensure_source\n"
        "from winback.server.workspaces.models import Workspace\n"
        "there = Workspace.objects.get()\n"
        "crm = ensure_source(workspace=there, name='crm', kind='api', table='customers')\n"
        "record_customers(workspace=there, source=crm, rows=[NewCustomer('C1', name='Ada')])\n"
        "print(Customer.objects.get().pk)"
    )
    port = free_port()
    with on_sqlite.running("serve", "--port", str(port), "--no-worker", says="winback is at") as running:
        signed_in(port).open(f"http://127.0.0.1:{port}/w/larkspur-broadband/customers/{pk}/").read()
        assert on_sqlite.sql("SELECT count(*) FROM winback_auditevent WHERE verb = 'personal data read'") == [(0,)]
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(60) == 0
    found = on_sqlite.sql("SELECT by_label, target FROM winback_auditevent WHERE verb = 'personal data read'")
    assert found == [("ingrid@larkspur.example", f"customer {pk}")]


def signed_in(port: int) -> OpenerDirector:
    """A browser, as far as signing in needs one."""
    opener = build_opener(HTTPCookieProcessor())
    page = opener.open(f"http://127.0.0.1:{port}/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "login": "ingrid@larkspur.example", "password": PASSWORD}
    opener.open(f"http://127.0.0.1:{port}/accounts/login/", urlencode(form).encode()).read()
    return opener
