"""Uploads from a browser go straight to their place, piece by piece: never whole in memory, never twice on the disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from winback.errors import UserError
from winback.server.imports import files


class KeepUploads(FileUploadHandler):
    """Keeps each file of a form as it comes. `kept` are those that arrived whole, `refused` the sentences of the others."""

    chunk_size = 1 << 20

    def __init__(self, request: HttpRequest, workspace_id: int) -> None:
        super().__init__(request)
        self._workspace_id = workspace_id
        self._receiver: files.Receiver | None = None
        self.kept: list[files.Kept] = []
        self.refused: list[str] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        try:
            self._receiver = files.Receiver(self._workspace_id, self.file_name or "file")
        except UserError as error:
            self._refuse(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._receiver is not None
        try:
            self._receiver.take(raw_data)
        except UserError as error:
            self._refuse(error)

    def file_complete(self, file_size: int) -> None:
        if self._receiver is not None:
            try:
                self.kept.append(self._receiver.done())
            except UserError as error:
                self.refused.append(str(error))
        self._receiver = None

    def upload_interrupted(self) -> None:
        if self._receiver is not None:
            self._receiver.drop()

    def drop(self, kept: list[files.Kept]) -> None:
        """Leave nothing of these."""
        for file in kept:
            files.remove(files.folder_of(self._workspace_id, file.token))

    def _refuse(self, error: UserError) -> None:
        self._receiver = None
        self.refused.append(str(error))
        raise SkipFile
