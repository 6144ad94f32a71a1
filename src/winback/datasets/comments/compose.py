"""A comment from pieces: what the person gave, the theme, the language, and the way the person writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from winback.datasets.comments import english, german
from winback.datasets.comments.fragments import Frame, Theme
from winback.datasets.comments.slots import Dice, Slots
from winback.datasets.comments.typing_slips import slip

NOTHING = "Nothing in particular"
TROUBLES = tuple(theme.name for theme in english.TROUBLES)
PRAISE = tuple(theme.name for theme in english.PRAISE)
THEMES = (*TROUBLES, *PRAISE, NOTHING)

VOICES = ("terse", "plain", "polite", "angry", "dry", "facts", "rambling")
VOICE_SHARES = (0.27, 0.30, 0.10, 0.08, 0.06, 0.09, 0.10)
LANGUAGES = ("en", "de")
_MODULES: dict[str, ModuleType] = {"en": english, "de": german}
_LEVELS = ("low", "middle", "high")
_TRIES, _FEW_WORDS = 6, 3
_ENDS_SENTENCE = re.compile(r"[.!?:,)]$")


@dataclass(frozen=True)
class Occasion:
    """What a comment depends on.

    `theme` and `voice` are places in `THEMES` and `VOICES`; `band` is 0, 1 or 2 (detractor, passive, promoter);
    `month` is 1 to 12; `work` says that a company writes.
    """

    theme: int
    band: int
    language: str
    voice: int
    work: bool
    score: int | None
    month: int
    sloppy: bool = False


def compose(rng: np.random.Generator, occasions: list[Occasion]) -> list[str]:
    """A comment for each occasion, in the same order; the same generator state gives the same comments.

    People who write a few words repeat one another; people who write a sentence hardly ever do, word for word. So a
    sentence that stands there already is written anew, as long as there is another way to say it.
    """
    dice, comments, said = Dice(rng), [], set()
    for occasion in occasions:
        for _ in range(_TRIES):
            text = _Writer(dice, occasion).write()
            if text.count(" ") < _FEW_WORDS or text not in said:
                break
        said.add(text)
        comments.append(text)
    return comments


class _Writer:
    """Writes one comment."""

    def __init__(self, dice: Dice, occasion: Occasion) -> None:
        module = _MODULES[occasion.language]
        self.frame: Frame = module.FRAME
        self.themes: tuple[Theme, ...] = (*module.TROUBLES, *module.PRAISE)
        self.dice, self.of = dice, occasion
        self.level = _LEVELS[occasion.band]
        self.voice = VOICES[occasion.voice]
        self.slots = Slots(
            dice, language=occasion.language, work=occasion.work, score=occasion.score, month=occasion.month
        )

    def write(self) -> str:
        text = self._nothing() if self.of.theme == len(THEMES) - 1 else self._about(self.themes[self.of.theme])
        if self.voice == "terse" and self.dice.chance(0.45):
            text = _casual(text)
        return slip(text, self.dice) if self.of.sloppy else text

    def _nothing(self) -> str:
        if self.dice.chance(0.45):
            return self.slots.fill(self.dice.pick(self.frame.one_word[self.level]))
        pieces = [self.dice.pick(self.frame.nothing[self.level])]
        if self.dice.chance(0.5 if self.voice in ("plain", "rambling") else 0.2):
            pieces.append(self.dice.pick(self.frame.end[self.level]))
        return self._join(pieces)

    def _about(self, theme: Theme) -> str:
        if self.of.theme >= len(TROUBLES):
            return self._join(self._praise(theme))
        if self.level == "low":
            return self._join(self._trouble(theme))
        return self._join(self._grumble(theme))

    def _trouble(self, theme: Theme) -> list[str]:
        """What somebody writes who is put off by it."""
        dice, frame = self.dice, self.frame
        pieces: list[str]
        if self.voice == "terse":
            pieces = [dice.pick(theme.short)]
            if dice.chance(0.25):
                pieces.append(dice.pick(self._after(theme)))
            return pieces
        if self.voice == "polite":
            pieces = [dice.pick(frame.polite_start)] if dice.chance(0.45) else []
            pieces.append(dice.pick(theme.polite or theme.plain))
            pieces += self._maybe_after(theme, 0.5)
            return pieces + ([dice.pick(frame.polite_end)] if dice.chance(0.4) else [])
        if self.voice == "angry":
            pieces = [dice.pick(theme.angry or theme.plain), *self._maybe_after(theme, 0.55)]
            return pieces + ([dice.pick(frame.angry_end)] if dice.chance(0.6) else [])
        if self.voice == "dry":
            return [dice.pick(theme.dry or theme.plain), *self._maybe_after(theme, 0.35)]
        if self.voice == "facts":
            return [dice.pick(theme.facts or theme.plain), *self._maybe_after(theme, 0.5)]
        if self.voice == "rambling":
            first, second = self._two(theme.plain)
            pieces = [dice.pick(frame.ramble_start), first, dice.pick(self._after(theme))]
            if dice.chance(0.5):
                pieces += [dice.pick(frame.ramble_join), second]
            if dice.chance(0.5):
                pieces.append(dice.pick(frame.ramble_aside))
            return pieces + ([dice.pick(frame.end["low"])] if dice.chance(0.5) else [])
        pieces = [dice.pick(theme.plain), *self._maybe_after(theme, 0.6)]
        if dice.chance(0.1):
            return [*pieces, dice.pick(frame.praise_but)]
        return pieces + ([dice.pick(frame.end["low"])] if dice.chance(0.3) else [])

    def _grumble(self, theme: Theme) -> list[str]:
        """What somebody writes who is content on the whole and names a trouble."""
        dice, frame = self.dice, self.frame
        mild = dice.pick(theme.mild or theme.plain)
        if self.voice == "polite":
            start = [dice.pick(frame.polite_start)] if dice.chance(0.5) else []
            return [*start, dice.pick(theme.polite) if theme.polite and dice.chance(0.6) else mild]
        if self.voice == "rambling":
            liked = dice.pick(self._some_praise().mild)
            return [dice.pick(frame.ramble_start), mild, *self._maybe_after(theme, 0.4), liked]
        if self.voice == "dry" and theme.dry and dice.chance(0.6):
            return [dice.pick(theme.dry), dice.pick(frame.end[self.level])]
        if self.voice == "terse" or dice.chance(0.25):
            return [dice.pick(self._some_praise().short), mild] if dice.chance(0.35) else [mild]
        if dice.chance(0.4):
            return [dice.pick(self._some_praise().mild), mild]
        return [mild, dice.pick(frame.end[self.level])] if dice.chance(0.5) else [mild, dice.pick(self._after(theme))]

    def _praise(self, theme: Theme) -> list[str]:
        dice, frame = self.dice, self.frame
        if self.level == "low" or (self.level == "middle" and dice.chance(0.75)):
            lukewarm = [dice.pick(theme.mild or theme.short)]
            if self.voice != "terse" and dice.chance(0.3):
                lukewarm.append(dice.pick(self._some_praise().mild))
            return lukewarm + ([dice.pick(frame.end[self.level])] if dice.chance(0.4) else [])
        end = [dice.pick(frame.end[self.level])] if dice.chance(0.4) else []
        other = self._some_praise()
        if self.voice == "terse":
            if other is not theme and dice.chance(0.4):
                return [f"{dice.pick(theme.short).rstrip('.!')}, {dice.pick(other.short)}"]
            return [dice.pick(theme.short)]
        if self.voice == "rambling":
            first, second = self._two(theme.plain)
            return [first, dice.pick(frame.ramble_join), second, *self._maybe_after(theme, 0.5), *end]
        ways = {"polite": theme.polite, "dry": theme.dry, "facts": theme.facts}.get(self.voice, ())
        core = dice.pick(ways) if ways and dice.chance(0.75) else dice.pick(theme.plain)
        if self.voice == "polite":
            start = [dice.pick(frame.polite_start[:1])] if dice.chance(0.2) else []
            return [
                *start,
                core,
                *self._maybe_after(theme, 0.5),
                *([dice.pick(frame.polite_end)] if dice.chance(0.4) else end),
            ]
        if other is not theme and dice.chance(0.2):
            return [core, dice.pick(other.short), *end]
        return [core, *self._maybe_after(theme, 0.55), *end]

    def _some_praise(self) -> Theme:
        return self.themes[len(TROUBLES) + self.dice.below(len(PRAISE))]

    def _after(self, theme: Theme) -> tuple[str, ...]:
        special = theme.work if self.of.work else theme.home
        if special and self.dice.chance(0.45):
            return special
        return theme.after or special or theme.plain

    def _maybe_after(self, theme: Theme, probability: float) -> list[str]:
        return [self.dice.pick(self._after(theme))] if self.dice.chance(probability) else []

    def _two(self, pieces: tuple[str, ...]) -> tuple[str, str]:
        """Two different pieces (where there are two)."""
        first = self.dice.below(len(pieces))
        second = (first + 1 + self.dice.below(max(len(pieces) - 1, 1))) % len(pieces)
        return pieces[first], pieces[second]

    def _join(self, pieces: list[str]) -> str:
        """The pieces as one text: each but the last ends as a sentence, and what follows begins as one."""
        filled = list(dict.fromkeys(self.slots.fill(piece) for piece in pieces))  # nobody says it twice
        text = filled[0]
        for piece in filled[1:]:
            if text and not _ENDS_SENTENCE.search(text):
                text += "."
            text += " " + piece[0].upper() + piece[1:]
        return text


def _casual(text: str) -> str:
    """As typed with a thumb: small letters, no full stop at the end. Names and I keep their capital."""
    if text[:1].isupper() and not re.match(r"(I\b|I'|[A-Z]{2})", text):
        text = text[0].lower() + text[1:]
    return text.removesuffix(".")
