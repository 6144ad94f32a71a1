"""The documentation holds: what it shows runs and prints what it says, its links resolve, and it names what there is.

And the other way round: a command, an option, a setting, an analysis or a name of the library without its place in the
documentation fails.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import importlib.util
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

import winback as wb
from tests.conftest import lacks
from tests.docs.pages import Page, pages
from tests.docs.running import Shared, compare, run_page
from tests.peers import spark as spark_peer
from tests.repo.tracked import ROOT
from winback import datasets
from winback.analysis import ANALYSES
from winback.analysis.readiness import Facts, readiness
from winback.analysis.tally import AnswerColumns
from winback.cli.main import COMMANDS, main
from winback.server.environment import SETTINGS
from winback.tables import TABLES

pytestmark = pytest.mark.xdist_group("docs")  # pages share what takes long

SPARK = "docs/how-to/spark.md"
RUN = sorted(
    name
    for name, page in pages().items()
    if name != SPARK and any(block.language in ("console", "python") for block in page.blocks)
)
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """What pages share: outcomes of commands, and the sample company, which is the same each time it is made."""
    made = pytest.MonkeyPatch()
    company = functools.cache(datasets.sample_company)
    made.setattr(datasets, "sample_company", company)
    made.setattr(wb, "sample_company", company, raising=False)
    yield Shared(tmp_path_factory.mktemp("outcomes"))
    made.undo()


@pytest.mark.parametrize("name", RUN)
def test_what_a_page_shows_is_so(name: str, tmp_path: Path, shared: Shared) -> None:
    run_page(pages()[name], tmp_path, shared)


@pytest.mark.spark
def test_what_the_page_on_spark_shows_is_so(tmp_path: Path) -> None:
    """In a process of its own: the session it makes and stops must not be that of other tests."""
    if reason := spark_peer.unavailable():
        lacks(reason)
    code, shown = (block.text for block in pages()[SPARK].blocks if block.language in ("python", "text"))
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=400)
    assert ran.returncode == 0, ran.stderr
    compare(shown, ran.stdout, SPARK)


# ---- links and names ----------------------------------------------------------------------------------------------


def test_every_link_within_the_repository_resolves() -> None:
    broken = []
    for name, page in pages().items():
        for line, target in page.links():
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            goal = (page.path.parent / path).resolve() if path else page.path
            if not goal.exists():
                broken.append(f"{name} line {line}: there is no {target}")
            elif anchor and anchor not in Page(goal.relative_to(ROOT).as_posix()).anchors:
                broken.append(f"{name} line {line}: {target} has no such heading")
    assert broken == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), ["README.md"]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in pages():
            continue
        reached.add(name)
        for _, target in pages()[name].links():
            path = (ROOT / name).parent / target.partition("#")[0]
            if path.suffix == ".md" and path.resolve().is_relative_to(ROOT):
                waiting.append(path.resolve().relative_to(ROOT).as_posix())
    assert set(pages()) - reached == set()


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_names_what_there_is(name: str) -> None:
    wrong = [code for code in CODE.findall(pages()[name].prose) if not all(check(code) for check in CHECKS)]
    assert wrong == []


def _options() -> set[str]:
    return {flag for command in _commands().values() for flag in _flags(command)} | {"--help", "--version", "-h"}


def _no_strange_option(code: str) -> bool:
    """`--score COL`: winback has the option."""
    return not code.startswith("-") or code.split(maxsplit=1)[0] in {*_options(), "-"}


def _no_strange_command(code: str) -> bool:
    """`winback report FILE`, `./winback test`: there is such a command, of winback or of the script."""
    found = re.match(r"(?:\./)?winback ([a-z][a-z-]*)", code)
    return not found or found.group(1) in COMMANDS or f"\n{found.group(1)})\n" in (ROOT / "winback").read_text()


def _no_strange_name(code: str) -> bool:
    """`wb.nps(…)`, `winback.analysis.tally.Tally`: it can be imported."""
    found = re.match(r"(?:wb|winback)((?:\.[A-Za-z_]\w*)+)", code)
    if not found or re.match(r"winback\.[a-z]+/", code):  # the name of a document's schema
        return True
    return _resolves(found.group(1)[1:].split("."))


def _resolves(names: list[str]) -> bool:
    thing: Any = wb
    for place, name in enumerate(names):
        if not hasattr(thing, name):
            try:
                importlib.import_module(".".join(["winback", *names[: place + 1]]))
            except ModuleNotFoundError:
                return False
        thing = getattr(thing, name)
    return True


def _no_strange_column(code: str) -> bool:
    """`feedback.comment`: the canonical table has the column; or it is an event that webhooks hear of, or a file."""
    table, dot, column = code.partition(".")
    known = table not in TABLES or not column.isidentifier() or column in (*TABLES[table].names, "csv")
    return not dot or known or code in _events()


@functools.cache
def _events() -> set[str]:
    """What the server announces, as its source says."""
    server = (ROOT / "src/winback/server").rglob("*.py")
    return {event for path in server for event in re.findall(r'event="([a-z.]+)"', path.read_text())}


def _no_strange_path(code: str) -> bool:
    """`src/winback/tables.py`, `tests/spec`: it is there."""
    if not re.fullmatch(r"(src|docs|tests|examples|bench)/[\w./-]+", code):
        return True
    return (ROOT / code).exists()


CHECKS: tuple[Callable[[str], bool], ...] = (
    _no_strange_option, _no_strange_command, _no_strange_name, _no_strange_column, _no_strange_path,
)  # fmt: skip


@pytest.mark.parametrize(
    "code",
    ["--skores COL", "winback fly", "wb.npss", "winback.analysis.nothing", "feedback.words", "docs/nothing.md"],
)
def test_a_name_of_nothing_is_found(code: str) -> None:
    assert not all(check(code) for check in CHECKS)


# ---- commands, options, settings ----------------------------------------------------------------------------------


def _commands() -> dict[str, click.Command]:
    found = {name: main.get_command(click.Context(main), name) for name in COMMANDS}
    return {name: command for name, command in found.items() if command is not None}


def _flags(command: click.Command) -> list[str]:
    options = [option for option in command.params if isinstance(option, click.Option)]
    return [flag for option in options for flag in (*option.opts, *option.secondary_opts)]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_page_of_a_command_has_a_row_for_each_of_its_options_and_no_other(name: str) -> None:
    page, command = pages()[f"docs/reference/{name}.md"], _commands()[name]
    rows = {}
    for line in page.prose.split("\n"):
        if line.startswith("| `-"):
            first, meaning = line[2:].replace("\\|", "/").split(" | ", 1)
            for flag in re.findall(r"`(--?[a-z][a-z-]*)", first):
                rows[flag] = (first, meaning)
    assert set(rows) == {*_flags(command), "-h", "--help"}
    for option in command.params:
        if not isinstance(option, click.Option):
            continue
        first, meaning = rows[option.opts[-1]]
        if option.metavar:
            assert first.rstrip("`").endswith(option.metavar), option.opts
        if option.multiple:
            assert "*repeatable*" in meaning, option.opts
        if isinstance(option.type, click.Choice):
            assert "/".join(map(str, option.type.choices)) in first, option.opts
        if option.show_default:
            assert f"default {option.default}" in meaning.replace("`", ""), option.opts


def test_every_setting_of_the_environment_is_in_the_reference() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "src" / "winback").rglob("*.py"))
    settings = set(re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", source))
    assert "WINBACK_MEMORY" in settings
    reference = "\n".join(page.text for name, page in pages().items() if name.startswith("docs/reference/"))
    assert {name for name in settings if f"`{name}`" not in reference} == set()


def test_the_page_of_the_settings_has_a_row_for_each_with_its_default_and_no_other() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|", pages()["docs/reference/settings.md"].text, re.MULTILINE))
    assert set(rows) == {setting.name for setting in SETTINGS}
    for setting in SETTINGS:
        if setting.default:
            assert rows[setting.name] == f"`{setting.default}`", setting.name
        else:
            assert not re.fullmatch(r"`[^`]*`", rows[setting.name]) or setting.name == "WINBACK_MEMORY", setting.name


# ---- the library --------------------------------------------------------------------------------------------------

LIBRARY = "docs/reference/library.md"


def _section(name: str) -> str:
    found = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", pages()[LIBRARY].text, re.MULTILINE | re.DOTALL)
    assert found, f"{LIBRARY} has no section {name}"
    return found.group(1)


def _rows(section: str) -> dict[str, str]:
    """Parameter and default of every row of the section's tables."""
    rows = {}
    for line in section.split("\n"):
        if line.startswith("| `"):
            names, default = (cell.strip() for cell in line.split("|")[1:3])
            rows |= dict.fromkeys(re.findall(r"`(\w+)`", names), default)
    return rows


