"""Split a comment into clauses: one comment may give several reasons, and each is coded by itself.

A clause ends with a sentence, a line, a semicolon or a list's bullet, and where the customer turns ("but", "however",
"aber", "mas", "pero", and "mais" in French: in Portuguese it is "more"). What is too short to say something by itself stays with its neighbour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from winback.text.cleaning import cleaned, has_words

FEWEST = 3  # words a clause has at least, where a comment has several
LONGEST = 40  # words after which a comma ends a clause too

_END = re.compile(
    r"""
      (?=[\s.!?…。！？;,•·*–—-])(?:  # at any other character there is nothing to try
      [.!?…]+["')\]]*(?=\s|$)(?<!\b[A-Z]\.)(?<!\bMr\.)(?<!\bDr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bNo\.)
      (?<!\bNr\.)(?<!\bz\.B\.)(?<!\bz\.\sB\.)(?<!\bca\.)(?<!\bbzw\.)(?<!\bSr\.)(?<!\bSra\.)(?<!\bProf\.)
    | [。！？]+ | (?<=[^\W\d_]{3})[.!?]+(?=[^\W\d_]{3})(?<![.][a-z]{3}[.])
    | \n+ | ; | (?<=\s)[•·*–—]\s | \s[-–—]\s
    | (?<!\s),?\s+(?=(?:but|however|although|though|whereas|except|unfortunately|aber|jedoch|allerdings|sondern|obwohl|dafür|ansonsten|nur\s+leider
        |mas|porém|porem|entretanto|contudo|todavia|infelizmente|embora|só\s+que
        |cependant|toutefois|par\s+contre|néanmoins|malheureusement|sauf|pero|sin\s+embargo|aunque|lamentablemente|salvo)\b))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MAIS = re.compile(rf"{_END.pattern} | (?<!\s),?\s+(?=mais\b)", _END.flags)
_FRENCH = re.compile(r"\b(?:est|les|des|très|pas|une|et|du|au|le|je|sont|trop|bien)\b|c'est", re.IGNORECASE)
_COMMA = re.compile(r",\s+|(?<!\s)\s+(?=(?:and|because|und|weil|et|parce|y|porque|e)\s)")
_WORD = re.compile(r"\w+(?:['’]\w+)?")


@dataclass(frozen=True)
class Clause:
    """A part of a comment: its characters from start to end, as they stand in the comment that was given."""

    start: int
    end: int
    text: str  # cleaned


def split_clauses(comment: str) -> list[Clause]:
    """The clauses of a comment, in order; none where it holds no word. Offsets count characters of the comment."""
    text = cleaned(comment)
    mark = _MAIS if "mais" in text and _FRENCH.search(text) else _END
    pieces = _joined(text, [span for piece in _between(text, 0, len(text), mark) for span in _shortened(text, piece)])
    found = []
    for start, end in pieces:
        said = text[start:end]
        first, last = start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())
        if last > first and has_words(text[first:last]):
            found.append(Clause(first, last, " ".join(text[first:last].split())))
    return found


def _between(text: str, start: int, end: int, mark: re.Pattern[str]) -> list[tuple[int, int]]:
    """The spans that the marks end, each with its mark."""
    spans, at = [], start
    for found in mark.finditer(text, start, end):
        if found.end() > at:
            spans.append((at, found.end()))
            at = found.end()
    return [*spans, (at, end)] if at < end else spans


def _shortened(text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """A span without full stops for dozens of words is parted at its commas."""
    start, end = span
    if end - start < 6 * LONGEST or len(_WORD.findall(text, start, end)) <= LONGEST:
        return [span]
    parts, at = [], start
    for piece in _between(text, start, end, _COMMA):
        if len(_WORD.findall(text, at, piece[1])) >= LONGEST // 2:
            parts.append((at, piece[1]))
            at = piece[1]
    if at < end:
        parts.append((at, end))
    return parts


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of fewer than FEWEST words joined to what follows, or to what goes before at the end."""
    found: list[tuple[int, int]] = []
    waiting: int | None = None
    for start, end in spans:
        first = start if waiting is None else waiting
        if len(_WORD.findall(text, first, end)) < FEWEST:
            waiting = first
        else:
            found.append((first, end))
            waiting = None
    if waiting is not None:
        last = spans[-1][1]
        if found:
            found[-1] = (found[-1][0], last)
        else:
            found.append((waiting, last))
    return found
