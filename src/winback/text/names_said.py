"""Names of people in a text: those that are known, those that stand where a name stands, and first names.

A name stands behind a title, in a greeting, in a signature, after "my name is" and after "I spoke with". Of these a listed
first name is one in any case; else it has to be written as a name. A first name of the list that is no everyday word, with a
capital, is a name anywhere, with the one word behind it that has a capital too. Surnames alone in running text are not found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from winback.text.name_words import NOBODY, ORGANISED, POSTS, WORDS_TOO, is_common, is_first

LEAST = 3  # letters of a name that is looked for
_LAST = 120  # characters at the end in which a signature stands

_CAPITAL = r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž]['’])?[A-ZÀ-ÖØ-ÞĀ-Ž][a-zà-öø-ÿā-ž]+(?:['’-][A-ZÀ-ÖØ-Þ]?[a-zà-öø-ÿ]+)*"
_INITIAL = r"[A-ZÀ-ÖØ-Þ]\."
_PARTICLE = r"(?:van|von|de|der|da|dos|du|del|di|le|la)"
_FULL = rf"(?:{_CAPITAL}|{_INITIAL}(?:[ \u00a0]?{_INITIAL}){{0,2}}(?=[ \u00a0]?[A-ZÀ-Þ]))(?:[ \u00a0]?(?<!\w)(?:{_PARTICLE}[ \u00a0]){{0,2}}{_CAPITAL}|[ \u00a0](?:{_PARTICLE}[ \u00a0]){{0,2}}{_CAPITAL}){{0,3}}"
_LOUD = r"[A-ZÀ-ÖØ-Þ]{2,}(?:['’-][A-ZÀ-ÖØ-Þ]{2,})*(?!\w)"
_ANY = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_NAME = (
    rf"(?:(?P<name>{_FULL})|(?P<loud>{_LOUD}(?:[ \u00a0]{_LOUD}){{0,2}})|(?P<small>{_ANY}(?:[ \u00a0]{_ANY})?))(?!\w)"
)

_DOCTOR = r"(?:(?i:dr|dra|prof|ing)\b\.?[ \u00a0]){0,2}"
_TITLED = re.compile(
    r"(?<!\w)(?:(?=[DFHMPS])(?:Mrs?|Ms|Mx|Miss|Dra?|Prof|Herrn?|Frau|Monsieur|Madame|Mme|Mlle|Señora?|Sra?|Srta|Senhora?|Dona|Don|Doña|Signora?|Sig|Mevrouw)\b\.?"
    rf"|M\.|(?:señora?|senhora?|sra?|srta|doña|mrs?|herrn?|frau|mme|mlle|signora?)\b\.?)[ \u00a0]{_DOCTOR}(?!You\b|The\b|Doktor\b)(?P<name>(?:(?:vo[nm]|van|zu|de)[ \u00a0](?:(?:der|den|dem)[ \u00a0])?)?{_FULL})"
)
_TITLED_ANYHOW = re.compile(
    r"\b(?:mrs?|herrn?|frau)\b\.?[ \u00a0](?:dr\b\.?[ \u00a0])?(?P<small>[^\W\d_]{3,}(?:-[^\W\d_]+)?)(?!\w)", re.I
)
_WORD_BEFORE = re.compile(r"(\w+)[ \u00a0]\Z")
_NO_TITLE = (
    "der die das den dem ein eine einer einem einen keine keiner meine meiner mein seine ihre diese dieser dieses jene junge "
    "nette netter netten alte ältere freundliche freundlicher unfreundliche unfreundlicher andere erste the that a"
)
_BEHIND_NO_TITLE = frozenset(_NO_TITLE.split())
_GREETING = (
    r"kind\s+regards|regards|yours\s+(?:sincerely|faithfully|truly)|sincerely|best(?:\s+wishes)?|mit\s+(?:freundlichen|besten)\s+grü(?:ß|ss)en|mfg|lg|vg|bg"
    r"|(?:(?:viele|liebe|beste|schöne|herzliche)\s+)?grü(?:ß|ss)e?|gruß|gruss|cordialement|bien\s+à\s+vous|atenciosamente|atentamente|att(?:e)?|cumprimentos|abraços?"
    r"|(?:un\s+)?saludos?|cordiali\s+saluti|(?:met\s+vriendelijke\s+)?groet(?:en)?|pozdrawiam|z\s+poważaniem"
)
_SIGNED = re.compile(
    rf"(?:(?i:\b(?:{_GREETING})\b)[\s,.!–-]+|(?i:\b(?:thanks(?:\s+again)?|thank\s+you|thx|cheers|danke|merci|gracias|obrigad[oa]|grazie)\b)(?:[,.! ]*\n\s*|,[ ]))"
    rf"(?:(?P<name>{_FULL}(?:[ \u00a0]{_INITIAL})?)|(?P<loud>{_LOUD}(?:[ \u00a0]{_LOUD}){{0,2}}))[\s.!]*\Z"
)
_INTRODUCED = re.compile(
    r"(?i:\b(?:my\s+name\s+is|my\s+name['’]s|mein\s+name\s+ist|ich\s+hei(?:ß|ss)e|je\s+m['’]appelle|mon\s+nom\s+est|me\s+llamo|mi\s+nombre\s+es"
    rf"|(?:o\s+)?meu\s+nome\s+é|chamo-me|me\s+chamo|mi\s+chiamo|mijn\s+naam\s+is|ik\s+heet))\s+{_NAME}"
)
_INTRODUCING = ("name", "naam", "nom ", "nombre", "nome", "hei", "appelle", "llamo", "cham", "chiamo", "heet")
_GREETED = re.compile(
    r"\A\s*(?i:dear|hi|hello|hey|liebe[rs]?|hallo|guten\s+tag|bonjour|ch(?:er|ère)|hola|estimad[oa]|olá|prezad[oa]|car[oa]|ciao|beste)[ \u00a0]"
    rf"(?P<name>(?:{_CAPITAL})(?:[ \u00a0]{_CAPITAL})?)(?=\s*[,!:\n])"
)
# where only a listed first name is one
_MET = re.compile(
    r"(?i:\b(?:(?:sp(?:oke|oken|eak|eaking)|talk(?:ed|ing)?|chatt(?:ed|ing)|deal(?:t|ing))\s+(?:to|with)|(?:served|helped|seen|treated|assisted)\s+by|ask(?:ed)?\s+for|thanks?\s+(?:you\s+)?to"
    r"|named|i\s+am|i['’]m|this\s+is|ich\s+bin|je\s+suis|c['’]est|parlé\s+(?:à|avec)|soy|sou|hablé\s+con|atendid[oa]\s+p(?:or|el[oa])|falei\s+com))\s+(?:(?i:o|a|der|die|el|la)\s+)?"
    rf"{_NAME}"
)
_MEETING = re.compile(
    r"\b(?:sp(?:oke|eak)|talk|chatt|deal|by|for|thanks?|named|am|['’]m|is|bin|suis|est|parlé|soy|sou|con|por|pel[oa]|com)",
    re.I,
)
_FIRST = re.compile(
    rf"(?<![\w@.&/'’-])(?P<name>{_CAPITAL})(?!\w|['’]\w|@|-)(?=(?P<more>[ \u00a0](?:{_PARTICLE}[ \u00a0]){{0,2}}{_CAPITAL}(?!\w))?(?P<then>[ \u00a0&]+\w+)?)"
)
_PLACED = re.compile(
    r"\b(?:st|ste|saint|san|santa|santo|são|sankt|port|fort|mount|mt|lake|los|las|1st|first)\.?[ \u00a0]\Z", re.I
)
_OWNS = re.compile(r"['’]s$")


def placed_names(text: str) -> Iterator[tuple[int, int]]:
    """Names told by where they stand, and first names."""
    if signed := _signed(text):
        yield from _taken(signed)
    for found in _TITLED.finditer(text):
        yield from _taken(found)
    for found in _TITLED_ANYHOW.finditer(text):
        before = _WORD_BEFORE.search(text, max(0, found.start() - 20), found.start())
        if not (before and before[1].casefold() in _BEHIND_NO_TITLE) and not is_common(found["small"]):
            yield found.span("small")
    if greeted := _GREETED.match(text):
        yield from _taken(greeted)
    said = text.lower()
    if any(part in said for part in _INTRODUCING):
        for found in _INTRODUCED.finditer(text):
            yield from _taken(found)
    if _MEETING.search(text):
        for found in _MET.finditer(text):
            yield from _taken(found, listed=True)
    yield from _first(text)


def known_names(whole: Sequence[str], people: Sequence[str]) -> re.Pattern[str] | None:
    """Names as they are, in any case and with or without accents; parts of people's names capitalised only."""
    full = {
        spelled
        for name in (*whole, *people)
        if len(name.strip()) >= LEAST
        for spelled in _spelled(" ".join(name.split()))
    }
    parts: set[str] = set()
    for name in people:
        for part in re.split(r"[\s,.]+", name):
            if len(part) >= LEAST and part[:1].isupper() and part.casefold() not in WORDS_TOO and part.isalpha():
                parts |= {form for spelled in _spelled(part) for form in (spelled, spelled.upper())}
    told = [
        rf"(?i:{re.escape(name).replace(chr(92) + ' ', chr(92) + 's+')})"
        for name in sorted(full, key=len, reverse=True)
    ]
    told += [re.escape(part) for part in sorted(parts, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)") if told else None


def _taken(found: re.Match[str], *, listed: bool = False) -> Iterator[tuple[int, int]]:
    """What a place says: a name as names are written, where it need not be `listed`; else from a listed first name on."""
    groups = found.groupdict()
    if said := groups.get("name"):
        first = said.split()[0]
        if (
            first.casefold() not in NOBODY
            and said.split()[-1].casefold() not in POSTS
            and (not listed or is_first(first) or is_first(said.split("-")[0]))
        ):
            yield found.span("name")
        return
    group = "loud" if groups.get("loud") else "small"
    words = (groups.get(group) or "").split()
    if not words or len(words[0]) < LEAST or not is_first(words[0]):
        return
    start, end = found.span(group)
    further = words[1:]
    if group == "small" or listed:
        further = [word for word in further[:1] if not is_common(word)]
    if len(further) < len(words) - 1:
        end = start + len(words[0])
    yield start, end


def _first(text: str) -> Iterator[tuple[int, int]]:
    until = 0
    for found in _FIRST.finditer(text):
        name = _OWNS.sub("", found["name"])
        if found.start() < until or not is_first(name, alone=True):
            continue
        until = max(found.end(), found.end("more"))
        more, then = (found["more"] or "").strip(), (found["then"] or "").strip()
        if (
            then[:1] == "&"
            or then[:1].isdigit()
            or _PLACED.search(text, max(0, found.start() - 8), found.start())
            or ORGANISED & {more.casefold(), then.casefold()}
            or (more and then[:1].isupper())
        ):
            continue  # a house: James Cook Hospital, Scott & Associates
        if name == found["name"]:
            yield found.start(), found.end("more") if more else found.end()
        elif not more:
            yield found.start(), found.start() + len(name)


def _signed(text: str) -> re.Match[str] | None:
    words = text[-_LAST:].split()
    return _SIGNED.search(text, max(0, len(text) - _LAST)) if words and words[-1][:1].isupper() else None


def _spelled(name: str) -> set[str]:
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return {name, plain}
