"""What may stand in a tracked file: no private address, nobody's home folder, no file that is not ours to give."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from tests.repo.tracked import ROOT, tracked_files, tracked_texts


def test_the_lock_names_public_addresses_only() -> None:
    """A lock made behind a mirror would send every user there."""
    text = (ROOT / "uv.lock").read_text()
    registries = {
        package["source"]["registry"] for package in tomllib.loads(text)["package"] if "registry" in package["source"]
    }
    assert len(registries) == 1
    addresses = set(re.findall(r'"([a-z+]+://[^"]*)"', text))
    assert len(addresses) > 100
    assert {address for address in addresses if not _is_public(address)} == set()
    others = {
        tuple(package["source"]) for package in tomllib.loads(text)["package"] if "registry" not in package["source"]
    }
    assert others == {("editable",)}, "winback itself is the only package that comes from a folder"


def test_a_private_address_is_known_as_such() -> None:
    for address in (
        "http://packages.example.org/simple",
        "https://10.1.2.3/simple",
        "https://me:secret@packages.example.org/simple",
        "https://packages.example.org:8443/simple",
        "https://mirror/simple",
        "https://mirror.internal/simple",
        "file:///srv/wheels",
    ):
        assert not _is_public(address), address
    assert _is_public("https://packages.example.org/simple")


def _is_public(address: str) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return False
    named = "." in host and not host.endswith((".local", ".internal", ".lan", ".localdomain", ".home.arpa"))
    return parts.scheme == "https" and named and parts.port is None and parts.username is None


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    homes = {str(ROOT), str(ROOT.parent), str(Path.home())} - {"/", "/tmp", "/home", "/usr", "/srv", "/opt"}
    anywhere = [rf"(?<![\w.~$}}/-]){re.escape(home)}(?=[/\s\"'`)]|$)" for home in homes]
    pattern = re.compile("|".join([*anywhere, r"/(?:home|Users)/(?!user\b|you\b|ada\b)\w+/"]), re.MULTILINE)
    found = [f"{name}: {match.group()}" for name, text in tracked_texts().items() for match in pattern.finditer(text)]
    assert found == []


def test_the_real_files_beside_the_repository_are_not_in_it(shared_data: Path) -> None:
    """They are other people's, some not for commercial use; tests read them where they are."""
    theirs = [path for path in shared_data.rglob("*") if path.is_file() and path.name != "README.md"]
    assert theirs
    by_size: dict[int, list[Path]] = {}
    for path in theirs:
        by_size.setdefault(path.stat().st_size, []).append(path)
    names = {path.name for path in theirs}
    for path in tracked_files():
        assert path.name not in names, path
        digest = hashlib.sha256(path.read_bytes()).digest()
        for other in by_size.get(path.stat().st_size, []):
            assert hashlib.sha256(other.read_bytes()).digest() != digest, f"{path} is {other.name}"


def test_no_tracked_file_is_large() -> None:
    """Two megabytes hold every vendored script; a larger file is data, or a picture that wants to be made smaller."""
    weights = ROOT / "src/winback/text/weights"
    known = {weights / "static.npz", weights / "languages.npz"}  # the vectors that themes are made with: docs/adr
    assert [path for path in tracked_files() if path.stat().st_size > 2_000_000 and path not in known] == []


def test_the_licence_is_all_there() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert re.search(r"Apache License\s+Version 2\.0, January 2004", text)
    assert "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION" in text
    for number in range(1, 10):
        assert re.search(rf"^\s+{number}\. ", text, re.MULTILINE), number
    assert "END OF TERMS AND CONDITIONS" in text
