from __future__ import annotations

import pytest

from tests.server.factories import Cast, make_customer, make_feedback
from tests.server.themes.worlds import coded, themes
from winback.server.feedback.personal import erase as erase_feedback
from winback.server.redaction import Person
from winback.server.themes.actions import change
from winback.server.themes.models import CodebookChange, CodebookVersion, Coding, Reading, Theme
from winback.server.themes.personal import erase, export

pytestmark = pytest.mark.django_db


def test_the_theme_stays_as_nobodys_and_words_and_names_go(cast: Cast) -> None:
    (late,) = themes(cast, "Late")
    customer = make_customer(cast.larkspur, "C-1000", name="Ann Zoë")
    row = make_feedback(cast.larkspur, "F-1", customer="C-1000", comment="nobody came on Monday")
    make_feedback(cast.larkspur, "F-2", comment="nobody")
    reading = coded(cast, row, [late])
    Coding.objects.filter(reading=reading).update(start=0, end=6)
    quoted = [
        {"source": row.source_id, "external_id": external_id, "start": 0, "end": 6} for external_id in ("F-1", "F-2")
    ]
    suggested = {"by": "some-model", "name": "Ann Zoë waits", "definition": "They came late.", "places": quoted}
    Theme.objects.filter(pk=late.pk).update(examples=quoted, suggestion=suggested)
    change(access=cast.access("hanna"), pk=late.pk, definition="What Ann Zoë said")
    book = {
        "themes": [{"name": "Late", "examples": ["nobody came on Monday", "it was late again and again"]}],
        "v": [1, 2],
    }
    version = CodebookVersion.objects.create(workspace=cast.larkspur, number=1, model="test", book=book)
    ann = Person(cast.larkspur.pk, (customer.pk,), (), ("C-1000",), (), ("Ann Zoë",), token="t")
    assert export(person=ann) == {
        "themes of answers": [{"id": "F-1", "theme": "Late", "words": "nobody", "found by": "a colleague"}]
    }
    assert erase(person=ann) == {"readings of comments": 1, "quotations in the codebook": 1}
    erase_feedback(person=ann)
    row.refresh_from_db()
    assert Reading.objects.get().external_id == row.external_id == "erased-t-0", "what was said still has its theme"
    assert list(Coding.objects.values_list("theme__name", "start", "end")) == [("Late", None, None)]
    late.refresh_from_db()
    assert (late.examples, late.definition) == (quoted[1:], "What [erased] said")
    assert late.suggestion == {**suggested, "name": "[erased] waits", "places": quoted[1:]}
    assert "Ann" not in str(list(CodebookChange.objects.values_list("after", flat=True)))
    version.refresh_from_db()
    assert version.book == {"themes": [{"name": "Late", "examples": ["it was late again and again"]}], "v": [1, 2]}
