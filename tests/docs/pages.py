"""The pages of the documentation as data: their fenced blocks, their links and their headings."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.repo.tracked import ROOT

_FENCE = re.compile(r"^(`{3,})([^`\n]*)$")
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$")


@dataclass(frozen=True)
class Block:
    """A fenced block: the line of its fence, the words behind the fence, and what stands in it."""

    line: int
    info: tuple[str, ...]
    text: str

    @property
    def language(self) -> str:
        return self.info[0] if self.info else ""


@dataclass(frozen=True)
class Page:
    """A page by its path from the root."""

    name: str

    @property
    def path(self) -> Path:
        return ROOT / self.name

    @functools.cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @functools.cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_blocks(self.text, self.name))

    @functools.cached_property
    def prose(self) -> str:
        """The page without what stands in its fenced blocks; every line keeps its place."""
        lines = self.text.split("\n")
        for block in self.blocks:
            for number in range(block.line, block.line + block.text.count("\n") + 2):
                lines[number - 1] = ""
        return "\n".join(lines)

    def links(self) -> Iterator[tuple[int, str]]:
        """Line and target of every link and picture."""
        text = re.sub(r"`[^`\n]*`", lambda code: "x" * len(code.group()), self.prose)
        for found in _LINK.finditer(text):
            yield text.count("\n", 0, found.start()) + 1, found.group(3)

    @functools.cached_property
    def anchors(self) -> frozenset[str]:
        """What a link may point to within the page, named as GitHub names headings."""
        seen: Counter[str] = Counter()
        found = set()
        for line in self.prose.split("\n"):
            if heading := _HEADING.match(line):
                words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.group(1)).replace("`", "")
                anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
                found.add(anchor if not seen[anchor] else f"{anchor}-{seen[anchor]}")
                seen[anchor] += 1
        return frozenset(found)


def _blocks(text: str, name: str) -> Iterator[Block]:
    begun: tuple[int, str, tuple[str, ...]] | None = None
    held: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        fence = _FENCE.match(line)
        if begun is None and fence:
            begun, held = (number, fence.group(1), tuple(fence.group(2).split())), []
        elif begun is not None and fence and fence.group(1) == begun[1] and not fence.group(2):
            yield Block(begun[0], begun[2], "\n".join(held))
            begun = None
        elif begun is not None:
            held.append(line)
    assert begun is None, f"{name} line {begun[0]}: a fence is opened and never closed"


@functools.cache
def pages() -> dict[str, Page]:
    """README, GLOSSARY, CHANGELOG, CONTRIBUTING and everything in docs, by path from the root."""
    top = [ROOT / f"{name}.md" for name in ("README", "GLOSSARY", "CHANGELOG", "CONTRIBUTING")]
    names = [path.relative_to(ROOT).as_posix() for path in (*top, *sorted((ROOT / "docs").rglob("*.md")))]
    return {name: Page(name) for name in names}
