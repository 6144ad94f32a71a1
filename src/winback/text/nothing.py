"""Comments that say nothing: "n/a", "Nothing.", "Did not answer". They name no theme, whatever the language."""

from __future__ import annotations

import re
import unicodedata

from winback.text.words import bare

_SAID = """
n/a | na | n.a | nil | none | no | non | nope | not applicable | nothing | nothing at all | nothing really | nothing to add
nothing else | nothing more | nothing to say | nothing comes to mind | nothing else to add | no comment | no comments
no further comment | no further comments | no answer | did not answer | didn't answer | not answered | no response | no reply
prefer not to say | rather not say | don't know | do not know | dont know | i don't know | i dont know | unknown | unsure | not sure
not at this time | not at the moment | can't think of anything | cannot think of anything | can't think of anything else
i can't think of anything | as above | see above | same as above | as before | ditto | same | idem | blank | null | nan | undefined
test | testing | - | . | ? | x | xx | xxx | no suggestions | no suggestion | no complaints | no opinion | no reason | not available
none that i can think of | nothing i can think of | nothing that i can think of | none really | not really | no thanks | no thank you
keine | keine angabe | keine angaben | kein kommentar | keine antwort | nichts | nichts weiter | weiß nicht | weiss nicht | k.a | ka | entfällt
siehe oben | nein | keine ahnung | keiner | nix | nö | nee | gar nichts | überhaupt nichts | nichts zu sagen | nichts hinzuzufügen | nichts zu ergänzen
keine bemerkung | keine bemerkungen | keine anmerkung | keine anmerkungen | keine kommentare | keine meinung | keine anregungen | keine weiteren angaben
nicht zutreffend | trifft nicht zu | möchte ich nicht sagen | mir fällt nichts ein | wie oben | ohne | leer | dito
nada | nada a declarar | nada a acrescentar | sem comentários | sem comentario | sem comentarios | sem comentário | não | nao | nenhum | nenhuma
nada a dizer | nada a comentar | nada a reclamar | nada a opinar | nada em particular | nada não | nenhum comentário | prefiro não responder | prefiro não dizer
idem acima | não tenho nada a dizer | nada consta | não sei dizer | s c | não sei | nao sei | não respondeu | nao respondeu | não se aplica | nao se aplica | sem resposta | nada mais
rien | rien à dire | rien à signaler | rien à ajouter | ras | r.a.s | aucun | aucune | aucun commentaire | sans commentaire | pas de commentaire
rien à déclarer | rien de plus | rien de spécial | rien de particulier | rien du tout | pas d'avis | pas d'opinion | sans avis | aucun avis | aucune remarque
pas de remarque | pas de remarques | pas de commentaires | sans réponse | sans opinion | non concerné | non concernée | je n'ai rien à dire | ne sait pas
ne souhaite pas répondre | voir ci-dessus | nsp | idem | je ne sais pas | néant | sans objet | pas de réponse
nada que añadir | nada que comentar | nada que declarar | nada en particular | nada en especial | nada en absoluto | ningún comentario | ninguna respuesta
sin opinión | sin novedad | no opino | no quiero decir | no tengo nada que decir | prefiero no decir | prefiero no responder | no lo sé | n s n c | ns nc
igual que arriba | nada que decir | sin comentarios | sin comentario | ninguno | ninguna | no sé | no se | no contesta | no contestó | no aplica | nada más | sin respuesta
niente | nessuno | nessuna | nessun commento | niente da dire | non so | geen | niets | geen opmerkingen | geen antwoord | weet niet | nvt
brak | nic | nie wiem | brak uwag | нет | ничего | не знаю | ingen | ingenting | inga kommentarer | yok | なし | 特になし | ありません | 无 | 没有 | 無
"""


_EDGES = re.compile(r"[\W_]+")
_LONGEST = 80  # characters; whoever writes more says something
_SENTENCES = re.compile(r"[.!?;,/\n|–—-]+(?:\s|$)")


def says_nothing(comment: str) -> bool:
    """Whether these words name nothing at all, once or over and over. Blank counts as nothing, and so do bare numbers."""
    text = comment.strip()
    # A word that none of these sayings has, as it stands between spaces, says something, whatever else there is.
    if any(
        len(word) >= _SHORT and word not in _VOCABULARY and word.isascii() and word.isalpha()
        for word in text.lower().split()
    ):
        return False
    if len(text) > _LONGEST and (len(text) > _MOST or len(set(_words(text))) > _FEW):
        return False
    whole = _key(text)
    if not any(char.isalpha() for char in whole):
        return not _pictured(text)
    if _told(whole) or (len(set(whole.split())) == 1 and _told(whole.split()[0])):
        return True
    parts = [key for part in _SENTENCES.split(text) if (key := _key(part))]
    return all(map(_told, parts)) and not _pictured(text)


def _key(text: str) -> str:
    """Lower case without accents, marks and spaces around them."""
    return _EDGES.sub(" ", bare(text.casefold().replace("’", "'").replace("'", ""))).strip()


def _told(key: str) -> bool:
    return key in _KNOWN or (len(key) <= _SHORT and key.replace(" ", "") in _KNOWN)


def _words(text: str) -> list[str]:
    return _key(text[:_MOST]).split()


def _pictured(comment: str) -> bool:
    """A pictograph says something: a heart is praise."""
    return any(unicodedata.category(char) == "So" for char in comment)


_MOST = 2_000  # characters of a comment that says the same over and over
_FEW = 4  # different words in it
_SHORT = 5  # characters of an abbreviation: "k. A.", "R.A.S."
_KNOWN = frozenset(_key(part) for part in re.split(r"\||\n", _SAID) if part.strip()) | {""}
_VOCABULARY = frozenset(word for key in _KNOWN for word in key.split())
