"""Files are written whole or not at all: a reader never sees half of one, and what stood there stays if writing fails."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from winback.errors import UserError


@contextlib.contextmanager
def written_whole(path: Path, *, option: str, encoding: str = "utf-8") -> Iterator[IO[str]]:
    """A file to write text to, which takes the place of `path` in the end; line ends are written as they are.

    Raises UserError, naming the option that gave the path, where it cannot be written.
    """
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
        try:
            with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
                yield file
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)  # noqa: PTH101 - readable as any file the user makes
            os.replace(temporary, path)  # noqa: PTH105
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}); give another place with {option}.") from None
