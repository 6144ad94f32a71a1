"""What was changed in the codebook, in words, and whether it can still be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winback.server.themes.models import CodebookChange, Theme
from winback.server.workspaces.access import Access


def history(access: Access, *, theme: int | None = None, most: int = 100) -> list[dict[str, Any]]:
    """The latest changes with what they changed in words, and whether each can still be undone."""
    rows = CodebookChange.objects.filter(workspace=access.workspace).select_related("by", "theme", "other", "undoes")
    if theme is not None:
        rows = rows.filter(theme=theme) | rows.filter(other=theme)
    found = list(rows.order_by("-id")[:most])
    undone = set(CodebookChange.objects.filter(undoes__in=found).values_list("undoes_id", flat=True))
    themes = {one.pk: one for one in Theme.objects.filter(workspace=access.workspace)}
    return [
        {
            "change": noted,
            "words": _in_words(noted, themes),
            "undone": noted.pk in undone,
            "undoable": noted.undoes_id is None and noted.pk not in undone and _as_it_was(noted, themes),
        }
        for noted in found
    ]


def _as_it_was(noted: CodebookChange, themes: Mapping[int, Theme]) -> bool:
    return all(
        getattr(themes[int(pk)], name) == value
        for pk, fields in noted.after.items()
        if int(pk) in themes
        for name, value in fields.items()
    )


def _in_words(noted: CodebookChange, themes: Mapping[int, Theme]) -> str:
    name = f"“{noted.theme.name}”" if noted.theme else ""
    other = f"“{noted.other.name}”" if noted.other else ""
    number = len(noted.after)
    several = f"{number} themes" if number != 1 else name or "a theme"
    before: dict[str, Any] = next(iter(noted.before.values()), {})
    after: dict[str, Any] = next(iter(noted.after.values()), {})
    parent = themes.get(after.get("parent_id") or 0)
    said = {
        "proposed": f"proposed {several}",
        "made": f"made {name}",
        "accepted": f"accepted {several}",
        "renamed": f"renamed “{before.get('name', '')}” to “{after.get('name', '')}”",
        "defined": f"defined {name}",
        "placed": f"placed {name} under “{parent.name}”" if parent else f"placed {name} on the first level",
        "changed": f"changed {', '.join(part.removesuffix('_id') for part in after)} of {name}",
        "merged": f"merged {name} into {other}",
        "split": f"split {other} from {name}",
        "retired": f"retired {name}",
    }
    if noted.verb == "undone" and noted.undoes is not None:
        first = noted.undoes
        return "took back: " + _in_words(first, themes)
    return said.get(noted.verb, noted.verb)
