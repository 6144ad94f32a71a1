"""Reads of the codebook: its themes with counts and real words, and how far coders agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, QuerySet, Value, When
from django.http import Http404

from winback.scales import Bands
from winback.server.feedback.models import Feedback
from winback.server.feedback.queries import band_name, bands_of, feedback_for, names_of
from winback.server.sources.models import Source
from winback.server.themes.actions import nodes_of
from winback.server.themes.models import READING_KINDS, CodebookChange, CodebookVersion, Coding, Reading, Theme
from winback.server.themes.rules import ends, excerpt, parents
from winback.server.themes.words import Key, rows_of
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace

LATEST = 200  # comments of those asked for that are looked at for words of a theme
FEW = 3  # themes whose codings are looked for by theme
SHOWN = ("comment", "score", "local_date", "customer_id", "language", "touchpoint", "attributes", "id")


@dataclass(frozen=True)
class Quotation:
    """Real words of a customer: before, the words that carry the theme (perhaps all of them), after."""

    before: str
    words: str
    after: str
    row: Mapping[str, Any]
    band: str
    name: str = ""


@dataclass
class Entry:
    """A theme of the codebook: `comments` that name it or a theme under it, `by_people` of them read by people."""

    theme: Theme
    comments: int = 0
    by_people: int = 0
    quotations: list[Quotation] = field(default_factory=list)
    children: list[Entry] = field(default_factory=list)
    merged: list[Theme] = field(default_factory=list)


def revision(workspace: Workspace) -> int:
    """A number that names the state of the codebook; greater after each change."""
    last = CodebookChange.objects.filter(workspace=workspace).order_by("-id").values_list("id", flat=True).first()
    return last or 0


def read_in(access: Access) -> QuerySet[Reading]:
    """The readings, whether or not they count, of comments that this access may see."""
    return _seen(access, Reading.objects.filter(workspace=access.workspace))


def _seen(access: Access, rows: QuerySet[Reading]) -> QuerySet[Reading]:
    if access.scope.everything:
        return rows
    return rows.filter(
        Exists(feedback_for(access).filter(source=OuterRef("source"), external_id=OuterRef("external_id")))
    )


def found_in(access: Access) -> QuerySet[Coding]:
    """The codings that count, of comments that this access may see.

    Who sees the whole is not asked comment by comment: that would take seconds at a hundred thousand of them.
    """
    rows = Coding.objects.filter(reading__workspace=access.workspace, reading__stands=True)
    if access.scope.everything:
        return rows
    seen = feedback_for(access).filter(source=OuterRef("reading__source"), external_id=OuterRef("reading__external_id"))
    return rows.filter(Exists(seen))


def counted(access: Access, to: Mapping[int, int | None]) -> dict[int, tuple[int, int]]:
    """Comments, and those read by people, for each number that `to` gives a theme; a comment counts once for each.

    Of the whole workspace all codings are counted, which needs no look at their readings, and those of readings that do
    not stand are taken off again: they are as few as what people have read.
    """
    if not access.scope.everything:
        seen = found_in(access)
        every, people = _numbers(seen, to), _numbers(seen.exclude(reading__kind="model"), to)
    else:
        read = Coding.objects.filter(reading__workspace=access.workspace)
        every = _numbers(Coding.objects.all(), to)
        for end, comments in _numbers(read.filter(reading__kind__in=READING_KINDS, reading__stands=False), to).items():
            every[end] = every.get(end, 0) - comments
        people = _numbers(read.filter(reading__kind__in=("person", "settled"), reading__stands=True), to)
    return {end: (comments, people.get(end, 0)) for end, comments in every.items()}


def _numbers(rows: QuerySet[Coding], to: Mapping[int, int | None]) -> dict[int, int]:
    """How many readings have one of the codings, for each number that `to` gives a theme."""
    groups: dict[int, list[int]] = {}
    for pk, end in to.items():
        if end is not None:
            groups.setdefault(end, []).append(pk)
    alone = {pks[0]: end for end, pks in groups.items() if len(pks) == 1}
    several = {end: pks for end, pks in groups.items() if len(pks) > 1}
    found: dict[int, int] = {}
    if alone:
        mine = rows.filter(theme_id__in=list(alone)).order_by().values_list("theme_id")
        found |= {alone[pk]: comments for pk, comments in mine.annotate(n=Count("id"))}
    if several:
        which = Case(
            *(When(theme_id__in=pks, then=Value(end)) for end, pks in several.items()), output_field=IntegerField()
        )
        theirs = rows.filter(theme_id__in=[pk for pks in several.values() for pk in pks]).order_by()
        found |= dict(theirs.annotate(which=which).values_list("which").annotate(n=Count("reading", distinct=True)))
    return found


def codebook(access: Access, *, quoted: int = 2) -> list[Entry]:
    """The themes that count, those of the first level with theirs below them, accepted ones first, the most named first.

    A handful of queries, however many themes there are.
    """
    nodes = nodes_of(access.workspace)
    last, above = ends(nodes), parents(nodes)
    top = {pk: (above.get(end) or end) if end is not None else None for pk, end in last.items()}
    has_children = set(above.values())
    own = counted(access, last)
    whole = counted(access, {pk: end if end in has_children else None for pk, end in top.items()})
    themes = Theme.objects.filter(workspace=access.workspace).select_related("parent")
    entries = {theme.pk: Entry(theme) for theme in themes if last[theme.pk] == theme.pk}
    for theme in themes:
        end = last[theme.pk]
        if end is not None and end != theme.pk:
            entries[end].merged.append(theme)
    for pk, entry in entries.items():
        entry.comments, entry.by_people = (whole if pk in has_children else own).get(pk, (0, 0))
    if quoted:
        for pk, quotations in quotations_of(access, [entry.theme for entry in entries.values()], last, quoted).items():
            entries[pk].quotations = quotations
    order = sorted(entries.values(), key=lambda e: (e.theme.state == "proposed", -e.comments, e.theme.name.casefold()))
    for entry in order:
        parent = above[entry.theme.pk]
        if parent is not None:
            entries[parent].children.append(entry)
    return [entry for entry in order if above[entry.theme.pk] is None]


def theme_entry(access: Access, pk: int, *, quoted: int = 8) -> Entry:
    """One theme that counts. Raises Http404 for any other."""
    found = next((entry for one in codebook(access, quoted=0) for entry in (one, *one.children) if entry.theme.pk == pk), None)  # fmt: skip
    if found is None:
        raise Http404("There is no such theme, or it was merged or retired.")
    last = ends(nodes_of(access.workspace))
    found.quotations = quotations_of(access, [found.theme], last, quoted).get(pk, [])
    return found


def quotations_of(
    access: Access, themes: Sequence[Theme], last: Mapping[int, int | None], most: int
) -> dict[int, list[Quotation]]:
    """Real words for each theme: its examples first, then what people coded, then what the model found lately."""
    places: dict[int, list[tuple[Key, int | None, int | None]]] = {theme.pk: [] for theme in themes}
    for theme in themes:
        for one in theme.examples[: 2 * most]:
            places[theme.pk].append(((one["source"], one["external_id"]), one.get("start"), one.get("end")))
    lacking = [pk for pk, found in places.items() if len(found) < most]
    if lacking:
        rows = found_in(access).select_related("reading").order_by("-id")
        if len(lacking) <= FEW:
            rows = rows.filter(theme_id__in=[pk for pk, end in last.items() if end in lacking])
            people = list(rows.exclude(reading__kind="model")[: 10 * len(lacking)])
        else:  # of many themes the latest codings of whatever theme are looked at: looking for each would read them all
            readings = Reading.objects.filter(workspace=access.workspace, stands=True).exclude(kind="model")
            latest = list(readings.order_by("-at").values_list("pk", flat=True)[: 10 * len(lacking)])
            people = list(rows.filter(reading_id__in=latest))
        seen: dict[int, int] = {}
        for coding in [*people, *rows.filter(reading__kind="model")[: 20 * len(lacking) + 40]]:
            end = last[coding.theme_id]
            if end in places and seen.get(end, 0) < 2 * most:
                seen[end] = seen.get(end, 0) + 1
                places[end].append(((coding.reading.source_id, coding.reading.external_id), coding.start, coding.end))
    return _quoted(access, places, most)


def quotations_among(access: Access, theme: Theme, said: Sequence[tuple[str, str]], most: int = 4) -> list[Quotation]:
    """Real words for a theme, from these comments alone: by source's name and external id, the latest first.

    Its examples first, then what people coded, then what the model is surest of; both among the latest.
    """
    numbers = dict(Source.objects.filter(workspace=access.workspace).values_list("name", "pk"))
    keys = [(numbers[source], external_id) for source, external_id in said if source in numbers]
    wanted, place = set(keys), {key: number for number, key in enumerate(keys[:LATEST])}
    named = [((one["source"], one["external_id"]), one.get("start"), one.get("end")) for one in theme.examples]
    found = [one for one in named if one[0] in wanted]
    themes = [pk for pk, end in ends(nodes_of(access.workspace)).items() if end == theme.pk]
    readings = list(_standing(access, place).values_list("pk", flat=True))
    rows = Coding.objects.filter(reading__in=readings, theme_id__in=themes).select_related("reading")
    codings = [(coding, (coding.reading.source_id, coding.reading.external_id)) for coding in rows]
    codings = [one for one in codings if one[1] in place]
    codings.sort(key=lambda one: (one[0].reading.kind == "model", -(one[0].confidence or 0), place[one[1]]))
    found += [(key, coding.start, coding.end) for coding, key in codings]
    return _quoted(access, {theme.pk: found}, most)[theme.pk]


def read_by(access: Access, said: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Of these comments, by source's name and external id, what kind of reading counts; none for those nobody has read."""
    numbers = dict(Source.objects.filter(workspace=access.workspace).values_list("name", "pk"))
    keys = {(numbers[source], external_id): (source, external_id) for source, external_id in said if source in numbers}
    rows = _standing(access, keys).values_list("source", "external_id", "kind")
    return {keys[source, external_id]: kind for source, external_id, kind in rows if (source, external_id) in keys}


