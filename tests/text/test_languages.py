"""Languages told by small words, by a model where there is enough, and not at all where neither tells."""

from __future__ import annotations

import pytest

from winback.text.languages import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The staff were very kind and the food was good", "en"),
        ("Die Lieferung war leider nicht sehr schnell", "de"),
        ("La livraison est arrivée trop tard et le produit est cassé", "fr"),
        ("El pedido llegó tarde y no me gustó la atención", "es"),
        ("O produto chegou antes do prazo, recomendo muito", "pt"),
        ("Товар пришёл вовремя, спасибо продавцу за быструю доставку", "ru"),
        ("Top!", None),
        ("12345", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert language_of(text) == language
