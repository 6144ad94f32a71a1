"""Codebooks and readings for tests, made through the actions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connection

from tests.server.factories import Cast, make_feedback
from winback.errors import UserError
from winback.server.feedback.models import Feedback
from winback.server.themes.actions import make
from winback.server.themes.assigning import assign_chunk
from winback.server.themes.coding import code
from winback.server.themes.models import Coding, Reading, Theme
from winback.server.themes.rules import words_digest


def themes(cast: Cast, *names: str) -> list[Theme]:
    """Accepted themes of larkspur, made by hanna."""
    return [make(access=cast.access("hanna"), name=name) for name in names]


def said(cast: Cast, external_id: str, comment: str = "", **more: object) -> Feedback:
    return make_feedback(cast.larkspur, external_id, comment=comment or f"words of {external_id}", **more)


def coded(cast: Cast, row: Feedback, chosen: Sequence[Theme], who: str = "amara") -> Reading:
    """What somebody found in a comment."""
    key = (row.source_id, row.external_id)
    pks = [theme.pk for theme in chosen]
    return code(access=cast.access(who), key=key, themes=pks, digest=words_digest(row.comment)).reading


def guessed(row: Feedback, chosen: Sequence[Theme], confidence: float = 0.5) -> Reading:
    """What the model found in a comment nobody has read yet."""
    reading = Reading.objects.create(
        workspace_id=row.workspace_id, source_id=row.source_id, external_id=row.external_id, kind="model",
        model="test 1", digest=words_digest(row.comment), seen=row.updated_at, confidence=confidence,
    )  # fmt: skip
    for place, theme in enumerate(chosen):
        Coding.objects.create(reading=reading, theme=theme, place=place, confidence=confidence)
    return reading


def standing(row: Feedback) -> tuple[str, set[str]] | None:
    """Whose reading of a comment stands, and the names of its themes as they stand in the rows."""
    reading = Reading.objects.filter(source_id=row.source_id, external_id=row.external_id, stands=True).first()
    if reading is None:
        return None
    return reading.kind, set(reading.codings.values_list("theme__name", flat=True))


# what customers say of four things, in short; enough of each to be found
REASONS = {
    "bill": (
        "The first bill was wrong.", "Nobody understands the first bill.", "My bill was higher than I was quoted.",
        "The bill has charges that nobody can explain.", "I was billed twice in the first month.",
        "The amount on the bill was not what I agreed to.", "A bill that I cannot understand.",
        "The first bill was twice the price.", "They could not explain the bill to me.", "Wrong amount on the bill again.",
        "The bill came without any explanation.", "I had to call about the bill three times.",
    ),
    "fitter": (
        "The fitter did not come.", "The fitter came on another day than agreed.", "The fitter missed the appointment.",
        "I took a day off and the fitter did not turn up.", "The appointment with the fitter was cancelled.",
        "The fitter was three hours late.", "No fitter came, and nobody rang.", "The fitter forgot the appointment.",
        "The appointment was moved and the fitter came late.", "Waited all day for the fitter.",
        "The fitter did not keep the appointment.", "The fitter never came to the appointment.",
    ),
    "router": (
        "The router restarts every night.", "The router restarts by itself.", "My router keeps restarting.",
        "I have to restart the router every day.", "The router drops out and restarts.", "The new router restarts too.",
        "The router restarts whenever I stream.", "The router is broken and restarts.", "A router that restarts all the time.",
        "The router restarted in the middle of a call.", "The router needs a restart each morning.",
        "The router restarts and the phone is dead.",
    ),
    "shop": (
        "The staff in the shop were friendly.", "Friendly people in the shop.", "The lady in the shop was so friendly.",
        "The shop staff were friendly and helpful.", "Everybody in the shop was friendly.", "Very friendly staff in your shop.",
        "A friendly young man in the shop helped me.", "The shop has friendly people.", "Friendly and helpful in the shop.",
        "Your staff in the shop are friendly.", "I like the friendly staff in the shop.", "The people in the shop are kind and friendly.",
    ),
}  # fmt: skip


def spoken(cast: Cast, *reasons: str, **more: object) -> None:
    """A comment of larkspur's for each sentence of these reasons; external ids are bill-0, bill-1 …"""
    for reason in reasons or REASONS:
        for place, words in enumerate(REASONS[reason]):
            said(cast, f"{reason}-{place}", words, **more)


def sorted_to(cast: Cast) -> dict[str, set[str]]:
    """Which comments were sorted to which theme, by the model or by people, as it stands."""
    found: dict[str, set[str]] = {}
    for coding in Coding.objects.filter(reading__workspace=cast.larkspur, reading__stands=True).select_related(
        "theme", "reading"
    ):
        found.setdefault(coding.theme.name, set()).add(coding.reading.external_id)
    return found


def read_all(cast: Cast) -> None:
    """Have the model read what waits, however long a slow machine takes for it."""
    while not assign_chunk(workspace=cast.larkspur, seconds=0):
        pass


def at_once(*doing: Callable[[], object]) -> list[UserError]:
    """Have these done by threads that begin together; what each was told. Anything else that is raised is raised here."""
    told: list[UserError] = []
    wrong: list[BaseException] = []
    begin = threading.Barrier(len(doing))

    def run(one: Callable[[], object]) -> None:
        try:
            begin.wait(timeout=20)
            one()
        except UserError as error:
            told.append(error)
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return told


def on_postgres() -> None:
    """For tests of what happens at once: where the tests run on SQLite it lies in memory and takes no second connection."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time")
