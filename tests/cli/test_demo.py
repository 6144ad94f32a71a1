"""`winback demo`: a sample company, its files, its review, and its workspace served."""

from __future__ import annotations

import http.cookiejar
import re
import signal
import urllib.parse
import urllib.request
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from tests.peers import processes
from tests.server.processes.installations import WINBACK, Running, free_port, until
from winback.cli.demo import FILES, demo, typed

SIGN_IN = re.compile(r"^(http://\S+) is open\. Sign in as (\S+) with the password (\S+)$", re.MULTILINE)


def test_it_makes_files_and_a_review_and_can_be_run_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    for _ in range(2):
        found = CliRunner().invoke(
            demo, ["--folder", str(folder), "--size", "300", "--no-serve"], catch_exceptions=False
        )
        assert found.exit_code == 0
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.csv" for name in FILES),
        "codings.csv",
        "review.html",
    }
    page = (folder / "review.html").read_text(encoding="utf-8")
    assert "Larkspur Broadband: detractor review" in page
    assert "Open " in found.stderr


@pytest.mark.parametrize(
    ("command", "shown"), [("", "winback"), ("./winback", "./winback"), ("a clone/winback", "'a clone/winback'")]
)
def test_commands_to_copy_begin_as_it_was_called(command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_COMMAND", command)
    assert typed() == shown


def served(folder: Path, log: Path) -> tuple[Running, str, str, str]:
    """The demo started on a free port: what runs, its address, and the printed sign-in."""
    words = [str(WINBACK), "demo", "--folder", str(folder), "--size", "60", "--port", str(free_port())]
    # a home and settings of the tests' own are none of the demo's
    env = {"DJANGO_SETTINGS_MODULE": "winback.server.settings", "WINBACK_LOG": "warning"}
    running = Running(processes.start(words, log=log, env=env), log)
    try:
        until(
            lambda: "Ctrl-C ends it" in running.said or running.process.poll() is not None,
            told=lambda: running.said,
            patience=240,
        )
        found = SIGN_IN.search(running.said)
        assert found, running.said
    except BaseException:
        processes.stop(running.process, patience=30)
        raise
    return running, *found.groups()


def signed_in(address: str, email: str, password: str) -> str:
    """The page one comes to after signing in over HTTP, as a browser without a script does it."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = opener.open(f"{address}/accounts/login/", timeout=200).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    said = {"csrfmiddlewaretoken": token.group(1), "login": email, "password": password}
    asked = urllib.request.Request(
        f"{address}/accounts/login/", urllib.parse.urlencode(said).encode(), {"Referer": f"{address}/accounts/login/"}
    )
    with opener.open(asked, timeout=200) as answer:
        assert "/w/larkspur-broadband/" in answer.url, answer.url
        return str(answer.read().decode())


def ended(running: Running) -> None:
    """Ctrl-C: it ends well, and nothing is left of it."""
    family = running.family()
    assert len(family) >= 2  # the web and a worker at least
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(60) == 0, running.said
    until(lambda: not any(process.is_running() for process in family), patience=10)


def test_it_serves_the_company_until_ctrl_c_and_the_same_again(tmp_path: Path) -> None:
    folder, passwords = tmp_path / "demo", []
    for time in ("first", "again"):
        running, address, email, password = served(folder, tmp_path / f"{time}.log")
        try:
            assert email == "hanna@larkspur.example"
            page = signed_in(address, email, password)
            assert "Larkspur Broadband" in page and "answered in" in page
            passwords.append(password)
            ended(running)
        finally:
            processes.stop(running.process, patience=30)
    assert passwords[0] == passwords[1]
    said = (tmp_path / "first.log").read_text()
    assert re.search(r"^     customers\.csv: 60 rows$", said, re.MULTILINE)
    assert "customers.csv: " not in (tmp_path / "again.log").read_text().partition("3/4")[2], "made once"
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(p.info["cmdline"] or [])]
