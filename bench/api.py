"""The API under load: single rows beside a bare endpoint in one run, batches, and what survives a kill.

    python -m bench.api [sqlite|postgres] [--seconds N]

Needs wrk (apt install wrk). Every turn sends single rows to the API and to the bare endpoint one after the other, from 8
connections; the ratios of rates and of CPU are what counts, since both share the machine. The bare endpoint is asked
twice: with the middleware that a Django project has (what the target is about), and by the short way that the API takes.
Medians over the turns; the first turn warms up and is left out. Then batches of 1,000 rows; then the server is killed in
the middle of load, started again, and every row that was acknowledged is looked for.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
TURNS = 4  # and one before them, which does not count
LUA = """
local n = 0
local me = math.random(1000000000)
function init(args) math.randomseed(tonumber(tostring({}):sub(8), 16) + os.time()); me = math.random(1000000000) end
function request()
  n = n + 1
  local body = string.format('%s', me, n, n % 1000)
  return wrk.format("POST", nil, %s, body)
end
function done(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("\\n#%%d %%d %%.6f %%.3f\\n", summary.requests, bad, summary.duration / 1e6, latency:percentile(95) / 1000))
end
"""
FULL = '{"external_id":"%d-%d","customer":"C%d","score":3,"occurred_at":"2026-11-19T14:05:00Z","comment":"Nobody came, again","attributes":{"region":"North"}}'
BARE = '{"external_id":"%d-%d-%d","score":3,"comment":"Nobody came, again"}'
ASKED = {
    "the API": ("api/v1/feedback", FULL, True),
    "bare": ("bare/row", BARE, False),
    "bare, by the short way": ("api/bare/row", BARE, False),
}


class Served:
    """The application of bench/api_app.py on a free port, with a home and a database of its own."""

    def __init__(self, home: Path, database: str) -> None:
        self.environ = {
            **os.environ,
            "WINBACK_HOME": str(home),
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "WINBACK_LOG": "error",
        }
        if database:
            self.environ["DATABASE_URL"] = database
        made = "from winback.server.start import django_ready; django_ready()\n" + MAKE
        self.token = subprocess.run(
            [sys.executable, "-c", made], env=self.environ, cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.strip()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        words = [
            "--interface",
            "wsgi",
            "--workers",
            "1",
            "--blocking-threads",
            "5",
            "--log-level",
            "error",
            "--host",
            "127.0.0.1",
        ]
        granian = [
            str(Path(sys.executable).parent / "granian"),
            *words,
            "--port",
            str(self.port),
            "bench.api_app:application",
        ]
        self.process = subprocess.Popen(granian, env=self.environ, cwd=ROOT, start_new_session=True)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the server did not start")

    def cpu(self) -> float:
        parent = psutil.Process(self.process.pid)
        return sum(sum(p.cpu_times()[:2]) for p in [parent, *parent.children(recursive=True)])

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def post(self, path: str, body: object) -> int:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/{path}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        return urllib.request.urlopen(request, timeout=60).status


MAKE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE bench_bare (id %s, external_id text, score real, comment text)" % ("INTEGER PRIMARY KEY" if connection.vendor == "sqlite" else "BIGSERIAL PRIMARY KEY"))
from winback.server.workspaces.access import Access
from winback.server.workspaces.actions import create_user, create_workspace
from winback.server.workspaces.keys import make_key
from winback.server.workspaces.rules import Scope
user = create_user(email="bench@example.com")
workspace = create_workspace(slug="bench", name="bench", owner=user)
print(make_key(by=Access(workspace, "admin", Scope(), user, user.email), name="bench")[1])
"""