def test_every_name_of_the_library_is_documented() -> None:
    text = pages()[LIBRARY].text
    assert [name for name in wb.__all__ if name != "__version__" and f"wb.{name}" not in text] == []


@pytest.mark.parametrize("name", [*sorted(ANALYSES), "read", "sample_company"])
def test_a_function_is_documented_as_it_is(name: str) -> None:
    section = _section(f"wb.{name}")
    parameters = inspect.signature(getattr(wb, name)).parameters.values()
    rows, shown = _rows(section), _shown_signature(name, section)
    wanted = [p for p in parameters if p.kind is not inspect.Parameter.VAR_KEYWORD]
    assert set(rows) == {p.name for p in wanted}
    for parameter in wanted:
        if parameter.default is inspect.Parameter.empty:
            assert rows[parameter.name] == "", parameter.name
        elif name != "sample_company" or parameter.name != "until":
            assert rows[parameter.name] == f"`{_written(parameter.default)}`", parameter.name
        if name != "read":
            assert parameter.name in shown, parameter.name


def _shown_signature(name: str, section: str) -> str:
    found = re.search(rf"^    wb\.{name}\((.*)\) → \w+$", section, re.MULTILINE)
    assert found, f"the section of wb.{name} begins with its signature"
    return found.group(1)


def _written(value: Any) -> str:
    return repr(value).replace("'", '"')


