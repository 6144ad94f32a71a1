"""Vectors of texts in files, and the texts nearest to a query: by 384 signs first, then exactly among the best.

A text's vector is kept as its signs (one bit a dimension) and as 8-bit numbers. A search compares the signs of all (Hamming
distance, 48 bytes a text) and reckons the cosine of the nearest few thousand from their 8-bit numbers, which lie on the disk
and are read where they are needed. So memory is bounded whatever the number of texts.

Reference: M. Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002 (signs of projections).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from winback.text.cleaning import cleaned, has_words
from winback.text.embedding import Embedder, Floats

CANDIDATES = 8_000  # by their signs, of which the cosine is reckoned
_MODEL = b"model"


@dataclass(frozen=True)
class Near:
    """Ids of texts, the nearest first, with the cosine of each to the query."""

    ids: NDArray[np.int64]
    cosines: NDArray[np.float32]


@dataclass(frozen=True)
class _Block:
    ids: NDArray[np.int64]
    signs: NDArray[np.uint64]  # (texts, words of 64 bits)
    numbers: NDArray[np.int8]  # (texts, dimensions)


def write(path: Path, texts: Iterable[tuple[Sequence[int], Sequence[str]]], model: Embedder) -> int:
    """Write the vectors of texts with their ids, piece by piece; returns how many there are. Texts without words have none."""
    width = model.embed([""]).shape[1]
    schema = pa.schema(
        [("id", pa.int64()), ("signs", pa.binary(-(-width // 64) * 8)), ("numbers", pa.binary(width))],
        metadata={_MODEL: model.name},
    )
    written = 0
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        for ids, said in texts:
            rows = model.embed([_said(text) for text in said])
            there = np.flatnonzero(rows.any(axis=1))
            if len(there):
                writer.write_batch(_batch(np.asarray(ids, dtype=np.int64)[there], rows[there], schema))
                written += len(there)
    return written


def embed(query: str, model: Embedder) -> Floats | None:
    """A query's vector; None where it holds no word."""
    (row,) = model.embed([_said(query)])
    return row if row.any() else None


class Vectors:
    """The vectors of several files, opened. Files of another model are left out."""

    def __init__(self, paths: Sequence[Path], model: str) -> None:
        self._blocks = [block for path in paths for block in _blocks(path, model)]
        self.count = sum(len(block.ids) for block in self._blocks)

    def nearest(self, query: Floats, *, most: int = CANDIDATES) -> Near:
        """The texts nearest to a query, as far as their signs tell: at most so many."""
        if not self.count:
            return _nothing()
        wanted = _signs(query[None, :])[0]
        apart = np.concatenate([_apart(block.signs, wanted) for block in self._blocks])
        # where several are as far away as the last one, the earlier
        chosen = np.arange(self.count) if self.count <= most else np.sort(np.argpartition(apart, most - 1)[:most])
        return self._ranked(query, chosen)

    def of(self, query: Floats, ids: NDArray[np.int64]) -> Near:
        """The texts with these ids, those that have a vector, the nearest first."""
        if not self.count:
            return _nothing()
        there = np.concatenate([block.ids for block in self._blocks])
        return self._ranked(query, np.flatnonzero(np.isin(there, ids)))

    def _ranked(self, query: Floats, chosen: NDArray[np.intp]) -> Near:
        ids, cosines, start = [], [], 0
        for block in self._blocks:
            first, last = np.searchsorted(chosen, [start, start + len(block.ids)])
            places = chosen[first:last] - start
            start += len(block.ids)
            if len(places):
                rows = block.numbers[places].astype(np.float32)
                ids.append(block.ids[places])
                cosines.append(rows @ query / np.linalg.norm(rows, axis=1))
        if not ids:
            return _nothing()
        every, near = np.concatenate(ids), np.concatenate(cosines).astype(np.float32)
        order = np.lexsort((every, -near))
        return Near(every[order], near[order])


def _said(text: str) -> str:
    """What a person said in a text; blank where there is no word in it."""
    bare = cleaned(text)
    return bare if has_words(bare) else ""


def _batch(ids: NDArray[np.int64], rows: Floats, schema: pa.Schema) -> pa.RecordBatch:
    scaled = np.rint(rows * (127 / np.abs(rows).max(axis=1, keepdims=True))).astype(np.int8)
    columns = [pa.array(ids), *(_packed(part) for part in (_signs(rows), scaled))]
    return pa.record_batch(columns, schema=schema)


def _packed(rows: NDArray[np.uint64] | NDArray[np.int8]) -> pa.Array:
    """Rows of numbers as binary values of one width."""
    width = rows.shape[1] * rows.itemsize
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(width), len(rows), [None, pa.py_buffer(np.ascontiguousarray(rows))]
    )


def _signs(rows: Floats) -> NDArray[np.uint64]:
    bits = np.packbits(rows > 0, axis=1)
    padded = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : bits.shape[1]] = bits
    return padded.view(np.uint64)


def _apart(signs: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """In how many dimensions the signs differ."""
    apart = np.zeros(len(signs), dtype=np.uint16)
    for place, word in enumerate(wanted):
        apart += np.bitwise_count(signs[:, place] ^ word)
    return apart


def _blocks(path: Path, model: str) -> Iterator[_Block]:
    try:
        file = pa.memory_map(str(path))
    except FileNotFoundError:  # replaced meanwhile, and its words with it
        return
    with file:
        reader = pa.ipc.open_file(file)
        if reader.schema.metadata.get(_MODEL) != model.encode():
            return
        for place in range(reader.num_record_batches):
            batch = reader.get_batch(place)
            ids, signs, numbers = batch.columns
            yield _Block(ids.to_numpy(), _bytes_of(signs).view(np.uint64), _bytes_of(numbers).view(np.int8))


def _bytes_of(column: pa.Array) -> NDArray[np.uint8]:
    """A view of the file's own bytes, a row a value."""
    width = column.type.byte_width
    values = np.frombuffer(column.buffers()[1], dtype=np.uint8, count=len(column) * width, offset=column.offset * width)
    return values.reshape(len(column), width)


def _nothing() -> Near:
    return Near(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
