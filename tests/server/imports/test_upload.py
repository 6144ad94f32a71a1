from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from pytest_django import Settings

from winback.server.imports import files
from winback.server.imports.upload import KeepUploads


def test_files_of_a_form_go_to_their_place(home: Path, settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 10
    given = {"files": [SimpleUploadedFile("a.csv", b"12345"), SimpleUploadedFile("b.csv", b"x" * 11)], "word": "kept"}
    request = RequestFactory().post("/", given)
    keeper = KeepUploads(request, 7)
    request.upload_handlers = [keeper]
    assert request.POST["word"] == "kept" and not request.FILES
    assert [(kept.name, kept.size) for kept in keeper.kept] == [("a.csv", 5)]
    assert len(keeper.refused) == 1 and keeper.refused[0].startswith("b.csv is larger than")
    assert [place.name for place in files.places()] == [keeper.kept[0].token]
    keeper.drop(keeper.kept)
    assert list(files.places()) == []
