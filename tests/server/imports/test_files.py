from __future__ import annotations

import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from winback.errors import UserError
from winback.server.imports import files
from winback.server.imports.asked import Asked


def test_an_upload_is_kept_under_a_random_name_for_its_owner_only(home: Path) -> None:
    kept = files.receive(7, "../../etc/pass\x00wd.csv", [b"a,b\n", b"1,2\n"])
    place = files.folder_of(7, kept.token)
    assert (kept.name, kept.size, len(kept.token)) == ("pass_wd.csv", 8, 32)
    assert (place / "upload").read_bytes() == b"a,b\n1,2\n"
    assert stat.S_IMODE((place / "upload").stat().st_mode) == 0o600
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert list(files.places()) == [place]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.csv", "a.csv"),
        ("C:\\data\\b.csv", "b.csv"),
        ("..", "file"),
        ("", "file"),
        ("x" * 400 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_printable_names(given: str, kept: str) -> None:
    assert files.printable_name(given) == kept


def test_no_token_of_ours() -> None:
    with pytest.raises(ValueError, match="no token"):
        files.folder_of(1, "../2/secret")


def test_what_is_too_large_or_breaks_off_leaves_nothing(home: Path) -> None:
    with pytest.raises(UserError, match="a.csv is larger than 0 MiB, which is the most this installation takes"):
        files.receive(7, "a.csv", [b"12345", b"67890"], limit=8)

    def breaking():  # type: ignore[no-untyped-def]
        yield b"12"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        files.receive(7, "a.csv", breaking())
    assert list(files.places()) == []


def test_a_full_disk_is_said_and_leaves_nothing(home: Path) -> None:
    # the largest file this process may write stands in for a disk without room: the system refuses the next byte
    import signal

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        with pytest.raises(UserError, match="The disk is full, so big.csv was not kept and nothing was changed"):
            files.receive(7, "big.csv", [b"x" * 60_000, b"x" * 60_000])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert list(files.places()) == []


def test_one_at_a_time(home: Path) -> None:
    kept = files.receive(7, "a.csv", [b"1"])
    place = files.folder_of(7, kept.token)
    with files.held(place) as lock:
        assert lock is not None
        with files.held(place) as other:
            assert other is None
    with files.held(place / "gone") as nobody:
        assert nobody is None


def test_the_reader_ends_with_whoever_began_it_and_is_not_begun_for_ever(home: Path) -> None:
    kept = files.receive(7, "a.csv", [b"score,when\n9,2026-01-01\n0,2026-01-02\n"])
    place = files.folder_of(7, kept.token)
    files.ask(place, Asked("a.csv"))
    (place / "tries").write_text("xxx")
    with files.held(place) as lock, pytest.raises(UserError, match="Reading a.csv was stopped 3 times"):
        assert lock is not None
        files.start_reading(place, lock, "a.csv")
    (place / "tries").unlink()
    script = f"""
import os, pathlib, time
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.server_settings"
import django; django.setup()
from winback.server.imports import files
place = pathlib.Path({str(place)!r})
with files.held(place) as lock:
    files.start_reading(place, lock, "a.csv")
while files.account(place) is None: time.sleep(0.02)
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[3], timeout=400)
    found = files.account(place)
    assert found is not None and found["taken"] == 2 and not (place / "tries").exists()
