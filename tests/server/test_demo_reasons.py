"""The sample company's codebook: coded by its people from their file, all others sorted as they would."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.factories import Cast
from tests.server.themes.worlds import REASONS as SAID
from tests.server.themes.worlds import spoken
from winback.datasets.codings import FIRST, SECOND
from winback.datasets.comments import THEMES
from winback.server.demo_reasons import REASONS, code_comments
from winback.server.themes.models import Reading, Theme

pytestmark = pytest.mark.django_db
BILL, FITTER = "First bill nobody understands", "Missed installation appointments"


def test_every_theme_of_the_company_but_the_one_that_came_up_later_has_its_place() -> None:
    names = [name for themes in REASONS.values() for name in themes]
    assert set(names) == set(THEMES) - {"Nothing in particular", "Backup line does not switch over"}


def test_people_code_and_all_others_are_sorted_as_they_would(cast: Cast, tmp_path: Path) -> None:
    spoken(cast, "bill", "fitter", "shop")
    file = tmp_path / "codings.csv"
    lines = [f"bill-{n},{BILL},{FIRST}" for n in range(11)] + [f"fitter-{n},{FITTER},{FIRST}" for n in range(11)]
    lines += [f"shop-{n},,{FIRST}" for n in range(8)] + [f"bill-0,{FITTER},{SECOND}", f"gone,{BILL},{FIRST}"]
    file.write_text("\n".join(["Response ID,Theme,Coded by", *lines]))
    count = code_comments(file, {SECOND: cast.access("hanna"), FIRST: cast.access("amara")})
    assert count == 30
    assert Theme.objects.filter(workspace=cast.larkspur, parent=None).count() == len(REASONS)
    assert Reading.objects.filter(kind="person").count() == 31
    assert Reading.objects.filter(stands=True).count() == 3 * len(SAID["bill"])
    last = {r.external_id: [c.theme.name for c in r.codings.all()] for r in Reading.objects.filter(kind="model")}
    assert (last["bill-11"], last["fitter-11"]) == ([BILL], [FITTER])
