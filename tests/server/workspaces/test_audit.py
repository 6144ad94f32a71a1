from __future__ import annotations

from tests.server.factories import Cast
from winback.server.workspaces import audit


def test_who_did_it(cast: Cast) -> None:
    access = cast.access("hanna")
    event = audit.record(verb="exported", target="feedback", by=access, rows=3)
    assert (event.workspace, event.by, event.by_label, event.detail) == (
        cast.larkspur, cast.people["hanna"], "hanna@larkspur.example", {"rows": 3},
    )  # fmt: skip
    alone = audit.record(verb="user made", by=cast.people["nell"])
    assert (alone.workspace, alone.by_label) == (None, "nell@merritt.example")
    assert audit.record(verb="tidied").by_label == "winback"
