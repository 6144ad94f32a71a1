"""Personal data in a comment, found and replaced by marks that can be read: [mail], [phone], [card], [account], [name].

Found by form: mail addresses; telephone numbers, as Google's library of the world's numbering plans knows them; card
numbers (issuer, length and check digit); IBANs (country, length and check digits). Found by what is known: the names that
are given. Found by where it stands: a name behind a title, in a greeting, in a signature, or after "my name is".

What is not found: names of others in running text, addresses of streets, dates of birth, and what is spelled in words.
References: ITU-T E.123 and E.164, ISO/IEC 7812-1 (Luhn), ISO 13616 (IBAN).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

from winback.errors import UserError

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

KINDS = ("mail", "account", "card", "phone", "name")  # of two that overlap the first counts
LEAST = 3  # letters of a name that is looked for
_NEAR = 32  # characters before a number that tell what it is
_LAST = 120  # characters at the end in which a signature stands

_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64}(?:@|\s?[(\[](?:at|ät|@|arroba)[)\]]\s?)[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z]{2,24}(?![\w-])", re.I
)  # fmt: skip
_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?:[ \u00a0-]?[a-z0-9]){11,30}(?!\w)", re.I)
_CARD = re.compile(r"(?<![\w.,+-])\d(?:[ \u00a0-]?\d){12,18}(?![\w-]|[.,]\d)")
# issuer and lengths: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro
_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:50|5[6-8]|6[37])\d{14}"
)
_DIGITS = re.compile(r"\d(?:[\s\u00a0()./\-–]{0,3}\d){6}")
_DATED = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}(?![./ -]?\d))|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d)")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,2}(?: \d{3})+")
_CALLED = re.compile(
    r"\b(?:tel|phone|telephone|call(?:ed)?|mobile|cell|ring|rang|reach|whats\s?app|sms|text|dial|fax|contact|fon|telefon\w*|handy\w*|mobil\w*"
    r"|anruf\w*|erreich\w*|téléphone|portable|appel\w*|joign\w*|joindre|teléfono|móvil|ll[aá]m\w*|telefone|telemóvel|celular|lig\w+|telefono|cellulare|bel)\b[^\d#]*$",
    re.I,
)
_COUNTED = re.compile(
    r"(?:(?:\b(?:order|booking|reservation|reference|ref|invoice|receipt|ticket|case|account|customer|member(?:ship)?|tracking|parcel|shipment|policy"
    r"|contract|serial|article|item|product|model|code|claim|complaint|flight|meter|isbn|ean|sku|pnr"
    r"|\w*(?:bestell|auftrags?|rechnungs?|kunden|vertrags?|sendungs?|buchungs?|artikel|serien|paket)\w*|bestellung|vorgang\w*"
    r"|commande|facture|dossier|colis|réf\w*|client|contrat|pedido|factura|fatura|encomenda|reserva\w*|protocolo|contrato|referencia|referência|ordine|fattura)\b"
    r"|\b(?:no|nr|id)\b|\bn[º°]|[#№])[\s.:#=-]*(?:(?:number|no|nr|id|nummer|numéro|número|numero|num|de|is|was|are|ist|war|est|es|é|with)\b[\s.:#=°º-]*)*)$",
    re.I,
)  # fmt: skip
_PRICED_BEFORE = re.compile(r"[$€£¥]\s*$|\b(?:EUR|USD|GBP|CHF|BRL|R)\s*$")
_PRICED_AFTER = re.compile(r"\s*(?:[$€£¥%]|(?:EUR|USD|GBP|CHF|BRL|euros?|dollars?|pounds?|reais)\b)")

_WORD = r"[A-ZÀ-ÖØ-ÞĀ-Ž][a-zà-öø-ÿā-ž]+(?:['’-][A-ZÀ-ÖØ-Þ]?[a-zà-öø-ÿ]+)*"
_FULL = rf"(?:{_WORD}|[A-Z]\.)(?:[ \u00a0](?:(?:van|von|de|der|da|dos|du|del|di|le|la)[ \u00a0]){{0,2}}{_WORD}){{0,3}}"
_TITLED = re.compile(
    r"(?<!\w)(?=[DFHMPS])(?:Mrs?|Ms|Mx|Miss|Dr|Prof|Herrn?|Frau|Monsieur|Madame|Mme|Mlle|Señora?|Sra?|Srta|Senhora?|Dona|Signora?|Sig|Mevrouw)\b\.?[ \u00a0](?:(?:Dr|Prof|Ing)\b\.?[ \u00a0]){0,2}"
    rf"(?!You\b|The\b|Doktor\b)(?P<name>{_FULL})"
)
_SIGNED = re.compile(
    r"(?:(?i:\b(?:regards|yours\s+(?:sincerely|faithfully|truly)|sincerely|best\s+wishes|mit\s+(?:freundlichen|besten)\s+grü(?:ß|ss)en|mfg"
    r"|(?:viele|liebe|beste)\s+grü(?:ß|ss)e|cordialement|bien\s+à\s+vous|atenciosamente|cumprimentos|(?:un\s+)?saludos?|atentamente|cordiali\s+saluti"
    r"|(?:met\s+vriendelijke\s+)?groet(?:en)?)\b)[\s,.!–-]+"
    r"|(?i:\b(?:thanks(?:\s+again)?|thank\s+you|cheers|danke|merci|gracias|obrigad[oa]|grazie)\b)[,.! ]*\n\s*)"
    rf"(?P<name>{_FULL})[\s.!]*\Z"
)
_INTRODUCED = re.compile(
    r"(?i:\b(?:my\s+name\s+is|my\s+name['’]s|mein\s+name\s+ist|ich\s+hei(?:ß|ss)e|je\s+m['’]appelle|mon\s+nom\s+est|me\s+llamo|mi\s+nombre\s+es"
    rf"|(?:o\s+)?meu\s+nome\s+é|chamo-me|me\s+chamo|mi\s+chiamo|mijn\s+naam\s+is|ik\s+heet))\s+(?P<name>{_FULL})"
)
_INTRODUCING = re.compile(
    r"[Nn]ame |[Nn]ame['’]s|[Hh]ei[sß]|appelle|[Nn]om |llamo|nombre|nome|[Cc]ham[eo]|chiamo|naam|heet"
)
_GREETED = re.compile(
    r"\A\s*(?i:dear|hi|hello|hey|liebe[rs]?|hallo|guten\s+tag|bonjour|ch(?:er|ère)|hola|estimad[oa]|olá|prezad[oa]|car[oa]|ciao|beste)[ \u00a0]"
    rf"(?P<name>(?:{_WORD})(?:[ \u00a0]{_WORD})?)(?=\s*[,!:\n])"
)
# capitalised behind such words, and nobody
_NOBODY_SAID = (
    "sir sirs madam team all customer customers support service colleagues friends folks everyone everybody there guys again both staff crew "
    "kundenservice damen herren leute zusammen alle équipe messieurs mesdames equipo equipe todos senhores señores"
)
# names that are everyday words too: masked within a whole name, not alone
_WORDS_SAID = (
    "april art august autumn baker bank berg best bill black blue bond book bright brook brown bush case chance chase christian church close coach cook cross dale "
    "day dawn dean drew earl east faith fall field fine fischer ford forest fox frank free front gold good grace grand grant gray green grey guy hall heaven "
    "hill hope house hunter iris ivy jack jade joy june just king koch land lane last law lee light lily lock long love major mark market marsh may mercy "
    "miles mill miller moon moor neu new north norm novak olive page park parks pat paul pearl peace penny place poppy porter post power price prince "
    "queen ray reed rich river rob robin rock rose ruby rush sage sale sally sandy saturn schmidt schneider senior short singer sky smart smith snow south spring "
    "star stark stein stern still stone storm strong sue summer sun sunday sunny swift taylor ten terry town van victor violet walker wall ward water weber "
    "weiß weiss west white wild will win winter wise wolf wood woods wright young"
)
_NOBODY, _WORDS_TOO = frozenset(_NOBODY_SAID.split()), frozenset(_WORDS_SAID.split())


@dataclass(frozen=True)
class Found:
    """Personal data in a text: its characters from start to end, and what they are (one of KINDS)."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Masked:
    """A text with marks in place of what was found in it, in the order of the text as it was given."""

    text: str
    found: tuple[Found, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(Counter(one.kind for one in self.found))

    def moved(self, place: int, *, end: bool = False) -> int:
        """Where a place of the given text is now; one inside a mark is its beginning, or its end."""
        shift = 0
        for one in self.found:
            if one.end <= place:
                shift += len(mark(one.kind)) - (one.end - one.start)
            elif one.start < place:
                return one.start + shift + (len(mark(one.kind)) if end else 0)
        return place + shift


def mark(kind: str) -> str:
    return f"[{kind}]"


@dataclass(frozen=True)
class Masker:
    """Masks comments. `regions` are countries (ISO 3166, two letters) whose telephone numbers are told without their +."""

    regions: tuple[str, ...] = ()
    _names: dict[tuple[str, ...], re.Pattern[str] | None] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, text: str, *, whole: Sequence[str] = (), people: Sequence[str] = ()) -> Masked:
        """The text masked. `whole` are names looked for as they are; of `people` each part of the name is looked for too."""
        taken: list[Found] = []
        for kind in KINDS:
            for one in self._looked(kind, text, tuple(whole), tuple(people)):
                if all(one.end <= other.start or other.end <= one.start for other in taken):
                    taken.append(one)
        if not taken:
            return Masked(text)
        taken.sort(key=lambda one: one.start)
        pieces, at = [], 0
        for one in taken:
            pieces += [text[at : one.start], mark(one.kind)]
            at = one.end
        return Masked("".join(pieces) + text[at:], tuple(taken))

    def _looked(self, kind: str, text: str, whole: tuple[str, ...], people: tuple[str, ...]) -> Iterator[Found]:
        if kind == "name":
            yield from self._names_in(text, whole, people)
        elif kind == "mail":
            if "@" in text or "(" in text or "[" in text:
                yield from (Found(found.start(), found.end(), kind) for found in _MAIL.finditer(text))
        elif not _DIGITS.search(text):
            return
        elif kind == "account":
            yield from _accounts(text)
        elif kind == "card":
            for found in _CARD.finditer(text):
                if _is_card(re.sub(r"\D", "", found[0])):
                    yield Found(found.start(), found.end(), kind)
        else:
            yield from self._phones(text)

    def _phones(self, text: str) -> Iterator[Found]:
        from phonenumbers import PhoneNumberMatcher

        for region in self.regions or (None,):
            for found in PhoneNumberMatcher(text, region):
                if _is_called(text, found.start, found.end, found.number):
                    yield Found(found.start, found.end, "phone")

    def _names_in(self, text: str, whole: tuple[str, ...], people: tuple[str, ...]) -> Iterator[Found]:
        if pattern := self._pattern((*whole, "", *people) if whole or people else ()):
            yield from (Found(found.start(), found.end(), "name") for found in pattern.finditer(text))
        placed = list(_TITLED.finditer(text))
        placed += [found for found in (_GREETED.match(text), _signed(text)) if found]
        if _INTRODUCING.search(text):
            placed += _INTRODUCED.finditer(text)
        for found in placed:
            if found["name"].split()[0].casefold() not in _NOBODY:
                yield Found(found.start("name"), found.end("name"), "name")

    def _pattern(self, names: tuple[str, ...]) -> re.Pattern[str] | None:
        if names not in self._names:
            if len(self._names) >= 50_000:
                self._names.clear()
            cut = names.index("") if "" in names else 0
            self._names[names] = _names_pattern(names[:cut], names[cut + 1 :])
        return self._names[names]


