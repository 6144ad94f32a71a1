"""`winback themes`: codebooks there and back, assignments by row, themes that people gave, and refusals."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.analysis.themed import ALL, PARCEL, PARK
from tests.peers.models import models
from tests.repo.tracked import ROOT
from winback.analysis.codebook import Codebook
from winback.cli.themes import themes
from winback.errors import UserError


def run(*arguments: object) -> Result:
    return CliRunner().invoke(themes, [str(argument) for argument in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "said.csv"
    with path.open("w", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(["score", "comment", "reason", "region"])
        for place, text in enumerate([*ALL, "n/a", "", ALL[0]]):
            reason = ("Delivery" if text in PARCEL else "=Other") if place % 4 == 0 and place < len(ALL) else ""
            lines.writerow([2 if text in PARCEL else 9, text, reason, ("North", "South")[place % 2]])
    return path


def test_themes_that_people_gave_are_not_read_as_comments(file: Path, tmp_path: Path) -> None:
    ran = run(file, "--learn", "reason", "--format", "json", "-o", tmp_path / "out.json")
    assert ran.exit_code == 0, ran.output
    assert json.loads((tmp_path / "out.json").read_text())["mapping"]["text"] == ["comment"]


def test_assignments_learned_saved_and_used_again(file: Path, tmp_path: Path) -> None:
    book, out = tmp_path / "book.json", tmp_path / "out.csv"
    ran = run(
        file,
        "--learn",
        "reason",
        "--save",
        book,
        "--assignments",
        out,
        "--by",
        "region",
        "--format",
        "json",
        "-o",
        tmp_path / "d.json",
    )
    assert ran.exit_code == 0, ran.output
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert sorted({int(row["row"]) for row in rows}) == list(range(len(ALL) + 3))
    main: dict[int, str] = {}
    for row in rows:
        main.setdefault(int(row["row"]), row["theme"])
    assert sum(
        main[place] == ("Delivery" if text in PARCEL else "'=Other") for place, text in enumerate(ALL)
    ) > 0.9 * len(ALL)
    assert main[len(ALL)] == main[len(ALL) + 1] == ""
    kept = Codebook.from_json(book.read_text())
    assert {theme.name for theme in kept.themes} == {"Delivery", "=Other"} and len(kept.learned) == 18
    again = tmp_path / "again.csv"
    assert (
        run(file, "--codebook", book, "--assignments", again, "--format", "md", "-o", tmp_path / "d.md").exit_code == 0
    )
    assert again.read_text() == out.read_text()
    document = json.loads((tmp_path / "d.json").read_text())
    total = sum(one["contribution"] for one in document["themes"]) + document["no_theme"]["contribution"]
    assert total == pytest.approx(document["score"])
    assert {row["segment"] for row in document["segments"]} == {"North", "South"}
    assert "Delivery" in (tmp_path / "d.md").read_text()


def test_every_field_of_the_json_is_documented(file: Path) -> None:
    ran = run(file, "--format", "json", "-o", "-", "--themes", 5)
    page = (ROOT / "docs" / "reference" / "themes.md").read_text()

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {name for inner in value.values() for name in keys(inner)}
        return {name for inner in value for name in keys(inner)} if isinstance(value, list) else set()

    document = json.loads(ran.stdout)
    document.pop("states")
    assert {name for name in keys(document) if f"`{name}`" not in page} == set()
    assert len(document["themes"]) == 5


def test_the_same_file_gives_the_same_codebook(file: Path, tmp_path: Path) -> None:
    for name in ("one.json", "two.json"):
        assert run(file, "--save", tmp_path / name, "-o", tmp_path / "page.html").exit_code == 0
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert "<script" in (tmp_path / "page.html").read_text()


def test_a_file_without_a_score_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("text,kind\n" + "\n".join(f'"{text}",x' for text in ALL) + "\n")
    ran = run(path, "-o", "-", "--format", "json")
    assert ran.exit_code == 0 and "comments are counted only" in ran.stderr
    assert json.loads(ran.stdout)["score"] is None


def test_refusals(file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{}")
    for arguments, says in (
        ((file, "--codebook", broken), "no codebook"),
        ((file, "--codebook", tmp_path / "none.json"), "cannot be read"),
        ((file, "--learn", "colour"), "no column"),
        ((file, "--assignments", file), "write over"),
        ((file, "--assignments", broken, "--save", broken), "--save and --assignments name the same file"),
        ((file, "--assignments", tmp_path / "x", "-o", tmp_path / "x"), "-o and --assignments name the same file"),
        ((file, "--since", "may"), "no date"),
    ):
        ran = run(*arguments)
        assert isinstance(ran.exception, UserError), arguments
        assert says in str(ran.exception)


def test_what_comes_up_waits_in_the_codebook(file: Path, tmp_path: Path) -> None:
    first, book, out = tmp_path / "first.csv", tmp_path / "book.json", tmp_path / "out"
    first.write_text("score,comment\n" + "".join(f'9,"{text}"\n' for text in ALL if text not in PARK))
    assert run(first, "--themes", 2, "--save", book, "-o", out).exit_code == 0
    ran = run(file, "--codebook", book, "--save", book, "--format", "json", "-o", out)
    assert ran.exit_code == 0, ran.output
    (found, *_) = json.loads(out.read_text())["emerging"]
    assert found["by"] == "winback" and set(found["evidence"]) <= set(PARK)
    assert not any(theme["key"] == found["key"] for theme in json.loads(out.read_text())["themes"])
    assert Codebook.read(book).proposals[0].id == found["id"]
    assert run(file, "--codebook", book, "--format", "md", "-o", out).exit_code == 0
    assert "## Emerging" in out.read_text() and found["evidence"][0] in out.read_text()


def chat(question: dict[str, Any]) -> dict[str, Any]:
    """Names every theme, and codes every comment by the first theme, once with words that nobody wrote."""
    said = question["comments"][0]["text"]
    if "themes" in question:
        made = [
            {"comment": 1, "theme": question["themes"][0]["key"], "quote": quote}
            for quote in (said, "nobody wrote this")
        ]
        return {"codings": made}
    return {"name": "Named", "definition": "By a model.", "quotes": [{"comment": 1, "quote": said}]}


def test_what_a_language_model_proposes_waits_too(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book, out = tmp_path / "book.json", tmp_path / "out.md"
    with models(chat=chat) as server:
        monkeypatch.setenv("WINBACK_LANGUAGE_MODEL_URL", server.url)
        monkeypatch.setenv("WINBACK_LANGUAGE_MODEL_MODEL", "some-model")
        assert run(file, "--themes", 3, "-o", out).exit_code == 0 and not server.asked  # not without being told
        ran = run(file, "--themes", 3, "--propose", "--save", book, "--format", "md", "-o", out)
        assert ran.exit_code == 0, ran.output
        assert len(server.asked) == 3 + 5
    waiting = Codebook.read(book)
    assert sorted({(one.kind, one.by) for one in waiting.proposals}) == [
        ("coding", "some-model"),
        ("name", "some-model"),
    ]
    assert "Named" not in {theme.name for theme in waiting.themes} and not waiting.learned
    assert "Dropped: 5 quotes that nobody wrote." in ran.stderr
    assert "## Proposals" in out.read_text() and "some-model" in out.read_text()


def test_a_dead_language_model_loses_nothing(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book, out = tmp_path / "book.json", tmp_path / "out.html"
    with models(failing=[404]) as server:
        monkeypatch.setenv("WINBACK_LANGUAGE_MODEL_URL", server.url)
        monkeypatch.setenv("WINBACK_LANGUAGE_MODEL_MODEL", "some-model")
        ran = run(file, "--themes", 3, "--propose", "--save", book, "-o", out)
    assert (
        isinstance(ran.exception, UserError)
        and "answered 404" in str(ran.exception)
        and "All else is written" in str(ran.exception)
    )
    assert len(Codebook.read(book).leaves()) == 3 and out.exists()
    monkeypatch.delenv("WINBACK_LANGUAGE_MODEL_URL")
    for arguments, says in ((("--save", book), "set WINBACK_LANGUAGE_MODEL_URL"), ((), "--propose needs --save")):
        assert says in str(run(file, "--propose", *arguments).exception)


def _written(path: Path, comments: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["score", "comment"], *([at % 11, text] for at, text in enumerate(comments))])
    return path


@pytest.mark.parametrize(
    ("comments", "said"),
    [
        (["Late parcel, no call"] * 40, "40 comments are the same, word for word: “Late parcel, no call”."),
        (["👍", "😡😡", "👎 late", "😍"] * 10, "“👍"),
        ([f"配達が{how}" for how in "遅早悪良高安長短"] * 5, "Not well understood: comments in Japanese."),
        ([*ALL, *["Zbyt długo czekałem, nikt nie odbierał telefonu"] * 3], "3 comments in other languages (Polish 3)"),
        ([*ALL, "word " * 3_400, "y" * 17_000, " " * 9_000 + "end\u202e"], "# Why: odd.csv"),
    ],
)
def test_odd_comments_are_handled_and_told(tmp_path: Path, comments: list[str], said: str) -> None:
    ran = run(_written(tmp_path / "odd.csv", comments), "--format", "md", "-o", tmp_path / "odd.md", "--themes", 4)
    assert ran.exit_code == 0, ran.output
    assert said in (tmp_path / "odd.md").read_text(encoding="utf-8")


def test_one_comment_has_a_theme_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("comment\nThe parcel came late again\n")
    ran = run(path, "--format", "json", "-o", tmp_path / "one.json")
    assert ran.exit_code == 0, ran.output
    (theme,) = json.loads((tmp_path / "one.json").read_text())["themes"]
    assert (theme["name"], theme["comments"]) == ("Late, parcel", 1)


@pytest.mark.parametrize("comment", ["", "Nothing.", "n/a", "12", "https://example.org/a"])
def test_where_no_comment_says_anything(tmp_path: Path, comment: str) -> None:
    with pytest.raises(UserError, match="No comment says anything"):
        CliRunner().invoke(themes, [str(_written(tmp_path / "odd.csv", [comment] * 12))], catch_exceptions=False)
