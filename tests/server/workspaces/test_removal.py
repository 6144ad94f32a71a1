"""A workspace goes with everything in it, and nothing of another one goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from tests.server.url_table import key, mail, target, view, welcome
from winback.server.workspaces import removal
from winback.server.workspaces.models import User, Workspace


def test_every_model_has_a_way_to_its_workspace() -> None:
    models = set(apps.get_app_config("winback").get_models())
    without = {model.__name__ for model in models - set(removal.paths())}
    assert without == removal.NOT_OURS, "give it a foreign key on the way to Workspace, or name it in NOT_OURS"


def test_children_go_before_their_parents() -> None:
    order = [model.__name__ for model in removal.paths()]
    for child, parent in (("Feedback", "Customer"), ("CustomerProfile", "SyncRun"), ("Delivery", "OutboxMessage")):
        assert order.index(child) < order.index(parent)


def fill(cast: Cast, workspace: Workspace) -> None:
    for number in range(5):
        make_customer(workspace, f"C{number}", name="Ann", attributes={"region": "North"})
        make_feedback(workspace, f"F{number}", customer=f"C{number}", comment="late again")
    make_contact(workspace, "P1", customer="C1", name="Niamh Keane")
    for make in (welcome, key, mail, target, view):
        make(cast, workspace)


def rows_of(workspace: Workspace) -> dict[str, int]:
    counts = {
        model.__name__: model._default_manager.filter(**{lookup: workspace.pk}).count()
        for model, lookup in removal.paths().items()
    }
    return {name: count for name, count in counts.items() if count}


def test_everything_goes_in_small_steps(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(removal, "CHUNK", 2)
    fill(cast, cast.larkspur)
    fill(cast, cast.merritt)
    other = rows_of(cast.merritt)
    users = User.objects.count()
    counts = dict(removal.what_would_go(cast.larkspur))
    assert (counts["answers and other feedback"], counts["customers"], counts["messages"]) == (5, 5, 1)
    steps = list(removal.remove_rows(cast.larkspur.pk))
    assert max(steps) <= 2
    assert rows_of(cast.larkspur) == {}
    assert not Workspace.objects.filter(pk=cast.larkspur.pk).exists()
    assert rows_of(cast.merritt) == other
    assert User.objects.count() == users


def test_its_folders_go(cast: Cast) -> None:
    kept = []
    for workspace in (cast.larkspur, cast.merritt):
        for template in removal.FOLDERS:
            folder = Path(settings.HOME) / template.format(id=workspace.pk)
            folder.mkdir(parents=True)
            (folder / "rows.parquet").write_bytes(b"PAR1")
            kept.append(folder)
    removal.remove_folders(cast.larkspur.pk)
    there = [folder for folder in kept if folder.exists()]
    assert there == kept[len(removal.FOLDERS) :]
    removal.remove_folders(cast.merritt.pk)
    removal.remove_folders(cast.merritt.pk)
