from __future__ import annotations

from tests.server.factories import Cast
from winback.server.workspaces import audit
from winback.server.workspaces.models import AuditEvent


def test_who_did_it(cast: Cast) -> None:
    access = cast.access("hanna")
    event = audit.record(verb="exported", target="feedback", by=access, rows=3)
    assert (event.workspace, event.by, event.by_label, event.detail) == (
        cast.larkspur, cast.people["hanna"], "hanna@larkspur.example", {"rows": 3},
    )  # fmt: skip
    alone = audit.record(verb="user made", by=cast.people["nell"])
    assert (alone.workspace, alone.by_label) == (None, "nell@merritt.example")
    assert audit.record(verb="tidied").by_label == "winback"


def test_a_name_is_never_cut_in_two(cast: Cast) -> None:
    long = f"file of {'a' * 190} Ann Zoë.csv"
    audit.record(verb="file uploaded", target=long, workspace=cast.larkspur)
    assert AuditEvent.objects.get(verb="file uploaded").target == long
