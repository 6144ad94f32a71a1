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
_SPACES = {c.encode(): c for c in map(chr, range(0x3001)) if c.isspace() and c != " "}


def strings(values: Sequence[str]) -> pa.StringArray:
    """Texts as an Arrow column. Raises UnicodeEncodeError for half of a surrogate pair."""
    import numpy as np
    import pyarrow as pa

    encoded = list(map(str.encode, values))
    offsets = np.zeros(len(values) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, encoded), np.int32, len(values)), out=offsets[1:])
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded)))


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


def spaces_in(column: pa.StringArray) -> set[str]:
    """White space other than " " that occurs anywhere in a column made by `strings`."""
    data = column.buffers()[2].to_pybytes()
    ascii_only = data.isascii()
    return {c for code, c in _SPACES.items() if (len(code) == 1 or not ascii_only) and code in data}
