"""Telephone numbers: found in a text, told from order numbers, prices and dates, and written as the whole world dials them.

By Google's library of the world's numbering plans (phonenumbers, Apache-2.0). References: ITU-T E.123 and E.164.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import TYPE_CHECKING

from winback.errors import UserError

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

FEWEST_DIGITS = 8  # of a number that no plan knows
_NEAR = 32  # characters before a number that tell what it is
_DATED = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}(?![./ -]?\d))|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d)")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,2}(?: \d{3})+")
_EXTENSION = re.compile(
    r"[ \u00a0]*(?:poste|durchwahl|DW|ramal|anexo|toestel|int(?:erno)?)\b[. \u00a0:]*\d{1,5}(?!\d)", re.I
)
_CALLED = re.compile(
    r"\b(?:tel|(?:tele)?phon(?:e[ds]?|ing)|call(?:ed)?|mobile|cell|ring|rang|reach|whats\s?app|sms|text|dial|fax|contact|fon|telefon\w*|handy\w*|mobil\w*"
    r"|anruf\w*|erreich\w*|téléphone|portable|appel\w*|joign\w*|joindre|teléfono|móvil|ll[aá]m\w*|telefone|telemóvel|celular|lig\w+|telefono|cellulare|bel"
    r"|natel|zap|dzwoni\w*)\b[^\d#]*$",
    re.I,
)
_COUNTED = re.compile(
    r"(?:(?:\b(?:order|booking|reservation|reference|ref|invoice|receipt|ticket|case|account|customer|member(?:ship)?|tracking|parcel|shipment|policy"
    r"|contract|serial|article|item|product|model|code|claim|complaint|flight|meter|isbn|ean|sku|pnr|ssn|nhs"
    r"|\w*(?:bestell|auftrags?|rechnungs?|kunden|vertrags?|sendungs?|buchungs?|artikel|serien|paket|steuer|mitglieds?)\w*|bestellung|vorgang\w*|modell\w*|typ"
    r"|polic\w*|kd|commande|facture|dossier|colis|réf\w*|client|contrat|siret|pedido|factura|fatura|encomenda|reserva\w*|protocolo|contrato|referencia|referência"
    r"|nif|nipc|cpf|cnpj|dni|nie|ordine|fattura|zamówieni\w*|faktur\w*|pesel|nip)\b"
    r"|\b(?:no|nr|id)\b|\bn\.?[º°]|[#№])[\s.:#=-]*(?:(?:number|no|nr|id|nummer|numéro|número|numero|num|de|is|was|are|ist|war|est|es|é|with|n\.?[º°])(?!\w)[\s.:#=°º-]*)*)$",
    re.I,
)  # fmt: skip
_PRICED_BEFORE = re.compile(r"[$€£¥]\s*$|\b(?:EUR|USD|GBP|CHF|BRL|R)\s*$")
_PRICED_AFTER = re.compile(r"\s*(?:[$€£¥%]|(?:EUR|USD|GBP|CHF|BRL|euros?|dollars?|pounds?|reais)\b)")


def phones_in(text: str, regions: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where telephone numbers stand, with their extensions; those without their country as in one of the regions."""
    from phonenumbers import Leniency, PhoneNumberMatcher

    for region in regions or (None,):
        for leniency in (Leniency.VALID, Leniency.POSSIBLE):
            for found in PhoneNumberMatcher(text, region, leniency=leniency):
                if leniency == Leniency.POSSIBLE and not _is_told(text, found.start, found.end):
                    continue
                if _is_called(text, found.start, found.end, found.number):
                    more = _EXTENSION.match(text, found.end)
                    yield found.start, more.end() if more else found.end


def _is_told(text: str, start: int, end: int) -> bool:
    """Whether what no plan knows, such as one with a digit wrong, is said to be a number to be called."""
    said = text[start:end]
    return sum(char.isdigit() for char in said) >= FEWEST_DIGITS and bool(
        _CALLED.search(text[max(0, start - _NEAR) : start])
    )


def _is_called(text: str, start: int, end: int, number: PhoneNumber) -> bool:
    """Whether what may be a telephone number is one, and no order number, price or date."""
    from phonenumbers import PhoneNumberType, number_type

    said, before = text[start:end], text[max(0, start - _NEAR) : start]
    if said.startswith("+") or before.endswith("+"):
        return True
    if _PRICED_BEFORE.search(before) or _PRICED_AFTER.match(text, end) or _DATED.match(said):
        return False
    if _CALLED.search(before):
        return True
    if _THOUSANDS.fullmatch(said) or _COUNTED.search(before):
        return False
    if said.startswith(("0", "(")) or re.search(r"\d[\s./-]+\d", said):
        return True
    return bool(number_type(number) == PhoneNumberType.MOBILE)


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
