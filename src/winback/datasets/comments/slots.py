"""What stands for {day}, {euro}, {name}, … in a piece, and which way of [this|or that] is taken.

A slot is filled in once a comment, so that a comment agrees with itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

_SLOT = re.compile(r"\{(\w+)\}")
_EITHER = re.compile(r"\[([^\]|]*\|[^\]]*)\]")

_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "days": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
        "months": (
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        "n": ("two", "three", "three", "four", "2", "3"),
        "many": ("four", "five", "six", "seven", "5", "6"),
        "nth": ("third", "fourth", "fifth", "3rd"),
        "hours": ("two", "three", "four", "2", "3"),
        "weeks": ("two", "three", "four", "five", "six", "3", "5"),
        "early": ("7 am", "half seven", "ten to eight", "7:15", "six", "8 am", "quarter past seven"),
        "evening": ("7 pm", "eight", "half eight", "9 o'clock", "8pm", "seven", "20:00", "about nine"),
        "speed": ("150 Mbit", "250", "500", "500 Mbit", "1 Gbit", "a gigabit", "1000"),
        "home_room": ("the kitchen", "the attic", "upstairs", "the back bedroom", "the garden", "my desk", "the box room"),
        "work_room": ("the store room", "the back office", "the second floor", "the workshop", "the meeting room"),
        "relative": (
            "wife", "husband", "son", "daughter", "mother", "neighbour", "brother", "sister", "partner", "father-in-law",
        ),
        "she": ("Amara", "Siobhán", "Priya", "Aisling", "Katarzyna", "Orla", "Maria", "Grace"),
        "he": ("Joost", "Marek", "Declan", "Tomasz", "Kofi", "Brendan", "Luca", "Stephen"),
        "name": ("Amara", "Siobhán", "Joost", "Marek", "Priya", "Declan", "Aisling", "Kofi", "Orla", "Tomasz", "Grace"),
    },
    "de": {
        "days": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"),
        "months": (
            "Januar", "Februar", "März", "April", "Mai", "Juni",
            "Juli", "August", "September", "Oktober", "November", "Dezember",
        ),
        "n": ("zwei", "drei", "vier", "2", "3"),
        "many": ("vier", "fünf", "sechs", "5", "6"),
        "nth": ("dritten", "vierten"),
        "hours": ("zwei", "drei", "vier", "2", "3"),
        "weeks": ("zwei", "drei", "vier", "fünf", "sechs", "3"),
        "early": ("7 Uhr", "halb acht", "7:15 Uhr", "sechs Uhr", "8 Uhr"),
        "evening": ("19 Uhr", "acht", "halb neun", "20 Uhr", "neun", "21 Uhr"),
        "speed": ("150 Mbit", "250 Mbit", "500", "500 Mbit", "1000 Mbit", "1 Gbit"),
        "home_room": ("in die Küche", "ins Dachgeschoss", "in den ersten Stock", "ins Schlafzimmer", "in den Garten"),
        "work_room": ("ins Lager", "ins hintere Büro", "in die Werkstatt", "in den zweiten Stock"),
        "relative": (
            "meine Frau", "mein Mann", "meine Mutter", "mein Sohn", "meine Tochter", "mein Nachbar", "meine Schwester",
        ),
        "dative": ("meiner Schwester", "meinem Bruder", "meinen Eltern", "meiner Freundin", "meinem Sohn"),
        "she": ("Frau Lang", "Frau Yilmaz", "Amara", "Frau Berger"),
        "he": ("Herr Vogt", "Joost", "Marek", "Herr Demir"),
        "name": ("Frau Lang", "Herrn Vogt", "Amara", "Joost", "Marek", "Frau Yilmaz", "Frau Berger"),
    },
}  # fmt: skip

_MONEY = {"en": ("€{}", "{} euro", "€ {}", "{}€"), "de": ("{} Euro", "{} €", "{}€")}


class Dice:
    """Chance by the stream of one generator: the same seed throws the same dice, whatever else is drawn elsewhere."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._thrown: list[float] = []

    def throw(self) -> float:
        """A number from 0 up to 1."""
        if not self._thrown:
            # A block at a time: a call for each number would cost more than the comment.
            self._thrown = self._rng.random(8192).tolist()
        return self._thrown.pop()

    def chance(self, probability: float) -> bool:
        return self.throw() < probability

    def below(self, number: int) -> int:
        return int(self.throw() * number)

    def pick(self, options: Sequence[str]) -> str:
        return options[self.below(len(options))]


