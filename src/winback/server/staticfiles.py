"""Static files, served from where they lie in the package: nothing is to be collected or copied."""

from __future__ import annotations

import functools
import gzip
import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

TEXT = (".css", ".js", ".svg", ".txt")


class Storage(StaticFilesStorage):
    """Addresses carry a hash of the file, so that browsers keep a file for a year and take another when it changes."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        version = _version(name or "")
        return f"{address}?v={version}" if version else address


@functools.lru_cache(maxsize=1000)
def _version(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12] if found else ""


class Served(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise ships no types
    """Files as they lie in the package; to whom takes gzip, the copy that `compress` made, where there is one."""

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        plain = super().get_static_file(path, url, stat_cache)
        copy = _copy_of(Path(path))
        if not path.endswith(TEXT) or not copy.exists():
            return plain
        headers = [pair for pair in plain.alternatives[-1][2] if pair[0] in ("Content-Type", "Cache-Control")]
        return StaticFile(path, headers, encodings={"gzip": str(copy)})


def compress() -> None:
    """Make gzipped copies of text files in the home folder, where they are missing: some tenths of a second, once.

    A disk that is full or read-only is no reason not to start.
    """
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            copy = _copy_of(path)
            if path.suffix not in TEXT or path.stat().st_size < 1000 or copy.exists():
                continue
            try:
                copy.parent.mkdir(exist_ok=True)
                made = copy.with_suffix(f".{os.getpid()}")
                made.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
                made.replace(copy)
            except OSError:
                return


def _copy_of(path: Path) -> Path:
    """Where the copy of a file lies: it goes by another name as soon as the file is another."""
    there = path.stat()
    name = hashlib.sha256(f"{path} {there.st_size} {there.st_mtime_ns}".encode()).hexdigest()[:16]
    home: Path = settings.HOME
    return home / "static" / f"{name}.gz"
