"""tests/ mirrors src/winback file by file, so that everybody knows where a module's tests are."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.repo.tracked import ROOT

SOURCE = ROOT / "src" / "winback"

# Modules without a test file of their own, each with the reason. The list is to shrink: a test fails where a module
# named here has a test file after all, or is gone.
EXEMPT: dict[str, str] = {}


def test_every_module_has_its_test_file() -> None:
    lacking = [
        f"{name} has no {' or '.join(path.relative_to(ROOT).as_posix() for path in homes)}"
        for name, homes in _modules().items()
        if name not in EXEMPT and not any(path.is_file() for path in homes)
    ]
    assert not lacking, "\n".join(["", *lacking])


def test_the_exemptions_are_still_needed() -> None:
    modules = _modules()
    assert {name for name in EXEMPT if name not in modules or any(path.is_file() for path in modules[name])} == set()


def _modules() -> dict[str, list[Path]]:
    """Every module that has something to test, with the places where its test file may be."""
    paths = (path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts)
    found = {path.relative_to(SOURCE).as_posix(): _homes(path) for path in paths if _defines_a_function(path)}
    assert "scales.py" in found
    return found


def _homes(path: Path) -> list[Path]:
    """tests/charts/test_score.py for charts/score.py; tests/charts/test_charts.py for charts/__init__.py.

    An analysis may be tested by its spec in tests/spec, on every engine.
    """
    folder = path.relative_to(SOURCE).parent
    name = path.stem if path.stem != "__init__" else path.parent.name
    homes = [ROOT / "tests" / folder / f"test_{name}.py"]
    if folder.parts[:1] == ("analysis",):
        homes.append(ROOT / "tests" / "spec" / f"test_{name}.py")
    return homes


def _defines_a_function(path: Path) -> bool:
    """Whether there is something to test: names and numbers alone are tested where they are used."""
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(ast.parse(path.read_text()))
    )
