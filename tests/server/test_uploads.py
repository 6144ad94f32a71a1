"""Files that come with a form: nothing is written for a stranger, and nothing that is too large is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from pytest_django import Settings

from tests.server.factories import Cast
from winback.server.uploads import NoUploads, take_files


@pytest.fixture
def spool(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were spooled."""
    made: list[str] = []
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    make = tempfile.NamedTemporaryFile

    def noted(*args: object, **kwargs: object) -> object:
        made.append(str(kwargs.get("suffix")))
        return make(*args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", noted)
    return made


def a_form(size: int = 100_000) -> dict[str, object]:
    return {"before": "1", "file": SimpleUploadedFile("list.txt", b"x" * size)}


@pytest.mark.parametrize("path", ["/accounts/login/", "/w/larkspur/contacting/list", "/w/larkspur/import/upload", "/me/", "/nowhere"])  # fmt: skip
def test_a_file_from_a_stranger_is_not_written(cast: Cast, spool: list[str], path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(path, a_form()).status_code in (302, 403, 404)
    assert spool == []


def test_a_file_from_somebody_without_the_right_is_not_written(cast: Cast, spool: list[str]) -> None:
    for name, path in (("amara", "/w/larkspur/contacting/list"), ("rafael", "/w/larkspur/import/upload"), ("nell", "/w/larkspur/contacting/list"), ("hanna", "/w/larkspur/settings/")):  # fmt: skip
        assert cast.client(name).post(path, a_form()).status_code in (403, 404)
    assert spool == []


def test_a_form_from_elsewhere_changes_nothing(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people["hanna"])
    assert client.post("/w/larkspur/contacting/list", {"remove": "do not call"}).status_code == 403


def test_by_default_nothing_is_read_after_the_first_file() -> None:
    request = RequestFactory().post("/", {**a_form(), "later": "2"})
    request.upload_handlers = [NoUploads(request)]
    assert (dict(request.POST.items()), len(request.FILES)) == ({"before": "1"}, 0)


@pytest.mark.parametrize(("most", "too_large"), [(100_000, False), (99_999, True)])
def test_a_page_takes_files_up_to_a_size(spool: list[str], most: int, too_large: bool) -> None:
    request = RequestFactory().post("/", a_form())
    uploads = take_files(request, most=most)
    assert request.POST["before"] == "1"
    assert (uploads.too_large, "file" in request.FILES) == (too_large, not too_large)
    request.close()
    assert list(Path(tempfile.gettempdir()).glob("*.upload.txt")) == []