def checked_regions(text: str) -> tuple[str, ...]:
    """Countries written as two letters each. Raises UserError for one that has no telephone numbers."""
    from phonenumbers import SUPPORTED_REGIONS

    given = tuple(dict.fromkeys(re.findall(r"\w+", text.upper())))
    if wrong := [name for name in given if name not in SUPPORTED_REGIONS]:
        raise UserError(f'"{wrong[0]}" is no country; write two letters each, like GB, DE.')
    return given


@functools.cache
def region_of(zone: str) -> str | None:
    """The country a time zone lies in, where it is one: Europe/Lisbon is PT, UTC none."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[0] for row in rows if row[2] == zone), None)


def called(text: str, regions: Sequence[str]) -> str | None:
    """A telephone number as the whole world dials it (E.164, "+442079460018"); None for what is none.

    Without its country it is read as one of the first region in which it can be.
    """
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_possible_number, parse

    for region in regions or (None,):
        try:
            number = parse(text, region)
        except NumberParseException:
            continue
        if is_possible_number(number):
            return str(format_number(number, PhoneNumberFormat.E164))
    return None


def merged(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Counts by kind, added up."""
    return dict(Counter(counts) + Counter(more))


def _signed(text: str) -> re.Match[str] | None:
    words = text[-_LAST:].split()
    return _SIGNED.search(text, max(0, len(text) - _LAST)) if words and words[-1][:1].isupper() else None


