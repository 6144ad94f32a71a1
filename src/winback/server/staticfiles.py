"""Static files under names that carry their hash, compressed, without a manifest to keep in step by hand."""

from __future__ import annotations

from whitenoise.storage import CompressedStaticFilesStorage


class Storage(CompressedStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Whitenoise finds the files where they lie in the package; `winback upgrade` need not copy them."""
