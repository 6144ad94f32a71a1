from __future__ import annotations

import pytest

from tests.server.factories import Cast, make_feedback
from tests.server.themes.worlds import said
from winback.server.feedback.models import Feedback
from winback.server.themes.words import comments_of, rows_of

pytestmark = pytest.mark.django_db


def test_comments_by_source_and_id_of_this_workspace_only(cast: Cast) -> None:
    a, b = said(cast, "a", "one"), said(cast, "b", "two")
    other = make_feedback(cast.merritt, "a", comment="milk")
    keys = {(a.source_id, "a"), (b.source_id, "gone"), (other.source_id, "a")}
    assert comments_of(cast.larkspur, keys) == {(a.source_id, "a"): "one"}
    assert [row["score"] for row in rows_of(Feedback.objects.visible(cast.larkspur), keys, "score")] == [3]
    assert comments_of(cast.larkspur, []) == {}
