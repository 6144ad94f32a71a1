"""Importing a CSV file into the server on SQLite, beside Python's csv reader and executemany into the same table.

    python -m bench.imports [--rows N] [--mask]

Both in one run, each in a process of its own, into databases that begin alike. winback reads and judges every row,
finds out who the customers are, and writes in short transactions that let others write; the yardstick reads with the
csv module and inserts the columns as they stand, in one transaction, with customers already known. Meanwhile pages are
asked for and another process writes, and how long they wait is told. The goal: at most three times the yardstick, pages
and writes within 300 ms (p95), no transaction above 0.2 s, memory that does not grow with the rows.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENV = {name: value for name, value in os.environ.items() if not name.startswith("WINBACK_")}

SETUP = """
from winback.server.start import django_ready; django_ready()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from winback.server.workspaces.actions import create_user, create_workspace
from winback.server.sources.actions import ensure_source
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
user = create_user(email="bench@winback.example")
workspace = create_workspace(slug="bench", name="Bench", owner=user)
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session.save()
print(session.session_key)
"""
MASK = """
from winback.server.start import django_ready; django_ready()
from winback.server.workspaces.models import Workspace
Workspace.objects.update(mask_comments=True, phone_regions="GB")
"""
CSV_FILE = """
import sys, duckdb
from winback.datasets.bulk import write_feedback_parquet
folder, rows = sys.argv[1], int(sys.argv[2])
write_feedback_parquet(folder + "/bulk.parquet", rows=rows, comments=True, size=max(rows // 4, 50))
duckdb.execute("SET TimeZone = 'UTC'")
duckdb.execute(f'''COPY (SELECT external_id AS "Response ID", strftime(occurred_at, '%Y-%m-%dT%H:%M:%SZ') AS "Answered at",
    customer AS "Customer ID", respondent AS "Contact ID", CAST(score AS INT) AS "NPS", comment AS "Why?", survey AS "Survey",
    channel AS "Channel", touchpoint AS "Touchpoint", journey_stage AS "Journey stage", product AS "Product",
    language AS "Language", region AS "Region", plan AS "Plan", industry AS "Industry"
    FROM '{folder}/bulk.parquet' ORDER BY row_number) TO '{folder}/answers.csv' (HEADER)''')
"""
YARDSTICK = """
import csv, json, resource, sqlite3, sys, time
database, path = sys.argv[1:]
from winback.server.start import django_ready; django_ready()
from winback.server.sources.models import Source, SyncRun
source = Source.objects.create(workspace_id=1, name="y", kind="file").pk
run = SyncRun.objects.create(workspace_id=1, source_id=source, table="feedback", state="staging").pk
to = sqlite3.connect(database, isolation_level=None)
to.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;")
ids = {}
with open(path, newline="", encoding="utf-8") as file:
    reader = csv.reader(file); next(reader)
    for row in reader: ids.setdefault(row[2], len(ids) + 1)
to.execute("BEGIN")
to.executemany("INSERT INTO winback_customer (id, workspace_id, external_id, created_at) VALUES (?, 1, ?, '2026-01-01 00:00:00')", [(pk, name) for name, pk in ids.items()])
to.execute("COMMIT")
begun, cpu = time.perf_counter(), time.process_time()
def rows():
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file); next(reader)
        for n, r in enumerate(reader):
            yield ("2026-01-01 00:00:00", r[0], n, r[1], r[1][:10], ids[r[2]], r[3], r[4] or None, "survey", r[6], r[7], r[8],
                   r[9], r[10], r[11], r[5], f'{{"Region":"{r[12]}","Plan":"{r[13]}","Industry":"{r[14]}"}}', 0, run, source, 1)
names = "updated_at external_id row_number occurred_at local_date customer_id respondent score kind survey channel touchpoint journey_stage product language comment attributes digest run_id source_id workspace_id".split()
to.execute("BEGIN IMMEDIATE")
to.executemany(f"INSERT INTO winback_feedback ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", rows())
to.execute("COMMIT")
print(json.dumps({"wall": time.perf_counter() - begun, "cpu": time.process_time() - cpu, "rows": to.execute("SELECT count(*) FROM winback_feedback").fetchone()[0]}))
"""
IMPORT = """
import json, resource, sys, time
from winback.server.start import django_ready; django_ready()
from winback.server.imports import staging
took = []
write = staging._write
def timed(*given):
    seconds = write(*given); took.append(seconds); return seconds
staging._write = timed
from winback.cli.importing import importing
importing.main([sys.argv[1]], standalone_mode=False)
took.sort()
own, reader = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"cpu": own.ru_utime + own.ru_stime + reader.ru_utime + reader.ru_stime, "peak": own.ru_maxrss / 1024,
    "reader": reader.ru_maxrss / 1024, "pieces": len(took), "p95": took[int(len(took) * .95)], "longest": took[-1]}))
