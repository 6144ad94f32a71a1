"""Changes of the codebook in words."""

from __future__ import annotations

import pytest
from django.http import Http404

from tests.server.factories import Cast
from tests.server.themes.worlds import themes
from winback.server.themes.actions import change, merge, retire, undo
from winback.server.themes.history import history
from winback.server.themes.models import CodebookChange
from winback.server.themes.queries import (
    revision,
    theme_entry,
)

pytestmark = pytest.mark.django_db


def test_history_says_what_was_done_and_what_can_be_taken_back(cast: Cast) -> None:
    hanna = cast.access("hanna")
    late, slow = themes(cast, "Late", "Slow")
    before = revision(cast.larkspur)
    change(access=hanna, pk=late.pk, name="Too late")
    merge(access=hanna, pk=late.pk, into=slow.pk)
    undo(access=hanna, pk=CodebookChange.objects.get(verb="merged").pk)
    retire(access=hanna, pk=slow.pk)
    told = [(one["words"], one["undone"], one["undoable"]) for one in history(hanna)]
    assert told == [
        ("retired “Slow”", False, True), ("took back: merged “Too late” into “Slow”", False, False),
        ("merged “Too late” into “Slow”", True, False), ("renamed “Late” to “Too late”", False, True),
        ("made “Slow”", False, False), ("made “Too late”", False, True),
    ]  # fmt: skip
    assert revision(cast.larkspur) > before
    assert len(history(hanna, theme=slow.pk)) == 4
    with pytest.raises(Http404):
        theme_entry(hanna, slow.pk)
