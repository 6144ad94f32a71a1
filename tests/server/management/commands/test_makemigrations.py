"""Migrations that make each model whole."""

from __future__ import annotations

from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, RunSQL
from django.db.migrations.operations.base import Operation

from winback.server.management.commands.makemigrations import whole


def model(name: str, **fields: Any) -> CreateModel:
    return CreateModel(name, [("id", models.BigAutoField(primary_key=True)), *fields.items()])


def key(to: str) -> Any:
    return models.ForeignKey(to, models.CASCADE)


def test_a_model_comes_after_those_it_refers_to_with_all_that_is_added_to_it() -> None:
    by_word = models.Index(fields=["word"], name="by_word")
    once = models.UniqueConstraint(fields=["word"], name="once")
    after = RunSQL("SELECT 1")
    found = whole(
        [
            model("Answer", word=models.TextField(), parent=key("app.answer")), model("Writer", home=key("other.place")),
            AddField("answer", "writer", key("app.writer")), AddIndex("Answer", by_word), AddConstraint("answer", once), after,
        ],
        "app",
    )  # fmt: skip
    writer, answer, last = found
    assert isinstance(writer, CreateModel) and isinstance(answer, CreateModel)
    assert (writer.name, [name for name, _ in writer.fields]) == ("Writer", ["id", "home"])
    assert (answer.name, [name for name, _ in answer.fields]) == ("Answer", ["id", "word", "parent", "writer"])
    assert (answer.options["indexes"], answer.options["constraints"], last) == ([by_word], [once], after)


@pytest.mark.parametrize(
    "operations",
    [
        [model("A"), model("B", a=key("app.a")), AddField("a", "b", key("app.b"))],  # each refers to the other
        [AddField("a", "word", models.TextField())],  # of a model that is there already
    ],
)
def test_what_cannot_be_made_whole_stays_as_it_was(operations: list[Operation]) -> None:
    assert whole(operations, "app") == operations


@pytest.mark.django_db
def test_the_first_migration_is_so_and_nothing_is_missing() -> None:
    first = import_module("winback.server.migrations.0001_initial").Migration
    assert {type(one) for one in first.operations} == {CreateModel}
    said = StringIO()
    call_command("makemigrations", "winback", check=True, dry_run=True, stdout=said)
    assert "No changes detected" in said.getvalue()
