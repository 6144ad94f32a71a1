"""Split a comment into clauses: one comment may give several reasons, and each is coded by itself.

A clause ends with a sentence, a line, a semicolon or a list's bullet, and where the customer turns ("but", "however",
"aber", "mas", "pero", and "mais" in French: in Portuguese it is "more"). What is too short to say something by itself stays with its neighbour.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from winback.text.cleaning import cleaned, has_words

FEWEST = 3  # words a clause has at least, where a comment has several
LONGEST = 40  # words after which a comma ends a clause too

# Every mark begins with one of a few characters: the pattern begins with them, so that it is tried at no other. It is laid
# over the comment in lower case, where that has as many characters: to read either case is slow.
_END_OF = r"""
      [\s.!?…。！？;,•·*–—-](?:(?<![\s,])(?:
      (?<=[.!?…])[.!?…]*["')\]]*(?=\s|$)(?<!\b[a-z]\.)(?<!\bmr\.)(?<!\bdr\.)(?<!\bmrs\.)(?<!\bms\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bno\.)
      (?<!\bnr\.)(?<!\bz\.b\.)(?<!\bz\.\sb\.)(?<!\bca\.)(?<!\bbzw\.)(?<!\bsr\.)(?<!\bsra\.)(?<!\bprof\.)
    | (?<=[。！？])[。！？]* | (?<=[^\W\d_]{3}[.!?])[.!?]*(?=[^\W\d_]{3})(?<![.][a-z]{3}[.]) | (?<=;) | (?<=\s[•·*–—])\s)
    | (?<=\n)\n* | (?<=\s)[-–—]\s
    | (?:(?<=,)(?<!\s,)\s+|(?<=\s)(?<!\s\s)\s*)(?=(?:but|however|although|though|whereas|except|unfortunately|aber|jedoch|allerdings|sondern|obwohl|dafür|ansonsten
        |nur\s+leider|mas|porém|porem|entretanto|contudo|todavia|infelizmente|embora|só\s+que
        |cependant|toutefois|par\s+contre|néanmoins|malheureusement|sauf|pero|sin\s+embargo|aunque|lamentablemente|salvo MAIS)\b))
"""  # fmt: skip
_END, _MAIS = (re.compile(_END_OF.replace(" MAIS", more), re.VERBOSE) for more in ("", "|mais"))
_END_ODD, _MAIS_ODD = (re.compile(one.pattern, one.flags | re.IGNORECASE) for one in (_END, _MAIS))
_ODD = frozenset("ſıİ\u212a")  # letters that are another's other case, which lower case does not tell
_FRENCH = re.compile(r"\b(?:est|les|des|très|pas|une|et|du|au|le|je|sont|trop|bien)\b|c'est", re.IGNORECASE)
_COMMA = re.compile(r",\s+|(?<!\s)\s+(?=(?:and|because|und|weil|et|parce|y|porque|e)\s)")
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_ENOUGH = re.compile(rf"(?:\w++(?:['’]\w++)?+\W*+){{{FEWEST}}}")  # as many words as a clause has at least


class Clause(NamedTuple):
    """A part of a comment: its characters from start to end, as they stand in the comment that was given."""

    start: int
    end: int
    text: str  # cleaned


def split_clauses(comment: str) -> list[Clause]:
    """The clauses of a comment, in order; none where it holds no word. Offsets count characters of the comment."""
    text = cleaned(comment)
    french = "mais" in text and _FRENCH.search(text) is not None
    read = text.lower()
    if text.isascii() or (len(read) == len(text) and _ODD.isdisjoint(text)):
        marked = _between(read, 0, len(text), _MAIS if french else _END)
    else:
        marked = _between(text, 0, len(text), _MAIS_ODD if french else _END_ODD)
    pieces = _joined(text, [span for piece in marked for span in _shortened(text, piece)])
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
        if _ENOUGH.search(text, first, end) is None:
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