def _standing(access: Access, keys: Collection[Key]) -> QuerySet[Reading]:
    """The readings that count of these comments, and of some with ids like theirs.

    Their sources are the workspace's; were it named too, SQLite would go through all its readings.
    """
    sources, ids = {source for source, _ in keys}, [external_id for _, external_id in keys]
    return _seen(access, Reading.objects.filter(source__in=sources, external_id__in=ids, stands=True))


def _quoted(
    access: Access, places: Mapping[int, Sequence[tuple[Key, int | None, int | None]]], most: int
) -> dict[int, list[Quotation]]:
    """The words that stand at these places, as far as this access may see them; the same words once."""
    keys = {key for found in places.values() for key, _, _ in found}
    there = {(row["source_id"], row["external_id"]): row for row in rows_of(feedback_for(access), keys, *SHOWN)}
    bands = {source.pk: bands_of(source) for source in Source.objects.filter(pk__in={source for source, _ in keys})}
    names = names_of(access, [row["customer_id"] for row in there.values() if row["customer_id"]])
    told: dict[int, list[Quotation]] = {}
    for pk, found in places.items():
        shown: dict[str, Quotation] = {}
        for key, start, end in found:
            if (row := there.get(key)) and row["comment"].strip() and len(shown) < most:
                quotation = quoted_from(row, start, end, bands[key[0]], names)
                shown.setdefault(row["comment"].casefold(), quotation)
        told[pk] = list(shown.values())
    return told


