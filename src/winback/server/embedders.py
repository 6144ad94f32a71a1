"""Whose vectors tell what comments mean: winback's own, or those of another model (WINBACK_EMBEDDER).

The operator names it. A model elsewhere gets to see every comment that it reads: of a workspace it reads none unless an
administrator allowed words to be sent.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from winback.errors import UserError
from winback.server.workspaces.models import Workspace

OWN = "static"  # the setting for those that come with winback, of whatever version


def chosen(workspace: Workspace) -> str | None:
    """The model that a codebook of this workspace is made with, as `winback.text.embedding.embedder` takes it; None: our own."""
    named: str = settings.EMBEDDER
    return None if named == OWN or (named == "endpoint" and not workspace.language_model) else named


def check(workspace: Workspace, model: str) -> None:
    """Raises UserError where comments would have to be sent for a codebook of this model, and may not be."""
    if elsewhere(model) and not workspace.language_model:
        raise UserError(f"The codebook is read by the vectors of {model}, and words of this workspace may not be sent to models elsewhere. Allow it under Settings, or have the codebook proposed again.")  # fmt: skip


def elsewhere(model: str) -> bool:
    """Whether the texts leave the house for their vectors."""
    return model.partition(":")[0] == "endpoint"


def notes(workspace: Workspace, model: str) -> list[str]:
    """What people should know of the model of their codebook: where their words go, and that another one is set up now."""
    told = []
    if elsewhere(model):
        told.append(f"Every comment is sent to a model elsewhere ({model.partition(':')[2]}) to be read.")
    now = _called(chosen(workspace))
    if model and not model.startswith(now):
        told.append(f"This codebook was made with the vectors of {model} and is read by them; {now} is set up now. “Propose more from the comments” takes it over.")  # fmt: skip
    return told


def _called(which: str | None) -> str:
    """How names of this model begin in codebooks, told without loading it."""
    if which == "endpoint":
        return f"endpoint:{os.environ.get('WINBACK_EMBEDDER_MODEL', '').strip()}"
    if which == "file":
        return f"file:{Path(os.environ.get('WINBACK_EMBEDDER_FILE', '')).stem[:40]}"
    return which or OWN
