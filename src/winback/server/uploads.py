"""Files that come with a form: written down for the pages that take them, from those who may, and not before.

Django spools a file as soon as anybody looks at a form's fields, and the check against forgery looks before the view has
asked who it is. So by default no file is taken at all. A page that takes one is `csrf_exempt`, asks who may, says
`take_files`, and has the forgery check with the rest of its work: see customers.views.contacting_list.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest


class NoUploads(FileUploadHandler):
    """Reads no further than to the first file."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class Uploads(TemporaryFileUploadHandler):
    """Takes files of `most` bytes in all, and keeps nothing of more: then it is `too_large`."""

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self._left = most
        self.too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._left -= len(raw_data)
        if self._left < 0:
            self.too_large = True
            raise StopUpload(connection_reset=False)  # the rest is read and dropped, so that the sentence is seen
        super().receive_data_chunk(raw_data, start)


def take_files(request: HttpRequest, *, most: int) -> Uploads:
    """Let the form of this request bring files of `most` bytes in all; call it before anything reads the form."""
    uploads = Uploads(request, most)
    request.upload_handlers = [uploads]
    return uploads
