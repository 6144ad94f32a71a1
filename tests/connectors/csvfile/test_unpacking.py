"""A file's bytes, unpacked in blocks; bombs are refused, cut files read to the cut."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest

from tests.connectors.making import byte_file
from winback.connectors.csvfile import unpacking
from winback.connectors.csvfile.unpacking import open_bytes, was_cut
from winback.errors import UserError

TEXT = b"".join(b"%d,%d\n" % (i, i * i) for i in range(20_000))


def everything(path: Path) -> tuple[bytes, bool]:
    with open_bytes(path, packed=True) as stream:
        data = b"".join(iter(lambda: stream.read(10_000), b""))
        return data, was_cut(stream)


def test_bytes_come_as_they_are(tmp_path: Path) -> None:
    with open_bytes(byte_file(tmp_path, TEXT), packed=False) as stream:
        assert stream.read() == TEXT
        assert not was_cut(stream)


def test_packed_bytes_come_unpacked(tmp_path: Path) -> None:
    assert everything(byte_file(tmp_path, TEXT, "a.gz")) == (TEXT, False)


def test_several_members_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(TEXT) + gzip.compress(b"more\n") + bytes(7))  # zeros behind are allowed
    assert everything(path) == (TEXT + b"more\n", False)


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_a_cut_file_gives_what_is_before_the_cut(tmp_path: Path, kept: float) -> None:
    packed = gzip.compress(TEXT)
    path = tmp_path / "a.gz"
    path.write_bytes(packed[: int(len(packed) * kept)])
    data, cut = everything(path)
    assert cut
    assert TEXT.startswith(data)
    assert len(data) > 1000


def test_a_wrong_checksum_or_rubbish_behind_is_damage(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-8] ^= 1
    (tmp_path / "a.gz").write_bytes(packed)
    assert everything(tmp_path / "a.gz") == (TEXT, True)
    (tmp_path / "b.gz").write_bytes(gzip.compress(TEXT) + b"rubbish")
    assert everything(tmp_path / "b.gz") == (TEXT, True)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "RATIO_FROM", 4 << 20)
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1 << 20)
    path = tmp_path / "bomb.gz"
    path.write_bytes(b"".join(packer.compress(zeros) for _ in range(64)) + packer.flush())
    with (
        open_bytes(path, packed=True) as stream,
        pytest.raises(UserError, match="unpacks to more than 200 times its size"),
    ):
        while stream.read(1 << 20):
            pass
    with open_bytes(path, packed=True) as stream:
        assert len(stream.read(2 << 20)) == 2 << 20  # below the size from which it matters


def test_a_table_that_packs_well_is_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "RATIO_FROM", 1 << 20)
    table = b"2026-11-21,customer,9,north,basic\n" * 100_000
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(table, 1))
    assert everything(path) == (table, False)
