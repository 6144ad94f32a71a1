"""What tells how near a comment is to a theme."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.analysis.themed import ALL, CODED, PARCEL
from winback.analysis.codebook import Codebook, Theme, make_codebook
from winback.analysis.teacher import REJECT, Teacher
from winback.errors import UserError
from winback.text.embedding import embedder

SAID = [PARCEL[0], "xqzt wvk"]


def test_themes_found_are_told_by_how_near_they_are() -> None:
    book = make_codebook(ALL, themes=3)
    teacher = Teacher(book, (), embedder(), None)
    scores, rows = teacher.scores(SAID)
    assert scores.shape == (2, 3) and rows.shape == (2, len(teacher.middles.whole))
    np.testing.assert_allclose(scores, rows @ teacher.centres.T)
    assert (teacher.limits == REJECT).all() and (scores[0] >= REJECT).any()
    # by which of them the main one is chosen: cosines too, but in what tells the themes apart
    preferred = teacher.preferred(scores, rows)
    assert preferred.shape == scores.shape and (preferred <= 1 + 1e-6).all() and not np.allclose(preferred, scores)
    assert teacher.likeness(SAID).tolist() == [0, 0] and teacher.scores([])[0].shape == (0, 3)


def test_coded_comments_teach_chances_and_their_limits() -> None:
    teacher = Teacher(make_codebook(ALL, learned=CODED), (), embedder(), None)
    scores, rows = teacher.scores(SAID)
    assert teacher.themes[int(scores[0].argmax())].key == "delivery" and scores[0].max() <= 1
    assert teacher.preferred(scores, rows) is scores
    assert teacher.likeness(SAID)[0] > teacher.likeness(SAID)[1]
    assert teacher.exact[PARCEL[0].casefold()] == [int(scores[0].argmax())]
    assert (Teacher(make_codebook(ALL, learned=CODED), (), embedder(), 0.4).limits == 0.4).all()


class Two:
    """Vectors of two dimensions, of no meaning."""

    name = "two"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.ones((len(texts), 2), dtype=np.float32)


def test_a_codebook_of_other_vectors_is_told() -> None:
    book = make_codebook(ALL, themes=3)
    with pytest.raises(UserError, match="does not fit"):
        Teacher(book, (), Two(), None)
    with pytest.raises(UserError, match="no theme"):
        Teacher(Codebook(()), (), embedder(), None)
    assert Teacher(Codebook((Theme("park", "Parking"),)), (), embedder(), None).scores(SAID)[0].shape == (2, 1)
