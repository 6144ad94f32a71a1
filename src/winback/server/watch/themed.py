"""Themes as far as the watch is concerned: which are watched, when their comments are read, where merged ones went."""

from __future__ import annotations

from collections.abc import Iterable

from winback.server.themes.actions import nodes_of
from winback.server.themes.assigning import unread
from winback.server.themes.models import CodebookVersion, Reading, Theme
from winback.server.themes.queries import revision
from winback.server.themes.rules import ends
from winback.server.watch.models import Alarm
from winback.server.workspaces.models import Workspace

BEHIND = 50  # comments that nobody has read yet: so few change no share


def keys_of(workspace: Workspace) -> dict[str, str]:
    """The keys of accepted themes by their names; none before there is a codebook by which comments are read."""
    if not CodebookVersion.objects.filter(workspace=workspace).exists():
        return {}
    rows = Theme.objects.filter(workspace=workspace, state="accepted", merged_into=None)
    return dict(rows.values_list("name", "key"))


def state_of(workspace: Workspace, version: str) -> str:
    """The state of the files with that of the codebook: another name of a theme is another state."""
    number = revision(workspace)
    return f"{version}+{number}" if number else version


def reading(workspace: Workspace) -> bool:
    """Whether comments wait to be read, or read again by a newer codebook: their themes would seem to rise and fall."""
    newest = CodebookVersion.objects.filter(workspace=workspace).order_by("-number").values_list("number", flat=True)
    old = Reading.objects.filter(workspace=workspace, kind="model", stands=True, version__lt=newest.first() or 0)
    return unread(workspace)[: BEHIND + 1].count() > BEHIND or old[: BEHIND + 1].count() > BEHIND


def follow(workspace: Workspace, alarms: Iterable[Alarm]) -> list[Alarm]:
    """Have alarms of merged themes point at the theme it went into. Returns those whose theme counts no longer."""
    last = ends(nodes_of(workspace))
    gone = []
    for alarm in alarms:
        end = last.get(alarm.theme_id or 0)
        if end is None:
            gone.append(alarm)
        elif end != alarm.theme_id:
            alarm.theme = Theme.objects.get(pk=end)
            alarm.save(update_fields=["theme"])
    return gone