"""
WRITER = """
import sys, time
from winback.server.start import django_ready; django_ready()
from winback.server.database import atomic
from winback.server.workspaces import audit
while True:
    begun = time.perf_counter()
    with atomic(): audit.record(verb="bench")
    print(time.perf_counter() - begun, flush=True)
    time.sleep(0.1)
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--mask", action="store_true", help="mask personal data in comments")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="winback-bench-") as name:
        folder = Path(name)
        print(json.dumps(measure(folder, given.rows, mask=given.mask), indent=1))


def measure(folder: Path, rows: int, *, mask: bool = False) -> dict[str, object]:
    python("-c", CSV_FILE, str(folder), str(rows))
    homes = {who: folder / who for who in ("winback", "yardstick")}
    session = ""
    for home in homes.values():
        home.mkdir()
        session = session or python("-c", SETUP, home=home).strip()
        if home.name == "winback":
            if mask:
                python("-c", MASK, home=home)
            continue
        python("-c", SETUP, home=home)
    told = json.loads(
        python(
            "-c",
            YARDSTICK,
            str(homes["yardstick"] / "winback.sqlite3"),
            str(folder / "answers.csv"),
            home=homes["yardstick"],
        )
    )
    pages, writes = Waits(), Waits()
    with serving(homes["winback"]) as port, asking(port, session, pages), writing(homes["winback"], writes):
        begun = time.perf_counter()
        mine = json.loads(python("-c", IMPORT, str(folder / "answers.csv"), home=homes["winback"]).splitlines()[-1])
        mine["wall"] = time.perf_counter() - begun
    return {
        "rows": rows, "load": os.getloadavg(), "yardstick": told, "winback": mine,
        "ratio": {"wall": mine["wall"] / told["wall"], "cpu": mine["cpu"] / told["cpu"]},
        "pages": pages.told(), "writes": writes.told(),
    }  # fmt: skip


def python(*arguments: str, home: Path | None = None) -> str:
    env = ENV | ({"WINBACK_HOME": str(home)} if home else {})
    done = subprocess.run(
        [sys.executable, *arguments], env=env, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    return done.stdout


class Waits(list[float]):
    def told(self) -> dict[str, float]:
        ordered = sorted(self) or [float("nan")]
        return {"n": len(self), "p50": ordered[len(ordered) // 2], "p95": ordered[int(len(ordered) * 0.95)], "longest": ordered[-1]}  # fmt: skip


class serving:  # noqa: N801
    """The web alone, as `winback serve` has it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __enter__(self) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        self.child = subprocess.Popen(
            [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "winback.server.wsgi:application"],
            env=ENV | {"WINBACK_HOME": str(self.home)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).read()
                return port
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the web did not answer")

    def __exit__(self, *_: object) -> None:
        self.child.terminate()
        self.child.wait(20)


class asking:  # noqa: N801
    """Somebody looks at the page of imports, five times a second."""

    def __init__(self, port: int, session: str, waits: Waits) -> None:
        self.request = urllib.request.Request(
            f"http://127.0.0.1:{port}/w/bench/import/", headers={"Cookie": f"winback_session={session}"}
        )
        self.waits, self.stop = waits, threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        urllib.request.urlopen(self.request, timeout=60).read()
        while not self.stop.wait(0.2):
            begun = time.perf_counter()
            with urllib.request.urlopen(self.request, timeout=60) as answer:
                assert answer.status == 200 and b"Imported so far" in answer.read()
            self.waits.append(time.perf_counter() - begun)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()


class writing:  # noqa: N801
    """Another process writes a row ten times a second."""

    def __init__(self, home: Path, waits: Waits) -> None:
        self.home, self.waits = home, waits

    def __enter__(self) -> None:
        env = ENV | {"WINBACK_HOME": str(self.home)}
        self.child = subprocess.Popen([sys.executable, "-c", WRITER], env=env, stdout=subprocess.PIPE, text=True)

    def __exit__(self, *_: object) -> None:
        self.child.terminate()
        told, _ = self.child.communicate()
        self.waits += [float(line) for line in told.splitlines()[1:] if line]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