def quoted_from(
    row: Mapping[str, Any], start: int | None, end: int | None, bands: Bands, names: Mapping[int, str]
) -> Quotation:
    """A quotation from a row: with a little of what stands around its words."""
    comment = row["comment"]
    words = excerpt(comment, start, end)
    if not words:
        start, end, words = 0, len(comment), comment
    assert start is not None and end is not None
    before, after = comment[:start], comment[end:]
    name = names.get(row["customer_id"] or 0, "")
    return Quotation(_tail(before), words, _head(after), row, band_name(row["score"], bands), name)


def _head(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def _tail(text: str, most: int = 160) -> str:
    return text if len(text) <= most else "… " + text[-most:].split(" ", 1)[-1]


def naming(access: Access, rows: QuerySet[Feedback], entry: Entry) -> QuerySet[Feedback]:
    """Those of the rows in which the theme, or one below it, was found."""
    wanted = {entry.theme.pk, *(child.theme.pk for child in entry.children)}
    themes = [pk for pk, end in ends(nodes_of(access.workspace)).items() if end in wanted]
    found = Coding.objects.filter(
        reading__source=OuterRef("source"), reading__external_id=OuterRef("external_id"), reading__stands=True,
        theme_id__in=themes,
    )  # fmt: skip
    return rows.filter(Exists(found))


def choices(access: Access) -> list[tuple[Theme, list[Theme]]]:
    """The themes one can code with, as the desk lists them: those of the first level by name, each with those below it."""
    nodes = nodes_of(access.workspace)
    last, above = ends(nodes), parents(nodes)
    themes = Theme.objects.filter(workspace=access.workspace, pk__in=[pk for pk, end in last.items() if end == pk])
    by_name = sorted(themes, key=lambda theme: theme.name.casefold())
    return [
        (theme, [child for child in by_name if above[child.pk] == theme.pk])
        for theme in by_name
        if above[theme.pk] is None
    ]


def version(workspace: Workspace) -> CodebookVersion | None:
    """The engine's codebook that new comments are assigned by."""
    return CodebookVersion.objects.filter(workspace=workspace).order_by("-number").defer("book").first()


def exported(access: Access) -> Iterator[list[str]]:
    """The codebook as rows of text, heads first."""
    yield ["key", "theme", "parent", "state", "definition", "words", "comments", "read by people", "quotations"]
    for top in codebook(access, quoted=3):
        for entry in (top, *top.children):
            yield [
                entry.theme.key, entry.theme.name, "" if entry is top else top.theme.name, entry.theme.state,
                entry.theme.definition, ", ".join(entry.theme.words), str(entry.comments), str(entry.by_people),
                " | ".join(one.words for one in entry.quotations),
            ]  # fmt: skip


def pairs(access: Access) -> dict[Key, list[Reading]]:
    """The comments that two people have read, with their readings, codings fetched; oldest reading first."""
    seen = feedback_for(access).filter(source=OuterRef("source"), external_id=OuterRef("external_id"))
    rows = Reading.objects.filter(Exists(seen), workspace=access.workspace, kind="person", double="done")
    found: dict[Key, list[Reading]] = {}
    for reading in rows.select_related("coder").prefetch_related("codings").order_by("at", "id"):
        found.setdefault((reading.source_id, reading.external_id), []).append(reading)
    return {key: two for key, two in found.items() if len(two) > 1 and len({one.digest for one in two}) == 1}


def sets_of(readings: Collection[Reading], last: Mapping[int, int | None]) -> list[frozenset[int]]:
    """The themes of each reading that count now."""
    return [
        frozenset(end for coding in reading.codings.all() if (end := last[coding.theme_id]) is not None)
        for reading in readings
    ]
