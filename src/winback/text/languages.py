"""Which language a comment is in, as far as it can be told.

Short comments are told by the small words that every sentence needs and by what customers mostly speak of; long enough
ones, and those with letters that the five languages do not have, by py3langid's naive Bayes over bytes (BSD-3-Clause,
model included). What neither can tell is None, which is honest of "Top!" and "OK".

Reference: M. Lui and T. Baldwin, "langid.py: An Off-the-shelf Language Identification Tool", ACL 2012.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Collection
from typing import Any

LONG_ENOUGH = 40  # characters; below it only small words decide
UNDERSTOOD = frozenset(("en", "de", "fr", "es", "pt"))  # by the vectors that come with winback, English best
USUAL = ("en", "de", "fr", "es", "pt", "it", "nl")
_SMALL = {
    "en": "a the and was is it to of my i for not very they you that have with this are were had be at but on no so all we been from good as "
    "me would an could there when great staff service how can what why do your please thank thanks helpful friendly don't can't didn't nothing",
    "de": "der die das und ist ich nicht sehr zu ein eine mit auf für es war den dem wurde aber auch alles gut wie immer keine kein noch hat "
    "haben sind bei von nur mich mir wir schnell freundlich leider danke",
    "fr": "le la les et est je ne pas très un une des du pour que qui dans avec sur mais au aux il elle nous vous été était tout bien merci "
    "plus mon ma mes trop rapide c'est j'ai n'est service",
    "es": "el la los las y es no muy un una de que en por para con mi lo se fue pero todo bien gracias más me su al del sin rápido excelente "
    "está son buena bueno servicio",
    "pt": "o a os as e é não muito um uma de que em por para com meu minha foi mas tudo bem obrigado mais me seu no na do da ao sem rápido "
    "está são boa bom ótimo produto entrega chegou recebi antes prazo recomendo veio ainda",
    "it": "il lo la gli e è non molto un una di che in per con mio mia ma tutto bene grazie più mi al del sono stato servizio",
    "nl": "de het een en is ik niet zeer van te op met voor dat was maar ook alles goed heel wel geen mijn zijn bij dank snel",
}
# What customers speak of, in words of one language only, as they are often written.
_SAID = {
    "en": "fast easy quick slow price value bill late never kind rude nobody works worked time waited waiting helped always again money delivery "
    "customer love terrible awful excellent overpriced expensive broken wrong reply answer app's keeps still after too more only over out",
    "de": "preis rechnung lieferung bestellung telefon zufrieden unfreundlich langsam teuer lange gewartet warte wochen tage mitarbeiter mitarbeiterin "
    "personal nett netter beratung funktioniert niemand wieder gerne gern empfehlen weiterempfehlen falsch kaputt spät besser beste bestens "
    "leistung techniker hotline fällt läuft geht stimmt einwandfrei erreichbar ewig hoch kunden kundendienst geld antwort leider termin",
    "fr": "cher livraison rapide colis prix facture personne répond téléphone accueil recommande client marche content contente déçu déçue délai délais "
    "attente jamais retard rien redire mauvais mauvaise excellent agréable gentil écoute technicien éviter satisfait satisfaite qualité rapport "
    "problème toujours commande reçu reçue abîmé ça cassé lent lente trop vraiment",
    "es": "caro cara lento lenta funciona llegó tarde atención factura nadie contesta teléfono mala calidad precio trato conexión cobraron contento "
    "contenta rápida fácil pésimo pésima aplicación falla amable amables recomendable recomiendo pedido semanas esperando perfecto siempre nunca tarda "
    "entrega cliente problema excelente",
    "pt": "ruim péssimo péssima atendimento atrasada atrasado atraso recebido veio quebrado gostei adorei loja técnico rápida rapida caro cara satisfeito "
    "satisfeita demora demorou bom cobrança ninguém atende telefone cai faltou nao voce você recebi comprei pedido prazo ótima otimo otima "
    "perfeito recomendado cheguei correios problema excelente cliente",
    "it": "troppo caro servizio personale gentile tecnico arrivato ritardo veloce sempre mai ottimo pessimo consegna prezzo",
    "nl": "goede goed slecht te duur levering nooit altijd klantenservice snelle vriendelijk helaas geleverd",
}  # fmt: skip
_EVERYWHERE = frozenset(["ok", "top", "super", "internet", "site", "td", "na", "min", "pro", "via"])  # of no language
_LISTED = {"en": "english", "de": "german", "fr": "french", "es": "spanish", "pt": "portuguese", "it": "italian", "nl": "dutch"}  # fmt: skip
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese",
             "it": "Italian", "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "da": "Danish", "fi": "Finnish", "tr": "Turkish",
             "ru": "Russian", "uk": "Ukrainian", "el": "Greek", "ar": "Arabic", "he": "Hebrew", "zh": "Chinese", "ja": "Japanese",
             "ko": "Korean", "cs": "Czech", "hu": "Hungarian", "ro": "Romanian", "no": "Norwegian", "hi": "Hindi", "sk": "Slovak",
             "bg": "Bulgarian", "hr": "Croatian", "sr": "Serbian", "et": "Estonian", "lv": "Latvian", "lt": "Lithuanian", "fa": "Persian", "th": "Thai",
             "vi": "Vietnamese", "id": "Indonesian", "ca": "Catalan", "ka": "Georgian", "hy": "Armenian"}  # fmt: skip
_SCRIPTS = {
    "GREEK": "el", "HANGUL": "ko", "HIRAGANA": "ja", "CJK": "zh", "HEBREW": "he", "THAI": "th", "ARMENIAN": "hy", "GEORGIAN": "ka",
}  # fmt: skip
SMALL_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}
_OURS = frozenset("abcdefghijklmnopqrstuvwxyzàáâãäæçèéêëíîïñòóôõöùúûüÿœßªº")  # letters of the five languages
_BITS = 12  # of a language's count: there are at most 2,000 characters to count words in
_MASK = (1 << _BITS) - 1
_FAR = re.compile("[\u0250-\U0010ffff]")  # beyond the letters that Latin is mostly written with
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the language, or None where it cannot be told."""
    text = text[:2000]
    if (script := _script(text)) is not None:
        return _SCRIPTS.get(script) or _of_script(text)
    said = _TOKEN.findall(text.casefold().replace("’", "'"))
    if not said:
        return None
    if not text.isascii() and (language := _of_letters(text)) is not None:
        return language
    total = sum(map(_counted().get, said, itertools.repeat(0)))
    counts = {language: total >> _BITS * place & _MASK for place, language in enumerate(SMALL_WORDS)}
    best = max(counts, key=counts.__getitem__)
    second = sorted(counts.values())[-2]
    if counts[best] >= 2 and counts[best] >= 0.2 * len(said) and counts[best] > 1.3 * second:
        return best
    if len(text) >= LONG_ENOUGH and len(said) >= 5:
        language, sure = _identifier().classify(text)
        if sure >= 0.8:
            return str(language)
    return best if best in UNDERSTOOD and counts[best] > second and 2 * second <= counts[best] else None


