"""Arrow columns from Python values, made from buffers.

pa.array(), to_numpy() and their kin import pandas where it is installed, which takes longer than reading a file; these do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

# What Python's strip() takes away beside the space, as UTF-8.
_SPACES = [c.encode() for c in map(chr, range(0x3001)) if c.isspace() and c != " "]


def strings(values: Sequence[str]) -> pa.StringArray:
    """Texts as an Arrow column. Raises UnicodeEncodeError for half of a surrogate pair."""
    import numpy as np
    import pyarrow as pa

    text = "".join(values)
    if text.isascii():
        data, lengths = text.encode(), map(len, values)
    else:
        encoded = list(map(str.encode, values))
        data, lengths = b"".join(encoded), map(len, encoded)
    offsets = np.zeros(len(values) + 1, np.int32)
    np.cumsum(np.fromiter(lengths, np.int32, len(values)), out=offsets[1:])
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(data))


def integers(values: Sequence[int] | np.ndarray[Any, Any]) -> pa.Int64Array:
    """Whole numbers as an Arrow column."""
    import numpy as np
    import pyarrow as pa

    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(np.asarray(values, np.int64))])


def to_numpy(column: pa.Array) -> np.ndarray[Any, Any]:
    """Whole numbers of 64 bits, none of them missing, as NumPy sees them."""
    import numpy as np
    import pyarrow as pa

    kind = np.uint64 if column.type == pa.uint64() else np.int64
    return np.frombuffer(column.buffers()[1], kind)[column.offset : column.offset + len(column)]


def spaces_around(values: Sequence[str], column: pa.StringArray) -> set[str]:
    """White space other than " " that begins or ends one of the values, from which the column was made."""
    data = column.buffers()[2].to_pybytes()
    ascii_only = data.isascii()
    if not any((len(code) == 1 or not ascii_only) and code in data for code in _SPACES):
        return set()
    padded = (value for value in values if len(value.strip()) != len(value.strip(" ")))
    return {c for value in padded for c in (*value[: -len(value.lstrip()) or None], *value[len(value.rstrip()) :])} - {
        " "
    }
