"""One module a question, with its numbers and its picture. The list of them stands here, and imports nothing.

A line makes the function of that name, in the module of that name, a name of the library (`winback.nps`); tests then
ask for its spec, its page in docs/reference/analyses and its place in docs/reference/library.md.
"""

from __future__ import annotations

from collections.abc import Mapping

ANALYSES: Mapping[str, str] = {
    "nps": "What is our score?",
    "segments": "Who are my detractors?",
    "trend": "How did the score move?",
    "decompose": "Why did the score move?",
    "flareups": "Where has it begun to burn?",
    "localise": "Where exactly is it?",
    "profit": "Are your most profitable customers promoters?",
    "themes": "Which themes do customers name, and how much of the score hangs on each?",
    "drivers": "What goes with the score?",
    "saturation": "How much of what customers would say has been heard, and what would further calls bring?",
}
