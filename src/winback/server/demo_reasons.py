"""The sample company's codebook: made and coded by two of its people, and learned from them for all other comments."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

from winback.server.workspaces.access import Access

# Areas, with their themes and what each means.
REASONS: Mapping[str, Mapping[str, str]] = {
    "Getting connected": {
        "Missed installation appointments": "The fitter did not come, came at another time than agreed, or the date was moved on the day.",
        "Moving house takes weeks": "The line to the new address came late, or had to be paid for twice.",
    },
    "Bills and prices": {
        "First bill nobody understands": "The first bill differs from what was quoted, or nobody can say what it is made of.",
        "Price-rise letter": "The letter about the new price: how it was put, and that new customers pay less.",
        "Good value": "A fair price for what one gets.",
    },
    "The line": {
        "Evening slowdowns": "Slow or broken in the evening, when everybody is at home.",
        "Router restarts": "The router restarts by itself, or drops out.",
        "Fast line": "As fast as promised.",
        "It just works": "No fault worth a word.",
    },
    "Being looked after": {
        "Telling the same story twice": "Passed on from one to the next, and explaining it all again each time.",
        "Long wait on the phone": "Minutes on hold, or cut off.",
        "Friendly staff": "Somebody was kind, knew what to do, or called back.",
        "Quick repair": "A fault was mended within a day.",
    },
    "The app": {
        "Easy app": "What one wants is done in the app.",
        "App logs people out": "Signing in again and again, or a slow sign-in.",
    },
}


def code_comments(file: Path, coders: Mapping[str, Access], *, say: Callable[[str], None] = lambda _: None) -> int:
    """Make the codebook, save what people found by the file of codings, and sort all other comments as they would.

    `coders` are the people of the file by name, who manages the codebook first. Returns how many comments people coded.
    """
    from winback.server.feedback.models import Feedback
    from winback.server.themes import actions, assigning, coding, versions
    from winback.server.themes.rules import words_digest

    manager = next(iter(coders.values()))
    made: dict[str, int] = {}
    for area, themes in REASONS.items():
        top = actions.make(access=manager, name=area)
        for name, definition in themes.items():
            made[name] = actions.make(access=manager, name=name, definition=definition, parent=top.pk).pk
    with file.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    rows = {row.external_id: row for row in Feedback.objects.visible(manager.workspace).exclude(comment="")}
    coded = set()
    for one in found:
        row = rows.get(one["Response ID"])
        if row is None or one["Coded by"] not in coders:
            continue
        coding.code(
            access=coders[one["Coded by"]], key=(row.source_id, row.external_id), digest=words_digest(row.comment),
            themes=[made[one["Theme"]]] if one["Theme"] in made else [],
        )  # fmt: skip
        coded.add(row.pk)
    versions.learn(workspace=manager.workspace)
    say(f"     {len(coded):,} comments coded by people")
    left = assigning.unread(manager.workspace).count()
    while not assigning.assign_chunk(workspace=manager.workspace, seconds=8):
        say(f"     {left - assigning.unread(manager.workspace).count():,} of {left:,} others sorted")
    return len(coded)
