"""Comments that say nothing: "n/a", "Nothing.", "Did not answer". They name no theme, whatever the language."""

from __future__ import annotations

import re

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
siehe oben | nein | keine ahnung | keiner
nada | nada a declarar | nada a acrescentar | sem comentários | sem comentario | sem comentarios | sem comentário | não | nao | nenhum | nenhuma
não sei | nao sei | não respondeu | nao respondeu | não se aplica | nao se aplica | sem resposta | nada mais
rien | rien à dire | rien à signaler | rien à ajouter | ras | r.a.s | aucun | aucune | aucun commentaire | sans commentaire | pas de commentaire
je ne sais pas | néant | sans objet | pas de réponse
nada que decir | sin comentarios | sin comentario | ninguno | ninguna | no sé | no se | no contesta | no contestó | no aplica | nada más | sin respuesta
"""
_KNOWN = frozenset(" ".join(part.split()) for part in re.split(r"\||\n", _SAID) if part.strip())
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_LONGEST = 40  # characters; whoever writes more says something


def says_nothing(comment: str) -> bool:
    """Whether these words name nothing at all. Blank counts as nothing."""
    if len(comment) > _LONGEST and len(comment.strip()) > _LONGEST:
        return False
    text = " ".join(comment.casefold().replace("’", "'").split())
    return text in _KNOWN or (bare := _EDGES.sub("", text)) in _KNOWN or (not bare and not _pictured(comment))


def _pictured(comment: str) -> bool:
    """A pictograph says something: a heart is praise."""
    return any(ord(char) >= 0x2600 for char in comment)
