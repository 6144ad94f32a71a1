"""Mail addresses, card numbers and account numbers (IBAN) in a text, found by their form.

References: ISO/IEC 7812-1 (issuers, Luhn's check digit), ISO 13616 (IBAN).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_AT = r"(?:@|\s?[(\[{<]\s?(?:at|ät|@|arroba|arobase|arobas)\s?[)\]}>]\s?)"
_DOT = r"(?:\.|\s?[(\[{<]\s?(?:dot|punkt|point|ponto|punto)\s?[)\]}>]\s?)"
_MAIL = re.compile(
    rf"(?<![\w.+-])[\w.+'-]{{1,64}}{_AT}[^\W_](?:[^\W_]|-){{0,62}}(?:{_DOT}[^\W_](?:[^\W_]|-){{0,62}}){{0,5}}{_DOT}[^\W\d_]{{2,24}}(?![\w-])",
    re.I,
)
_MAIL_SPELLED = re.compile(  # anna dot brown at example dot com; "at this point it" is none
    r"(?<!\w)[\w.+-]{1,64}(?:\s(?:dot|punkt|point|ponto|punto)\s[\w+-]{1,64}){0,3}\s(?:at|ät|arroba|arobase)\s"
    r"[\w-]{1,63}(?:\s(?:dot|punkt|point|ponto|punto)\s[\w-]{1,63}){0,3}\s(?:dot|punkt|point|ponto|punto)\s"
    r"(?:com|org|net|edu|gov|info|biz|eu|uk|de|fr|es|pt|br|ch|nl|pl)(?!\w)",
    re.I,
)
_SPELLED = re.compile(  # anna dot brown at example dot com
    r"(?<!\w)[\w.+-]{1,64}(?:\s(?:dot|punkt|point|ponto|punto)\s[\w+-]{1,64}){0,3}\s(?:at|ät|arroba|arobase)\s"
    r"[\w-]{1,63}(?:\s(?:dot|punkt|point|ponto|punto)\s[\w-]{1,63}){0,3}\s(?:dot|punkt|point|ponto|punto)\s[a-z]{2,6}(?!\w)",
    re.I,
)
_SPELLED = re.compile(r"\s(?:dot|punkt|point|ponto|punto)\s", re.I)
_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?:[ \u00a0-]?[a-z0-9]){11,30}(?!\w)", re.I)
_CARD = re.compile(r"(?<![\w.,+-])\d(?:[ \u00a0-]?\d){12,18}(?![\w-]|[.,]\d)")
# issuer and lengths: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro
_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:50|5[6-8]|6[37])\d{14}"
)


def mails_in(text: str) -> Iterator[tuple[int, int]]:
    """Where mail addresses stand, also anna (at) mail.org and anna dot brown at mail dot org."""
    if "@" in text or "(" in text or "[" in text or "{" in text or "<" in text:
        yield from (found.span() for found in _MAIL.finditer(text))
    if _SPELLED.search(text):
        yield from (found.span() for found in _MAIL_SPELLED.finditer(text))


def accounts_in(text: str) -> Iterator[tuple[int, int]]:
    """Where IBANs stand: country, length and check digits are right."""
    from stdnum import iban

    for found in _IBAN.finditer(text):
        said = found[0]
        for end in range(len(said), 14, -1):  # the words behind it may look like a part of it
            if said[end - 1].isalnum() and not said[end : end + 1].isalnum() and iban.is_valid(said[:end]):
                yield found.start(), found.start() + end
                break


def cards_in(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers stand: issuer, length and check digit are right."""
    return (found.span() for found in _CARD.finditer(text) if _is_card(re.sub(r"\D", "", found[0])))


def _is_card(digits: str) -> bool:
    from stdnum import luhn

    return bool(_ISSUED.fullmatch(digits)) and luhn.is_valid(digits) and len(set(digits)) > 1
