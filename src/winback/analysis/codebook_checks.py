"""Are the vectors of a codebook whole? A file that was cut or changed by hand is refused before anything is coded by it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from winback.errors import UserError

_HALVES, _BYTES, _SUMS = np.dtype("<f2"), np.dtype(np.int8), np.dtype("<u4")


def check_schema(told: object, schema: str) -> None:
    """Raises UserError where a file is not of this schema; of a later one it says so."""
    if told == schema:
        return
    name, _, version = schema.rpartition("/")
    later = re.fullmatch(rf"{re.escape(name)}/(\d{{1,9}})", told) if isinstance(told, str) else None
    if later and int(later[1]) > int(version):
        raise UserError(f"The codebook was written by a newer winback ({told}); bring this one up to date.")
    raise UserError(f'That is no codebook of winback: its "schema" is not "{schema}".')


def check_vectors(found: Mapping[str, Any]) -> None:
    """Raises UserError where vectors of a codebook, as plain data, are no numbers, or not as many as the others say."""
    rows = [_numbers("middle", found.get("middle", ""))]
    for name in ("centres", "middles"):
        by_key = found.get(name) or {}
        if not isinstance(by_key, Mapping):
            raise _damaged(name)
        rows += [_numbers(name, text, needed=True) for text in by_key.values()]
    sizes = {len(row) for row in rows if len(row)}
    if len(sizes) > 1:
        raise UserError("The codebook's vectors are not all of one length; take a copy that is whole.")
    size = sizes.pop() if sizes else 0
    metric = len(_numbers("metric", found.get("metric", "")))
    if metric and metric != size * (size + 1) // 2:
        raise _damaged("metric")
    landmarks = len(_numbers("landmarks", found.get("landmarks", ""), _BYTES))
    if landmarks and (not size or landmarks % size):
        raise _damaged("landmarks")
    _numbers("odd", found.get("odd", ""), _SUMS)


def _numbers(name: str, text: object, kind: Any = _HALVES, *, needed: bool = False) -> Any:
    try:
        if not isinstance(text, str):
            raise ValueError
        found = np.frombuffer(base64.b64decode(text, validate=True), dtype=kind)
    except (ValueError, binascii.Error):
        raise _damaged(name) from None
    if (needed and not len(found)) or not np.isfinite(found.astype(np.float32)).all():
        raise _damaged(name)
    return found


def _damaged(name: str) -> UserError:
    return UserError(f'The codebook is damaged: its "{name}" are no vectors any more; take a copy that is whole.')
