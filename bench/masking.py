"""How much of the personal data in comments is masked, and how much else: on formats of ten countries, made for this.

    python -m bench.masking

Each comment says in braces what is to be found, as {phone:020 7946 0018}; everything else is to stay. Told per kind: how
many of those there are were masked whole (recall), how many of those masked were to be (precision), and microseconds
a comment with and without anything to find. The made comments were written before the rules were set; rules that these
showed wrong were mended, so the figures flatter. `THIRD` are names that nobody could know; how many are found is told too.
"""

from __future__ import annotations

import re
import time
from collections import Counter

from winback.text.masking import Masker

KNOWN = ("Maria Silva", "Jürgen Müller", "Siobhán O'Brien", "Will Young")
COMMENTS: dict[str, str] = {
    "GB": """
Nobody rang me back on {phone:020 7946 0018}, twice promised.
My mobile is {phone:07911 123456} and I am in after five.
Ring {phone:+44 20 7946 0958} please
{phone:(0121) 234 5678} is my landline
Text me: {phone:07400123456}
phone {phone:0044 20 7946 0321}
Order 4471-22981 never came
I paid £1,249.00 on 03/11/2026 at 14:35
Reference no. 07400123456 was not found
My case number is 0207 9460018, still open
Waited 45 minutes, was 12th in the queue
Booking 123456789 was cancelled twice
Write to {mail:anna.brown@mail.example.co.uk}.
{mail:j.o'neil+shop@example.org} is my address
Dear Mr {name:Pemberton}, I want my money back.
Spoke to Mrs {name:Okafor-Smith} who was lovely
Kind regards, {name:Tom Baker}
My name is {name:Priya Natarajan} and I am cross
{name:Maria Silva} here again, third time
I told them my name, {name:maria silva}, four times
The best staff, will come back
I will be young again before this arrives
Paid with {card:4111 1111 1111 1111} and was charged twice
Card {card:5500005555555559} declined
{card:3782-822463-10005} is my Amex
Refund to {account:GB29 NWBK 6016 1331 9268 19} please
Order 4111111111111112 is lost
Tracking 9405511899223197428490 stuck
Flight BA2490 from 14 to 18 August 2026
It is 100% fine. 10/10
Sort code is on file, account 31926819
The 2024-2025 plan cost 12.50 a month
version 10.15.7 broke it
Model 12345-678-90 does not charge""",
    "US": """
Call me at {phone:(212) 555-0143} before noon
{phone:415-555-0132} is the best number
My cell: {phone:4155550132}
{phone:+1 650 253 0000} anytime
{phone:1-800-356-9377} put me on hold for an hour
Reach me on {phone:650.253.0000}
Order #2125550143 shows delivered
Invoice 415-555-0132 is wrong
ZIP 94043-1351 was refused
It was $1,299.99 on 11/22/2026
{mail:JOHN.DOE@EXAMPLE.COM} gets nothing
Thanks,
{name:Dwayne Carter}
SSN was asked for, no way
Confirmation 8829-1123-4471 was never sent
They said 24-48 hours, took 3-5 business days""",
    "DE": """
Bitte rufen Sie mich an: {phone:030 901820}
Meine Handynummer ist {phone:0171 2345678}
{phone:+49 (0)89 636-48018} ab 18 Uhr
Tel. {phone:0221/4710123}
{phone:0049 171 2345678}
Bestellnummer 0171 2345678 nicht gefunden
Auftrag 300456789 fehlt seit dem 12.11.2026
Kostet 1.299,00 € statt 999,00 €
Kundennummer: 089 63648018
Um 14:30 Uhr am 3.10.2026 angerufen, 45 Minuten gewartet
Konto {account:DE89 3704 0044 0532 0130 00} bitte
{account:DE89370400440532013000}
Frau {name:Schneider} war sehr freundlich
Herr Dr. {name:Weber} hat geholfen
Mit freundlichen Grüßen
{name:Jürgen Müller}
Mein Name ist {name:Katharina Vogt}, Kundin seit 2010
Hier schreibt {name:Jurgen Muller}
{mail:k.vogt (at) beispiel.de}
Die Frau am Schalter war unfreundlich
Paket 00340434161094042557 verloren
Rechnung Nr. 2026-004711 stimmt nicht""",
    "FR": """
Appelez-moi au {phone:06 12 34 56 78}
{phone:01.42.68.53.00} c'est mon fixe
{phone:+33 6 12 34 56 78}
{phone:0612345678}
Commande 06 12 34 56 78 jamais reçue
Payé 1 299,00 € le 12/11/2026 à 14h30
Je m'appelle {name:Amélie Durand}
Mme {name:Lefèvre} a été parfaite
Cordialement, {name:Luc Moreau}
Dossier n° 0142685300 sans réponse
{account:FR14 2004 1010 0505 0001 3M02 606}
Facture 20261122 payée deux fois""",
    "ES": """
Mi móvil es {phone:612 345 678}
Llámenme al {phone:912345678}
{phone:+34 612 34 56 78}
Pedido 612345678 perdido
Me llamo {name:Lucía Fernández} y estoy harta
La señora del mostrador fue muy amable
Sra. {name:Gómez} resolvió todo
Pagué 1.299,00 € el 12/11/2026
Un saludo, {name:Pablo Ruiz}""",
    "PT": """
O meu número é {phone:912 345 678}
Ligue para {phone:+351 21 123 4567}
{phone:912345678} sou eu
Encomenda 912345678 nunca chegou
O meu nome é {name:João Carvalho}
Paguei 129,90 € a 12-11-2026
Cumprimentos,
{name:Inês Duarte}
{mail:ines.duarte@exemplo.pt}""",
    "BR": """
Me ligue no {phone:(11) 91234-5678}
{phone:+55 11 91234-5678}
Meu whatsapp {phone:11 91234-5678}
Pedido 11912345678 atrasado
Protocolo 2026112200123 sem resposta
Paguei R$ 1.299,90 em 12/11/2026
Sou a {name:Maria Silva}
Atenciosamente, {name:Carlos Souza}
O produto 7891234567895 veio quebrado""",
    "NL": """
Bel mij op {phone:06 12345678}
{phone:+31 20 123 4567}
{phone:020-1234567} overdag
Bestelling 123456789 kwijt
Mijn naam is {name:Sanne de Vries}
{account:NL91 ABNA 0417 1643 00}
Met vriendelijke groet, {name:Daan Jansen}""",
    "IT": """
Chiamatemi al {phone:347 123 4567}
{phone:+39 06 6982 1234}
{phone:06 69821234}
Ordine 3471234567 mai arrivato
Mi chiamo {name:Giulia Rossi}
{account:IT60 X054 2811 1010 0000 0123 456}
Pagato 1.299,00 € il 12/11/2026""",
    "CH": """
Rufen Sie {phone:044 668 18 00} an
{phone:+41 79 123 45 67}
{account:CH93 0076 2011 6238 5295 7}
Policen-Nr. 79.123.45.67
Fr. 1'299.00 bezahlt""",
}
THIRD = (
    "{name:Brian} at the till was rude", "The driver, {name:Ahmed}, was kind", "{name:Sandra} from support never called back",
    "I spoke with {name:Peter Collins} on Monday", "Ask {name:Lena}, she knows",
)  # fmt: skip
_TOLD = re.compile(r"\{(\w+):([^}]*)\}")