def wrk(served: Served, path: str, body: str, key: bool, seconds: int) -> tuple[float, float, float]:
    """Rows a second, p95 in ms and CPU ms of the server a request, from 8 connections. Any answer but 2xx ends the run."""
    headers = (
        '{["Content-Type"]="application/json"' + (f', ["Authorization"]="Bearer {served.token}"' if key else "") + "}"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(
            LUA.replace("'%s', me", f"'{body}', me")
            .replace("nil, %s, body", f"nil, {headers}, body")
            .replace("%%", "%")
        )
        script.flush()
        before = served.cpu()
        told = subprocess.run(
            ["wrk", "-c8", "-t1", f"-d{seconds}s", "-s", script.name, f"http://127.0.0.1:{served.port}/{path}"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    line = next(line for line in told.splitlines() if line.startswith("#"))
    requests, bad, duration, p95 = (float(part) for part in line[1:].split())
    if bad:
        raise SystemExit(f"{bad:.0f} of {requests:.0f} requests to {path} failed:\n{told}")
    return requests / duration, p95, 1000 * (served.cpu() - before) / requests


def batches(served: Served, seconds: int) -> tuple[float, float]:
    """Rows a second in batches of 1,000 from one connection, and CPU ms of the server a batch."""
    row = {"customer": "C1", "score": 3, "comment": "Nobody came, again", "attributes": {"region": "North"}}
    before = served.cpu()
    began, sent = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        served.post("api/v1/feedback/batch", {"rows": [{**row, "external_id": f"b-{sent + n}"} for n in range(1000)]})
        sent += 1000
    return sent / (time.perf_counter() - began), 1000 * (served.cpu() - before) / (sent / 1000)


def kill_in_load(served: Served, database: str) -> tuple[int, int, int]:
    """Acknowledged rows, those of them found after kill -9 and a restart, and rows that are there twice."""
    acknowledged: list[str] = []
    ended = threading.Event()

    def send(mine: int) -> None:
        n = 0
        while not ended.is_set():
            name = f"k-{mine}-{n}"
            try:
                if served.post("api/v1/feedback", {"external_id": name, "score": 3}) in (200, 201):
                    acknowledged.append(name)
            except (OSError, urllib.error.URLError, ConnectionError):
                return
            n += 1

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(3)
    served.kill()
    ended.set()
    for thread in threads:
        thread.join()
    served.start()
    count = (
        "from winback.server.start import django_ready; django_ready()\n"
        "import sys\nfrom winback.server.feedback.models import Feedback\n"
        "names = sys.stdin.read().split()\n"
        "there = list(Feedback.objects.filter(external_id__startswith='k-').values_list('external_id', flat=True))\n"
        "print(len(set(names) & set(there)), len(there) - len(set(there)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", count],
        input="\n".join(acknowledged),
        env=served.environ,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found, twice = (int(part) for part in told.stdout.split())
    return len(acknowledged), found, twice


def main(kind: str, seconds: int) -> None:
    postgres = None
    if kind == "postgres":
        from tests.peers.postgres import Server

        postgres = Server("bench")
    with tempfile.TemporaryDirectory() as home:
        served = Served(Path(home), postgres.url if postgres else "")
        try:
            for asked in ASKED.values():
                wrk(served, *asked, seconds)
            if (
                postgres
            ):  # autovacuum does this within a minute; until then PostgreSQL plans for tables it knows nothing of
                asked_for = "from django.db import connection as c; c.cursor().execute('ANALYZE')"
                ready = "from winback.server.start import django_ready; django_ready()"
                subprocess.run(
                    [sys.executable, "-c", f"{ready}; {asked_for}"], env=served.environ, cwd=ROOT, check=True
                )
            turns = [[wrk(served, *asked, seconds) for asked in ASKED.values()] for _ in range(TURNS)]
            for place, name in enumerate(ASKED):
                rate, p95, cpu = (statistics.median(turn[place][n] for turn in turns) for n in range(3))
                rates = statistics.median(turn[0][0] / turn[place][0] for turn in turns)
                cpus = statistics.median(turn[place][2] / turn[0][2] for turn in turns)
                print(
                    f"{kind}: {name:24} {rate:7.0f}/s  p95 {p95:6.1f} ms  CPU {cpu:.2f} ms   "
                    f"the API has {rates:.2f} of its rate, and {1 / cpus:.2f} times its CPU"
                )
            print(f"{kind}: targets: .50 of the bare endpoint's rate, p95 60 ms")
            batches(served, 1)
            rate, cpu = batches(served, seconds)
            print(f"{kind}: batches of 1,000: {rate:,.0f} rows/s (target 5,000), CPU {cpu:.0f} ms a batch")
            sent, found, twice = kill_in_load(served, kind)
            print(f"{kind}: killed in load: {sent} acknowledged, {found} found after restart, {twice} there twice")
        finally:
            served.kill()
            if postgres:
                postgres.stop()


if __name__ == "__main__":
    chosen = [word for word in sys.argv[1:] if word in ("sqlite", "postgres")] or ["sqlite", "postgres"]
    for one in chosen:
        main(one, int(sys.argv[sys.argv.index("--seconds") + 1]) if "--seconds" in sys.argv else 5)