class Slots:
    """The words of one comment: a slot asked for twice gives the same word."""

    def __init__(self, dice: Dice, *, language: str, work: bool, score: int | None, month: int) -> None:
        self._dice, self._language, self._work, self._month = dice, language, work, month
        self._filled: dict[str, str] = {"score": "" if score is None else str(score)}

    def fill(self, piece: str) -> str:
        """The piece with one way of each [this|or that] taken and its slots filled in; a capital where one opens it."""
        if "[" not in piece and "{" not in piece:
            return piece
        text = _EITHER.sub(lambda found: self._dice.pick(found.group(1).split("|")), piece)
        text = _SLOT.sub(lambda found: self._word(found.group(1)), text)
        return text[0].upper() + text[1:] if piece[0] in "{[" else text

    def _word(self, slot: str) -> str:
        if slot not in self._filled:
            if slot in _AMOUNTS:
                self._amounts(slot)
            elif slot in ("day", "day2"):
                first = self._dice.below(6)
                second = (first + 1 + self._dice.below(5)) % 6
                days = _WORDS[self._language]["days"]
                self._filled["day"], self._filled["day2"] = days[first], days[second]
            else:
                self._filled[slot] = _SPECIAL[slot](self) if slot in _SPECIAL else self._any(slot)
                if slot in ("she", "he"):  # who was named stays the one spoken of
                    self._filled.setdefault("name", self._filled[slot].replace("Herr ", "Herrn "))
        return self._filled[slot]

    def _any(self, name: str) -> str:
        return self._dice.pick(_WORDS[self._language][name])

    def _recent_month(self) -> str:
        return _WORDS[self._language]["months"][(self._month - 2 - self._dice.below(5)) % 12]

    def _room(self) -> str:
        return self._any("work_room" if self._work else "home_room")

    def _amounts(self, slot: str) -> None:
        """Amounts that belong together: a bill above its quotation, a new price a little above the old one."""
        write = self._dice.pick(_MONEY[self._language])
        base = 80 + 5 * self._dice.below(50) if self._work else 29 + self._dice.below(40)
        if slot in ("quoted", "billed"):
            over = 1.08 + 0.9 * self._dice.throw()
            self._filled["quoted"], self._filled["billed"] = write.format(base), write.format(round(base * over) + 1)
        elif slot in ("old", "new"):
            rise = 1.04 + 0.07 * self._dice.throw()
            self._filled["old"], self._filled["new"] = write.format(base), write.format(round(base * rise) + 1)
        else:
            self._filled[slot] = write.format(4 + self._dice.below(40 if self._work else 14))


_AMOUNTS = frozenset({"quoted", "billed", "old", "new", "euro"})
_SPECIAL: dict[str, Callable[[Slots], str]] = {
    "month": Slots._recent_month,
    "room": Slots._room,
    "mins": lambda slots: str(15 + slots._dice.below(14) * 5 - slots._dice.below(3)),
    "percent": lambda slots: str(4 + slots._dice.below(6)),
    "got": lambda slots: str(3 + slots._dice.below(38)),
}


def slots_in(piece: str) -> set[str]:
    """The names of the slots in a piece."""
    return set(_SLOT.findall(piece))


def known_slots(language: str) -> set[str]:
    """Every slot that can be filled in a language."""
    hidden = {"days", "months", "home_room", "work_room"}
    return (set(_WORDS[language]) - hidden) | set(_SPECIAL) | _AMOUNTS | {"day", "day2", "score"}
