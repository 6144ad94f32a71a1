"""Each look of the doctor, in health and otherwise."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.server.factories import Cast, make_feedback
from winback.server import environment, warehouse
from winback.server.exports.actions import refresh
from winback.server.jobs.models import Job
from winback.server.processes import doctor, lock
from winback.server.processes.doctor import Finding


def given(**environ: str) -> dict[str, object]:
    return environment.read(environ)


@pytest.mark.parametrize(
    ("environ", "state", "told"),
    [
        ({}, "good", "people type http://127.0.0.1:8000"),
        ({"WINBACK_BASE_URL": "http://nps.example.com"}, "note", "http://nps.example.com is not encrypted: passwords can be read on the way. Use https."),
        ({"WINBACK_BASE_URL": "https://nps.example.com", "WINBACK_TRUSTED_PROXIES": "127.0.0.1"}, "good", "people type https://nps.example.com"),
        ({"WINBACK_BASE_URL": "https://nps.example.com"}, "wrong", "https://nps.example.com is encrypted, and no proxy is trusted to say so: every page would lead to itself. Set WINBACK_TRUSTED_PROXIES to the proxy's address."),
    ],
)  # fmt: skip
def test_the_address(environ: dict[str, str], state: str, told: str) -> None:
    assert list(doctor.address(given(**environ))) == [Finding("address", state, told)]


def test_a_wrong_setting_is_all_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINBACK_WORKER", "2")
    assert doctor.findings() == [
        Finding("settings", "wrong", "There is no setting WINBACK_WORKER. Did you mean WINBACK_WORKERS?")
    ]


def test_the_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    key = environment.secret_key(home, "")
    assert [finding.state for finding in doctor.folder(home)] == ["good"]
    (home / "secret-key").chmod(0o644)
    assert next(finding.sentence for finding in doctor.folder(home)) == (
        f"Others can read {home / 'secret-key'}. Say: chmod 600 {home / 'secret-key'}"
    )
    assert environment.secret_key(home, "") == key
    (tmp_path / "file").write_text("")
    assert [finding.state for finding in doctor.folder(tmp_path / "file" / "home")] == ["wrong"]


def test_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [finding.what for finding in doctor.disk(tmp_path / "not" / "yet")] == ["disk"]
    monkeypatch.setattr(doctor, "NO_SPACE", 2**80)
    (full,) = doctor.disk(tmp_path)
    assert (full.state, full.sentence.partition(": ")[2]) == (
        "wrong",
        "the disk is full. Make room; nothing that was acknowledged is lost.",
    )


def test_the_mail_server(settings: object) -> None:
    settings.MAIL_CONFIGURED = False  # type: ignore[attr-defined]
    assert [finding.state for finding in doctor.mail()] == ["note"]
    settings.MAIL_CONFIGURED = True  # type: ignore[attr-defined]
    assert [finding.state for finding in doctor.mail()] == ["good"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    assert list(doctor.mail()) == [
        Finding("mail", "wrong", "The mail server does not take us: Connection refused. Is WINBACK_MAIL_URL right?")
    ]


@pytest.mark.django_db
def test_the_database_and_the_clock() -> None:
    assert [(finding.what, finding.state) for finding in (*doctor.database(), *doctor.clock())] == [
        ("database", "good"),
        ("clock", "good"),
    ]
    Job.objects.create(task="x", created_at=timezone.now() + dt.timedelta(hours=1))
    (wrong,) = doctor.clock()
    assert wrong.state == "wrong"
    assert wrong.sentence.endswith("s off. Set it (timedatectl set-ntp true).")


@pytest.mark.django_db
def test_workers(tmp_path: Path) -> None:
    assert [(f.what, f.state) for f in doctor.running(tmp_path)] == [("web", "note"), ("worker", "note")]
    Job.objects.create(task="x", due_at=timezone.now() - dt.timedelta(minutes=10))
    web, worker = doctor.running(tmp_path)
    assert worker == Finding(
        "worker", "wrong", "A job has waited for 10 minutes. No worker runs: `winback serve`, or `winback worker`."
    )
    with lock.hold(tmp_path, "workers"), lock.hold(tmp_path, "web"):
        web, worker = doctor.running(tmp_path)
        assert web.state == "good"
        assert worker.sentence == "A job has waited for 10 minutes. Are WINBACK_WORKERS too few?"


@pytest.mark.django_db
def test_jobs() -> None:
    assert [finding.state for finding in doctor.jobs()] == ["good"]
    now = timezone.now()
    Job.objects.create(task="x", state="running", lease_until=now - dt.timedelta(minutes=5))
    Job.objects.create(task="x", state="failed", ended_at=now)
    assert [finding.sentence for finding in doctor.jobs()] == [
        "1 were left by workers that ended; the next worker takes them",
        "1 failed in the last day; the page Jobs says why",
    ]


def test_figures(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    assert [finding.sentence for finding in doctor.warehouses(tmp_path)] == ["larkspur: none yet", "merritt: none yet"]
    make_feedback(cast.larkspur, "1")
    manifest = refresh(workspace=cast.larkspur)
    assert manifest is not None
    assert next(doctor.warehouses(tmp_path)) == Finding(
        "figures", "good", f"larkspur: as of {manifest.as_of:%Y-%m-%d %H:%M} UTC"
    )
    place = warehouse.folder(tmp_path, cast.larkspur.pk)
    (place / manifest.files[0].name).unlink()
    assert next(doctor.warehouses(tmp_path)) == Finding(
        "figures", "wrong", f"larkspur: 1 Parquet files are gone. Delete {place}: it is written again."
    )
    (place / "manifest.json").write_text("{")
    assert next(doctor.warehouses(tmp_path)) == Finding(
        "figures", "note", "larkspur: of another version, or damaged; a worker writes them again"
    )
