"""Words that are first names, words that are names and more, and words that are nobody, for telling names in a text."""

from __future__ import annotations

import functools

from winback.text.given_names import first_names
from winback.text.words import bare

# behind a name, they make it a house or a place
_ORGANISED = (
    "airport allee associates avenue bahnhof bank calle center centre church clinic college company course court gmbh "
    "group haus hospital house hôpital inc insurance klinik klinikum lane llc lodge ltd park platz plc program "
    "programme road rua rue school schule stadium strasse straße street suite unit university ward école"
)
# behind a title: the Sr Loan Officer is none
_POSTS = "advisor analyst banker consultant developer director engineer manager officer president"
# capitalised behind a greeting or a title, and nobody
_NOBODY = (
    "again all alle both colleagues crew customer customers damen equipe equipo everybody everyone folks friends guys "
    "herren kundenservice leute madam mesdames messieurs senhores service services señores sir sirs staff support "
    "team there todos zusammen équipe"
)
# names that are everyday words too: masked within a whole name, not alone
_WORDS_TOO = (
    "april art august autumn baker bank berg best bill black blue bond book bright brook brown bush case chance chase "
    "christian church close coach cook cross dale dawn day dean drew earl east faith fall field fine fischer ford "
    "forest fox frank free front gold good grace grand grant gray green grey guy hall heaven hill hope house hunter "
    "iris ivy jack jade joy june just king koch land lane last law lee light lily lock long love major mark market "
    "marsh may mercy miles mill miller moon moor neu new norm north novak olive page park parks pat paul peace pearl "
    "penny place poppy porter post power price prince queen ray reed rich river rob robin rock rose ruby rush sage "
    "sale sally sandy saturn schmidt schneider senior short singer sky smart smith snow south spring star stark stein "
    "stern still stone storm strong sue summer sun sunday sunny swift taylor ten terry town van victor violet walker "
    "wall ward water weber weiss weiß west white wild will win winter wise wolf wood woods wright young"
)
# first names that are things, places or houses as often
_THINGS_TOO = (
    "amara amber angel angelica apollo aurora ava basil bella celeste chad clement cole daisy dan dick ernst "
    "esmeralda esperanza estrella eve fidel flora franco germain giselle gloria hazel heather holly horst hortensia "
    "ira jan jasmin jasmine jasper jay jean jesus jude lance lila lorraine lotte luna luz marc mona morgan nick nora "
    "oscar otto patty pete regina rick roman rosa rosemary sam santa valentin valentina vera veronica viola"
)
# first names that the list leaves out, as themes would take them for words
_NAMES_TOO = (
    "ali aline amy bruna charlotte matt nuno olivier petra rainer richard rita rocio rui sabine simon terry tobias "
    "veronique zoe"
)
ORGANISED, POSTS, NOBODY = (frozenset(said.split()) for said in (_ORGANISED, _POSTS, _NOBODY))
WORDS_TOO, THINGS_TOO, NAMES_TOO = (frozenset(said.split()) for said in (_WORDS_TOO, _THINGS_TOO, _NAMES_TOO))


@functools.lru_cache(maxsize=20_000)
def is_first(word: str, *, alone: bool = False) -> bool:
    """Whether a word is a listed first name; `alone`, one that is no everyday word and no thing."""
    plainly, also, german = first_names()
    name = bare(word.casefold())
    if name in NAMES_TOO:
        return True
    if alone:
        return (name in plainly or name in also or name in german) and name not in WORDS_TOO and name not in THINGS_TOO
    return name in plainly or name in also or name in german


@functools.lru_cache(maxsize=20_000)
def is_common(word: str) -> bool:
    """Whether a word is one that every sentence needs, in one of the languages that are told."""
    return word.casefold() in _needed()


@functools.lru_cache(maxsize=1)
def _needed() -> frozenset[str]:
    from stop_words import get_stop_words

    listed = ("english", "german", "french", "spanish", "portuguese", "italian", "dutch")
    return (
        frozenset(word.casefold() for language in listed for word in get_stop_words(language))
        | NOBODY
        | {"here", "doktor"}
    )
