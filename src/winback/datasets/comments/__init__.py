"""Comments of invented customers: hand-written pieces by theme and language, and how they are put together."""

from __future__ import annotations

from winback.datasets.comments.compose import (
    LANGUAGES,
    NOTHING,
    PRAISE,
    THEMES,
    TROUBLES,
    VOICE_SHARES,
    VOICES,
    Occasion,
    compose,
)

__all__ = [
    "LANGUAGES",
    "NOTHING",
    "PRAISE",
    "THEMES",
    "TROUBLES",
    "VOICES",
    "VOICE_SHARES",
    "Occasion",
    "compose",
]