def bare(comment: str) -> tuple[str, set[tuple[int, int, str]]]:
    """The comment as it was written, and what is to be found in it."""
    text, wanted, at = "", set(), 0
    for told in _TOLD.finditer(comment):
        text += comment[at : told.start()]
        wanted.add((len(text), len(text) + len(told[2]), told[1]))
        text, at = text + told[2], told.end()
    return text + comment[at:], wanted


def comments(block: str) -> list[str]:
    """One a line; a line that is a signature's name goes with the line before."""
    found: list[str] = []
    for line in block.strip().split("\n"):
        if found and re.fullmatch(r"\{name:[^}]*\}", line) and re.search(r"(?:,|Grüßen)$", found[-1]):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def measured(*, verbose: bool = False) -> dict[str, Counter[str]]:
    there, hit, masked = Counter[str](), Counter[str](), Counter[str]()
    for region, block in COMMENTS.items():
        masker = Masker((region,))
        for comment in comments(block):
            text, wanted = bare(comment)
            found = {(one.start, one.end, one.kind) for one in masker(text, people=KNOWN).found}
            there.update(kind for _, _, kind in wanted)
            masked.update(kind for _, _, kind in found)
            hit.update(kind for _, _, kind in wanted & found)
            if verbose and wanted != found:
                print(f"  {region}: {masker(text, people=KNOWN).text!r} for {comment!r}")
    return {"there": there, "hit": hit, "masked": masked}


def planned() -> tuple[int, int, list[str]]:
    """How many example numbers of 40 numbering plans are masked, in the forms people write; and which are not."""
    import phonenumbers as pn

    there, hit, missed = 0, 0, []
    for region in PLANS:
        masker = Masker((region,))
        for kind in (pn.PhoneNumberType.FIXED_LINE, pn.PhoneNumberType.MOBILE):
            number = pn.example_number_for_type(region, kind)
            for form in (pn.PhoneNumberFormat.NATIONAL, pn.PhoneNumberFormat.INTERNATIONAL, pn.PhoneNumberFormat.E164):
                said = pn.format_number(number, form)
                text = f"It never came, my number {said} thank you"
                found = masker(text).found
                there, hit = there + 1, hit + (len(found) == 1 and text[found[0].start : found[0].end] == said)
                missed += [f"{region} {said}"] if len(found) != 1 else []
    return there, hit, missed


PLANS = ["AE", "AR", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CL", "CN", "CO", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HK", "HU", "IE", "IL", "IN", "IT", "JP", "KR", "MX", "MY", "NL", "NO", "NZ", "PL", "PT", "RO", "SE", "TR", "US"]  # fmt: skip


def main() -> None:
    counts = measured(verbose=True)
    total = sum(len(comments(block)) for block in COMMENTS.values())
    print(f"{total} comments of {len(COMMENTS)} countries")
    for kind in (*counts["there"], None):
        there, hit, masked = (
            sum(c.values()) if kind is None else c[kind] for c in (counts["there"], counts["hit"], counts["masked"])
        )
        print(f"{kind or 'all':8} {there:3} there, recall {hit / there:.3f}, precision {hit / max(masked, 1):.3f}")
    found = sum({(o.start, o.end, o.kind) for o in Masker()(bare(c)[0]).found} == bare(c)[1] for c in THIRD)
    print(f"names of third persons: {found} of {len(THIRD)}")
    there, hit, missed = planned()
    print(f"examples of {len(PLANS)} numbering plans: {hit} of {there} masked; not: {', '.join(missed[:12])}")
    masker = Masker(("GB",))
    for name, text in (
        ("nothing to find", "The delivery was late and nobody answered my mails, I waited for weeks and paid 49.90"),
        ("a number in it", "The delivery was late, ring me on 020 7946 0018, nobody answered my mails for weeks"),
    ):
        begun = time.process_time()
        for _ in range(3000):
            masker(text, people=KNOWN)
        print(f"{name}: {(time.process_time() - begun) / 3000 * 1e6:.0f} us CPU a comment")


if __name__ == "__main__":
    main()