def test_the_columns_that_all_analyses_take_are_documented() -> None:
    assert set(_rows(_section("What all analyses of answers take"))) == set(AnswerColumns.__annotations__)


@pytest.mark.parametrize("name", [*sorted(ANALYSES), "read", "Tables", "Bands"])
def test_what_comes_back_is_documented_whole(name: str) -> None:
    section = _section(f"wb.{name}")
    thing = getattr(wb, name)
    kind = thing if inspect.isclass(thing) else _returned(thing)
    fields = [field.name for field in dataclasses.fields(kind) if not field.name.startswith("_")]
    methods = [
        method
        for method, value in vars(kind).items()
        if (not method.startswith("_") and isinstance(value, (classmethod, property))) or inspect.isfunction(value)
        if not method.startswith("_") and method not in ("chart", "summary")
    ]
    said = {word for code in CODE.findall(section) for word in re.findall(r"\w+", code)}
    said |= set(re.findall(r"\w+", section.split("\n\n")[1]))
    assert [name for name in (*fields, *methods) if name not in said] == []


def _returned(function: Any) -> type:
    module: ModuleType = sys.modules[function.__module__]
    return getattr(module, str(inspect.signature(function).return_annotation))


def test_every_analysis_has_its_page_and_every_page_its_analysis() -> None:
    folder = ROOT / "docs" / "reference" / "analyses"
    named = {path.stem for path in folder.glob("*.md")}
    assert set(ANALYSES) <= named
    assert [name for name in named if importlib.util.find_spec(f"winback.analysis.{name}") is None] == []
    for name in ANALYSES:
        text = pages()[f"docs/reference/analyses/{name}.md"].text
        for heading in ("How it is computed", "What it does not promise", "Example", "How to read the picture"):
            assert f"\n## {heading}\n" in text, f"{name}: {heading}"


def test_the_page_on_readiness_names_every_line() -> None:
    rows = re.findall(r"^\| ([^|`]+?) \|", pages()["docs/reference/analyses/readiness.md"].prose, re.MULTILINE)
    assert [row for row in rows if row not in ("analysis", "---")] == [line.title for line in readiness(Facts())]


# ---- what is written by a program ---------------------------------------------------------------------------------


def test_the_page_of_the_tables_is_as_generated() -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert pages()["docs/reference/tables.md"].text == generate.tables(), "run: python docs/generate.py"


def test_pictures_are_small_and_used() -> None:
    folder = ROOT / "docs" / "images"
    used = {Path(target).name for page in pages().values() for _, target in page.links() if "images/" in target}
    used |= {Path(target).name for page in pages().values() for target in re.findall(r'<img src="([^"]+)"', page.text)}
    assert {path.name for path in folder.iterdir()} == used
    assert [path.name for path in folder.iterdir() if path.stat().st_size > 400_000] == []