def _accounts(text: str) -> Iterator[Found]:
    from stdnum import iban

    for found in _IBAN.finditer(text):
        said = found[0]
        for end in range(len(said), 14, -1):  # the words behind it may look like a part of it
            if said[end - 1].isalnum() and not said[end : end + 1].isalnum() and iban.is_valid(said[:end]):
                yield Found(found.start(), found.start() + end, "account")
                break


def _is_card(digits: str) -> bool:
    from stdnum import luhn

    return bool(_ISSUED.fullmatch(digits)) and luhn.is_valid(digits) and len(set(digits)) > 1


def _is_called(text: str, start: int, end: int, number: PhoneNumber) -> bool:
    """Whether what may be a telephone number is one, and no order number, price or date."""
    from phonenumbers import PhoneNumberType, number_type

    said, before = text[start:end], text[max(0, start - _NEAR) : start]
    if said.startswith("+") or before.endswith("+"):
        return True
    if (
        _PRICED_BEFORE.search(before)
        or _PRICED_AFTER.match(text, end)
        or _DATED.match(said)
        or _THOUSANDS.fullmatch(said)
    ):
        return False
    if _CALLED.search(before):
        return True
    if _COUNTED.search(before):
        return False
    if said.startswith(("0", "(")) or re.search(r"\d[\s./-]+\d", said):
        return True
    return bool(number_type(number) == PhoneNumberType.MOBILE)


def _names_pattern(whole: Sequence[str], people: Sequence[str]) -> re.Pattern[str] | None:
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
            if len(part) >= LEAST and part[:1].isupper() and part.casefold() not in _WORDS_TOO and part.isalpha():
                parts |= {form for spelled in _spelled(part) for form in (spelled, spelled.upper())}
    told = [
        rf"(?i:{re.escape(name).replace(chr(92) + ' ', chr(92) + 's+')})"
        for name in sorted(full, key=len, reverse=True)
    ]
    told += [re.escape(part) for part in sorted(parts, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)") if told else None


def _spelled(name: str) -> set[str]:
    bare = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return {name, bare}
