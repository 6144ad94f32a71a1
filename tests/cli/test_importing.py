"""`winback import`, in this process and over the test's database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.factories import Cast, make_cast
from winback.cli.importing import importing
from winback.errors import UserError
from winback.server.customers.models import CustomerProfile
from winback.server.feedback.models import Feedback
from winback.server.sources.models import SyncRun

pytestmark = pytest.mark.django_db
ANSWERS = "id,date,person,score\n1,2026-10-01,P1,9\n2,2026-10-02,P2,0\n3,tomorrow,P3,8\n"


@pytest.fixture
def cast(tmp_path: Path, settings, db: None) -> Cast:  # type: ignore[no-untyped-def]
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return make_cast()


def run(*arguments: str | Path) -> None:
    importing.main([str(one) for one in arguments], standalone_mode=False)


def test_files_come_into_a_workspace(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.csv").write_text(ANSWERS)
    (tmp_path / "customers.csv").write_text("customer,name\nC1,Ada\nC2,Bo\n")
    run(tmp_path / "answers.csv", tmp_path / "customers.csv", "--workspace", "larkspur")
    told = capsys.readouterr().err
    assert "score        score  (detected)" in told
    assert 'answers.csv line 4: date "tomorrow" cannot be read; write it like 2026-11-21' in told
    assert "2 new, 0 changed, 0 the same, 1 rejected, into the source answers" in told
    assert Feedback.objects.visible(cast.larkspur).count() == 2
    assert CustomerProfile.objects.visible(cast.larkspur).count() == 2
    with pytest.raises(UserError, match="importing it again would change nothing"):
        run(tmp_path / "answers.csv", "--workspace", "larkspur")
    assert not list((tmp_path / "home" / "files").glob("*/*"))


def test_a_dry_run_imports_nothing(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.csv").write_text(ANSWERS)
    run(tmp_path / "answers.csv", "--workspace", "larkspur", "--dry-run", "--respondent", "-", "--source", "Till")
    told = capsys.readouterr().err
    assert "nothing was imported" in told and "respondent" not in told
    assert not Feedback.objects.exists() and SyncRun.objects.get().state == "cancelled"


def test_what_cannot_be(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text(ANSWERS)
    with pytest.raises(UserError, match="Say which workspace with --workspace: larkspur, merritt"):
        run(tmp_path / "answers.csv")
    with pytest.raises(UserError, match="There is no workspace lark; there are larkspur, merritt"):
        run(tmp_path / "answers.csv", "--workspace", "lark")
    with pytest.raises(UserError, match="There is no file"):
        run(tmp_path / "none.csv", "--workspace", "larkspur")
    with pytest.raises(UserError, match='--map "month" is not COLUMN=COL'):
        run(tmp_path / "answers.csv", "--workspace", "larkspur", "--map", "month")
    with pytest.raises(UserError, match="1 of 2 files were not imported. The first: There is no file"):
        run(tmp_path / "answers.csv", tmp_path / "none.csv", "--workspace", "larkspur")
    assert Feedback.objects.visible(cast.larkspur).count() == 2


def test_columns_of_another_table_are_named(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "geld.csv").write_text("Wer,Wann,Umsatz\nC1,2026-01,10\nC1,2026-02,12\n")
    run(tmp_path / "geld.csv", "--workspace", "larkspur", "--table", "customer_periods", "--map", "customer=Wer", "--map", "periods.month=Wann")  # fmt: skip
    assert SyncRun.objects.get(state="published").new == 2
