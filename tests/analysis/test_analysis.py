"""The list of analyses: each has its module, its question, its place in the library, its spec and somewhere to be seen."""

from __future__ import annotations

import importlib
import inspect
import re

import pytest

import winback as wb
from tests.repo.tracked import ROOT
from winback.analysis import ANALYSES
from winback.analysis.result import Result
from winback.cli.main import COMMANDS


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_is_a_module_that_begins_with_its_question(name: str) -> None:
    module = importlib.import_module(f"winback.analysis.{name}")
    question = re.match(r"[^?:]+[?:]", module.__doc__ or "")
    assert question and question.group().rstrip("?:") == ANALYSES[name].rstrip("?")
    assert getattr(wb, name) is getattr(module, name)
    returned = getattr(module, str(inspect.signature(getattr(module, name)).return_annotation))
    assert issubclass(returned, Result)


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_has_its_spec_and_somewhere_to_be_seen(name: str) -> None:
    assert (ROOT / "tests" / "spec" / f"test_{name}.py").is_file()
    report = "\n".join(path.read_text() for path in sorted((ROOT / "src" / "winback" / "report").glob("*.py")))
    assert name in COMMANDS or f"from winback.analysis.{name} import" in report


def test_every_analysis_of_the_library_is_listed() -> None:
    named = {
        name for name in wb.__all__ if getattr(getattr(wb, name), "__module__", "").startswith("winback.analysis.")
    }
    assert named == set(ANALYSES)
