"""What the engine is given: the codebook as it stands, and what people coded.

The engine's codebook is kept without anybody's words: its examples are looked up where they were said, so that what is
erased there is gone here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from winback.server.themes.actions import nodes_of
from winback.server.themes.models import CodebookVersion, Reading, Theme
from winback.server.themes.rules import ends, parents, words_digest
from winback.server.themes.words import Key, comments_of
from winback.server.workspaces.models import Workspace

if TYPE_CHECKING:
    from winback.analysis.codebook import Codebook

MOST_LEARNED = 3_000  # comments coded by people that teach, the latest ones


def engine_book(workspace: Workspace) -> Codebook | None:
    """The codebook as the engine takes it: every theme that may still take codings, with real words as examples.

    Merged themes are in it as themselves, so that what is sorted to them goes where they went, and comes back with them.
    """
    from winback.analysis.codebook import Codebook
    from winback.analysis.codebook import Theme as EngineTheme

    version = CodebookVersion.objects.filter(workspace=workspace).order_by("-number").first()
    nodes = nodes_of(workspace)
    last, above = ends(nodes), parents(nodes)
    themes = [theme for theme in Theme.objects.filter(workspace=workspace).order_by("id") if last[theme.pk] is not None]
    if not themes:
        return None
    keys = {theme.pk: theme.key for theme in themes}
    examples = {theme.pk: theme.examples for theme in themes}
    said = comments_of(workspace, {(one["source"], one["external_id"]) for found in examples.values() for one in found})
    told = [
        EngineTheme(
            key=theme.key, name=theme.name, definition=theme.definition,
            parent=keys.get(above.get(theme.pk) or 0),
            examples=tuple(
                words for one in theme.examples if (words := _words(one, said))
            ),
            words=tuple(theme.words), origin="person" if theme.origin == "person" else "found",
        )
        for theme in themes
    ]  # fmt: skip
    kept: dict[str, Any] = version.book if version else {}
    there = set(keys.values())
    return Codebook(
        themes=tuple(told), version=version.number if version else 1, model=kept.get("model", ""), seed=kept.get("seed", 0),
        comments=kept.get("comments", 0), middle=kept.get("middle", ""), middles=kept.get("middles", {}),
        metric=kept.get("metric", ""), landmarks=kept.get("landmarks", ""), familiar=kept.get("familiar"), odd=kept.get("odd", ""),
        centres={key: centre for key, centre in kept.get("centres", {}).items() if key in there},
    )  # fmt: skip


def _words(one: Mapping[str, Any], said: Mapping[Key, str]) -> str:
    comment = said.get((one["source"], one["external_id"]), "")
    return comment[one["start"] : one["end"]] if one.get("start") is not None else comment


def learned_of(workspace: Workspace, *, but: Key | None = None) -> list[tuple[str, list[str]]]:
    """Comments that people coded, with the keys of the themes they found, the latest ones; without `but`.

    Where two people found different themes neither teaches until somebody settles it. That no theme fits was said of those
    there were: it teaches nothing any more once one was taken in that came up of such comments.
    """
    rows = Reading.objects.filter(workspace=workspace, stands=True, kind__in=("person", "settled"))
    readings = list(rows.prefetch_related("codings").order_by("-at", "-id")[:MOST_LEARNED])
    said = comments_of(workspace, {(one.source_id, one.external_id) for one in readings})
    last = ends(nodes_of(workspace))
    keys = dict(Theme.objects.filter(workspace=workspace).values_list("pk", "key"))
    seconds = Reading.objects.filter(workspace=workspace, stands=False, kind="person", double="done")
    others: dict[tuple[Key, int], set[int]] = {}
    for one in seconds.prefetch_related("codings") if any(one.double == "done" for one in readings) else ():
        others[(one.source_id, one.external_id), one.digest] = set(_found(one, last))
    emerged = Theme.objects.filter(workspace=workspace, origin="emerging", state="accepted")
    taken = emerged.aggregate(last=Max("made_at"))["last"]
    learned = []
    for reading in readings:
        key = (reading.source_id, reading.external_id)
        comment = said.get(key, "")
        if key == but or not comment.strip() or words_digest(comment) != reading.digest:
            continue
        found = _found(reading, last)
        if not found and taken is not None and reading.at < taken:
            continue
        if reading.kind == "settled" or others.get((key, reading.digest), set(found)) == set(found):
            learned.append((comment, [keys[pk] for pk in found]))
    return learned


def _found(reading: Reading, last: Mapping[int, int | None]) -> list[int]:
    """The themes of a reading that count now; each once."""
    ended = (last[coding.theme_id] for coding in reading.codings.all())
    return list(dict.fromkeys(end for end in ended if end is not None))


def taught_by(book: Codebook, learned: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, list[str]]]:
    """What teaches the engine: what people coded, after the examples of the themes.

    Without the examples a first correction would say all that is known, and pull every comment to its theme. What was
    coded with a theme that others stand under says too little to teach: the engine sorts to the lower level.
    """
    if not learned:
        return []
    leaves = {theme.key for theme in book.leaves()}
    coded = [(said, [key for key in keys if key in leaves]) for said, keys in learned]
    told = [pair for pair, (_, keys) in zip(coded, learned, strict=True) if pair[1] or not keys]
    if not told:
        return []
    return [(words, [theme.key]) for theme in book.leaves() for words in theme.examples] + told