@functools.lru_cache(maxsize=1)
def _counted() -> dict[str, int]:
    """The languages that have a word among their small words, or among what customers speak of: a digit of a number each.

    So the words of a text are counted for all languages by one sum.
    """
    found: dict[str, int] = {}
    for place, language in enumerate(SMALL_WORDS):
        for word in _words()[language]:
            found[word] = found.get(word, 0) + (1 << _BITS * place)
    return found


@functools.lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    from stop_words import get_stop_words

    found = {}
    for language, small in SMALL_WORDS.items():
        listed = (word.casefold() for word in get_stop_words(_LISTED[language]))
        said = frozenset((*_SAID[language].split(), *(word for word in listed if len(word) > 1)))
        found[language] = small | said - _EVERYWHERE
    return found


def _of_letters(text: str) -> str | None:
    """The language of a text with a letter that none of the five has: "Obsługa", "Müşteri". None where it has none."""
    if not any(char.isalpha() for char in set(text.casefold()) - _OURS):
        return None
    language, sure = _identifier().classify(text)
    return str(language) if language not in UNDERSTOOD and sure >= 0.5 else None


def understood(text: str, language: str | None, known: Collection[str] = UNDERSTOOD) -> bool:
    """Whether a text in this language (as told by `language_of`) is read; what cannot be told is, in Latin letters."""
    return language in known if language is not None else text.isascii() or _script(text[:2000]) is None


def _script(text: str) -> str | None:
    """The script that most letters are of; None where it is Latin, or there is no letter."""
    if text.isascii() or _FAR.search(text) is None:
        return None
    letters = [char for char in text if char.isalpha()]
    other = [char for char in letters if ord(char) >= 0x250 and "LATIN" not in unicodedata.name(char, "")]
    if 2 * len(other) <= len(letters):
        return None
    scripts = [unicodedata.name(char, "?").split()[0] for char in other]
    if "HIRAGANA" in scripts or "KATAKANA" in scripts:
        return "HIRAGANA"
    return max(sorted(set(scripts)), key=scripts.count)


def _of_script(text: str) -> str | None:
    """The identifier's word where a script has several languages, however short the text."""
    language, sure = _identifier().classify(text)
    return str(language) if sure >= 0.5 and language not in USUAL else None


@functools.lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
